#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A store that can be written out whole.
public protocol ExportingStore: CustomerStore {
    /// Gives everything that the store remembers, history included, as lines of JSON; ``StoreArchive`` tells which.
    ///
    /// The lines show one moment: what is committed meanwhile is not in them. Summaries of assessments are left out, since
    /// they are computed again. Two stores that were told the same give the same lines, byte for byte; where persons were
    /// erased, as long as they make the same marks of them, for which each store has a key of its own.
    ///
    /// - Parameters:
    ///   - actor: Who asks.
    ///   - line: Takes one line, without its end; what it throws ends the export.
    func export(by actor: StoreActor, _ line: @Sendable ([UInt8]) throws -> Void) async throws
}

/// The form in which a store is exported: a line of JSON each.
///
/// 1. `{"gtm_export": 1, "commits": 12, …}`;
/// 2. for each record in the order in which they first came, each of its versions in the order of their arrival:
///    `{"sequence": 3, "recorded_at": "…", "record": {…}}`;
/// 3. `{"tables": {…}}`: streams, runs, rules, what could not be taken, what is still to be fetched, who was erased;
/// 4. `{"end": {"versions": 40, "crc32c": "…"}}`: the number of versions, and the checksum of all bytes before this line.
public enum StoreArchive {
    /// The version of the form.
    static let version: Int64 = 1

    /// Puts lines together; the checksum runs along.
    struct Writer {
        private var sum = CRC32C()
        private var versions: Int64 = 0

        init() {}

        mutating func header(_ tables: StoreTables) -> [UInt8] {
            var object: JSONObject = ["gtm_export": .integer(version), "commits": tables.sequence.storedJSON]
            // Without the key the marks of erased persons would mean nothing in another store.
            if !tables.erasures.isEmpty { object["mark_key"] = .string(tables.marker.key.hexadecimal) }
            return take(.object(object))
        }

        mutating func line(_ version: RecordVersion) -> [UInt8] {
            versions += 1
            return take([
                "sequence": version.sequence.storedJSON, "recorded_at": version.recordedAt.storedJSON,
                "record": .object(JSONForm.object(of: version.record)),
            ])
        }

        mutating func line(_ tables: StoreTables) -> [UInt8] {
            take(["tables": .object(JSONForm.object(of: tables))])
        }

        func end() -> [UInt8] {
            JSONWriter.bytes([
                "end": ["versions": .integer(versions), "crc32c": .string(String(sum.value, radix: 16))]
            ])
        }

        private mutating func take(_ json: JSONValue) -> [UInt8] {
            let bytes = JSONWriter.bytes(json)
            sum.update(bytes)
            sum.update([UInt8(ascii: "\n")])
            return bytes
        }
    }

    /// What a line says.
    enum Line {
        case header(markKey: [UInt8]?, commits: UInt64)
        case version(RecordVersion)
        case tables(StoreTables)
        case end
    }

    /// Reads lines one after the other and refuses what is out of place, damaged or missing.
    struct Reader {
        private var sum = CRC32C()
        private var number = 0
        private var versions: Int64 = 0
        private var current: RecordID?
        /// Hashes of the records whose versions have all been read.
        private var finished: Set<UInt64> = []
        private var stage = Stage.header
        private let hash = SipHash(key: randomBytes(16))

        private enum Stage { case header, versions, end, nothing }

        init() {}

        /// Whether the last line has been read.
        var isComplete: Bool { stage == .nothing }

        /// How many lines have been read.
        var lines: Int { number }

        mutating func read(_ bytes: [UInt8]) throws(StoreError) -> Line {
            number += 1
            let object: JSONObject
            do {
                guard let read = try JSONReader.read(bytes).value.object else {
                    throw CodingFault(expected: "an object")
                }
                object = read
                defer {
                    sum.update(bytes)
                    sum.update([UInt8(ascii: "\n")])
                }
                return try line(object)
            } catch let error as StoreError {
                throw error
            } catch {
                throw fault("\(error)")
            }
        }

        func fault(_ what: String) -> StoreError {
            StoreError(code: .invalidQuery, detail: "line \(number) of the export: \(what)")
        }

        private mutating func line(_ object: JSONObject) throws -> Line {
            switch stage {
            case .header:
                guard let form = object["gtm_export"]?.integer else {
                    throw fault("expected an object with gtm_export")
                }
                guard form == version else {
                    throw fault("the form is \(form), and this version reads \(version); update the library")
                }
                stage = .versions
                guard let commits = object["commits"] else { throw fault("expected the number of commits") }
                let key = object["mark_key"]?.string.flatMap([UInt8].read(hexadecimal:))
                guard key == nil || key?.count == 16 else { throw fault("a mark_key has 32 hexadecimal digits") }
                let count = try UInt64(storedJSON: commits)
                guard count < Int64.max else { throw fault("there cannot have been \(count) commits") }
                return .header(markKey: key, commits: count)
            case .versions:
                if let tables = object["tables"] {
                    stage = .end
                    return .tables(try StoreTables(storedJSON: tables))
                }
                guard let record = object["record"], let sequence = object["sequence"], let at = object["recorded_at"]
                else { throw fault("expected an object with record, sequence and recorded_at, or with tables") }
                let version = RecordVersion(
                    record: try SourceRecord(storedJSON: record), recordedAt: try Date(storedJSON: at),
                    sequence: try UInt64(storedJSON: sequence))
                try note(version.record.id)
                versions += 1
                return .version(version)
            case .end:
                guard let end = object["end"]?.object else { throw fault("expected an object with end") }
                guard end["versions"]?.integer == versions,
                    end["crc32c"]?.string == String(sum.value, radix: 16)
                else { throw fault("the lines before are not those that were exported; some were lost or changed") }
                stage = .nothing
                return .end
            case .nothing: throw fault("something follows the end")
            }
        }

        /// The versions of one record follow each other.
        private mutating func note(_ id: RecordID) throws(StoreError) {
            guard id != current else { return }
            if let current { finished.insert(hash.hash(current.description)) }
            guard !finished.contains(hash.hash(id.description)) else {
                throw fault("a version of \(id) stands apart from the record's other ones")
            }
            current = id
        }

        /// The error where the lines end too early.
        var cutShort: StoreError {
            StoreError(
                code: .invalidQuery,
                detail: "the export ends after line \(number) and without its last line; it was cut off")
        }
    }
}

extension InMemoryStore: ExportingStore {
    public func export(by actor: StoreActor, _ line: @Sendable ([UInt8]) throws -> Void) throws {
        var writer = StoreArchive.Writer()
        try line(writer.header(state.tables))
        for number in 0..<UInt32(state.shelf.count) {
            for version in state.shelf.versions(number) { try line(writer.line(version)) }
        }
        try line(writer.line(state.tables))
        try line(writer.end())
    }

    /// Makes a store of an export's lines.
    ///
    /// - Throws: ``StoreError`` with ``StoreError/Code/invalidQuery`` for lines that are no whole export, naming the line.
    public init(restoring lines: some Sequence<[UInt8]>, hostDomains: Set<String> = []) throws(StoreError) {
        var state = StoreState(MemoryShelf(), marker: Marker(key: randomBytes(16)), hostDomains: hostDomains)
        var reader = StoreArchive.Reader()
        for bytes in lines {
            switch try reader.read(bytes) {
            case .header(let key, _): if let key { state.tables.marker = Marker(key: key) }
            case .version(let version):
                state.shelve(version, at: (), isFirst: state.shelf.number(of: version.record.id) == nil)
            case .tables(var tables):
                tables.marker = state.tables.marker
                state.restore(tables, SummaryTable())
                state.summaries.everybodyIsDue = true
            case .end: break
            }
        }
        guard reader.isComplete else { throw reader.cutShort }
        self.init(state)
    }
}
