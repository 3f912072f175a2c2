#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The names in a store's folder.
struct StoreFolder: Sendable {
    let path: String

    /// Says which journal counts.
    var manifest: String { path.appendingPath("store.json") }
    /// Held by the process that writes.
    var lock: String { path.appendingPath("lock") }
    func journal(_ generation: UInt64) -> String { path.appendingPath("journal-\(generation)") }
    func index(_ generation: UInt64) -> String { path.appendingPath("index-\(generation)") }

    /// Whether a name is one of a store's, of another generation than this one, or a draft that was never finished.
    static func isStray(_ name: String, besides generation: UInt64) -> Bool {
        if name.hasSuffix(".new") { return isOwn(String(name.dropLast(4))) }
        return isOwn(name) && name != "journal-\(generation)" && name != "index-\(generation)" && name != "store.json"
    }

    /// The generation of the journal of a name; `nil` for another file.
    static func generation(ofJournal name: String) -> UInt64? { number(behind: "journal-", in: name) }

    private static func isOwn(_ name: String) -> Bool {
        name == "store.json" || generation(ofJournal: name) != nil || number(behind: "index-", in: name) != nil
    }

    /// The number in a name, written as a store writes it: what only looks alike is somebody else's file.
    private static func number(behind start: String, in name: String) -> UInt64? {
        guard name.hasPrefix(start), let number = UInt64(name.dropFirst(start.count)), name == "\(start)\(number)"
        else { return nil }
        return number
    }
}

/// What a store's folder says of itself: a line of JSON and a line with its checksum.
struct StoreManifest: Sendable, Hashable {
    /// The version of the layout of the folder that is written and the highest that is read.
    static let supportedFormat = 1

    var format = Self.supportedFormat
    /// 16 random bytes.
    var storeID: [UInt8]
    /// The generation of the journal that counts.
    var generation: UInt64
    /// The key of the marks of erased persons, 16 random bytes.
    var markKey: [UInt8]
    var createdAt: Date
    /// Up to where the journal is known to be whole: a shorter one has lost something.
    var provenEnd: Int

    var encoded: [UInt8] {
        let object: JSONObject = [
            "gtm_store": .integer(Int64(format)), "store_id": .string(storeID.hexadecimal),
            "generation": .integer(Int64(bitPattern: generation)), "mark_key": .string(markKey.hexadecimal),
            "created_at": createdAt.storedJSON, "proven_end": .integer(Int64(provenEnd)),
        ]
        var bytes = JSONWriter.bytes(.object(object)) + [UInt8(ascii: "\n")]
        let sum = CRC32C.of(bytes)
        bytes += Array("\(String(sum, radix: 16))\n".utf8)
        return bytes
    }

    init(storeID: [UInt8], generation: UInt64, markKey: [UInt8], createdAt: Date, provenEnd: Int) {
        self.storeID = storeID
        self.generation = generation
        self.markKey = markKey
        self.createdAt = createdAt
        self.provenEnd = provenEnd
    }

    init(_ bytes: [UInt8]) throws(StoreError) {
        func damaged(_ what: String) -> StoreError {
            StoreError(code: .damaged, detail: "store.json: \(what); restore the file from a copy of the store")
        }
        guard let line = bytes.firstIndex(of: UInt8(ascii: "\n")) else { throw damaged("a line is missing") }
        let text = Array(bytes[...line])
        let sum = Array("\(String(CRC32C.of(text), radix: 16))\n".utf8)
        guard Array(bytes[(line + 1)...]) == sum else { throw damaged("its checksum does not fit") }
        guard let json = try? JSONReader.read(text).value, let object = json.object,
            let format = object["gtm_store"]?.integer
        else { throw damaged("it is no JSON object with gtm_store") }
        guard format <= Self.supportedFormat else {
            throw StoreError(
                code: .unavailable,
                detail: "the store was written in format \(format), and this version reads up to "
                    + "\(Self.supportedFormat); update the library")
        }
        guard let storeID = object["store_id"]?.string.flatMap([UInt8].read(hexadecimal:)), storeID.count == 16,
            let markKey = object["mark_key"]?.string.flatMap([UInt8].read(hexadecimal:)), markKey.count == 16,
            let generation = object["generation"]?.integer, let end = object["proven_end"]?.integer,
            let created = object["created_at"], let createdAt = try? Date(storedJSON: created)
        else { throw damaged("a member is missing") }
        self.init(
            storeID: storeID, generation: UInt64(bitPattern: generation), markKey: markKey, createdAt: createdAt,
            provenEnd: Int(end))
        self.format = Int(format)
    }
}

extension [UInt8] {
    /// Two digits a byte.
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in self { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads two digits a byte; `nil` for anything else.
    static func read(hexadecimal text: String) -> [UInt8]? {
        let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[place], let low = digits[place + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
