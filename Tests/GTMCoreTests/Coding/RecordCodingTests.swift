import Testing

@testable import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Records in files") struct RecordCodingTests {
    private func head(_ bytes: [UInt8]) throws -> RecordHead {
        try unsafe bytes.withUnsafeBytes { try unsafe RecordHead(of: $0) }
    }

    private func id(_ bytes: [UInt8]) throws -> RecordID {
        try unsafe bytes.withUnsafeBytes { try unsafe RecordHead.id(of: $0) }
    }

    /// Where the content of a record's last field, the fact, begins.
    private func factStart(_ bytes: [UInt8], _ record: SourceRecord) throws -> Int {
        var fact = BinaryWriter(appendingTo: [])
        fact.home = record.id
        fact.put(60, "fact", record.fact)
        #expect(bytes.suffix(fact.bytes.count) == fact.bytes[...])
        return bytes.count - fact.bytes.count + 1
    }

    @Test("The head is read without a look at the fact", arguments: 0..<40 as Range<UInt64>)
    func readsHead(seed: UInt64) throws {
        var maker = ValueMaker(seed: seed)
        for fact in maker.facts() {
            let record = maker.record(fact)
            var bytes = BinaryForm.bytes(of: record)
            #expect(try head(bytes) == RecordHead(record))
            #expect(try id(bytes) == record.id)
            for place in try factStart(bytes, record)..<bytes.count { bytes[place] = 0xFF }
            #expect(try head(bytes) == RecordHead(record))
            #expect(try id(bytes) == record.id)
        }
    }

    @Test("Ids of the record's own source and stream are short") func shortensIDs() {
        func size(_ owner: RecordID) -> Int {
            BinaryForm.bytes(of: contact("1") { $0.owner = owner }).count
        }
        let own = contactID("7")
        let near = RecordID(source: desk, stream: "admins", id: "7")
        let far = RecordID(source: SourceID(vendor: "hubspot", account: "acme"), stream: "contacts", id: "7")
        #expect(size(near) - size(own) == 2 + "admins".utf8.count)
        #expect(size(far) - size(own) == 2 + "hubspot".utf8.count)
    }

    @Test("Ids that only look like the record's own come back as they were") func keepsLookAlikes() throws {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        var record = contact("1", source: SourceID(vendor: "v", account: composed))
        record.subjects = [.record(contactID("2", source: SourceID(vendor: "v", account: decomposed)))]
        let read: SourceRecord = try BinaryForm.read(from: BinaryForm.bytes(of: record))
        guard case .record(let subject) = read.subjects.first else {
            Issue.record("no record among the subjects")
            return
        }
        #expect(Array(subject.source.account.utf8) == Array(decomposed.utf8))
    }

    @Test("Equal records have equal bytes", arguments: 0..<20 as Range<UInt64>) func isCanonical(seed: UInt64) throws {
        var (first, second) = (ValueMaker(seed: seed), ValueMaker(seed: seed))
        for (left, right) in zip(first.facts(), second.facts()) {
            #expect(BinaryForm.bytes(of: first.record(left)) == BinaryForm.bytes(of: second.record(right)))
        }
    }

    @Test("Ids behind a record are relative to what they were relative to before it") func restoresHome() throws {
        struct Merge: Storable, Equatable {
            var into: RecordID
            var records: [SourceRecord]
            var next: RecordID

            init(into: RecordID, records: [SourceRecord], next: RecordID) {
                (self.into, self.records, self.next) = (into, records, next)
            }
            func write(to fields: inout some FieldWriter) {
                fields.put(1, "into", into)
                fields.home = into
                fields.put(2, "records", unlessEmpty: records)
                fields.put(3, "next", next)
            }
            init(from fields: inout some FieldReader) throws(CodingFault) {
                into = try fields.required(1, "into")
                fields.home = into
                records = try fields.list(2, "records")
                next = try fields.required(3, "next")
            }
        }
        let records = [contact("1") { $0.owner = contactID("3") }, conversation("2", of: ["1"])]
        let elsewhere = SourceID(vendor: "hubspot")
        for next in [contactID("9"), contactID("9", source: elsewhere)] {
            let merge = Merge(into: contactID("8", source: elsewhere), records: records, next: next)
            #expect(try BinaryForm.read(from: BinaryForm.bytes(of: merge)) == merge)
        }
    }

    // MARK: Texts

    @Test("Long texts are passed over on request, and nothing else") func leavesOutTexts() throws {
        let mark = "the text of a message"
        let opening = Message(id: "m1", sentAt: day(1), side: .customer, author: .record(contactID("1")), text: mark)
        var expected = conversation("2", of: ["1"]) {
            $0.opening = opening
            $0.tags = ["vip"]
            $0.mentions = [Mention(kind: .cancel, in: opening, sentence: "We leave.", rulesVersion: 2)]
        }
        var transcript = Transcript(conversation: expected.id, messages: [opening, opening], missing: 3)
        transcript.mentions = [Mention(kind: .cancel, in: opening, sentence: "We leave.", rulesVersion: 2)]
        var parts = SourceRecord(
            id: RecordID(source: desk, stream: "conversation_parts", id: "2"), fact: .transcript(transcript))

        func lean(_ record: SourceRecord) throws -> SourceRecord {
            var bytes = BinaryForm.bytes(of: record)
            // Not even looked at: it need not be UTF-8.
            while let place = bytes.indices.first(where: { bytes[$0...].starts(with: mark.utf8) }) {
                bytes[place] = 0xFF
            }
            #expect(throws: CodingFault.self) { try BinaryForm.read(SourceRecord.self, from: bytes) }
            return try BinaryForm.read(from: bytes, leavingOutTexts: true)
        }
        let (first, second) = (try lean(expected), try lean(parts))

        var fact = try #require(expected.fact.conversation)
        fact.opening?.text = ""
        expected.fact = .conversation(fact)
        #expect(first == expected)
        for place in transcript.messages.indices { transcript.messages[place].text = "" }
        parts.fact = .transcript(transcript)
        #expect(second == parts)
    }
}

/// The very bytes, so that nobody changes the form of files that exist. A change here is a new version of the format.
@Suite("The bytes of files") struct PinnedBytesTests {
    private func hex(_ value: some Storable) -> String {
        BinaryForm.bytes(of: value).map { String(Int($0) + 256, radix: 16).suffix(2) }.joined()
    }

    @Test("A contact") func pinsContact() {
        var record = contact("c1", email: "ada@x.test", keys: [stripe("cus_1")], changed: 1) { fact in
            fact.name = "Ada"
            fact.location = Location(country: "Ireland", city: "Dublin")
            fact.owner = RecordID(source: desk, stream: "admins", id: "7")
            fact.attributes = ["seats": 3, "ratio": 0.5, "beta": true, "note": nil, "list": ["a"]]
            fact.mirror("cus_1", subscriptions: [subscription("s", .pastDue)], payments: [payment(nil, cents: 9900)])
        }
        record.state = .archived
        #expect(
            hex(record)
                == "061e0608696e746572636f6d0a0461636d650e08636f6e7461637473120263310a20060a61646140782e746573740e11"
                + "010f06067374726970650a056375735f31131080aab8950d16020401f2b40106b1010a03416461121106074972656c61"
                + "6e6412064475626c696e1e0b0e0661646d696e73120137248084b3f40c3655060f06067374726970650a056375735f31"
                + "262b0129060b06067374726970650a017308060e160114060350726f0a0404a09c010ca76d12020402140214002a1201"
                + "100a0704d89a0108a76d0c80a8c4940d132ca76d3a2d057365617473030605726174696f04000000000000e03f046265"
                + "746102046e6f746500046c6973740703060161")
    }

    @Test("A conversation") func pinsConversation() {
        let record = conversation("k1", of: ["c1"], changed: 2) { fact in
            fact.rating = Rating(
                score: 4, ratedAt: day(2.5).addingTimeInterval(0.125),
                by: .email(EmailAddress(storedText: "ada@x.test")))
            fact.tags = ["vip"]
            let opening = Message(
                id: "m", sentAt: day(2), side: .customer, author: .record(contactID("c1")), text: "Grüße")
            fact.opening = opening
            fact.mentions = [Mention(kind: .cancel, in: opening, sentence: "Bye.", rulesVersion: 1)]
        }
        #expect(
            hex(record)
                == "06230608696e746572636f6d0a0461636d650e0d636f6e766572736174696f6e7312026b310e120110060e0e08636f6e"
                + "7461637473120263311080f0c2950df28001167e0480f0c2950d08020c0013162606016d0880f0c2950d0c001210060e"
                + "0e08636f6e74616374731202633116074772c3bcc39f651a19040809000010209e84c7410e0c0a0a61646140782e7465"
                + "73741e0501037669702627012504000a016d0c80f0c2950d1210060e0e08636f6e74616374731202633116044279652e"
                + "1802")
    }

    @Test("A transcript with tones") func pinsTones() {
        var transcript = Transcript(
            conversation: RecordID(source: desk, stream: "conversations", id: "k1"), messages: [])
        transcript.tones = [MessageTone(message: 3, Tone(thousandths: -250), modelVersion: 1)]
        #expect(
            hex(transcript)
                == "06230608696e746572636f6d0a0461636d650e0d636f6e766572736174696f6e7312026b310c0016090107040608f3030c02"
        )
    }

    @Test("The state of a stream") func pinsStream() {
        var state = StreamState()
        state.checkpoint = Checkpoint(watermark: day(3), token: "t")
        state.observedThrough = day(4)
        state.provides = [.profile, .support]
        state.refusal = .notPermitted
        state.heldBack = ["a", "b"]
        state.pass = StreamPass(isFull: true, startedAt: day(5))
        state.pass?.cursor = PageCursor("p2")
        state.pass?.total = 150
        #expect(
            hex(state)
                == "06090480b6cd950d0a01740880fcd7950d100914011e050201610162220e070880c2e2950d0e02703218ac02")
    }
}
