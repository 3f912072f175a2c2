/// A call on a file or folder that failed.
package struct FileFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// A kind of failure, by what can be done about it.
    package enum Code: Sendable, Hashable {
        /// A signal came in between; the call may be made again.
        case interrupted
        /// The disk, or the share of it that one may use, is full.
        case noSpace
        /// The medium failed.
        case io
        /// There is no such file or folder.
        case notFound
        /// There is such a file already.
        case exists
        /// One is not allowed to.
        case permission
        /// The medium cannot be written.
        case readOnly
        /// The process has too many files open.
        case tooManyOpen
        /// The file ends before what was asked for.
        case endOfFile
        /// The system claims success, and nothing was written.
        case noProgress
        /// The file was closed before.
        case closed
        /// Anything else, by the system's number.
        case other(Int32)
    }

    /// What was tried.
    package enum Operation: String, Sendable, Hashable {
        case open, close, read, write, sync, truncate, map, list, rename, remove, lock
        case measure = "find the size of"
        case createDirectory = "create the folder"
        case syncDirectory = "sync the folder"
    }

    /// The kind of failure.
    package var code: Code
    /// What was tried.
    package var operation: Operation
    /// The name of the file or folder, without the folders around it.
    package var file: String

    /// Creates a fault; of a path only the last component is kept.
    package init(_ code: Code, _ operation: Operation, _ path: String) {
        self.code = code
        self.operation = operation
        file = path.lastPathComponent
    }

    /// What failed and what to do about it, fit to be shown to whoever runs the program.
    package var description: String { "cannot \(operation.rawValue) '\(file)': \(code.advice)" }
}

extension FileFault.Code {
    fileprivate var advice: String {
        switch self {
        case .interrupted: "the call was interrupted again and again; try again"
        case .noSpace: "the disk or the quota is full; free some space, then try again"
        case .io: "the disk reports an error; check the disk and the system's log before writing to it again"
        case .notFound: "there is no such file or folder; check the path"
        case .exists: "there is such a file or folder already; move it away or choose another name"
        case .permission: "permission is missing; let the user who runs this program read and write the folder"
        case .readOnly: "the medium is read-only; mount it for writing or choose another folder"
        case .tooManyOpen: "too many files are open; raise the limit of open files (ulimit -n)"
        case .endOfFile: "the file ends too early"
        case .noProgress: "the system wrote nothing and gave no reason"
        case .closed: "the file is closed"
        case .other(let number): "system error \(number)"
        }
    }
}

extension String {
    /// What follows the last slash, slashes at the end left aside.
    package var lastPathComponent: String {
        let parts = split(separator: "/")
        return parts.last.map(String.init) ?? self
    }

    /// The path of the folder that holds this file or folder.
    package var parentPath: String {
        let parts = split(separator: "/").dropLast()
        if hasPrefix("/") { return "/" + parts.joined(separator: "/") }
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    /// The path of something in this folder.
    package func appendingPath(_ name: String) -> String { hasSuffix("/") ? self + name : "\(self)/\(name)" }
}
