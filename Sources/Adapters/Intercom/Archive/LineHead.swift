import GTMCore

/// What the beginning of a line tells: the kind and id of its record.
///
/// Records are read page by page; sorting their lines beforehand must not cost as much again. Exports begin with `type`
/// and `id`, so that a glance is enough; any other line is read whole.
struct LineHead {
    var kind: ArchiveContent.Kind?
    var id: String?

    /// Glances at the first members of a line.
    init(_ line: ArraySlice<UInt8>) {
        var glance = Glance(bytes: line)
        while let (name, value) = glance.member() {
            switch name {
            case "type":
                kind = Self.kind(of: value)
                if kind == nil { return }
            case "id": id = value.isEmpty ? nil : value
            default: return
            }
            if kind != nil, id != nil { return }
        }
    }

    /// Reads the whole line, and recognises one without a type by its members.
    mutating func readWhole(_ line: JSONLines.Line) {
        // What is no JSON stays unknown here, and is told when its page is read.
        guard let object = (try? line.document())?.value.object else { return }
        let fields = JSONFields(object)
        id = fields["id"]?.identifier
        if let type = fields["type"]?.text {
            kind = Self.kind(of: type)
        } else if fields["conversation_parts"] != nil || fields["source"]?.object != nil
            || fields["state"] != nil && fields["contacts"] != nil
        {
            kind = .conversation
        } else if fields["has_inbox_seat"] != nil || fields["away_mode_enabled"] != nil || fields["team_ids"] != nil {
            kind = .admin
        } else if fields["company_id"] != nil || fields["monthly_spend"] != nil || fields["plan"] != nil {
            kind = .company
        } else if ["email", "role", "external_id", "custom_attributes", "signed_up_at", "last_seen_at"]
            .contains(where: { fields[$0] != nil })
        {
            kind = .contact
        }
    }

    static func kind(of type: String) -> ArchiveContent.Kind? {
        switch type {
        case "contact", "user", "lead": .contact
        case "conversation": .conversation
        case "company": .company
        case "admin", "bot": .admin
        case "tag": .tag
        default: nil
        }
    }

    /// The member that holds a conversation's parts, in its quotes: within a text they would be escaped.
    private static let parts = Array("\"conversation_parts\"".utf8)

    /// How far the search may go on after each last byte, so that it looks at few of a line's bytes.
    private static let steps: [Int] = {
        var steps = [Int](repeating: parts.count, count: 256)
        for (place, byte) in parts.dropLast().enumerated() { steps[Int(byte)] = parts.count - 1 - place }
        return steps
    }()

    /// Whether a conversation holds its parts; a member that is `null` holds none.
    static func holdsParts(_ line: ArraySlice<UInt8>) -> Bool {
        let (pattern, steps) = (parts, steps)
        var end = line.startIndex + pattern.count
        while end <= line.endIndex {
            let last = line[end - 1]
            if last == pattern[pattern.count - 1], line[(end - pattern.count)..<end].elementsEqual(pattern) {
                let value = line[end...].first { $0 > 0x20 && $0 != UInt8(ascii: ":") }
                if value != UInt8(ascii: "n") { return true }
            }
            end += steps[Int(last)]
        }
        return false
    }

    /// Reads members whose values are short texts without escapes, up to the first other one.
    private struct Glance {
        var rest: ArraySlice<UInt8>
        var isFirst = true

        init(bytes: ArraySlice<UInt8>) { rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes }

        mutating func member() -> (name: String, value: String)? {
            guard take(isFirst ? UInt8(ascii: "{") : UInt8(ascii: ",")) else { return nil }
            isFirst = false
            guard let name = text(), take(UInt8(ascii: ":")), let value = text() else { return nil }
            return (name, value)
        }

        /// Whether the next byte beyond white space is this one, which is then passed.
        private mutating func take(_ byte: UInt8) -> Bool {
            while rest.first == 0x20 || rest.first == 0x09 { rest.removeFirst() }
            guard rest.first == byte else { return false }
            rest.removeFirst()
            return true
        }

        private mutating func text() -> String? {
            guard take(UInt8(ascii: "\"")) else { return nil }
            let text = rest.prefix(64).prefix { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") && $0 >= 0x20 }
            guard text.endIndex < rest.endIndex, rest[text.endIndex] == UInt8(ascii: "\"") else { return nil }
            rest = rest[(text.endIndex + 1)...]
            return String(decoding: text, as: UTF8.self)
        }
    }
}
