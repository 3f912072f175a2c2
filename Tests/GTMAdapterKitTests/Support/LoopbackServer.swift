#if canImport(Glibc)
    import Foundation
    import GTMAdapterKit
    import Glibc
    import Synchronization

    /// A small HTTP/1.1 server on 127.0.0.1 that misbehaves as told; one thread a connection.
    final class LoopbackServer: Sendable {
        /// A request as it arrived.
        struct Request: Sendable {
            var connection: Int
            var line: String
            var headers: HTTPHeaders
            var body: [UInt8]
            /// All header bytes.
            var head: String
        }

        /// One step of an answer; after the last one the next request of the connection is read.
        enum Step: Sendable {
            case send([UInt8])
            case pause(Duration)
            case close
            case reset

            static func text(_ text: String) -> Step { .send(Array(text.utf8)) }

            /// A whole answer.
            static func answer(_ status: Int = 200, _ body: String = "{}", headers: String = "") -> Step {
                .text("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
            }
        }

        let port: UInt16
        private let listener: Int32
        private let log: Log<Request>

        var requests: [Request] { log.entries }
        var base: BaseURL { BaseURL(stringLiteral: "http://127.0.0.1:\(port)") }

        /// Starts a server that sends `greeting` to everybody who comes, and answers requests by `respond`.
        init(greeting: String = "", _ respond: @escaping @Sendable (Request) -> [Step]) throws {
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let failed = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    unsafe bind(listener, pointer, length) | listen(listener, 64)
                        | getsockname(listener, pointer, &length)
                }
            }
            guard listener >= 0, failed == 0 else { throw CocoaError(.fileNoSuchFile) }
            let log = Log<Request>()
            (self.listener, self.log, port) = (listener, log, UInt16(bigEndian: address.sin_port))
            Thread.detachNewThread {
                var number = 0
                while true {
                    let connection = accept(listener, nil, nil)
                    guard connection >= 0 else { break }
                    number += 1
                    Thread.detachNewThread { [number] in
                        defer { close(connection) }
                        guard Self.write(Array(greeting.utf8), to: connection) else { return }
                        Self.serve(connection, number, log, respond)
                    }
                }
                close(listener)
            }
        }

        /// Takes no more connections; those that are open end with their clients.
        deinit { shutdown(listener, Int32(SHUT_RDWR)) }

        private static func serve(
            _ socket: Int32, _ number: Int, _ log: Log<Request>, _ respond: (Request) -> [Step]
        ) {
            var buffer: [UInt8] = []
            while let request = read(socket, number, &buffer) {
                log.append(request)
                for step in respond(request) {
                    switch step {
                    case .send(let bytes):
                        guard write(bytes, to: socket) else { return }
                    case .pause(let duration):
                        usleep(UInt32(duration / .microseconds(1)))
                    case .close:
                        return
                    case .reset:
                        var linger = linger(l_onoff: 1, l_linger: 0)
                        unsafe setsockopt(
                            socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
                        return
                    }
                }
            }
        }

        private static func write(_ bytes: [UInt8], to socket: Int32) -> Bool {
            var sent = 0
            while sent < bytes.count {
                let count = unsafe bytes[sent...].withUnsafeBytes {
                    unsafe send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }

        private static func read(_ socket: Int32, _ number: Int, _ buffer: inout [UInt8]) -> Request? {
            while true {
                if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                    let head = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
                    let lines = head.split(separator: "\r\n")
                    var headers = HTTPHeaders()
                    for line in lines.dropFirst() {
                        let pair = line.split(separator: ":", maxSplits: 1)
                        if pair.count == 2 { headers[String(pair[0])] = String(pair[1].drop { $0 == " " }) }
                    }
                    let length = headers["Content-Length"].flatMap(Int.init) ?? 0
                    if buffer.count >= end.upperBound + length {
                        let body = Array(buffer[end.upperBound..<end.upperBound + length])
                        buffer.removeFirst(end.upperBound + length)
                        return Request(
                            connection: number, line: String(lines.first ?? ""), headers: headers, body: body,
                            head: head)
                    }
                }
                var chunk = [UInt8](repeating: 0, count: 65_536)
                let count = unsafe chunk.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress, $0.count, 0) }
                guard count > 0 else { return nil }
                buffer += chunk[..<count]
            }
        }
    }
#endif
