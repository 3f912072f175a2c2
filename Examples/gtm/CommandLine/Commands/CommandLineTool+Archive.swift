import GTMCore
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CommandLineTool {
    /// `gtm export`.
    func export(_ invocation: Invocation) async throws -> ExitCode {
        let settings = try settings(invocation)
        let path = invocation.operands.first ?? "-"
        return try await withWorkspace(invocation, settings, for: .copying) { workspace in
            guard let store = workspace.store as? any ExportingStore else {
                throw Failure("the store cannot be written out")
            }
            guard path != "-" else {
                let lines = LineBuffer { [output = console.output] bytes in
                    output.write(bytes)
                    if output.failure != nil { throw LineBuffer.Closed() }
                }
                do {
                    try await store.export(by: Workspace.actor) { try lines.add($0) }
                    try lines.flush()
                } catch is LineBuffer.Closed {
                    // Who reads no further has what was wanted; what cannot be written is told at the end.
                }
                return .done
            }
            try await export(store, to: absolute(path))
            console.note("\(Sanitized(path).text) holds everything; gtm restore brings it back")
            return .done
        }
    }

    /// Writes into a file that has its name only when it is whole.
    private func export(_ store: any ExportingStore, to path: String) async throws {
        let files = PlatformFiles()
        let draft = "\(path).\(UUID().uuidString.prefix(8)).new"
        do {
            let file = try files.open(draft, .create)
            defer { file.close() }
            let end = Mutex(0)
            let lines = LineBuffer { bytes in
                let place = end.withLock { end in
                    defer { end += bytes.count }
                    return end
                }
                try file.write(bytes, at: place)
            }
            try await store.export(by: Workspace.actor) { try lines.add($0) }
            try lines.flush()
            try file.sync()
            try files.rename(draft, to: path)
            try files.syncDirectory(path.parentPath)
        } catch {
            // What was begun is of no use, and where it cannot be removed, it was never made.
            try? files.remove(draft)
            guard let fault = error as? FileFault else { throw error }
            throw Failure("nothing was exported: \(fault)")
        }
    }

    /// `gtm restore`.
    func restore(_ invocation: Invocation) async throws -> ExitCode {
        let settings = try settings(invocation)
        let location = try settings.storeLocation(invocation)
        let path = invocation.operands.first ?? "-"
        if try FileStore.exists(location.path) {
            throw Failure("there is a store at \(location) already; expected --store with a folder that has none")
        }
        try await FileStore.restore(ByteLines(bytes: try archive(path)), to: location.path)
        let statistics = try await withWorkspace(invocation, settings, for: .changing) { workspace in
            // Assessments are no part of an export.
            try await workspace.engine(now: clock(settings)).assess()
            return try await workspace.fileStore().statistics()
        }
        console.output.write(
            invocation.has("json")
                ? StoreStatisticsView.line(statistics, location: location)
                : "Restored \(PlainWords.count(statistics.records, "record")) of "
                    + "\(PlainWords.count(statistics.assessedCustomers, "customer")) to \(location).\n")
        return .done
    }

    private func archive(_ path: String) throws(Failure) -> [UInt8] {
        let name = path == "-" ? "standard input" : Sanitized(path).text
        let bytes: [UInt8]?
        if path == "-" {
            bytes = standardInput()
        } else {
            do {
                bytes = [UInt8](try Data(contentsOf: URL(filePath: absolute(path)), options: .mappedIfSafe))
            } catch {
                bytes = nil
            }
        }
        guard let bytes else { throw Failure("\(name) cannot be read; expected a file that gtm export wrote") }
        return bytes
    }

    /// A path from the root on.
    private func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : directory + "/" + path }
}

/// Puts lines together into larger pieces.
private final class LineBuffer: Sendable {
    /// That nobody takes anything any more.
    struct Closed: Error {}

    private let bytes = Mutex<[UInt8]>([])
    private let send: @Sendable ([UInt8]) throws -> Void

    init(send: @escaping @Sendable ([UInt8]) throws -> Void) { self.send = send }

    func add(_ line: [UInt8]) throws {
        let full: [UInt8]? = bytes.withLock { bytes in
            bytes += line
            bytes.append(UInt8(ascii: "\n"))
            guard bytes.count >= 1 << 16 else { return nil }
            defer { bytes = [] }
            return bytes
        }
        if let full { try send(full) }
    }

    func flush() throws {
        let rest = bytes.withLock { bytes in
            defer { bytes = [] }
            return bytes
        }
        if !rest.isEmpty { try send(rest) }
    }
}

/// The lines of a text, without their ends.
private struct ByteLines: Sequence, Sendable {
    let bytes: [UInt8]

    func makeIterator() -> AnyIterator<[UInt8]> {
        var start = 0
        return AnyIterator {
            guard start < bytes.count else { return nil }
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            defer { start = end + 1 }
            return Array(bytes[start..<end])
        }
    }
}
