import Foundation
import Synchronization
import Testing

@testable import GTMCore

/// A way in which a store can be wrong, and the checks that have to notice.
struct Defect: Sendable, CustomTestStringConvertible {
    let name: String
    let trips: [String]
    let `break`: @Sendable (inout BrokenStore) -> Void

    init(_ name: String, trips: [String], _ `break`: @escaping @Sendable (inout BrokenStore) -> Void) {
        self.name = name
        self.trips = trips
        self.break = `break`
    }

    var testDescription: String { name }

    /// An empty store with the defect.
    func store() -> BrokenStore {
        var store = BrokenStore()
        `break`(&store)
        return store
    }
}

/// Something that a broken store remembers from one call to the next.
private final class Memory<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) { self.value = Mutex(value) }

    func callAsFunction<Answer: Sendable>(_ body: (inout sending Value) -> sending Answer) -> Answer {
        value.withLock(body)
    }
}

extension Defect {
    static let all =
        writing + versions + time + identity + lists + scans + assessments + streams + trouble + erasing + odd

    private static let writing = [
        Defect("skips a number", trips: ["commit.counts-from-one"]) {
            $0.bendReceipts { receipt, _ in if receipt.sequence > 2 { receipt.sequence += 1 } }
        },
        Defect("does not count empty batches", trips: ["commit.counts-empty-batches"]) {
            $0.onCommit = { sound, batch in
                if batch.records.isEmpty {
                    return CommitReceipt(
                        sequence: await sound.due(asOf: batch.recordedAt, by: .engine).sequence, outcomes: [],
                        touched: [])
                }
                return await sound.commit(batch, by: .engine)
            }
        },
        Defect("tells updates as new", trips: ["commit.tells-each-outcome", "versions.by-the-book"]) {
            $0.bendReceipts { receipt, _ in
                receipt.outcomes = receipt.outcomes.map { $0 == .updated ? .new : $0 }
            }
        },
        Defect("tells of each record once", trips: ["commit.tells-doubles-in-a-batch"]) {
            $0.bendBatches { batch in
                var known: Set<RecordID> = []
                batch.records.removeAll { !known.insert($0.id).inserted }
            }
        },
        Defect("takes what is read again for a change", trips: ["commit.unchanged-is-not-stored"]) { store in
            let count = Memory(0.0)
            store.bendRecords { record in
                let moment = count {
                    $0 += 0.001
                    return $0
                }
                record.changedAt?.addTimeInterval(moment)
            }
        },
        Defect("writes record by record", trips: ["commit.is-all-or-nothing"]) {
            $0.onCommit = { sound, batch in
                var rest = batch
                rest.records = []
                var receipt = await sound.commit(rest, by: .engine)
                for record in batch.records {
                    var single = StoreBatch(recordedAt: batch.recordedAt)
                    single.records = [record]
                    let one = await sound.commit(single, by: .engine)
                    receipt.outcomes += one.outcomes
                    receipt.touched.formUnion(one.touched)
                }
                return receipt
            }
        },
        Defect("forgets the run log", trips: ["commit.keeps-every-part"]) { $0.bendBatches { $0.runs = [] } },
        Defect("names one customer a commit", trips: ["commit.names-whom-it-touches"]) {
            $0.bendReceipts { receipt, _ in receipt.touched = Set(receipt.touched.sorted().prefix(1)) }
        },
        Defect("drops every hundredth record", trips: ["commit.takes-many-at-once"]) { store in
            let count = Memory(0)
            store.bendBatches { batch in
                batch.records.removeAll { _ in
                    count {
                        $0 += 1
                        return $0 % 100 == 0
                    }
                }
            }
        },
    ]

    private static let versions = [
        Defect("tells the version in force alone", trips: ["versions.history-is-whole"]) {
            $0.onHistory = { sound, ids in await sound.versions(Array(Set(ids)), by: .engine) }
        },
        Defect(
            "goes by arrival",
            trips: ["versions.latest-by-vendor-time", "versions.late-belongs-to-the-past", "odd.dates"]
        ) { $0.bendRecords { $0.changedAt = nil } },
        Defect("keeps the first of a tie", trips: ["versions.tie-goes-to-the-later-commit"]) {
            $0.onCommit = { sound, batch in
                let known = await sound.versions(batch.records.map(\.id), by: .engine).map(\.record)
                var batch = batch
                let count = batch.records.count
                batch.records.removeAll { told in
                    known.contains { $0.id == told.id && $0.changedAt == told.changedAt && $0 != told }
                }
                var receipt = await sound.commit(batch, by: .engine)
                receipt.outcomes += Array(repeating: .updated, count: count - batch.records.count)
                return receipt
            }
        },
        Defect("puts what has no time first", trips: ["versions.without-vendor-time"]) {
            $0.bendRecords { $0.changedAt = $0.changedAt ?? .distantPast }
        },
        Defect("takes a bare tombstone at its word", trips: ["versions.bare-tombstone-inherits"]) {
            $0.bendRecords { record in
                if !record.state.isLive, record.identity == nil { record.identity = Identity(email: nil) }
            }
        },
        Defect("takes archived records for live", trips: ["versions.states", "live-ids.in-order"]) {
            $0.bendRecords { if $0.state == .archived { $0.state = .live } }
        },
        Defect("makes up versions of unknown records", trips: ["versions.answers-for-known-records"]) {
            $0.onVersions = { sound, ids in
                let known = await sound.versions(ids, by: .engine)
                let missing = ids.filter { id in !known.contains { $0.record.id == id } }
                return known
                    + missing.map { id in
                        RecordVersion(
                            record: SourceRecord(id: id, fact: .contact(Contact())), recordedAt: .now, sequence: 1)
                    }
            }
        },
    ]

    private static let time = [
        Defect(
            "ignores what was known",
            trips: ["time.known-at", "time.both-axes", "time.history-repeats", "scans.at-past-points"]
        ) { $0.bendPoints { $0.knownAt = nil } },
        Defect("ignores what held", trips: ["time.valid-at", "time.both-axes", "time.versions-in-force"]) {
            $0.bendPoints { $0.validAt = nil }
        },
        Defect("answers for before the first with the present", trips: ["time.before-the-first"]) {
            $0.onFiles = { sound, scan in
                let files = try await sound.files(scan, by: .engine)
                guard files.isEmpty, scan.after == nil else { return files }
                return try await sound.files(CustomerScan(limit: scan.limit), by: .engine)
            }
        },
        Defect("knows at an instant what was learnt before it", trips: ["time.same-instant"]) {
            $0.bendPoints { point in point.knownAt?.addTimeInterval(-0.001) }
        },
        Defect("cuts vendors' times at the present", trips: ["time.vendor-clock-ahead"]) {
            $0.bendBatches { batch in
                for place in batch.records.indices {
                    batch.records[place].changedAt = batch.records[place].changedAt.map { min($0, batch.recordedAt) }
                }
            }
        },
        Defect("applies rules from the beginning of time", trips: ["time.rules", "rules.in-order-of-making"]) {
            $0.bendBatches { batch in for place in batch.rules.indices { batch.rules[place].madeAt = .distantPast } }
        },
    ]

    private static let identity = [
        Defect("keeps sources apart", trips: ["identity.same-address-joins"]) {
            $0.bendRecords { record in
                guard record.id.source.vendor != "desk", let email = record.identity?.email else { return }
                record.identity?.email = try? EmailAddress("\(record.id.source.vendor)-\(email)")
            }
        },
        Defect(
            "knows no secondary keys",
            trips: ["identity.secondary-key-joins", "identity.ambiguous-joins-nobody", "unmatched.with-reasons"]
        ) { $0.bendRecords { $0.identity?.externalIDs = [] } },
        Defect("joins customers by a secondary key", trips: ["identity.secondary-key-joins-no-customers"]) {
            $0.bendRecords { record in
                guard let key = record.identity?.externalIDs.first else { return }
                record.identity?.email = try? EmailAddress("\(key.id)@x.test")
            }
        },
        Defect("makes everybody a customer", trips: ["identity.only-customers-create"]) {
            $0.bendRecords { $0.identity?.createsCustomer = true }
        },
        Defect("merges the wrong way round", trips: ["identity.merge-rule"]) {
            $0.bendBatches { batch in
                for place in batch.rules.indices {
                    guard case .merge(let from, let into) = batch.rules[place].kind else { continue }
                    batch.rules[place].kind = .merge(into, into: from)
                }
            }
        },
        Defect("keeps nothing apart", trips: ["identity.keep-apart-rule"]) {
            $0.bendBatches { batch in
                batch.rules.removeAll { if case .keepApart = $0.kind { true } else { false } }
            }
        },
        Defect("never undoes a rule", trips: ["identity.undone-rule-leaves-no-trace"]) {
            $0.bendBatches { batch in for place in batch.rules.indices { batch.rules[place].undoneAt = nil } }
        },
        Defect(
            "knows no former addresses", trips: ["identity.former-address", "identity.merged-at-the-vendor"]
        ) {
            $0.onCustomer = { sound, key, point in
                let file = try await sound.customer(key, at: point, by: .engine)
                return file?.key == key ? file : nil
            }
        },
        Defect("bills everybody", trips: ["identity.billed-once", "identity.billing-finds-its-home"]) {
            $0.bendFiles { $0.billedElsewhere = [:] }
        },
        Defect("follows records alone", trips: ["identity.concerned-by-subjects"]) {
            $0.bendRecords { record in
                record.subjects.removeAll { if case .record = $0 { false } else { true } }
            }
        },
        Defect("lets go of a late comer", trips: ["identity.order-of-arrival"]) {
            $0.onCommit = { sound, batch in
                let isLate = await sound.due(asOf: batch.recordedAt, by: .engine).sequence > 1
                var batch = batch
                if isLate { batch.records.removeAll { $0.identity != nil } }
                return await sound.commit(batch, by: .engine)
            }
        },
    ]

    private static let lists = [
        Defect("rounds scores", trips: ["lists.hold-what-was-assessed"]) {
            $0.bendBatches { batch in
                for place in batch.assessments.indices { batch.assessments[place].quality /= 1000 }
            }
        },
        Defect("filters no status", trips: ["lists.filter-by-status"]) { $0.bendQueries { $0.status = nil } },
        Defect("asks for more than the least MRR", trips: ["lists.minimum-mrr-is-included"]) {
            $0.bendQueries { query in query.minimumMRR = query.minimumMRR.map { $0 == .max ? $0 : $0 + 1 } }
        },
        Defect("minds the case of names", trips: ["lists.account-manager-of-any-case"]) {
            $0.bendPages { page, query in
                guard let manager = query.accountManager else { return }
                page.summaries.removeAll { $0.accountManager != manager }
            }
        },
        Defect("lists those who have ended", trips: ["lists.ended-on-request"]) {
            $0.bendQueries { $0.includesEnded = true }
        },
        Defect("knows one order", trips: ["lists.orders"]) { $0.bendQueries { $0.order = .key } },
        Defect("returns a list unsorted", trips: ["lists.orders", "lists.hold-what-was-assessed"]) {
            $0.bendPages { page, _ in page.summaries.reverse() }
        },
        Defect("skips one between two pages", trips: ["lists.pages-without-gap"]) {
            $0.bendPages { page, query in if query.after != nil { page.summaries = Array(page.summaries.dropFirst()) } }
        },
        Defect("stops after the first page", trips: ["lists.last-page-leads-nowhere", "lists.pages-without-gap"]) {
            $0.bendPages { page, _ in page.next = nil }
        },
        Defect("gives nothing to who asks for nothing", trips: ["lists.limit-is-at-least-one"]) {
            $0.bendPages { page, query in
                if query.limit < 1 { page = SummaryPage(summaries: [], next: nil, total: page.total) }
            }
        },
        Defect("counts off pages", trips: ["lists.cursors-hold"]) { store in
            let ends = Memory<[CustomerCursor: Int]>([:])
            store.onCustomers = { sound, query in
                guard let start = query.after.map({ after in ends { $0[after] ?? 0 } }) ?? 0 as Int? else {
                    return SummaryPage(summaries: [], next: nil, total: 0)
                }
                var whole = query
                whole.after = nil
                whole.limit = .max
                let all = await sound.customers(whole, by: .engine).summaries
                let page = all.dropFirst(start).prefix(query.limit)
                guard let last = page.last, page.endIndex < all.count else {
                    return SummaryPage(summaries: Array(page), next: nil, total: all.count)
                }
                let next = query.place(of: last)
                let end = page.endIndex
                ends { $0[next] = end }
                return SummaryPage(summaries: Array(page), next: next, total: all.count)
            }
        },
        Defect("begins anew at the end", trips: ["lists.cursor-at-the-end"]) {
            $0.onCustomers = { sound, query in
                let page = await sound.customers(query, by: .engine)
                guard page.summaries.isEmpty, query.after != nil else { return page }
                var first = query
                first.after = nil
                return await sound.customers(first, by: .engine)
            }
        },
    ]

    private static let scans = [
        Defect("doubles a customer between two chunks", trips: ["scans.in-chunks"]) {
            $0.onFiles = { sound, scan in
                let files = try await sound.files(scan, by: .engine)
                guard let after = scan.after, let last = try await sound.customer(after, at: scan.point, by: .engine)
                else { return files }
                return [last] + files.dropLast()
            }
        },
        Defect("gives no file to who asks for none", trips: ["scans.limit-is-at-least-one"]) {
            $0.onFiles = { sound, scan in scan.limit < 1 ? [] : try await sound.files(scan, by: .engine) }
        },
        Defect("goes on behind customers alone", trips: ["scans.after-any-key"]) {
            $0.onFiles = { sound, scan in
                if let after = scan.after, try await sound.customer(after, at: scan.point, by: .engine) == nil {
                    return []
                }
                return try await sound.files(scan, by: .engine)
            }
        },
        Defect("comes with a rule", trips: ["scans.of-an-empty-store"]) {
            $0.onRules = { sound in
                let id = RecordID(source: .gtm, stream: "rules", id: "1")
                return await sound.rules(by: .engine) + [
                    IdentityRule(
                        id: "given", kind: .keepApart(.record(id), .record(id)), madeAt: .distantPast,
                        madeBy: .unspecified)
                ]
            }
        },
    ]

    private static let assessments = [
        Defect("remembers every profile that ever scored", trips: ["assessments.profiles-are-told"]) { store in
            let seen = Memory(Set<UInt64>())
            store.onScoredProfiles = { sound in
                let now = await sound.scoredProfiles(by: .engine)
                return seen {
                    $0.formUnion(now)
                    return $0
                }
            }
        },
        Defect(
            "forgets one who is due", trips: ["assessments.new-customers-are-due", "assessments.due-are-touched"]
        ) {
            $0.onDue = { sound, moment in
                var due = await sound.due(asOf: moment, by: .engine)
                due.keys = due.keys.dropLast()
                return due
            }
        },
        Defect("lets an assessment hold at its end", trips: ["assessments.expire"]) {
            $0.onDue = { sound, moment in await sound.due(asOf: moment - 0.001, by: .engine) }
        },
        Defect("takes any assessment", trips: ["assessments.stale-one-is-not-taken"]) {
            $0.bendBatches { $0.assessedAt = .max }
        },
        Defect(
            "lists whom it once listed", trips: ["assessments.touched-ones-go", "assessments.follow-identity"]
        ) { store in
            let kept = Memory<[CustomerKey: AssessmentSummary]>([:])
            store.onCommit = { sound, batch in
                kept { for summary in batch.assessments { $0[summary.key] = summary } }
                return await sound.commit(batch, by: .engine)
            }
            store.onCustomers = { sound, query in
                var page = await sound.customers(query, by: .engine)
                page.summaries = kept { $0.values.sorted { $0.key < $1.key } }
                return page
            }
        },
        Defect("keeps the first assessment", trips: ["assessments.latest-counts"]) { store in
            let known = Memory<Set<CustomerKey>>([])
            store.bendBatches { batch in
                batch.assessments.removeAll { summary in known { !$0.insert(summary.key).inserted } }
            }
        },
        Defect("minds no coverage", trips: ["assessments.asked-anew-by-coverage"]) {
            $0.bendBatches { $0.streams = [:] }
        },
    ]

    private static let streams = [
        Defect("forgets the account", trips: ["streams.state"]) {
            $0.bendBatches { batch in for key in batch.streams.keys { batch.streams[key]?.account = nil } }
        },
        Defect("knows where streams stand now alone", trips: ["streams.history", "streams.repeat-over-history"]) {
            $0.onStreams = { sound, _ in await sound.streams(at: .latest, by: .engine) }
        },
        Defect("loses what was seen before", trips: ["streams.seen-adds-up"]) { store in
            let count = Memory(0.0)
            store.bendBatches { batch in
                for key in batch.streams.keys {
                    let moment = count {
                        $0 += 1
                        return $0
                    }
                    batch.streams[key]?.pass?.startedAt.addTimeInterval(moment)
                }
            }
        },
        Defect(
            "never forgets what was seen",
            trips: ["streams.restart-forgets-seen", "streams.end-of-pass-forgets-seen"]
        ) { store in
            let kept = Memory<[StreamKey: Set<String>]>([:])
            store.onCommit = { sound, batch in
                kept { for (key, ids) in batch.seen { $0[key, default: []].formUnion(ids) } }
                return await sound.commit(batch, by: .engine)
            }
            store.onSeen = { _, stream in kept { $0[stream] ?? [] } }
        },
        Defect("tells what to fetch in any order", trips: ["pending.in-order-up-to-a-limit"]) {
            $0.onPending = { sound, stream, limit in
                await sound.pending(stream, limit: limit, by: .engine).reversed()
            }
        },
        Defect("fetches everything again", trips: ["pending.because-of-a-change"]) {
            $0.bendBatches { batch in for place in batch.pending.indices { batch.pending[place].because = nil } }
        },
        Defect("fetches for ever", trips: ["pending.fetched-settles", "pending.asked-for-by-several"]) {
            $0.bendBatches { $0.fetched = [] }
        },
        Defect("has read everything", trips: ["pending.unread-in-the-file"]) { $0.bendFiles { $0.unread = [] } },
        Defect("tells runs the oldest first", trips: ["runs.newest-first"]) {
            $0.onRuns = { sound, query in await sound.runs(query, by: .engine).reversed() }
        },
    ]

    private static let trouble = [
        Defect("tells rejections in any order", trips: ["rejected.latest-of-each"]) {
            $0.onRejected = { sound in await sound.rejected(by: .engine).reversed() }
        },
        Defect("never forgives a rejection", trips: ["rejected.until-taken"]) { store in
            let kept = Memory<[RecordID: RejectedRecord]>([:])
            store.onCommit = { sound, batch in
                kept { for rejection in batch.rejected { $0[rejection.id] = rejection } }
                return await sound.commit(batch, by: .engine)
            }
            store.onRejected = { _ in kept { $0.values.sorted { $0.id < $1.id } } }
        },
        Defect("gathers issues", trips: ["issues.as-told-last"]) { store in
            let kept = Memory<[FieldIssue]>([])
            store.onCommit = { sound, batch in
                kept { $0 += batch.issues }
                return await sound.commit(batch, by: .engine)
            }
            store.onIssues = { _ in kept { $0.sorted { $0.record < $1.record } } }
        },
        Defect("hides rules that were undone", trips: ["rules.in-order-of-making"]) {
            $0.onRules = { sound in await sound.rules(by: .engine).filter { $0.undoneAt == nil } }
        },
        Defect("tells one reason for all", trips: ["unmatched.with-reasons"]) {
            $0.onUnmatched = { sound in
                await sound.unmatched(by: .engine).map { UnmatchedRecord(id: $0.id, reason: .noEmail) }
            }
        },
    ]

    private static let erasing = [
        Defect(
            "keeps erased persons",
            trips: [
                "erasing.is-gone-everywhere", "erasing.refuses-who-comes-again", "erasing.takes-rules",
                "erasing.takes-what-is-open", "erasing.leaves-others",
            ]
        ) {
            $0.onErase = { _, _, moment, actor in Erasure(erasedAt: moment, erasedBy: actor, records: 1) }
        },
        Defect("knows nothing of erased persons", trips: ["erasing.keys-are-refused"]) {
            $0.onCustomer = { sound, key, point in
                do {
                    return try await sound.customer(key, at: point, by: .engine)
                } catch let error as StoreError where error.code == .erased {
                    return nil
                }
            }
        },
        Defect("does not tell who erased", trips: ["erasing.is-told"]) {
            $0.onErase = { sound, key, moment, _ in await sound.erase(key, at: moment, by: .unspecified) }
        },
        Defect("erases strangers", trips: ["erasing.stranger-is-nil"]) {
            $0.onErase = { sound, key, moment, actor in
                await sound.erase(key, at: moment, by: actor)
                    ?? Erasure(erasedAt: moment, erasedBy: actor, records: 0)
            }
        },
        Defect("tells erased records as unchanged", trips: ["erasing.refuses-who-comes-again"]) {
            $0.bendReceipts { receipt, _ in
                receipt.outcomes = receipt.outcomes.map { $0 == .erased ? .unchanged : $0 }
            }
        },
        Defect("erases another one too", trips: ["erasing.leaves-others"]) {
            $0.onErase = { sound, key, moment, actor in
                let erasure = await sound.erase(key, at: moment, by: actor)
                if let other = try await sound.files(CustomerScan(limit: 1), by: actor).first {
                    _ = await sound.erase(other.key, at: moment, by: actor)
                }
                return erasure
            }
        },
    ]

    private static let odd = [
        Defect("cuts texts at a zero byte", trips: ["odd.texts"]) {
            $0.bendContacts { contact in contact.name = contact.name.map { String($0.prefix { $0 != "\0" }) } }
        },
        Defect("cuts ids at a zero byte", trips: ["odd.ids"]) {
            $0.bendRecords { record in record.id.id = String(record.id.id.prefix { $0 != "\0" }) }
        },
        Defect("composes ids", trips: ["odd.ids-of-other-bytes"]) {
            $0.bendRecords { record in record.id.id = record.id.id.precomposedStringWithCanonicalMapping }
        },
        Defect("composes texts", trips: ["odd.texts-of-other-bytes"]) {
            $0.bendContacts { contact in contact.name = contact.name?.precomposedStringWithCanonicalMapping }
        },
        Defect("cuts long texts", trips: ["odd.long-texts"]) {
            $0.bendRecords { record in
                guard var conversation = record.fact.conversation, let text = conversation.opening?.text else { return }
                conversation.opening?.text = String(text.prefix(65_535))
                record.fact = .conversation(conversation)
            }
        },
        Defect("counts money in floating point", trips: ["odd.numbers"]) {
            $0.bendContacts { contact in
                guard let price = contact.billing?.planPrice else { return }
                let amount = Int64(exactly: Double(price.minorUnits)) ?? 0
                contact.billing?.planPrice = Money(minorUnits: amount, currency: price.currency)
            }
        },
        Defect("keeps milliseconds", trips: ["odd.dates"]) {
            $0.bendRecords { record in
                record.changedAt = record.changedAt.map {
                    Date(timeIntervalSince1970: ($0.timeIntervalSince1970 * 1000).rounded() / 1000)
                }
            }
        },
    ]
}
