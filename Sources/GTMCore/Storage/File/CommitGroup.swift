#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A batch with its records written down, as the caller's task prepares it.
struct PreparedBatch: Sendable {
    var batch: StoreBatch
    var actor: StoreActor
    /// The records' bytes, one behind the other.
    private(set) var bodies: [UInt8] = []
    /// Where each record's bytes end.
    private(set) var ends: [Int] = []

    init(_ batch: StoreBatch, by actor: StoreActor) {
        self.batch = batch
        self.actor = actor
        ends.reserveCapacity(batch.records.count)
        bodies.reserveCapacity(batch.records.count * 512)
        for record in batch.records {
            BinaryForm.append(record, to: &bodies)
            ends.append(bodies.count)
        }
    }

    /// The bytes of a record.
    func body(_ place: Int) -> ArraySlice<UInt8> { bodies[(place == 0 ? 0 : ends[place - 1])..<ends[place]] }
}

/// Puts batches that are waiting together into one frame, leaving out what says nothing new.
///
/// It decides from what the store knows and from what came earlier in the group, and changes nothing.
struct CommitGroup {
    /// A batch as it is to be taken in once the frame is safe.
    struct Decided: Sendable {
        var batch: StoreBatch
        var dispositions: [Disposition<UInt64>]
        var settled: [RecordID]
    }

    /// What the group has already decided of a record.
    private struct Draft {
        var current: RecordVersion
        var added: [RecordVersion]
        var place: UInt64
    }

    private(set) var decided: [Decided] = []
    /// The frame, with room for its header.
    private(set) var bytes = [UInt8](repeating: 0, count: FrameHeader.length)
    private let state: StoreState<FileShelf>
    /// Where in the journal the frame will begin.
    private let start: UInt64
    private var drafts: [RecordID: Draft] = [:]
    /// Records of which the group has left something open.
    private var opened: Set<RecordID> = []

    init(_ state: StoreState<FileShelf>, at start: Int) {
        self.state = state
        self.start = UInt64(start)
    }

    /// The number of the commit that is added next.
    private var sequence: UInt64 { state.tables.sequence + 1 + UInt64(decided.count) }

    /// Adds a batch.
    mutating func add(_ prepared: PreparedBatch) {
        let batch = state.tables.withholding(prepared.batch)
        var stored = StoredBatch(batch: batch, actor: prepared.actor)
        stored.batch.records = []
        var dispositions: [Disposition<UInt64>] = []
        dispositions.reserveCapacity(batch.records.count)
        // Where an entry lies is known only behind the description, which says what is settled.
        var kept: [(place: Int, record: SourceRecord?, id: RecordID)] = []
        // A record that is rejected and taken in one batch counts as taken.
        for rejection in batch.rejected { opened.insert(rejection.id) }
        for (place, record) in batch.records.enumerated() {
            switch decide(record, prepared.body(place), at: batch.recordedAt) {
            case .erased: dispositions.append(.erased)
            case .unchanged:
                dispositions.append(.unchanged)
                if isOpen(record.id) { stored.settled.append(record.id) }
            case .kept(let inherited):
                dispositions.append(.kept(at: 0))
                kept.append((place, inherited, record.id))
            }
        }
        for issue in batch.issues { opened.insert(issue.record) }
        BatchPayload.append(stored, entries: UInt32(kept.count), to: &bytes)
        for (place, inherited, id) in kept {
            let entryPlace = start + UInt64(bytes.count)
            let body = inherited.map { BinaryForm.bytes(of: $0)[...] } ?? prepared.body(place)
            VersionEntry.append(
                body, sequence: sequence, recordedAt: batch.recordedAt, previous: drafts[id]?.place ?? 0,
                at: entryPlace, salt: state.shelf.journal.salt, to: &bytes)
            drafts[id]?.place = entryPlace
            dispositions[place] = .kept(at: entryPlace)
        }
        decided.append(Decided(batch: batch, dispositions: dispositions, settled: stored.settled))
    }

    /// The frame of the group.
    mutating func frame(_ header: JournalHeader) -> [UInt8] {
        Frame.complete(
            &bytes, kind: BatchPayload.kind, sequence: state.tables.sequence + 1, batches: UInt32(decided.count),
            salt: header.salt)
        return bytes
    }

    /// The frame of an erasure, which is a group of its own.
    static func frame(
        _ erasure: PlannedErasure, by actor: StoreActor, sequence: UInt64, _ header: JournalHeader
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: FrameHeader.length)
        var stored = StoredBatch(batch: StoreBatch(recordedAt: erasure.erasure.erasedAt), actor: actor)
        stored.erasure = erasure
        BatchPayload.append(stored, entries: 0, to: &bytes)
        Frame.complete(&bytes, kind: BatchPayload.kind, sequence: sequence, batches: 1, salt: header.salt)
        return bytes
    }

    // MARK: Deciding

    private enum Decision {
        case erased
        case unchanged
        /// It is written; as this where it is not as it came.
        case kept(SourceRecord?)
    }

    private mutating func decide(_ told: SourceRecord, _ body: ArraySlice<UInt8>, at moment: Date) -> Decision {
        if state.tables.isErased(told) { return .erased }
        let known: (current: RecordVersion, latest: UInt64, number: UInt32?)
        if let draft = drafts[told.id] {
            known = (draft.current, draft.place, nil)
        } else {
            guard let number = state.shelf.number(of: told.id) else {
                drafts[told.id] = Draft(
                    current: RecordVersion(record: told, recordedAt: moment, sequence: sequence), added: [], place: 0)
                return .kept(nil)
            }
            // Most of what is read again is the same to the byte.
            if state.shelf.holds(body, as: number) { return .unchanged }
            guard let current = state.shelf.version(number, at: .latest) else { return .unchanged }
            known = (current, state.shelf.latestPlace(number), number)
        }
        let record = told.inheriting(from: known.current)
        if record == known.current.record { return .unchanged }
        let version = RecordVersion(record: record, recordedAt: moment, sequence: sequence)
        var draft = drafts[told.id] ?? Draft(current: known.current, added: [], place: known.latest)
        if version.supersedes(known.current) {
            draft.current = version
        } else {
            let number = known.number ?? state.shelf.number(of: told.id)
            let all = (number.map { state.shelf.versions($0) } ?? []) + draft.added
            if all.contains(where: { $0.record == record }) { return .unchanged }
        }
        draft.added.append(version)
        drafts[told.id] = draft
        return .kept(told.state.isLive ? nil : record)
    }

    private func isOpen(_ id: RecordID) -> Bool {
        state.tables.rejected[id] != nil || state.tables.issues[id] != nil || opened.contains(id)
    }
}
