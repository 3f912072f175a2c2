import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A shelf whose versions lie in the journal; memory holds where, and the index of keys.
///
/// Not safe by itself: a store's shelf is used under the lock `FileStore.core` alone, one that is being loaded by the
/// task that loads it.
final class FileShelf: RecordShelf, @unchecked Sendable {
    typealias Location = UInt64

    private(set) var index: KeyIndex
    /// Where the version in force of each record lies; 0 for one that was erased.
    private(set) var places: Pile<UInt64>
    /// Where the version that arrived last lies, of records where that is another one.
    private(set) var latest: [UInt32: UInt64]
    private(set) var journal: JournalBytes
    /// Why an answer could not be read, until somebody asks.
    private var fault: StoreError?
    /// Which entries were found sound, a bit for every 32 bytes of the journal: no two entries begin within the same.
    private var checked: [UInt64] = []

    init(
        _ journal: JournalBytes, index: KeyIndex = KeyIndex(), places: Pile<UInt64> = Pile(),
        latest: [UInt32: UInt64] = [:]
    ) {
        self.journal = journal
        self.index = index
        self.places = places
        self.latest = latest
    }

    var seed: UInt64 { UInt64(journal.salt) }
    var count: Int { places.count }

    /// Tells why what was read since the last question is not to be trusted.
    func checkFault() throws(StoreError) {
        guard let fault else { return }
        self.fault = nil
        throw fault
    }

    /// Maps a journal anew where the mapping ends before so many bytes.
    ///
    /// - Parameter ahead: How many more are mapped then.
    func makeRoom(for end: Int, in file: any StoreFile, ahead: Int) throws(FileFault) {
        if journal.reaches(end) { return }
        let mapped = try uninterrupted { () throws(FileFault) in try file.map(end + ahead) }
        journal = JournalBytes(mapped, end: journal.end, salt: journal.salt, name: journal.name)
    }

    // MARK: Reading

    func read<Answer>(
        at place: UInt64, _ body: (VersionEntry) throws(CodingFault) -> Answer
    ) -> Answer? {
        do throws(StoreError) {
            if isChecked(place) { return try journal.read(at: place, isChecked: true, body) }
            let answer = try journal.read(at: place, isChecked: false, body)
            noteChecked(place)
            return answer
        } catch {
            if fault == nil { fault = error }
            return nil
        }
    }

    func version(at place: UInt64) -> RecordVersion? {
        read(at: place) { (entry) throws(CodingFault) in try entry.version() }
    }

    /// Whether the entry at a place was found sound.
    private func isChecked(_ place: UInt64) -> Bool {
        let block = Int(truncatingIfNeeded: place >> 5)
        return block >> 6 < checked.count && checked[block >> 6] & 1 << UInt64(block & 63) != 0
    }

    private func noteChecked(_ place: UInt64) {
        let block = Int(truncatingIfNeeded: place >> 5)
        let word = block >> 6
        if word >= checked.count {
            checked += repeatElement(0, count: max(word + 1 - checked.count, checked.count / 4))
        }
        checked[word] |= 1 << UInt64(block & 63)
    }

    /// The place of the version in force at a point in time; 0 where there is none.
    private func place(_ number: UInt32, at point: TimePoint) -> UInt64 {
        let current = places[Int(number)]
        if point == .latest || current == 0 { return current }
        var best: (place: UInt64, version: VersionTimes)?
        var place = latest[number] ?? current
        while place != 0 {
            let found = read(at: place) { (entry) throws(CodingFault) in
                let head = try unsafe RecordHead(of: entry.body)
                return (
                    VersionTimes(head, recordedAt: entry.recordedAt, sequence: entry.sequence),
                    entry.previous
                )
            }
            guard let (times, previous) = found else { return 0 }
            // From the last to the first: of two of one batch and one time the first counts, as it does in the present.
            if times.isIncluded(in: point), !(best?.version.supersedes(times) ?? false) { best = (place, times) }
            place = previous
        }
        return best?.place ?? 0
    }

    func version(_ number: UInt32, at point: TimePoint) -> RecordVersion? {
        let place = place(number, at: point)
        return place == 0 ? nil : version(at: place)
    }

    /// A version in the journal.
    struct Handle: VersionHandle {
        fileprivate let journal: JournalBytes
        fileprivate let place: UInt64
        fileprivate let isChecked: Bool

        func version() throws(StoreError) -> RecordVersion { try journal.version(at: place, isChecked: isChecked) }
    }

    func handle(_ number: UInt32, at point: TimePoint) -> Handle? {
        let place = place(number, at: point)
        return place == 0 ? nil : Handle(journal: journal, place: place, isChecked: isChecked(place))
    }

    func head(_ number: UInt32, at point: TimePoint) -> RecordHead? {
        let place = place(number, at: point)
        guard place != 0 else { return nil }
        return read(at: place) { (entry) throws(CodingFault) in try unsafe RecordHead(of: entry.body) }
    }

    func versions(_ number: UInt32) -> [RecordVersion] { allPlaces(number).compactMap { version(at: $0) } }

    /// Where all versions of a record lie, in the order of their arrival.
    func allPlaces(_ number: UInt32) -> [UInt64] {
        var places: [UInt64] = []
        var place = latestPlace(number)
        while place != 0 {
            places.append(place)
            // A version lies behind those that arrived before it; anything else is damage, and would have no end.
            guard let previous = read(at: place, { $0.previous }), previous < place else { return [] }
            place = previous
        }
        return places.reversed()
    }

    /// Where the version of a record that arrived last lies; 0 where it was erased.
    func latestPlace(_ number: UInt32) -> UInt64 { latest[number] ?? places[Int(number)] }

    /// Whether the version in force of a record is made of these bytes.
    func holds(_ body: ArraySlice<UInt8>, as number: UInt32) -> Bool {
        let place = places[Int(number)]
        guard place != 0 else { return false }
        return read(at: place) { entry in unsafe entry.body.count == body.count && entry.body.begins(with: body) }
            ?? false
    }

    func number(of id: RecordID) -> UInt32? {
        let start = RecordHead.firstBytes(of: id)
        var found: UInt32?
        index.visit(RecordEdge.record(id).hash(seed)) { number in
            guard found == nil, places[Int(number)] != 0 else { return }
            if read(at: places[Int(number)], { entry in unsafe entry.body.begins(with: start[...]) }) == true {
                found = number
            }
        }
        return found
    }

    // MARK: Writing

    func add(_ version: RecordVersion, at location: UInt64) -> UInt32 {
        let number = UInt32(places.count)
        places.append(location)
        index.enter(version.record, number, seed)
        return number
    }

    func add(_ version: RecordVersion, at location: UInt64, to number: UInt32, isCurrent: Bool) {
        if let current = self.version(number, at: .latest) {
            index.enter(version.record, number, seed, besides: current.record)
        }
        if isCurrent {
            places[Int(number)] = location
            latest[number] = nil
        } else {
            latest[number] = location
        }
    }

    func note(_ fault: StoreError) { self.fault = self.fault ?? fault }

    func erase(_ number: UInt32) {
        places[Int(number)] = 0
        latest[number] = nil
    }
}

/// The times of a version: all that decides when it is in force.
private struct VersionTimes {
    var orderingTime: Date
    var effectiveAt: Date
    var recordedAt: Date
    var sequence: UInt64

    init(_ head: RecordHead, recordedAt: Date, sequence: UInt64) {
        orderingTime = head.changedAt ?? recordedAt
        effectiveAt = head.state.isLive ? min(orderingTime, recordedAt) : recordedAt
        self.recordedAt = recordedAt
        self.sequence = sequence
    }

    func isIncluded(in point: TimePoint) -> Bool {
        point.includes(recordedAt: recordedAt, effectiveAt: effectiveAt)
    }

    func supersedes(_ other: VersionTimes) -> Bool {
        (orderingTime, sequence) > (other.orderingTime, other.sequence)
    }
}

/// The bytes of a journal as far as they are known to be whole.
final class JournalBytes: Sendable {
    let salt: UInt32
    /// The name of the file, for errors.
    let name: String
    private let mapped: MappedBytes
    private let limit: Atomic<Int>

    init(_ mapped: MappedBytes, end: Int, salt: UInt32, name: String) {
        self.mapped = mapped
        self.salt = salt
        self.name = name
        limit = Atomic(end)
    }

    /// The end of what may be read.
    var end: Int { limit.load(ordering: .acquiring) }

    /// Lets more be read.
    func extend(to end: Int) { limit.store(end, ordering: .releasing) }

    /// Whether the mapping reaches so far.
    func reaches(_ end: Int) -> Bool { end <= mapped.count }

    /// Reads the version at a place.
    func version(at place: UInt64, isChecked: Bool) throws(StoreError) -> RecordVersion {
        try read(at: place, isChecked: isChecked) { (entry) throws(CodingFault) in try entry.version() }
    }

    /// The checksum of some bytes before the end.
    func checksum(of range: Range<Int>) -> UInt32 {
        unsafe mapped.withBytes(range) { bytes in unsafe CRC32C.of(bytes, seed: salt) }
    }

    /// Reads the entry at a place.
    ///
    /// - Parameter isChecked: Whether it was found sound before.
    /// - Throws: ``StoreError/Code/damaged`` where no sound entry lies there.
    func read<Answer>(
        at place: UInt64, isChecked: Bool, _ body: (VersionEntry) throws(CodingFault) -> Answer
    ) throws(StoreError) -> Answer {
        let end = end
        guard let start = Int(exactly: place), start > 0, start < end else {
            throw StoreError(
                code: .damaged, detail: "\(name): an index points to byte \(place), and the journal ends at \(end)")
        }
        return try unsafe mapped.withBytes(start..<end) { (bytes) throws(StoreError) in
            guard let entry = unsafe VersionEntry(bytes, at: place, salt: salt, isChecked: isChecked) else {
                throw StoreError(
                    code: .damaged,
                    detail: "\(name): what lies at byte \(place) is not what was written there; "
                        + "its checksum does not fit. Restore the store from a copy")
            }
            do throws(CodingFault) {
                return try body(entry)
            } catch {
                throw StoreError(
                    code: .damaged, detail: "\(name): the record at byte \(place) cannot be read: \(error)")
            }
        }
    }
}

extension VersionEntry {
    /// The version that this is.
    func version() throws(CodingFault) -> RecordVersion {
        RecordVersion(record: try unsafe BinaryForm.read(from: body), recordedAt: recordedAt, sequence: sequence)
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the first bytes are these, eight at a time.
    fileprivate func begins(with bytes: ArraySlice<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBytes { other in
            guard other.count <= count else { return false }
            var place = 0
            while other.count - place >= 8 {
                let own = unsafe loadUnaligned(fromByteOffset: place, as: UInt64.self)
                guard unsafe own == other.loadUnaligned(fromByteOffset: place, as: UInt64.self) else { return false }
                place += 8
            }
            while place < other.count {
                guard unsafe self[place] == other[place] else { return false }
                place += 1
            }
            return true
        }
    }
}
