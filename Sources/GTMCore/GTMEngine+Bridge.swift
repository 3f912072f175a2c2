#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension GTMEngine {
    /// What moved recurring revenue from one moment to the next: for each period an opening, what stands between, and a
    /// closing, with nothing left over.
    ///
    /// Positions are computed from the records' history; nothing is written. What a source tells that was first read within
    /// a period is its opening balance, not new business.
    ///
    /// - Parameters:
    ///   - query: The periods, and by what they are split.
    ///   - actor: Who asks.
    ///   - report: Told how far the work has got: customers read, of all borders together.
    /// - Throws: ``StoreError`` with ``StoreError/Code/invalidQuery`` for borders that do not rise, or before the horizon of
    ///   what is remembered; and what the store throws.
    public func bridge(
        _ query: MRRBridgeQuery, by actor: StoreActor = .unspecified, report: @Sendable (Int) -> Void = { _ in }
    ) async throws -> MRRBridgeReport {
        guard query.borders.count > 1, zip(query.borders, query.borders.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw StoreError(
                code: .invalidQuery, detail: "a bridge was asked for without a period; expected moments that rise")
        }
        guard !query.isConverted || configuration.rates != nil else {
            throw StoreError(
                code: .invalidQuery, detail: "a converted bridge was asked for without exchange rates; expected some")
        }
        let calculator = RevenueCalculator(policy: configuration.policy)
        // What happens at a border belongs to what begins there: each state is that of the moment before. Of now there is
        // no moment after.
        let present = now()
        let moments = query.borders.map { $0 < present ? $0.addingTimeInterval(-0.001) : $0 }
        var done = 0
        func positions(knownAt known: Date, validAt valid: Date) async throws -> [MRRPosition] {
            try await self.positions(
                TimePoint(knownAt: query.knownAt ?? known, validAt: valid), calculator, by: actor
            ) {
                done += $0
                report(done)
            }
        }
        var result = MRRBridgeReport(
            policy: "\(configuration.policy.name) v\(configuration.policy.version)", periods: [])
        var known: [MRRPosition] = []
        if let moment = query.knownAt { known = try await positions(knownAt: moment, validAt: moment) }
        var reported = try await positions(knownAt: moments[0], validAt: moments[0])
        for place in moments.indices.dropLast() {
            let (start, end) = (moments[place], moments[place + 1])
            let opening =
                query.knownAt == nil ? try await positions(knownAt: end, validAt: start) : reported
            let closing = try await positions(knownAt: end, validAt: end)
            let finder = MovementFinder(grouping: query.grouping, conversion: conversion(query, start, end))
            var builder = BridgeBuilder(from: query.borders[place], to: query.borders[place + 1], finder)
            let read = try await sourcesRead(by: query.knownAt ?? start, at: start, by: actor)
            let groups = MovementGroup.groups(
                reported: finder.convertible(reported), opening: finder.convertible(opening),
                closing: finder.convertible(closing), known: known)
            var dates = FirstReads(start: start, end: end)
            for var group in groups {
                try Task.checkCancellation()
                let sources = finder.sourcesToDate(group, wasRead: { read.contains($0) })
                if !sources.isEmpty {
                    group.firstRead = try await firstRead(
                        group, of: sources, &dates, knownAt: query.knownAt, calculator, finder, by: actor)
                }
                let paid = try await self.paid(
                    group, finder.needsPast(group), before: start, knownAt: query.knownAt ?? end, calculator, by: actor)
                builder.add(group, finder.movements(of: group, paid: paid, wasRead: { read.contains($0) }))
            }
            result.periods.append(builder.period)
            reported = closing
        }
        return result
    }

    private func conversion(_ query: MRRBridgeQuery, _ start: Date, _ end: Date) -> MRRConversion? {
        guard query.isConverted, let rates = configuration.rates else { return nil }
        return MRRConversion(
            currency: configuration.reportingCurrency, opening: rates.table(at: start), closing: rates.table(at: end))
    }

    /// What every customer paid at a point in time.
    private func positions(
        _ point: TimePoint, _ calculator: RevenueCalculator, by actor: StoreActor, report: (Int) -> Void
    ) async throws -> [MRRPosition] {
        let context = try await context(asOf: point.validAt ?? now())
        let resolver = CustomerResolver()
        var positions: [MRRPosition] = []
        var scan = CustomerScan(at: point, limit: 500)
        while true {
            try Task.checkCancellation()
            let files = try await store.files(scan, by: actor)
            guard let last = files.last?.key else { return positions }
            for file in files {
                positions.append(
                    MRRPosition(resolver.resolve(file, context), absorbed: file.absorbed, calculator, context))
            }
            report(files.count)
            scan.after = last
        }
    }

    /// The sources that had told of revenue whole by a moment.
    private func sourcesRead(by known: Date, at moment: Date, by actor: StoreActor) async throws -> Set<SourceID> {
        let streams = try await store.streams(at: TimePoint(knownAt: min(known, moment)), by: actor)
        return Set(
            streams.filter { $0.value.provides.contains(.revenue) && $0.value.observedThrough != nil }.map(\.key.source)
        )
    }

    /// What a customer paid when the sources were first read whole.
    private func firstRead(
        _ group: MovementGroup, of sources: [SourceID], _ dates: inout FirstReads, knownAt known: Date?,
        _ calculator: RevenueCalculator, _ finder: MovementFinder, by actor: StoreActor
    ) async throws -> MovementGroup.FirstRead {
        var first: Date?
        for source in sources {
            guard let moment = try await dates.moment(of: source, in: store, by: actor) else { return .pending }
            first = first.map { min($0, moment) } ?? moment
        }
        guard let first else { return .pending }
        let context = try await context(asOf: first)
        var positions: [MRRPosition] = []
        let records = Set(group.closing.flatMap(\.records))
        for record in records.sorted() {
            let point = TimePoint(knownAt: known ?? first, validAt: first)
            // What was merged away may have been somebody else's, who is no part of this.
            guard let file = try await store.customer(.record(record), at: point, by: actor),
                file.people.contains(where: { records.contains($0.record.id) }),
                !positions.contains(where: { $0.key == file.key })
            else { continue }
            positions.append(
                MRRPosition(
                    CustomerResolver().resolve(file, context), absorbed: file.absorbed, calculator, context))
        }
        return .done(finder.convertible(positions))
    }

    /// The currencies in which a customer had paid anything before a moment: looked up in the history of the records behind
    /// the revenue, until those that matter are found.
    private func paid(
        _ group: MovementGroup, _ wanted: Set<Currency>, before moment: Date, knownAt known: Date,
        _ calculator: RevenueCalculator, by actor: StoreActor
    ) async throws -> Set<Currency> {
        guard !wanted.isEmpty else { return [] }
        var paid: Set<Currency> = []
        let records = Set((group.closing + group.opening + group.reported).flatMap(\.records)).sorted()
        var moments: Set<Date> = []
        for version in try await store.history(of: records, by: actor)
        where version.effectiveAt < moment && version.recordedAt <= known {
            moments.insert(version.effectiveAt)
        }
        let resolver = CustomerResolver()
        for past in moments.sorted(by: >) {
            let context = try await context(asOf: past)
            for record in records {
                guard
                    let file = try await store.customer(
                        .record(record), at: TimePoint(knownAt: known, validAt: past), by: actor),
                    file.people.contains(where: { records.contains($0.record.id) })
                else { continue }
                let customer = resolver.resolve(file, context)
                paid.formUnion(MovementFinder.paid([MRRPosition(customer, absorbed: [], calculator, context)]))
                if wanted.isSubset(of: paid) { return paid }
            }
        }
        return paid
    }
}

extension MovementFinder {
    /// Positions as they can be told: what cannot be converted is unknown.
    func convertible(_ positions: [MRRPosition]) -> [MRRPosition] {
        guard let conversion else { return positions }
        return positions.map { position in
            guard !conversion.covers(position) else { return position }
            var unknown = position
            unknown.lines = nil
            return unknown
        }
    }
}

/// When sources were first read whole within a period; each is looked for once.
private struct FirstReads {
    let start: Date
    let end: Date
    private var known: [SourceID: Date?] = [:]

    init(start: Date, end: Date) {
        self.start = start
        self.end = end
    }

    /// The moment, to a millisecond; `nil` where the source was not read whole by the period's end.
    mutating func moment(of source: SourceID, in store: any CustomerStore, by actor: StoreActor) async throws -> Date? {
        if let known = known[source] { return known }
        func wasRead(_ moment: Date) async throws -> Bool {
            try await store.streams(at: TimePoint(knownAt: moment), by: actor).contains {
                $0.key.source == source && $0.value.provides.contains(.revenue) && $0.value.observedThrough != nil
            }
        }
        var found: Date?
        if try await wasRead(end) {
            var (before, after) = (start, end)
            while after.timeIntervalSince(before) > 0.001 {
                let middle = before.addingTimeInterval(after.timeIntervalSince(before) / 2)
                if try await wasRead(middle) { after = middle } else { before = middle }
            }
            found = after
        }
        known[source] = found
        return found
    }
}
