import GTMCore

/// Opens stores. This is the one place that chooses their kind.
struct StoreOpener: Sendable {
    /// What a command wants of a store.
    enum Access: Sendable, Hashable {
        /// To ask it; one that is not there is not made.
        case reading
        /// To change it; one that is not there is not made.
        case changing
        /// To fill it; one that is not there is made.
        case creating
    }

    /// Which store is wanted, and what for.
    struct Request: Sendable, Hashable {
        /// Where it is.
        var location: StoreLocation
        /// What it is wanted for.
        var access: Access
        /// Domains of the host itself, whose addresses are never customers.
        var hostDomains: Set<String>
    }

    /// Opens a store; `nil` where there is none and none is to be made.
    var open: @Sendable (Request) async throws -> (any CustomerStore)?

    /// The process's own: what is filled lives as long as the process, so that another one finds nothing.
    static let standard = StoreOpener { request in
        request.access == .creating ? InMemoryStore(hostDomains: request.hostDomains) : nil
    }
}
