#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a document was read as.
public struct JSONDocument: Sendable, Hashable {
    /// The tree.
    public var value: JSONValue
    /// How many U+FFFD the reader put into texts and keys itself.
    ///
    /// There is one for each ill-formed part of UTF-8 (the longest start of a sequence, as Unicode recommends) and one
    /// for each `\u` escape of a surrogate without its partner. A U+FFFD that the document holds already is not
    /// counted, nor is anything within a value that was left out.
    public var repairs: Int
    /// How many values were left out as ``JSONValue/tooDeep(offset:)``.
    public var tooDeep: Int

    /// Creates a document.
    public init(value: JSONValue, repairs: Int = 0, tooDeep: Int = 0) {
        self.value = value
        self.repairs = repairs
        self.tooDeep = tooDeep
    }
}

/// Reads JSON into a tree, by the letter of RFC 8259.
///
/// Structural damage is refused: trailing commas, comments, `NaN`, leading zeros, raw control characters, anything
/// behind the end. Damage within a text is repaired and counted, and a value that is nested too deeply is left out and
/// counted, so that one bad record costs itself and not its page. A byte order mark at the start is passed over.
///
/// Numbers become what ``JSONValue`` says of them: doubles are rounded correctly, one too small for a double is 0.0, and
/// `-0`, which has neither fraction nor exponent, is the integer 0.
///
/// Reading takes time and memory in proportion to the input, and no stack: it does not recurse.
public enum JSONReader {
    /// What the reader accepts.
    public struct Limits: Sendable, Hashable {
        /// The greatest depth that can be asked for, 512.
        ///
        /// A tree of this depth is written, compared, hashed and released, all of which recurses, within the 512 KiB
        /// stack of a secondary thread (compared and hashed: where the program was built with optimisation).
        public static let greatestDepth = 512

        /// How many arrays and objects may lie within each other, 0...512; 512 by default.
        ///
        /// Other values count as the nearest of these. With 1, `[1]` is read whole, and in `[[1]]` the inner array is
        /// left out.
        public var maximumDepth: Int {
            get { depth }
            set { depth = min(max(newValue, 0), Self.greatestDepth) }
        }
        private var depth: Int

        /// Creates limits.
        public init(maximumDepth: Int = greatestDepth) {
            depth = min(max(maximumDepth, 0), Self.greatestDepth)
        }
    }

    /// Reads one document.
    ///
    /// - Parameters:
    ///   - bytes: The document in UTF-8.
    ///   - limits: How deep values may nest.
    /// - Returns: The tree, and how often it had to be repaired.
    /// - Throws: ``JSONError`` where the bytes are not JSON, with the offset within `bytes`.
    public static func read(_ bytes: UnsafeRawBufferPointer, limits: Limits = Limits()) throws(JSONError)
        -> JSONDocument
    {
        guard let start = bytes.baseAddress else {
            throw JSONError(code: .emptyInput, offset: 0, expected: "a value")
        }
        var parser = unsafe JSONParser(start, count: bytes.count, maximumDepth: limits.maximumDepth)
        return try parser.document()
    }

    /// Reads one document.
    ///
    /// - Parameters:
    ///   - bytes: The document in UTF-8.
    ///   - limits: How deep values may nest.
    /// - Returns: The tree, and how often it had to be repaired.
    /// - Throws: ``JSONError`` where the bytes are not JSON.
    public static func read(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONError) -> JSONDocument {
        try unsafe bytes.withUnsafeBytes { unsafe result(of: $0, limits) }.get()
    }

    /// Reads one document.
    ///
    /// - Parameters:
    ///   - bytes: The document in UTF-8.
    ///   - limits: How deep values may nest.
    /// - Returns: The tree, and how often it had to be repaired.
    /// - Throws: ``JSONError`` where the bytes are not JSON; its offset counts from the slice's first byte.
    public static func read(_ bytes: ArraySlice<UInt8>, limits: Limits = Limits()) throws(JSONError) -> JSONDocument {
        try unsafe bytes.withUnsafeBytes { unsafe result(of: $0, limits) }.get()
    }

    /// Reads one document.
    ///
    /// - Parameters:
    ///   - data: The document in UTF-8.
    ///   - limits: How deep values may nest.
    /// - Returns: The tree, and how often it had to be repaired.
    /// - Throws: ``JSONError`` where the bytes are not JSON; its offset counts from the first byte.
    public static func read(_ data: Data, limits: Limits = Limits()) throws(JSONError) -> JSONDocument {
        try unsafe data.withUnsafeBytes { unsafe result(of: $0, limits) }.get()
    }

    /// Reads one document.
    ///
    /// - Parameters:
    ///   - text: The document.
    ///   - limits: How deep values may nest.
    /// - Returns: The tree, and how often it had to be repaired.
    /// - Throws: ``JSONError`` where the text is not JSON; its offset counts UTF-8 bytes.
    public static func read(_ text: String, limits: Limits = Limits()) throws(JSONError) -> JSONDocument {
        try read(Array(text.utf8), limits: limits)
    }

    private static func result(of bytes: UnsafeRawBufferPointer, _ limits: Limits) -> Result<JSONDocument, JSONError> {
        Result { () throws(JSONError) in try unsafe read(bytes, limits: limits) }
    }
}
