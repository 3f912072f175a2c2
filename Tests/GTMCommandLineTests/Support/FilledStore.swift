import GTMAdapterKit
import GTMCore
import GTMSimulator

@testable import GTMCommandLine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A store filled from a simulated workspace through the program itself, and the workspace, in which things go on.
struct FilledStore {
    let world: SimulatedWorld
    let intercom: SimulatedIntercom
    let store = InMemoryStore()

    /// Reads a workspace of that many customers at ``Session/now``.
    init(customers: Int = 40) async throws {
        world = SimulatedWorld(seed: 7, customers: customers, now: Session.now)
        intercom = SimulatedIntercom(world)
        try await sync(at: Session.now)
    }

    /// The program over the store, at a moment.
    func session(at moment: Date = Session.now) -> Session {
        var session = Session(environment: ["INTERCOM_API_KEY": "simulated-intercom-token"], transport: intercom)
        session.store = store
        session.now = moment
        return session
    }

    /// Reads the workspace again, a moment later.
    func sync(at moment: Date) async throws {
        intercom.step(to: moment)
        let outcome = try await session(at: moment).run("sync")
        guard outcome.code == .done else { throw Unreadable(notes: outcome.notes) }
    }

    /// A sync that should have worked did not.
    struct Unreadable: Error { var notes: String }

    /// The customers with an MRR in dollars, the highest first.
    var payers: [SimulatedTruth.Customer] {
        world.truth.customers.filter { ($0.mrr?[.usd] ?? .zero) > .zero }
            .sorted { ($0.mrr?[.usd] ?? .zero) > ($1.mrr?[.usd] ?? .zero) }
    }
}

extension Session.Outcome {
    /// The one JSON document of the output.
    var document: JSONValue { get throws { try documents.first ?? .null } }
    /// The addresses of the customers listed as JSON lines.
    var emails: [String] { get throws { try documents.compactMap { $0["email"]?.string } } }
}
