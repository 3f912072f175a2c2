import Foundation
import GTMAdapterKit
import GTMCore
import GTMIntercom

/// The engine in a host's own program: one workspace in, the customers at risk out.
@main struct QuickStart {
    static func main() async throws {
        let configuration = try IntercomConfiguration(environment: ProcessInfo.processInfo.environment)
        let store = try await FileStore.open("customers.gtm")
        let engine = GTMEngine(store: store, sources: [IntercomAdapter(configuration)])

        for run in try await engine.sync() { print(run.source, run.status, run.contactsSynced) }

        for customer in try await engine.atRisk(limit: 10).customers {
            let mrr = customer.revenue.mrr.value?.rounded.map(\.description) ?? ["unknown"]
            let signals = customer.health.signals.map(\.kind.rawValue)
            print(customer.key, mrr.joined(separator: " + "), customer.health.status.rawValue, signals)
        }
        try await store.close()
    }
}
