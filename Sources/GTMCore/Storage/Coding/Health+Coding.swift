/// What health was computed from, in the compact form: some forty bytes a customer, opened only for another profile.
///
/// Since when signals have been active is left out: it changes no score.
struct PackedInputs: Sendable, Hashable {
    /// The compact form of ``HealthInputs``.
    private let bytes: [UInt8]

    init(_ inputs: HealthInputs) { bytes = BinaryForm.bytes(of: inputs) }

    /// The inputs; `nil` where a later version wrote them in a way that this one cannot read.
    var inputs: HealthInputs? {
        // Nothing is lost by the fault: whoever gets none assesses the customer from the records.
        try? BinaryForm.read(from: bytes)
    }
}

extension PackedInputs: Framed {
    func writeFrame(to writer: inout BinaryWriter) { writer.frame(bytes) }

    init(framedIn reader: inout BinaryReader) throws(CodingFault) { bytes = try reader.frame() }

    var storedJSON: JSONValue { inputs?.storedJSON ?? .null }

    init(storedJSON json: JSONValue) throws(CodingFault) { self.init(try HealthInputs(storedJSON: json)) }
}

extension SubscriptionStatuses: FieldValue {
    func write(to writer: inout BinaryWriter, as number: UInt8) { UInt64(rawValue).write(to: &writer, as: number) }

    init(from reader: inout BinaryReader, _ kind: WireKind) throws(CodingFault) {
        self.init(rawValue: UInt8(truncatingIfNeeded: try UInt64(from: &reader, kind)))
    }

    var storedJSON: JSONValue { .array(statuses.map(\.storedJSON)) }

    init(storedJSON json: JSONValue) throws(CodingFault) {
        guard case .array(let words) = json else { throw CodingFault(expected: "an array") }
        var statuses: [SubscriptionStatus] = []
        for word in words { statuses.append(try SubscriptionStatus(storedJSON: word)) }
        self.init(statuses)
    }
}

extension FieldWriter {
    /// Writes a reading: the value as one field, or the reason why there is none as the next.
    @inline(__always)
    fileprivate mutating func put<Value: FieldValue>(_ number: UInt8, _ name: String, reading: Reading<Value>) {
        switch reading {
        case .known(let value): put(number, name, value)
        case .unknown(let reason): put(number + 1, name + "_unknown", reason)
        }
    }
}

extension FieldReader {
    /// Reads a reading; what is absent was not connected when it was written, or its reason came later.
    @inline(__always)
    fileprivate mutating func reading<Value: FieldValue>(
        _ number: UInt8, _ name: String, as type: Value.Type = Value.self
    ) throws(CodingFault) -> Reading<Value> {
        if let value = try value(number, name, as: Value.self) { return .known(value) }
        return .unknown(try word(number + 1, name + "_unknown", as: UnknownReason.self) ?? .notConnected)
    }
}

extension HealthInputs: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "days_since_seen", reading: daysSinceSeen)
        fields.put(3, "csat", reading: csat)
        fields.put(5, "tone", reading: tone)
        fields.put(7, "subscription_statuses", reading: subscriptionStatuses)
        fields.put(9, "sessions_30d", reading: sessions30d)
        fields.put(11, "tenure_months", reading: tenureMonths)
        fields.put(13, "mrr", reading: mrr)
        fields.put(15, "conversations_30d", reading: conversations30d)
        fields.put(17, "open_tickets", reading: openTickets)
        fields.put(19, "open_critical_tickets", reading: openCriticalTickets)
        fields.put(21, "people_in_touch_90d", reading: peopleInTouch90d)
        fields.put(23, "meetings_90d", reading: meetings90d)
        fields.put(25, "mentioned_cancel", reading: mentionedCancel)
        fields.put(27, "is_delinquent", reading: isDelinquent)
        fields.put(29, "last_payment_failed", reading: lastPaymentFailed)
        fields.put(31, "host", unlessEmpty: host)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        self.init()
        daysSinceSeen = try fields.reading(1, "days_since_seen")
        csat = try fields.reading(3, "csat")
        tone = try fields.reading(5, "tone")
        subscriptionStatuses = try fields.reading(7, "subscription_statuses")
        sessions30d = try fields.reading(9, "sessions_30d")
        tenureMonths = try fields.reading(11, "tenure_months")
        mrr = try fields.reading(13, "mrr")
        conversations30d = try fields.reading(15, "conversations_30d")
        openTickets = try fields.reading(17, "open_tickets")
        openCriticalTickets = try fields.reading(19, "open_critical_tickets")
        peopleInTouch90d = try fields.reading(21, "people_in_touch_90d")
        meetings90d = try fields.reading(23, "meetings_90d")
        mentionedCancel = try fields.reading(25, "mentioned_cancel")
        isDelinquent = try fields.reading(27, "is_delinquent")
        lastPaymentFailed = try fields.reading(29, "last_payment_failed")
        host = try fields.list(31, "host")
    }
}

extension HealthInputs.HostReading: Storable {
    func write(to fields: inout some FieldWriter) {
        fields.put(1, "name", measure.name)
        fields.put(2, "value", reading: reading)
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        measure = HealthMeasure(try fields.required(1, "name"))
        reading = try fields.reading(2, "value")
    }
}
