import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Opens stores. This is the one place that chooses their kind.
struct StoreOpener: Sendable {
    /// What a command wants of a store.
    enum Access: Sendable, Hashable {
        /// To ask it; one that is not there is not made.
        case reading
        /// To write it out; one that is not there is not made, and nobody is kept from writing meanwhile.
        case copying
        /// To change it; one that is not there is not made.
        case changing
        /// To fill it; one that is not there is made.
        case creating
    }

    /// Which store is wanted, and what for.
    struct Request: Sendable {
        /// Where it is.
        var location: StoreLocation
        /// What it is wanted for.
        var access: Access
        /// Domains of the host itself, whose addresses are never customers.
        var hostDomains: Set<String>
        /// How long the past is remembered; `nil` for ever.
        var remembersFor: Duration?
        /// The clock.
        var now: @Sendable () -> Date
    }

    /// A store that was opened.
    struct Opened: Sendable {
        /// The store.
        var store: any CustomerStore
        /// What whoever watches should know, a line each.
        var notes: [String] = []
        /// Lets go of it. Nothing is lost where that fails.
        var close: @Sendable () async throws -> Void = {}
    }

    /// Opens a store; `nil` where there is none and none is to be made.
    var open: @Sendable (Request) async throws -> Opened?

    /// The process's own: the store in a folder.
    static let standard = folders(on: PlatformFiles())

    /// Opens the stores in folders of a file system.
    ///
    /// Whoever only asks also writes, so that assessments made for an answer last; where somebody else writes, or nobody
    /// may, they are kept for the one answer.
    static func folders(on files: any FileSystem) -> StoreOpener {
        StoreOpener { request in
            let path = request.location.path
            var isDirectory = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory {
                throw Failure("\(request.location) is a file; expected the folder of a store")
            }
            if request.access != .creating {
                guard try FileStore.exists(path, on: files) else { return nil }
            }
            if request.access == .copying { return try await open(request, .reading, on: files) }
            do {
                return try await open(request, .writing, on: files)
            } catch let error as StoreError where request.access == .reading && error.code == .locked {
                var opened = try await open(request, .reading, on: files)
                // A write under way looks unfinished to a reader, so that what was found on opening tells nothing.
                opened.notes = ["the store is being written meanwhile; this is what it held a moment ago"]
                return opened
            } catch let error as StoreError where request.access == .reading && error.code == .readOnly {
                return try await open(request, .reading, on: files)
            }
        }
    }

    private static func open(
        _ request: Request, _ access: FileStore.Access, on files: any FileSystem
    ) async throws -> Opened {
        var configuration = FileStore.Configuration()
        configuration.hostDomains = request.hostDomains
        configuration.remembersFor = request.remembersFor
        let store = try await FileStore.open(
            request.location.path, on: files, access: access, configuration: configuration, now: request.now)
        return Opened(store: store, notes: store.openingNotes) { try await store.close() }
    }
}
