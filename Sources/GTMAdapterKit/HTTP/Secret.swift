/// A password, token or key that prints as `***` wherever it is shown.
///
/// Descriptions, interpolation, reflection and `dump` all give `***`, and there is no coding. The text comes out through
/// ``withExposed(_:)`` alone, so that every place that reads a secret can be found by searching for that name.
public struct Secret: Sendable {
    private let text: String

    /// Wraps a text as it is: nothing is trimmed, and an empty one is allowed.
    public init(_ text: String) {
        self.text = text
    }

    /// Whether there is nothing to hide.
    public var isEmpty: Bool { text.isEmpty }

    /// Hands the text to `body`, and passes on what it returns or throws.
    public func withExposed<Result, Failure: Error>(
        _ body: (String) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(text)
    }
}

extension Secret: Equatable {
    /// Compares byte for byte, in a time that depends on the lengths alone.
    public static func == (left: Secret, right: Secret) -> Bool {
        let (left, right) = (Array(left.text.utf8), Array(right.text.utf8))
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "***" }
    public var debugDescription: String { "***" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
