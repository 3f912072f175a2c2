import Testing

@testable import GTMCore

@Suite("Damaged files") struct DamageTests {
    @Test("Every truncation and every flipped bit ends in a fault or a value", arguments: 0..<3 as Range<UInt64>)
    func survivesDamage(seed: UInt64) {
        var maker = ValueMaker(seed: seed)
        for value in maker.all() { damage(value) }
    }

    private func damage<Value: Storable & Hashable>(_ value: Value) {
        let bytes = BinaryForm.bytes(of: value)
        for length in stride(from: 0, to: bytes.count, by: bytes.count > 600 ? 7 : 1) {
            use(Value.self, Array(bytes[..<length]))
        }
        for bit in stride(from: 0, to: bytes.count * 8, by: bytes.count > 300 ? 23 : 1) {
            var bytes = bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            use(Value.self, bytes)
        }
    }

    /// Reads and, where that gives a value, uses it in every way.
    private func use<Value: Storable & Hashable>(_ type: Value.Type, _ bytes: [UInt8]) {
        // Whatever the outcome, it must be one.
        guard let value = try? BinaryForm.read(type, from: bytes) else { return }
        _ = value.hashValue
        _ = BinaryForm.bytes(of: value)
        _ = JSONForm.object(of: value)
    }

    @Test("Noise is read without harm", arguments: 0..<20 as Range<UInt64>) func survivesNoise(seed: UInt64) {
        var random = SplitMix(seed: seed)
        for _ in 0..<500 {
            // Mostly small bytes, which look like keys and lengths.
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                UInt8(truncatingIfNeeded: random.next() & (random.next() | 0x3F))
            }
            use(SourceRecord.self, bytes)
            use(Contact.self, bytes)
            use(StreamState.self, bytes)
        }
    }

    @Test(
        "Each fault is told with its place",
        arguments: [
            ([], "byte 0: expected a field named name"),
            ([6], "byte 1: expected an integer of 64 bits"),
            ([6, 5, 0x61], "byte 2: expected a length within its frame"),
            ([6, 1, 0xFF], "byte 2: expected a text in UTF-8"),
            ([6, 2, 0xC3, 0x28], "byte 2: expected a text in UTF-8"),
            ([4, 5], "byte 1: expected a frame"),
            ([0, 5], "byte 0: expected a field of a number above 0"),
            (
                [6, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
                "byte 1: expected an integer of 64 bits"
            ),
            ([6, 0x80, 0x00], "byte 1: expected an integer of 64 bits"),
        ] as [([UInt8], String)]) func tellsFaults(bytes: [UInt8], description: String)
    {
        let fault = #expect(throws: CodingFault.self) { try BinaryForm.read(Tag.self, from: bytes) }
        #expect(fault?.description == description)
    }

    @Test("Fields that are not in order are a fault") func wantsOrder() {
        #expect(throws: CodingFault.self) { try BinaryForm.read(Location.self, from: [10, 1, 0x61, 6, 1, 0x61]) }
        #expect(throws: CodingFault.self) { try BinaryForm.read(Location.self, from: [6, 1, 0x61, 6, 1, 0x61]) }
    }

    @Test("A length or count beyond the bytes is a fault, and makes no room for it") func refusesBombs() {
        // Five elements are announced, and then 2^40, in a list of one byte each.
        #expect(throws: CodingFault.self) { try BinaryForm.read(SyncReceipt.self, from: [6, 2, 5, 0]) }
        #expect(throws: CodingFault.self) {
            try BinaryForm.read(SyncReceipt.self, from: [6, 7, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 0])
        }
    }

    @Test("Values that a type does not allow are a fault") func keepsInvariants() {
        // 2/4, 1/0, a currency that does not exist, a score of 6, an interval of no month.
        #expect(throws: CodingFault.self) { try BinaryForm.read(Fraction.self, from: [4, 4, 8, 8]) }
        #expect(throws: CodingFault.self) { try BinaryForm.read(Fraction.self, from: [4, 2, 8, 0]) }
        #expect(throws: CodingFault.self) { try BinaryForm.read(Money.self, from: [4, 2, 8, 1]) }
        #expect(throws: CodingFault.self) { try BinaryForm.read(Money.self, from: [4, 2, 8, 0xFF, 0xFF, 0x7F]) }
        #expect(throws: CodingFault.self) { try BinaryForm.read(Rating.self, from: [4, 12]) }
        #expect(throws: CodingFault.self) { try BinaryForm.read(BillingInterval.self, from: [4, 2, 8, 0]) }
    }

    @Test("Attributes nested beyond all measure are a fault") func refusesDepth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            var inner: [UInt8] = []
            for _ in 0..<depth {
                var writer = BinaryWriter(appendingTo: [7])
                let frame = writer.open()
                for byte in inner { writer.byte(byte) }
                writer.close(frame)
                inner = writer.bytes
            }
            var writer = BinaryWriter(appendingTo: [])
            writer.key(14, .frame)
            let frame = writer.open()
            writer.text("a")
            for byte in inner { writer.byte(byte) }
            writer.close(frame)
            return writer.bytes
        }
        let contact: Contact = try BinaryForm.read(from: nested(3))
        #expect(contact.attributes["a"] == [[[]]])
        let fault = #expect(throws: CodingFault.self) { try BinaryForm.read(Contact.self, from: nested(600)) }
        #expect(fault?.expected == "at most 544 frames within each other")
    }
}
