/// A document that is not JSON: what is wrong, and where.
///
/// It never carries anything of the document, which may hold personal data, so it is safe in any log.
public struct JSONError: Error, Sendable, Hashable {
    /// A kind of damage.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Base: String {
            case emptyInput, unexpectedEnd, unexpectedByte, trailingBytes, invalidNumber, invalidEscape
            case controlCharacter
        }
        private let base: Base
        /// There is nothing but white space.
        public static let emptyInput = Self(base: .emptyInput)
        /// The document ends in the middle of a value: most often it was cut off in transit.
        public static let unexpectedEnd = Self(base: .unexpectedEnd)
        /// A byte stands where the grammar allows none like it.
        public static let unexpectedByte = Self(base: .unexpectedByte)
        /// Something follows the end of the document.
        public static let trailingBytes = Self(base: .trailingBytes)
        /// A number is not written as JSON has it, such as `01`, `1.` or `1e`.
        public static let invalidNumber = Self(base: .invalidNumber)
        /// A backslash in a text is not followed by one of the escapes.
        public static let invalidEscape = Self(base: .invalidEscape)
        /// A text holds a control character (below U+0020) that is not escaped.
        public static let controlCharacter = Self(base: .controlCharacter)
        public var description: String { base.rawValue }
    }

    /// The kind of damage.
    public var code: Code
    /// Where it was noticed, in bytes from the start of what was given to the reader; its length for a cut-off document.
    public var offset: Int
    /// What the grammar asks for there, in words.
    public var expected: String

    /// Creates an error.
    public init(code: Code, offset: Int, expected: String) {
        self.code = code
        self.offset = offset
        self.expected = expected
    }
}

extension JSONError: CustomStringConvertible {
    /// The code, the offset and what was expected; nothing of the document.
    public var description: String { "\(code) at byte \(offset): expected \(expected)" }
}
