import GTMCore
import Testing

@Suite("Frame") struct FrameTests {
    private let frame = Frame(kind: 7, sequence: 0x0102_0304_0506_0708, batches: 5, payload: Array("payload".utf8))

    @Test("A frame is laid out as documented") func layout() {
        let bytes = frame.encoded(salt: salt)
        #expect(bytes.count == 47)
        #expect(Array(bytes[0..<4]) == Array("GTMJ".utf8))
        #expect(Array(bytes[4..<12]) == [1, 7, 0, 0, 0, 0, 0, 0])
        #expect(Array(bytes[12..<16]) == [7, 0, 0, 0])
        #expect(Array(bytes[16..<24]) == [8, 7, 6, 5, 4, 3, 2, 1])
        #expect(Array(bytes[24..<28]) == [5, 0, 0, 0])
        #expect(bytes.littleEndian(at: 28) == CRC32C.of(Array("payload".utf8), seed: salt))
        #expect(Array(bytes[32..<36]) == [0, 0, 0, 0])
        #expect(bytes.littleEndian(at: 36) == CRC32C.of(Array(bytes[..<36]), seed: salt))
        #expect(Array(bytes[40...]) == Array("payload".utf8))
    }

    @Test("A frame reads as it was written, whatever its length and what follows", arguments: [0, 1, 15, 16, 1000])
    func roundTrips(length: Int) throws {
        let frame = Frame(kind: 2, sequence: .max, batches: .max, payload: payload(3, length))
        #expect(try Frame.decode(frame.encoded(salt: salt), salt: salt) == frame)
        #expect(try Frame.decode(frame.encoded(salt: salt) + [1, 2, 3], salt: salt) == frame)
    }

    @Test("A frame can be completed where its payload lies") func completes() {
        var bytes = [UInt8](repeating: 0xAA, count: FrameHeader.length) + frame.payload
        Frame.complete(&bytes, kind: 7, sequence: frame.sequence, batches: 5, salt: salt)
        #expect(bytes == frame.encoded(salt: salt))
    }

    @Test("Every bit that is turned round is noticed") func noticesEveryBit() {
        let bytes = frame.encoded(salt: salt)
        for bit in 0..<bytes.count * 8 {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let expected: FrameDefect =
                switch bit / 8 {
                case 0..<4: .noMarker
                case 4..<40: .headerChecksum
                default: .payloadChecksum
                }
            #expect(throws: JournalFault.defect(expected)) { try Frame.decode(damaged, salt: salt) }
        }
    }

    @Test("Every cut is noticed") func noticesEveryCut() {
        let bytes = frame.encoded(salt: salt)
        for count in bytes.indices {
            #expect(throws: JournalFault.defect(count < 40 ? .shortHeader : .shortPayload)) {
                try Frame.decode(Array(bytes[..<count]), salt: salt)
            }
        }
    }

    @Test("A frame of another salt is none") func needsSalt() {
        #expect(throws: JournalFault.defect(.headerChecksum)) {
            try Frame.decode(frame.encoded(salt: salt), salt: salt &+ 1)
        }
    }

    @Test(
        "What this version does not understand is refused",
        arguments: [
            (6, [2, 0], .unknownFlags(2)), (6, [1, 0x80], .unknownFlags(0x8001)), (6, [1, 0], .sealed(key: 0)),
            (4, [2], .newerFormat(found: 2, supported: 1)), (32, [1], .newerFormat(found: 1, supported: 1)),
            (12, [1, 0, 0, 0x40], .tooLong(1 << 30 + 1)),
        ] as [(Int, [UInt8], JournalFault)])
    func refusesNewer(offset: Int, bytes: [UInt8], fault: JournalFault) {
        let encoded = frame.encoded(salt: salt).withHeader(offset, bytes, salt: salt)
        #expect(throws: fault) { try Frame.decode(encoded, salt: salt) }
        #expect(throws: fault) { try Scanned(journalHeader.encoded + encoded, expecting: nil) }
    }
}

@Suite("Journal header") struct JournalHeaderTests {
    @Test("A header reads as it was written") func roundTrips() throws {
        let header = JournalHeader(
            salt: .max, storeID: payload(9, 16), generation: .max, firstSequence: 99,
            createdAt: day(0.123_456_789))
        #expect(header.encoded.count == JournalHeader.length)
        #expect(try JournalHeader(header.encoded, file: "j") == header)
        #expect(header.isWritable)
    }

    @Test("Every bit that is turned round is noticed, and so is every cut") func noticesDamage() {
        let bytes = journalHeader.encoded
        for bit in 0..<bytes.count * 8 {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: bit < 64 ? JournalFault.notAJournal(file: "j") : .damagedHeader(file: "j")) {
                try JournalHeader(damaged, file: "j")
            }
        }
        for count in bytes.indices {
            #expect(throws: count < 8 ? JournalFault.notAJournal(file: "j") : .damagedHeader(file: "j")) {
                try JournalHeader(Array(bytes[..<count]), file: "j")
            }
        }
    }

    @Test("A newer journal is refused by name of both versions, and only read where it allows that")
    func refusesNewer() throws {
        var header = journalHeader
        header.version = 3
        #expect(try JournalHeader(header.encoded, file: "j").isWritable == false)
        header.minimumReader = 2
        let error = #expect(throws: JournalFault.newerFormat(found: 3, supported: 1)) {
            try JournalHeader(header.encoded, file: "j")
        }
        #expect(error?.description.contains("format 3") == true)
        #expect(error?.description.contains("up to 1") == true)
    }
}
