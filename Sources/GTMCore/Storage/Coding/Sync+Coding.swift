// MARK: What could not be taken

extension RejectedRecord: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "id", id)
        fields.put(2, "path", path)
        fields.put(3, "reason", reason)
        fields.put(4, "retries", retries)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        id = try fields.required(1, "id")
        path = try fields.required(2, "path")
        reason = try fields.required(3, "reason")
        retries = try fields.required(4, "retries")
    }
}

extension FieldIssue: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "record", record)
        fields.put(2, "path", path)
        fields.put(3, "reason", reason)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        record = try fields.required(1, "record")
        path = try fields.required(2, "path")
        reason = try fields.required(3, "reason")
    }
}

extension PendingFetch: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "id", id)
        fields.put(2, "because", because)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        id = try fields.required(1, "id")
        because = try fields.value(2, "because")
    }
}

// MARK: Where streams stand

extension PageCursor: StorableText {
    var storedText: String { text }

    init(storedText: String) { self.init(storedText) }
}

extension Checkpoint: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "watermark", watermark)
        fields.put(2, "token", token)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        watermark = try fields.value(1, "watermark")
        token = try fields.value(2, "token")
    }
}

/// Bits in the compact form, names in JSON; a bit without a name is a number there.
extension DataDomains: FieldValue {
    private static let names: [(domain: DataDomains, name: String)] = [
        (.profile, "profile"), (.revenue, "revenue"), (.activity, "activity"), (.support, "support"),
        (.transcripts, "transcripts"), (.usage, "usage"),
    ]

    func write(to writer: inout BinaryWriter, as number: UInt8) { UInt64(rawValue).write(to: &writer, as: number) }

    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) {
        // Parts of a customer that a later version knows mean nothing to this one.
        self.init(rawValue: UInt8(truncatingIfNeeded: try UInt64(from: &reader, kind)))
    }

    var storedJSON: JSONValue {
        let domains = (0..<8).map { DataDomains(rawValue: 1 << $0) }.filter(contains)
        return .array(
            domains.map { domain in
                Self.names.first { $0.domain == domain }.map { .string($0.name) } ?? .integer(Int64(domain.rawValue))
            })
    }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .array(let values) = json else { throw CodingFault(expected: "an array") }
        self = []
        for (place, value) in values.enumerated() {
            let domain: DataDomains? =
                switch value {
                case .string(let name): Self.names.first { $0.name == name }?.domain
                case .integer(let bits): UInt8(exactly: bits).map(DataDomains.init(rawValue:))
                default: nil
                }
            guard let domain else {
                let names = Self.names.map(\.name).joined(separator: ", ")
                throw CodingFault(expected: "one of \(names)").within("[\(place)]")
            }
            formUnion(domain)
        }
    }
}

extension StreamKey: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "source", source)
        fields.put(2, "stream", stream)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        source = try fields.required(1, "source")
        stream = try fields.required(2, "stream")
    }
}

extension StreamState: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "checkpoint", checkpoint)
        fields.put(2, "observed_through", observedThrough)
        fields.put(3, "last_full_read_at", lastFullReadAt)
        fields.put(4, "provides", provides)
        fields.put(5, "refusal", refusal)
        fields.put(6, "account", account)
        fields.put(7, "held_back", unlessEmpty: heldBack)
        fields.put(8, "pass", pass)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        checkpoint = try fields.value(1, "checkpoint")
        observedThrough = try fields.value(2, "observed_through")
        lastFullReadAt = try fields.value(3, "last_full_read_at")
        provides = try fields.required(4, "provides")
        refusal = try fields.value(5, "refusal")
        account = try fields.value(6, "account")
        heldBack = try fields.list(7, "held_back")
        pass = try fields.value(8, "pass")
    }
}

extension StreamPass: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "is_full", isFull)
        fields.put(2, "started_at", startedAt)
        fields.put(3, "cursor", cursor)
        fields.put(4, "latest_change", latestChange)
        fields.put(5, "token", token)
        fields.put(6, "total", total)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        isFull = try fields.required(1, "is_full")
        startedAt = try fields.required(2, "started_at")
        cursor = try fields.value(3, "cursor")
        latestChange = try fields.value(4, "latest_change")
        token = try fields.value(5, "token")
        total = try fields.value(6, "total")
    }
}

// MARK: Runs

extension SyncRun: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "id", id)
        fields.put(2, "source", source)
        fields.put(3, "mode", mode)
        fields.put(4, "status", status)
        fields.put(5, "started_at", startedAt)
        fields.put(6, "sync_duration", duration)
        fields.put(7, "receipt", receipt)
        fields.put(8, "failures", unlessEmpty: failures)
        fields.put(9, "avg_quality_score", averageQuality)
        fields.put(10, "alerts_generated", alertsGenerated)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        id = try fields.required(1, "id")
        source = try fields.required(2, "source")
        mode = try fields.required(3, "mode")
        status = try fields.required(4, "status")
        startedAt = try fields.required(5, "started_at")
        duration = try fields.value(6, "sync_duration")
        receipt = try fields.required(7, "receipt")
        failures = try fields.list(8, "failures")
        averageQuality = try fields.value(9, "avg_quality_score")
        alertsGenerated = try fields.value(10, "alerts_generated")
    }
}

extension SyncReceipt: Storable {
    func write(to fields: inout some FieldWriter) { fields.put(1, "streams", unlessEmpty: streams) }

    init(from fields: inout some FieldReader) throws(CodingFault) { streams = try fields.list(1, "streams") }
}

extension StreamReceipt: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "stream", stream)
        fields.put(2, "holds_customers", holdsCustomers)
        fields.put(3, "pages", pages)
        fields.put(4, "expected", expected)
        fields.put(5, "seen", seen)
        fields.put(6, "duplicates", duplicates)
        fields.put(7, "new", new)
        fields.put(8, "updated", updated)
        fields.put(9, "unchanged", unchanged)
        fields.put(10, "outside", outside)
        fields.put(11, "unmatched", unmatched)
        fields.put(12, "rejected", rejected)
        fields.put(13, "field_issues", fieldIssues)
        fields.put(14, "vanished", vanished)
        fields.put(15, "gap", gap)
        fields.put(16, "problems", unlessEmpty: problems)
        fields.put(17, "reached_end", reachedEnd)
        fields.put(18, "erased", erased)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        stream = try fields.required(1, "stream")
        holdsCustomers = try fields.required(2, "holds_customers")
        pages = try fields.required(3, "pages")
        expected = try fields.value(4, "expected")
        seen = try fields.required(5, "seen")
        duplicates = try fields.required(6, "duplicates")
        new = try fields.required(7, "new")
        updated = try fields.required(8, "updated")
        unchanged = try fields.required(9, "unchanged")
        outside = try fields.required(10, "outside")
        unmatched = try fields.required(11, "unmatched")
        rejected = try fields.required(12, "rejected")
        fieldIssues = try fields.required(13, "field_issues")
        vanished = try fields.required(14, "vanished")
        gap = try fields.required(15, "gap")
        problems = try fields.list(16, "problems")
        reachedEnd = try fields.required(17, "reached_end")
        erased = try fields.value(18, "erased") ?? 0
    }
}
