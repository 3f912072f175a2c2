import GTMCore

/// A proof as an indented tree for a terminal.
enum ProofView {
    static func text(_ explanation: Explanation, width: Int, palette: Palette) -> String {
        var lines = [
            palette.bold("\(Sanitized(explanation.customer.description).text)")
                + palette.dim("  on \(PlainWords.moment(explanation.asOf)) UTC")
        ]
        add(explanation.proof, head: "", indent: "", to: &lines, width: width, palette: palette)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func add(
        _ proof: Proof, head: String, indent: String, to lines: inout [String], width: Int, palette: Palette
    ) {
        let value = Sanitized(ProofWords.value(proof.value)).text
        let title = "\(Sanitized(proof.name).text)  \(value)"
        let room = max(20, width - TextWidth.of(head))
        let below = indent + (proof.parts.isEmpty ? "  " : "│ ")
        for (place, line) in TextWidth.wrapped(title, to: room).enumerated() {
            let isLeaf = proof.parts.isEmpty
            lines.append((place == 0 ? head : below) + (isLeaf ? line : palette.bold(line)))
        }
        let details = [ProofWords.basis(proof.basis), proof.rule.map { "by \($0)" }].compactMap { $0 }
        if !details.isEmpty {
            let text = Sanitized(details.joined(separator: ", ")).text
            for line in TextWidth.wrapped(text, to: max(20, width - TextWidth.of(below) - 2)) {
                lines.append(below + "  " + palette.dim(line))
            }
        }
        // What corrects nothing is no news.
        let parts = proof.parts.filter { part in
            if case .correction = part.basis { part.value.exact != .zero } else { true }
        }
        for (place, part) in parts.enumerated() {
            let isLast = place == parts.count - 1
            add(
                part, head: indent + (isLast ? "└─ " : "├─ "), indent: indent + (isLast ? "   " : "│  "), to: &lines,
                width: width, palette: palette)
        }
    }
}
