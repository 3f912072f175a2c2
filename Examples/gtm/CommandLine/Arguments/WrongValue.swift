/// A value that cannot be used, told by what was expected; whoever asked for it names it.
struct WrongValue: Error, Sendable, Hashable {
    /// What was expected.
    var expected: String

    init(_ expected: String) { self.expected = expected }
}

extension Invocation {
    /// The value of an option, read; `nil` where it was not given.
    func value<Value>(
        _ name: String, _ read: (String) throws(WrongValue) -> Value
    ) throws(UsageError) -> Value? {
        guard let text = values[name] else { return nil }
        return try self.read(text, as: "--\(name)", read)
    }

    /// An operand, read.
    ///
    /// - Parameter place: Which one, from 0 on; the parser has seen to it that it is there.
    func operand<Value>(
        _ place: Int, _ read: (String) throws(WrongValue) -> Value
    ) throws(UsageError) -> Value {
        let names = command.operands?.names ?? []
        let name = names.indices.contains(place) ? names[place] : "the operand"
        return try self.read(operands.indices.contains(place) ? operands[place] : "", as: name, read)
    }

    private func read<Value>(
        _ text: String, as name: String, _ read: (String) throws(WrongValue) -> Value
    ) throws(UsageError) -> Value {
        do throws(WrongValue) {
            return try read(text)
        } catch {
            throw UsageError("\(name) is \(quoted(text)); expected \(error.expected)", command: command.name)
        }
    }
}
