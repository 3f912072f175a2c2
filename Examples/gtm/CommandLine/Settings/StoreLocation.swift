/// The folder of a store, and who named it.
struct StoreLocation: Sendable, Hashable {
    /// Who named a folder.
    enum Origin: Sendable, Hashable {
        /// The option `--store`.
        case option
        /// The variable `GTM_STORE`, from the environment or from `.env`.
        case variable
        /// Nobody: the usual place.
        case standard
    }

    /// The folder's path, from the root on.
    var path: String
    /// Who named it.
    var origin: Origin
    /// The path as it was written, for messages.
    var written: String

    /// The usual place, in the working directory.
    static let standard = ".gtm"

    /// Finds the folder: the option wins over the variable, the variable over the usual place.
    ///
    /// - Parameters:
    ///   - option: What `--store` says; `nil` where it was not given.
    ///   - variable: What `GTM_STORE` says; blank is as good as not set.
    ///   - directory: The working directory, from which relative paths start.
    /// - Throws: ``WrongValue`` for a path that starts with `~`, which only a shell understands, or holds a zero byte.
    init(option: String?, variable: String?, directory: String) throws(WrongValue) {
        let set = variable.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
        origin = option != nil ? .option : set != nil ? .variable : .standard
        written = option ?? set ?? Self.standard
        guard !written.hasPrefix("~"), !written.utf8.contains(0) else {
            throw WrongValue("the path of a folder, written out, such as \(Self.standard)")
        }
        path = written.hasPrefix("/") ? written : directory + "/" + written
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    }
}

extension StoreLocation: CustomStringConvertible {
    /// The path as it was written, and who wrote it: `"data" (by GTM_STORE)`.
    var description: String {
        switch origin {
        case .option: "\(quoted(written)) (by --store)"
        case .variable: "\(quoted(written)) (by GTM_STORE)"
        case .standard: "\(quoted(written)) (the usual place)"
        }
    }
}
