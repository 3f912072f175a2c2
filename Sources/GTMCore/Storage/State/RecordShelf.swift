/// Where a store keeps the versions of records. Records are numbered in the order of their first arrival.
///
/// A shelf that reads from files can find one damaged. It then gives `nil`, and the store that owns it tells so
/// instead of giving the answer.
protocol RecordShelf: AnyObject {
    /// Where a version lies.
    associatedtype Location: Sendable
    /// What a version is read by later, by whoever holds it.
    associatedtype Handle: VersionHandle

    /// How many records there are; their numbers run from 0.
    var count: Int { get }
    /// Finds records by their keys.
    var index: KeyIndex { get }
    /// The seed of the index.
    var seed: UInt64 { get }

    /// The version of a record in force at a point in time; `nil` where there was none, or it was erased.
    func version(_ number: UInt32, at point: TimePoint) -> RecordVersion?
    /// What the version in force is read by; `nil` where there was none, or it was erased.
    func handle(_ number: UInt32, at point: TimePoint) -> Handle?
    /// What the version in force says of its identity, without what else it says.
    func head(_ number: UInt32, at point: TimePoint) -> RecordHead?
    /// The number of a record; `nil` for one that was never there, or was erased.
    func number(of id: RecordID) -> UInt32?
    /// All versions of a record in the order in which they arrived; none where it was erased.
    func versions(_ number: UInt32) -> [RecordVersion]

    /// Adds the first version of a record, and returns the record's number.
    func add(_ version: RecordVersion, at location: Location) -> UInt32
    /// Adds a further version of a record.
    func add(_ version: RecordVersion, at location: Location, to number: UInt32, isCurrent: Bool)
    /// Tells that a version could not be read, where that shows outside the shelf.
    func note(_ fault: StoreError)
    /// Takes a record away for good, with all its versions.
    func erase(_ number: UInt32)
}

/// A version that need not have been read yet. It can be read from any task.
protocol VersionHandle: Sendable {
    /// Reads the version.
    func version() throws(StoreError) -> RecordVersion
}

extension RecordVersion: VersionHandle {
    func version() -> RecordVersion { self }
}

/// A shelf in memory.
final class MemoryShelf: RecordShelf {
    private struct History {
        var current: RecordVersion
        /// The versions in the order in which they arrived, where there is more than one.
        var all: [RecordVersion] = []
    }

    private(set) var index = KeyIndex()
    let seed: UInt64 = 0
    private var histories: [History?] = []

    var count: Int { histories.count }

    func version(_ number: UInt32, at point: TimePoint) -> RecordVersion? {
        guard let history = histories[Int(number)] else { return nil }
        if point == .latest { return history.current }
        return history.all.isEmpty
            ? (point.includes(history.current) ? history.current : nil) : point.inForce(history.all)
    }

    func handle(_ number: UInt32, at point: TimePoint) -> RecordVersion? { version(number, at: point) }

    func head(_ number: UInt32, at point: TimePoint) -> RecordHead? {
        version(number, at: point).map { RecordHead($0.record) }
    }

    func number(of id: RecordID) -> UInt32? {
        var found: UInt32?
        index.visit(RecordEdge.record(id).hash(seed)) { number in
            if found == nil, histories[Int(number)]?.current.record.id == id { found = number }
        }
        return found
    }

    func versions(_ number: UInt32) -> [RecordVersion] {
        guard let history = histories[Int(number)] else { return [] }
        return history.all.isEmpty ? [history.current] : history.all
    }

    func add(_ version: RecordVersion, at location: Void) -> UInt32 {
        let number = UInt32(histories.count)
        histories.append(History(current: version))
        index.enter(version.record, number, seed)
        return number
    }

    func add(_ version: RecordVersion, at location: Void, to number: UInt32, isCurrent: Bool) {
        guard var history = histories[Int(number)] else { return }
        index.enter(version.record, number, seed, besides: history.current.record)
        history.all = (history.all.isEmpty ? [history.current] : history.all) + [version]
        if isCurrent { history.current = version }
        histories[Int(number)] = history
    }

    func note(_ fault: StoreError) {}

    func erase(_ number: UInt32) { histories[Int(number)] = nil }
}

extension KeyIndex {
    /// Enters a new record under all its keys.
    mutating func enter(_ record: SourceRecord, _ number: UInt32, _ seed: UInt64) {
        for edge in record.edges { insert(edge.hash(seed), number, isLatest: true) }
    }

    /// Enters a record under the keys that its other version has not.
    mutating func enter(_ record: SourceRecord, _ number: UInt32, _ seed: UInt64, besides other: SourceRecord) {
        let known = Set(other.edges)
        for edge in record.edges where !known.contains(edge) { insert(edge.hash(seed), number, isLatest: false) }
    }
}
