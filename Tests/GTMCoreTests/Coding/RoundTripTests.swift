import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Both forms of what a store keeps") struct RoundTripTests {
    @Test("Everything comes back from both forms, bit for bit", arguments: 0..<60 as Range<UInt64>)
    func comesBack(seed: UInt64) throws {
        var maker = ValueMaker(seed: seed)
        for value in maker.all() { try expectReturn(of: value) }
    }

    private func expectReturn<Value: Storable & Hashable>(of value: Value) throws {
        let bytes = BinaryForm.bytes(of: value)
        let read: Value = try BinaryForm.read(from: bytes)
        #expect(read == value)
        // Equality takes canonically equivalent texts, and 0 and -0, for the same; bytes do not.
        #expect(BinaryForm.bytes(of: read) == bytes, "\(Value.self)")

        let line = JSONWriter.bytes(.object(JSONForm.object(of: value)))
        let object = try #require(try JSONReader.read(line).value.object)
        let restored: Value = try JSONForm.read(from: object)
        #expect(restored == value)
        #expect(BinaryForm.bytes(of: restored) == bytes, "\(Value.self)")
    }

    @Test("No member of a type is forgotten", arguments: 0..<4 as Range<UInt64>)
    func writesEveryMember(seed: UInt64) {
        var maker = ValueMaker(seed: seed, full: true)
        for value in maker.all() {
            let mirror = Mirror(reflecting: value)
            // Those that are not written member by member.
            if mirror.displayStyle != .struct || value is Duration || value is Fact || value is RecordID { continue }
            #expect(mirror.children.count == JSONForm.object(of: value).members.count, "\(type(of: value))")
        }
    }

    @Test(
        "Times keep every bit in both forms", arguments: [0, 0.5, -0.5, 1.1, -1e-9, 0x1p53 - 1, 0x1p53, -0x1p60, -0.0])
    func keepsTimes(interval: Double) throws {
        for time in [Date(timeIntervalSinceReferenceDate: interval), Date(timeIntervalSince1970: interval)] {
            let period = Subscription.Period(start: time, end: nil)
            let read: Subscription.Period = try BinaryForm.read(from: BinaryForm.bytes(of: period))
            let restored: Subscription.Period = try JSONForm.read(from: JSONForm.object(of: period))
            for other in [read, restored] {
                let start = try #require(other.start)
                #expect(
                    start.timeIntervalSinceReferenceDate.bitPattern == time.timeIntervalSinceReferenceDate.bitPattern)
            }
        }
    }

    @Test("A whole second of these years takes five bytes") func keepsSecondsShort() {
        let whole = Subscription.Period(start: day(0), end: nil)
        #expect(BinaryForm.bytes(of: whole).count == 1 + 5)
        let broken = Subscription.Period(start: day(0).addingTimeInterval(0.25), end: nil)
        #expect(BinaryForm.bytes(of: broken).count == 1 + 8)
    }

    @Test("What is not a number comes back too") func keepsNaN() throws {
        var contact = Contact()
        contact.attributes["x"] = .double(.nan)
        contact.createdAt = Date(timeIntervalSinceReferenceDate: .nan)
        let bytes = BinaryForm.bytes(of: contact)
        #expect(BinaryForm.bytes(of: try BinaryForm.read(Contact.self, from: bytes)) == bytes)
        #expect(BinaryForm.bytes(of: try JSONForm.read(Contact.self, from: JSONForm.object(of: contact))) == bytes)
    }

    @Test("Attributes come back as deep as JSON is read; what lies deeper is left out as the JSON reader does")
    func keepsDepth() throws {
        var contact = Contact()
        func nest(_ depth: Int) {
            contact.attributes["a"] = (0..<depth).reduce(1) { inner, _ in [inner] }
        }
        func depth(_ contact: Contact) -> (Int, JSONValue?) {
            var (depth, value) = (0, contact.attributes["a"])
            while let inner = value?.array?.first { (depth, value) = (depth + 1, inner) }
            return (depth, value)
        }
        for (made, expected) in [(511, (511, 1)), (512, (511, JSONValue.tooDeep(offset: 0)))] {
            nest(made)
            #expect(depth(try BinaryForm.read(from: BinaryForm.bytes(of: contact))) == expected)
            #expect(depth(try JSONForm.read(from: JSONForm.object(of: contact))) == expected)
        }
    }

    @Test("Every currency comes back") func keepsCurrencies() throws {
        for currency in Currency.all {
            let money = Money(minorUnits: 7, currency: currency)
            #expect(try BinaryForm.read(from: BinaryForm.bytes(of: money)) == money)
        }
    }

    @Test("A dictionary has one form, whatever the order of its making") func ordersDictionaries() throws {
        struct Holder: Storable {
            var states: [StreamKey: StreamState]

            init(_ states: [StreamKey: StreamState]) { self.states = states }
            func write(to fields: inout some FieldWriter) { fields.put(1, "states", states) }
            init(from fields: inout some FieldReader) throws(CodingFault) { states = try fields.required(1, "states") }
        }
        var maker = ValueMaker(seed: 5)
        let pairs = (0..<40).map { (StreamKey(source: desk, stream: "s\($0)"), maker.streamState()) }
        let bytes = BinaryForm.bytes(of: Holder(Dictionary(uniqueKeysWithValues: pairs)))
        #expect(BinaryForm.bytes(of: Holder(Dictionary(uniqueKeysWithValues: pairs.reversed()))) == bytes)
        let read: Holder = try BinaryForm.read(from: bytes)
        #expect(read.states == Dictionary(uniqueKeysWithValues: pairs))
        let restored: Holder = try JSONForm.read(from: JSONForm.object(of: Holder(read.states)))
        #expect(restored.states == read.states)
    }

    @Test("A buffer is added to, and keeps what it holds") func appends() throws {
        var bytes: [UInt8] = [1, 2, 3]
        BinaryForm.append(Tag(name: "a"), to: &bytes)
        BinaryForm.append(Tag(name: "b"), to: &bytes)
        #expect(bytes == [1, 2, 3, 6, 1, 0x61, 6, 1, 0x62])
    }
}

@Suite("Choices in files") struct WordTests {
    @Test("Every case has its number and its word") func coversCases() {
        #expect(Set(SubscriptionStatus.words) == Set(SubscriptionStatus.allCases))
        #expect(Set(BillingInterval.Unit.words) == Set(BillingInterval.Unit.allCases))
        #expect(Set(Discount.Duration.words) == Set(Discount.Duration.allCases))
        #expect(Set(Discount.Scope.words) == Set(Discount.Scope.allCases))
        #expect(Set(PauseCollection.Behavior.words) == Set(PauseCollection.Behavior.allCases))
        #expect(Set(Tiering.Mode.words) == Set(Tiering.Mode.allCases))
        #expect(Set(TransformQuantity.Rounding.words) == Set(TransformQuantity.Rounding.allCases))
        #expect(Set(Conversation.State.words) == Set(Conversation.State.allCases))
        #expect(Set(Message.Side.words) == Set(Message.Side.allCases))
        #expect(Set(Mention.Kind.words) == Set(Mention.Kind.allCases))
        #expect(Set(SyncRun.Status.words) == Set(SyncRun.Status.allCases))
        #expect(Set(SyncRun.Mode.words) == Set(SyncRun.Mode.allCases))
        #expect(Set(HealthStatus.words) == Set(HealthStatus.allCases))
        #expect(Set(UnknownReason.words).count == 11)
    }

    @Test("A choice of a later version is unknown where it may be, a fault where it must not") func passesOver() throws
    {
        let subscription: Subscription = try BinaryForm.read(from: [2 << 2, 99, 5 << 2 | 3])
        #expect(subscription == Subscription(id: nil, status: nil, items: [], cancelsAtPeriodEnd: true))
        let fault = #expect(throws: CodingFault.self) {
            try BinaryForm.read(Message.self, from: [1 << 2 | 2, 0, 3 << 2, 99, 5 << 2 | 2, 0])
        }
        #expect(fault?.description == "byte 4: expected a known choice")
    }
}
