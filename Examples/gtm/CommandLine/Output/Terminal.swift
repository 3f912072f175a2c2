import Dispatch
import GTMCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The operating system's part of a command line: the one file that calls it.
package enum Terminal {
    /// Standard output's number.
    static let output: Int32 = 1
    /// Standard error's number.
    static let notes: Int32 = 2

    /// Whether somebody sits at the other end.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// The columns of the terminal; `nil` where there is none.
    static func width(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes all bytes.
    ///
    /// - Returns: What happened, where it was not that.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> WriteFailure? {
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes[start...].withUnsafeBytes {
                unsafe systemWrite(descriptor, $0.baseAddress, $0.count)
            }
            if written < 0 {
                if errno == EINTR || errno == EAGAIN { continue }
                return errno == EPIPE ? .closed : .failed(number: errno)
            }
            start += written
        }
        return nil
    }

    /// Why something could not be written.
    enum WriteFailure: Sendable, Hashable {
        /// Nobody reads any more.
        case closed
        /// Another reason, by the system's number, such as a full disk.
        case failed(number: Int32)
    }

    /// All of standard input; `nil` where it cannot be read.
    static func standardInput() -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe systemRead(0, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    /// The working directory.
    static var workingDirectory: String {
        guard let path = unsafe getcwd(nil, 0) else { return "." }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    /// Lets a write to a closed pipe fail instead of ending the process.
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

    /// Calls `body` when the process is first asked to end, from the keyboard or by another process; the second time
    /// ends it.
    ///
    /// - Returns: What has to be kept for as long as that is wanted.
    static func onInterruption(_ body: @escaping @Sendable () -> Void) -> any Sendable {
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                body()
                for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
            }
            source.resume()
            return source
        }
        return InterruptionWatch(sources: sources)
    }

    /// Ends the process.
    package static func leave(_ code: ExitCode) -> Never { exit(code.rawValue) }
}

/// Keeps signal sources alive. They are made once and never touched again, so sharing them is safe.
private struct InterruptionWatch: @unchecked Sendable {
    let sources: [any DispatchSourceSignal]
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    unsafe write(descriptor, bytes, count)
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    unsafe read(descriptor, bytes, count)
}
