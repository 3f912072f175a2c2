/// Bytes or JSON that cannot be read back: where, and what was expected. It never shows what stood there.
struct CodingFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The offset of the byte, in the compact form; `nil` in JSON.
    private(set) var offset: Int?
    /// The path to the value from the root on, such as `.fact.contact.tags[2]`, in JSON; empty in the compact form.
    private(set) var path = ""
    /// What was expected.
    let expected: String

    /// A fault in the compact form.
    init(expected: String, offset: Int) {
        self.expected = expected
        self.offset = offset
    }

    /// A fault in JSON; the path is put together on the way out.
    init(expected: String) { self.expected = expected }

    /// The same fault, seen from the value that holds this one as `step`.
    func within(_ step: String) -> CodingFault {
        var fault = self
        fault.path = step + path
        return fault
    }

    /// Place and expectation, fit for any log.
    var description: String {
        if let offset { "byte \(offset): expected \(expected)" } else { "$\(path): expected \(expected)" }
    }
}
