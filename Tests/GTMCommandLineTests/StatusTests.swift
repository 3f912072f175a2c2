import GTMCore
import GTMSimulator
import Testing

@testable import GTMCommandLine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("gtm status", .timeLimit(.minutes(1))) struct StatusTests {
    @Test("Nothing read yet: how to begin") func nothing() async throws {
        let outcome = try await Session().run("status")
        #expect(outcome.code == .done && outcome.notes.isEmpty)
        #expect(
            outcome.output == """
                Store ".gtm" (the usual place)
                  There is none yet.

                intercom/default
                  never read

                Next
                  gtm doctor  no source has been read yet: this checks keys, settings and permissions
                  gtm sync    reads the sources that are set up
                  gtm demo    shows what comes of it, without a key

                """)
        let document = try await Session().run("status", "--json").document
        #expect(document["store"]?["exists"] == false)
        #expect(document["portfolio"] == .null)
        #expect(document["next"]?.array?.first?["command"] == "gtm doctor")
    }

    @Test("After a read: every stream, the customers, the runs") func filled() async throws {
        let filled = try await FilledStore()
        let document = try await filled.session().run("status", "--json").document
        #expect(document["store"]?["exists"] == true)
        let source = try #require(document["sources"]?.array?.first)
        #expect(source["source"] == "intercom/default" && source["set_up"] == true)
        #expect(source["last_intercom_sync"] == "2026-11-20T08:00:00Z")
        let contacts = try #require(source["streams"]?.array?.first { $0["stream"] == "contacts" })
        #expect(contacts["observed_through"] == "2026-11-20T08:00:00Z")
        #expect(contacts["stale"] == false && contacts["refusal"] == .null && contacts["held_back"] == 0)
        #expect((contacts["records"]?.integer ?? 0) >= 40)
        let portfolio = try await filled.session().run("sync", "--show", "portfolio", "--json").document
        #expect(document["portfolio"] == portfolio)
        #expect(document["portfolio"]?["total_customers"] == 40)
        #expect(document["runs"]?.array?.first?["contacts_synced"]?.integer != nil)
        #expect(document["runs"]?.array?.first?["status"] == "success")
        let unmatched = document["unmatched"]?.object?.members.reduce(0) { $0 + ($1.value.integer ?? 0) }
        let known = await filled.store.unmatched(by: .unspecified).count
        #expect(unmatched == Int64(known))
        #expect(document["next"]?.array?.first?["command"] == "gtm at-risk")
        let text = try await filled.session().run("status")
        #expect(text.output.contains("Customers 40\n"))
        #expect(text.output.contains("2026-11-20 08:00"))
        #expect(text.output.contains("intercom/default: complete, "))
    }

    @Test("A source that was not read for long is stale, and says so") func stale() async throws {
        let filled = try await FilledStore(customers: 5)
        let later = Session.now.addingTimeInterval(8 * 86_400)
        let outcome = try await filled.session(at: later).run("status")
        #expect(outcome.output.contains("! contacts: stale: its silence means nothing any more"))
        #expect(outcome.output.contains("gtm sync  reads what is stale"))
        let document = try await filled.session(at: later).run("status", "--json").document
        #expect(document["sources"]?.array?.first?["streams"]?.array?.allSatisfy { $0["stale"] == true } == true)
        var patient = filled.session(at: later)
        patient.files["gtm.json"] = "{\"thresholds\": {\"stale_after_days\": 30}}"
        #expect(
            try await patient.run("status", "--json").document["sources"]?.array?.first?["streams"]?
                .array?.allSatisfy { $0["stale"] == false } == true)
    }

    @Test("A source that is set up and was never read is told, and one that is no longer set up") func setUp()
        async throws
    {
        let filled = try await FilledStore(customers: 5)
        var session = filled.session()
        session.files["gtm.json"] = "{\"sources\": [{\"vendor\": \"intercom\", \"account\": \"acme\"}]}"
        let outcome = try await session.run("status")
        #expect(outcome.output.contains("intercom/acme\n  never read\n"))
        #expect(outcome.output.contains("intercom/default (not set up here)\n"))
        #expect(outcome.output.contains("gtm sync intercom/acme  is set up and was never read"))
    }

    private static let location: StoreLocation? = try? StoreLocation(option: "data", variable: nil, directory: "/home")

    /// A source with one stream.
    private func status(_ stream: StoreStatus.Stream) throws -> StoreStatus {
        var status = StoreStatus(location: try #require(Self.location), asOf: Session.now)
        var source = StoreStatus.Source(id: SourceID(vendor: "intercom"), isSetUp: true)
        source.streams = [stream]
        status.sources = [source]
        return status
    }

    @Test("Each state of a stream in words, with what to do") func states() throws {
        var refused = StoreStatus.Stream(name: "contacts")
        refused.refusal = .notPermitted
        var heldBack = StoreStatus.Stream(name: "contacts", observedThrough: Session.now)
        heldBack.heldBack = 1200
        var broken = StoreStatus.Stream(name: "contacts")
        broken.passBegan = Session.now
        var pending = StoreStatus.Stream(name: "contacts", observedThrough: Session.now)
        pending.pending = 1
        let cases: [(StoreStatus.Stream, String, String)] = [
            (refused, "refused: the key may not read it; a permission or the vendor's plan is missing", "gtm doctor"),
            (heldBack, "1,200 records missing, too many to be believed gone", "gtm sync --full"),
            (broken, "broken off or under way since 2026-11-20 08:00", "gtm sync"),
            (pending, "1 record still to be fetched", "gtm sync"),
            (StoreStatus.Stream(name: "contacts"), "never read to its end", "gtm sync"),
        ]
        for (stream, words, command) in cases {
            let status = try status(stream)
            #expect(stream.problems == [words])
            #expect(status.next.map(\.command) == [command])
            #expect(
                StatusView.text(status, width: 100, palette: Palette(isOn: false)).contains("! contacts: \(words)\n"))
        }
        let current = try status(StoreStatus.Stream(name: "contacts", observedThrough: Session.now))
        #expect(current.next.map(\.command) == ["gtm at-risk"])
    }

    @Test("A run whose process was ended is told from one that is under way") func brokenOff() throws {
        var status = try status(StoreStatus.Stream(name: "contacts", observedThrough: Session.now))
        let source = SourceID(vendor: "intercom")
        status.runs = [SyncRun(id: "2", source: source, mode: .full, startedAt: Session.now)]
        #expect(status.next.map(\.command) == ["gtm sync intercom/default"])
        #expect(StatusView.text(status, width: 100, palette: Palette(isOn: false)).contains("broken off"))
        status.isBeingWritten = true
        #expect(status.next.map(\.command) == ["gtm at-risk"])
        #expect(StatusView.text(status, width: 100, palette: Palette(isOn: false)).contains("running"))
        status.isBeingWritten = false
        var later = SyncRun(id: "3", source: source, mode: .full, startedAt: Session.now)
        later.status = .success
        status.runs.insert(later, at: 0)
        #expect(status.next.map(\.command) == ["gtm at-risk"])
    }

    @Test("The source is known up to where its slowest stream is") func lastSync() {
        var source = StoreStatus.Source(id: SourceID(vendor: "intercom"), isSetUp: true)
        let early = Session.now.addingTimeInterval(-60)
        source.streams = [
            StoreStatus.Stream(name: "a", observedThrough: Session.now),
            StoreStatus.Stream(name: "b", observedThrough: early),
        ]
        #expect(source.lastSync == early)
        var refused = StoreStatus.Stream(name: "c")
        refused.refusal = .notPermitted
        source.streams.append(refused)
        #expect(source.lastSync == early)
        source.streams.append(StoreStatus.Stream(name: "d"))
        #expect(source.lastSync == nil)
    }

    @Test("What could not be taken is counted", arguments: [45, 100]) func leftOut(width: Int) async throws {
        var session = Session(
            input: Samples.all + "{oops\n"
                + Samples.ada.replacing("ada@x.test", with: "").replacing("Ada@x.test", with: "").replacing(
                    "\"id\":\"1\"", with: "\"id\":\"9\"") + "\n")
        session.store = InMemoryStore()
        session.width = width
        _ = try await session.run("import", "-")
        let document = try await session.run("status", "--json").document
        #expect(document["rejected"] == 1)
        #expect(document["runs"]?.array?.first?["status"] == "incomplete")
        let text = try await session.run("status")
        #expect(text.output.contains("1 record not taken"))
        for line in text.output.split(separator: "\n") { #expect(TextWidth.of(String(line)) <= width, "\(line)") }
    }
}
