import Dispatch
import Synchronization

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#else
    #error("files need a system with POSIX calls")
#endif

/// The files of this machine.
///
/// What is made is for its owner alone (0600 and 0700), since a store holds personal data.
package struct PlatformFiles: FileSystem {
    /// Creates a view of the machine's files.
    package init() {}

    package func open(_ path: String, _ mode: FileMode) throws(FileFault) -> any StoreFile {
        let flags =
            switch mode {
            case .read: O_RDONLY
            case .readWrite: O_RDWR
            case .create: O_RDWR | O_CREAT | O_EXCL
            }
        let descriptor = systemOpen(path, flags, 0o600)
        guard descriptor >= 0 else { throw .last(.open, path) }
        return PlatformFile(descriptor, path)
    }

    package func exists(_ path: String) throws(FileFault) -> Bool {
        do throws(FileFault) {
            _ = try status(path)
            return true
        } catch {
            guard error.code == .notFound else { throw error }
            return false
        }
    }

    package func size(_ path: String) throws(FileFault) -> Int { Int(try status(path).st_size) }

    private func status(_ path: String) throws(FileFault) -> stat {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .last(.measure, path) }
        return status
    }

    package func list(_ path: String) throws(FileFault) -> [String] {
        guard let folder = unsafe opendir(path) else { throw .last(.list, path) }
        defer { unsafe closedir(folder) }
        guard let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) else { throw FileFault(.io, .list, path) }
        var names: [String] = []
        while true {
            // The end and a failure look the same but for the number.
            errno = 0
            guard let entry = unsafe readdir(folder) else { break }
            let start = unsafe UnsafeRawPointer(entry) + nameOffset
            let name = unsafe String(cString: start.assumingMemoryBound(to: CChar.self))
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw .last(.list, path) }
        return names.sorted()
    }

    package func createDirectory(_ path: String) throws(FileFault) {
        guard unsafe mkdir(path, 0o700) == 0 else { throw .last(.createDirectory, path) }
    }

    package func rename(_ path: String, to target: String) throws(FileFault) {
        guard systemRename(path, target) == 0 else { throw .last(.rename, path) }
    }

    package func remove(_ path: String) throws(FileFault) {
        guard unsafe unlink(path) == 0 else { throw .last(.remove, path) }
    }

    package func syncDirectory(_ path: String) throws(FileFault) {
        let descriptor = systemOpen(path, O_RDONLY | O_DIRECTORY, 0)
        guard descriptor >= 0 else { throw .last(.syncDirectory, path) }
        defer { systemClose(descriptor) }
        guard systemSync(descriptor, withMetadata: true) == 0 else { throw .last(.syncDirectory, path) }
    }

    package func lock(_ path: String, as holder: LockHolder) throws(FileFault) -> LockAttempt {
        let descriptor = systemOpen(path, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0 else { throw .last(.lock, path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let fault = FileFault.last(.lock, path)
            let file = PlatformFile(descriptor, path)
            guard fault.code == .other(EWOULDBLOCK) else { throw fault }
            // The file is short, and who holds the lock is worth no failure.
            let text = (try? file.readAll()).map { String(decoding: $0.prefix(4096), as: UTF8.self) }
            return .held(by: text.flatMap(LockHolder.init(text:)))
        }
        let file = PlatformFile(descriptor, path)
        // The lock holds even where the disk is too full to say by whom.
        try? file.truncate(to: 0)
        try? file.write(Array(holder.text.utf8), at: 0)
        return .acquired(PlatformLock(file))
    }
}

/// A lock that lasts as long as its file is open; the kernel closes it when the process ends.
private final class PlatformLock: FileLock {
    private let file: PlatformFile

    init(_ file: PlatformFile) { self.file = file }

    func release() {
        // An old holder's name would only mislead; the file is emptied before the next one can fill it.
        try? file.truncate(to: 0)
        file.unlock()
        file.close()
    }
}

/// An open file of this machine.
private final class PlatformFile: StoreFile {
    let name: String
    private let descriptor: Int32
    private let calls = Mutex(CallsUnderWay())

    init(_ descriptor: Int32, _ path: String) {
        self.descriptor = descriptor
        name = path.lastPathComponent
    }

    deinit { close() }

    func readSome(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int {
        try call(.read) { unsafe pread($0, buffer.baseAddress, buffer.count, off_t(offset)) }
    }

    func writeSome(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFault) -> Int {
        try call(.write) { unsafe pwrite($0, bytes.baseAddress, bytes.count, off_t(offset)) }
    }

    func sync() throws(FileFault) {
        _ = try call(.sync) { Int(systemSync($0, withMetadata: false)) }
    }

    func size() throws(FileFault) -> Int {
        try call(.measure) { descriptor in
            var status = stat()
            return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : -1
        }
    }

    func truncate(to size: Int) throws(FileFault) {
        _ = try call(.truncate) { Int(ftruncate($0, off_t(size))) }
    }

    func map(_ length: Int) throws(FileFault) -> MappedBytes {
        // Nothing cannot be mapped.
        let length = max(1, length)
        var address: UInt = 0
        _ = try call(.map) { descriptor in
            guard let start = unsafe mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0) else { return -1 }
            // The system marks a failure by the highest address.
            address = UInt(bitPattern: start)
            return address == .max ? -1 : 0
        }
        return MappedBytes(address: address, count: length) { address, length in
            _ = unsafe munmap(UnsafeMutableRawPointer(bitPattern: address), length)
        }
    }

    /// Gives the lock back though a child process that is just being started may hold the same file open.
    func unlock() { _ = try? call(.lock) { Int(flock($0, LOCK_UN)) } }

    func close() {
        if calls.withLock({ $0.close() }) { systemClose(descriptor) }
    }

    /// Makes a call that answers with a negative number where it failed.
    private func call(_ operation: FileFault.Operation, _ body: (Int32) -> Int) throws(FileFault) -> Int {
        guard calls.withLock({ $0.begin() }) else { throw FileFault(.closed, operation, name) }
        let answer = body(descriptor)
        let fault = answer < 0 ? FileFault.last(operation, name) : nil
        if calls.withLock({ $0.end() }) { systemClose(descriptor) }
        if let fault { throw fault }
        return answer
    }
}

extension FileFault {
    /// The failure of the call that was just made.
    fileprivate static func last(_ operation: Operation, _ path: String) -> FileFault {
        let code: Code =
            switch errno {
            case EINTR: .interrupted
            case ENOSPC, EDQUOT, EFBIG: .noSpace
            case EIO: .io
            case ENOENT, ENOTDIR: .notFound
            case EEXIST: .exists
            case EACCES, EPERM: .permission
            case EROFS: .readOnly
            case EMFILE, ENFILE: .tooManyOpen
            case let number: .other(number)
            }
        return FileFault(code, operation, path)
    }
}

// Within a type that has a method of the same name the system's functions cannot be called.

private func systemOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 {
    unsafe open(path, flags | O_CLOEXEC, mode)
}

private func systemClose(_ descriptor: Int32) { _ = close(descriptor) }

private func systemRename(_ path: String, _ target: String) -> Int32 { unsafe rename(path, target) }

private func systemSync(_ descriptor: Int32, withMetadata: Bool) -> Int32 {
    #if canImport(Darwin)
        // There the plain call leaves the data in the drive's cache; some file systems know no other.
        if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
        return errno == ENOTSUP || errno == EINVAL ? fsync(descriptor) : -1
    #else
        return withMetadata ? fsync(descriptor) : fdatasync(descriptor)
    #endif
}

/// What the system knows of this process.
package enum ThisProcess {
    /// The number of the process.
    package static var number: Int { Int(getpid()) }

    /// The name of the machine; empty where it has none.
    package static var host: String {
        var name = [UInt8](repeating: 0, count: 256)
        let answer = unsafe name.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return Int32(-1) }
            return unsafe gethostname(start.assumingMemoryBound(to: CChar.self), bytes.count - 1)
        }
        return answer == 0 ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : ""
    }

    /// This process as the holder of a lock.
    ///
    /// - Parameter moment: Since when.
    package static func holder(since moment: Date) -> LockHolder {
        LockHolder(
            process: number, host: host, program: (CommandLine.arguments.first ?? "").lastPathComponent, since: moment)
    }
}

/// Bytes that nobody can foretell, from the system's generator: for ids, salts and keys.
package func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in .random(in: 0...255, using: &generator) }
}

/// A thread's worth of work, one piece after the other, so that calls that block do not hold up Swift's own threads.
package struct SerialWorker: Sendable {
    private let queue: DispatchQueue

    /// Creates a worker.
    ///
    /// - Parameter name: Shown by debuggers.
    package init(_ name: String) { queue = DispatchQueue(label: name) }

    /// Does the work after all that was asked for before, and returns at once.
    package func async(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

    /// Does the work after all that was asked for before, and waits for what it gives.
    package func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
