/// A directive that cannot be followed: where it is wrong, and what was expected.
public struct DirectiveError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public var file: String
    /// The line within the file, from 1 on.
    public var line: Int
    /// What is wrong and what was expected.
    public var detail: String

    /// Creates an error.
    public init(file: String, line: Int, detail: String) {
        self.file = file
        self.line = line
        self.detail = detail
    }

    /// `health-score.md:31: components[2].weight is -3; expected a whole number from 1 to 100`.
    public var description: String { "\(file):\(line): \(detail)" }
}
