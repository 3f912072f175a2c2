import GTMCore

/// The versions of records by the book: what a store has to remember of the batches that it was given.
struct ReferenceHistory {
    private(set) var versions: [RecordID: [RecordVersion]] = [:]
    private(set) var sequence: UInt64 = 0

    /// Takes a batch in.
    ///
    /// - Returns: What is to become of each record.
    mutating func take(_ batch: StoreBatch) -> [CommitReceipt.Outcome] {
        sequence += 1
        return batch.records.map { told in
            let known = versions[told.id] ?? []
            guard let current = TimePoint.latest.inForce(known) else {
                versions[told.id] = [RecordVersion(record: told, recordedAt: batch.recordedAt, sequence: sequence)]
                return .new
            }
            let record = inherited(told, from: current.record)
            let version = RecordVersion(record: record, recordedAt: batch.recordedAt, sequence: sequence)
            if record == current.record { return .unchanged }
            // The same version that comes late is stored once.
            if !version.supersedes(current), known.contains(where: { $0.record == record }) { return .unchanged }
            versions[told.id] = known + [version]
            return .updated
        }
    }

    private func inherited(_ told: SourceRecord, from last: SourceRecord) -> SourceRecord {
        guard !told.state.isLive, told.identity == nil, told.subjects.isEmpty else { return told }
        var record = last
        record.state = told.state
        record.changedAt = told.changedAt ?? last.changedAt
        return record
    }

    /// The version in force of each record at a point in time.
    func inForce(at point: TimePoint) -> [RecordVersion] {
        versions.keys.sorted().compactMap { versions[$0].flatMap(point.inForce) }
    }
}
