import GTMCore

/// A search as it was asked, checked against what the vendor takes.
indirect enum IntercomQuery: Sendable {
    case filter(Filter)
    case all([IntercomQuery])
    case any([IntercomQuery])

    struct Filter: Sendable {
        var field: String
        var kind: IntercomFields.Kind
        var operation: String
        var operands: [JSONValue]
        /// The first second of the operand's day, where days are compared.
        var dayStart: Int64 = 0
    }

    static let greatestDepth = 2
    static let greatestWidth = 15

    /// Reads a query.
    ///
    /// - Parameters:
    ///   - fields: What can be searched for.
    ///   - offset: Seconds by which the workspace's clocks are ahead of UTC.
    init(
        _ value: JSONValue?, fields: (String) -> IntercomFields.Kind?, offset: Int64, depth: Int = 0
    ) throws(IntercomRefusal) {
        guard case .object(let object) = value, let operation = object["operator"]?.string else {
            throw .invalid("query is missing or malformed", field: "query")
        }
        guard operation != "AND", operation != "OR" else {
            guard depth < Self.greatestDepth else {
                throw .invalid("queries may be nested \(Self.greatestDepth) levels deep", field: "query")
            }
            guard let parts = object["value"]?.array, (1...Self.greatestWidth).contains(parts.count) else {
                throw .invalid("a group holds 1 to \(Self.greatestWidth) filters", field: "query")
            }
            var queries: [IntercomQuery] = []
            for part in parts {
                queries.append(try IntercomQuery(part, fields: fields, offset: offset, depth: depth + 1))
            }
            self = operation == "AND" ? .all(queries) : .any(queries)
            return
        }
        guard let field = object["field"]?.string, let kind = fields(field) else {
            throw .invalid("field is missing or cannot be searched", field: "field")
        }
        var filter = Filter(field: field, kind: kind, operation: operation, operands: [object["value"] ?? .null])
        if operation == "IN" || operation == "NIN" {
            guard let values = object["value"]?.array else { throw .invalid("IN needs an array", field: "value") }
            filter.operands = values
        }
        guard Self.operations(of: kind).contains(operation) else {
            throw .invalid("operator \(operation) is not supported for \(field)", field: "operator")
        }
        if kind == .day || kind == .second || kind == .number {
            for operand in filter.operands where !operand.isNull && operand.int64 == nil {
                throw .invalid("\(field) is compared with an integer", field: "value")
            }
        }
        if kind == .day, let time = filter.operands[0].int64 {
            filter.dayStart = WorldCalendar.startOfDay(time, offset: offset)
        }
        self = .filter(filter)
    }

    private static func operations(of kind: IntercomFields.Kind) -> Set<String> {
        switch kind {
        case .text: ["=", "!=", "IN", "NIN", "~", "!~", "^", "$"]
        case .number: ["=", "!=", "IN", "NIN", ">", "<", ">=", "<="]
        case .flag, .several: ["=", "!=", "IN", "NIN"]
        case .day: ["=", ">", "<"]
        case .second: ["=", "!=", "IN", "NIN", ">", "<"]
        case .tag: ["=", "!="]
        case .words: ["=", "!=", "~", "!~"]
        }
    }
}

extension IntercomQuery {
    /// Whether a record matches, whose fields `value` gives: `null` for absent ones, an array for several values.
    func matches(_ value: (String) -> JSONValue) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.matches(value) }
        case .any(let parts): parts.contains { $0.matches(value) }
        case .filter(let filter): filter.matches(value(filter.field))
        }
    }
}

extension IntercomQuery.Filter {
    func matches(_ value: JSONValue) -> Bool {
        switch (kind, operation) {
        case (.day, _):
            guard let time = value.int64, !operands[0].isNull else { return operands[0].isNull && value.isNull }
            return switch operation {
            case "=": time >= dayStart && time < dayStart + WorldCalendar.day
            case ">": time >= dayStart + WorldCalendar.day
            default: time < dayStart
            }
        case (.words, "="), (.words, "~"): return holdsWord(value)
        case (.words, _): return !holdsWord(value)
        case (_, "="), (_, "IN"): return isOne(value)
        case (_, "!="), (_, "NIN"): return !isOne(value)
        case (_, "~"): return text(value).contains(text(operands[0]))
        case (_, "!~"): return !text(value).contains(text(operands[0]))
        case (_, "^"): return text(value).hasPrefix(text(operands[0]))
        case (_, "$"): return text(value).hasSuffix(text(operands[0]))
        default:
            guard let number = value.int64, let bound = operands[0].int64 else { return false }
            return switch operation {
            case ">": number > bound
            case "<": number < bound
            case ">=": number >= bound
            default: number <= bound
            }
        }
    }

    private func isOne(_ value: JSONValue) -> Bool {
        if case .array(let values) = value { return values.contains(where: isOne) }
        return operands.contains { operand in
            switch kind {
            case .number, .second: operand.isNull ? value.isNull : operand.int64 == value.int64
            case .flag: operand.boolean == value.boolean
            default: operand.isNull ? value.isNull : !value.isNull && text(operand) == text(value)
            }
        }
    }

    /// Single words are found, phrases are not.
    private func holdsWord(_ value: JSONValue) -> Bool {
        let wanted = text(operands[0])
        return text(value).split { !$0.isLetter && !$0.isNumber && $0 != "'" }.contains { $0 == wanted }
    }

    private func text(_ value: JSONValue) -> String { (value.identifier ?? value.exactDecimal ?? "").lowercased() }
}
