extension HealthProfile {
    /// All profiles of a directive, with its table of signals.
    ///
    /// - Parameters:
    ///   - text: The directive as UTF-8: Markdown with blocks named `health-profile` and at most one named `risk-signals`,
    ///     or one profile as bare JSON. Without a table of signals the built-in one counts.
    ///   - file: The name that errors tell.
    ///   - hostMeasures: What the host measures itself, for profiles to weigh.
    /// - Returns: The profiles, in order; none where the directive has none.
    /// - Throws: ``DirectiveError`` with file and line, for the first thing that is wrong.
    public static func profiles(
        inDirective text: [UInt8], file: String, hostMeasures: [HostMeasure] = []
    ) throws(DirectiveError) -> [HealthProfile] {
        let isBare = text.first { !$0.isJSONSpace } == UInt8(ascii: "{")
        let blocks =
            isBare
            ? [try DirectiveBlock.bare(text, name: "health-profile", file: file)]
            : try DirectiveBlock.blocks(in: text, file: file)
        var signals = RiskSignalRule.standard
        let tables = blocks.filter { $0.name == "risk-signals" }
        if let table = tables.first { signals = try RiskSignalRule.table(table.content) }
        if tables.count > 1 { throw tables[1].content.problem("the block risk-signals stands twice; expected it once") }
        var profiles: [HealthProfile] = []
        for block in blocks where block.name == "health-profile" {
            let profile = try HealthProfile(
                directive: block.content, signals: signals,
                measures: HealthMeasure.builtIn + hostMeasures.map(\.measure))
            if profiles.contains(where: { $0.name == profile.name }) {
                throw try block.content.member("profile").problem("\"\(profile.name)\" stands twice; expected it once")
            }
            profiles.append(profile)
        }
        return profiles
    }

    /// Reads a profile.
    ///
    /// - Parameters:
    ///   - node: The block.
    ///   - signals: How bad each signal is and what to do about it.
    ///   - measures: What can be weighed.
    /// - Throws: ``DirectiveError`` with file and line, for the first thing that is wrong.
    public init(
        directive node: DirectiveNode, signals: [RiskSignalRule] = RiskSignalRule.standard,
        measures: [HealthMeasure] = HealthMeasure.builtIn
    ) throws(DirectiveError) {
        _ = try node.members([
            "profile", "version", "components", "payment_points", "delinquent_payment_points", "penalties",
            "inactive_days", "bands", "caps", "minimum_coverage_percent", "missing_data",
        ])
        let bands = try HealthBand.bands(try node.member("bands"))
        self.init(
            name: try node.member("profile").text(), version: try node.member("version").integer(in: 1...1_000_000),
            components: try HealthComponent.components(try node.member("components"), measures),
            penalties: try Self.penalties(node), bands: bands, caps: try Self.caps(node, bands),
            minimumCoverage: try node.member("minimum_coverage_percent").integer(in: 0...100),
            missingData: try Self.missingData(node), paymentPoints: try PaymentPoints(node),
            delinquentPaymentPoints: try node.optional("delinquent_payment_points")?.integer(in: 0...100) ?? 40,
            inactiveDays: try node.optional("inactive_days")?.integer(in: 1...3650) ?? 30, signals: signals)
        if let problem { throw node.problem(problem) }
    }

    private static func penalties(_ node: DirectiveNode) throws(DirectiveError) -> [HealthPenalty] {
        guard let table = try node.optional("penalties") else { return [] }
        var penalties: [HealthPenalty] = []
        for (key, value) in try table.members(RiskSignal.Kind.allCases.map(\.rawValue)) {
            guard let signal = RiskSignal.Kind(rawValue: key) else { continue }
            penalties.append(HealthPenalty(signal, points: try value.integer(in: 1...100)))
        }
        return penalties
    }

    private static func caps(_ node: DirectiveNode, _ bands: [HealthBand]) throws(DirectiveError) -> [HealthCap] {
        guard let table = try node.optional("caps") else { return [] }
        var caps: [HealthCap] = []
        for (key, value) in try table.members(RiskSignal.Kind.allCases.map(\.rawValue)) {
            guard let signal = RiskSignal.Kind(rawValue: key) else { continue }
            guard let band = bands.first(where: { $0.status.rawValue == value.value.string }) else {
                throw value.wrong(expected: "a band: " + bands.map(\.status.rawValue).joined(separator: ", "))
            }
            caps.append(HealthCap(signal, at: band.status))
        }
        return caps
    }

    private static func missingData(_ node: DirectiveNode) throws(DirectiveError) -> MissingData {
        guard let rule = try node.optional("missing_data"), rule.value.string != "renormalise" else {
            return .renormalise
        }
        guard rule.value.string == nil else { throw rule.wrong(expected: "\"renormalise\" or points from 0 to 100") }
        return .points(try rule.integer(in: 0...100))
    }
}

extension HealthComponent {
    /// Reads the components, whose weights add up to 100.
    fileprivate static func components(
        _ node: DirectiveNode, _ measures: [HealthMeasure]
    ) throws(DirectiveError) -> [HealthComponent] {
        let elements = try node.elements()
        guard (1...HealthProfile.maximumParts).contains(elements.count) else {
            throw node.problem(
                "\(node.path) has \(elements.count) elements; expected 1 to \(HealthProfile.maximumParts)")
        }
        var components: [HealthComponent] = []
        var parts = 0
        for element in elements {
            let component = try HealthComponent(element, measures)
            if components.contains(where: { $0.name == component.name }) {
                throw try element.member("name").problem("\"\(component.name)\" stands twice; expected it once")
            }
            parts += component.parts.count
            guard parts <= HealthProfile.maximumParts else {
                throw element.problem(
                    "\(parts) things are measured up to here; expected at most \(HealthProfile.maximumParts) in all")
            }
            components.append(component)
        }
        let sum = components.reduce(0) { $0 + $1.weight }
        guard sum == 100 else { throw node.problem("the weights add up to \(sum); expected 100") }
        return components
    }

    private init(_ node: DirectiveNode, _ measures: [HealthMeasure]) throws(DirectiveError) {
        _ = try node.members(["name", "weight", "measure", "curve", "mix"])
        let name = try node.member("name")
        guard HostMeasure.isName(try name.text()) else {
            throw name.wrong(expected: "lower-case letters, digits and _")
        }
        let weight = try node.member("weight").integer(in: 1...100)
        guard let mix = try node.optional("mix") else {
            let part = try Part(node, share: 100, measures)
            self.init(try name.text(), weight: weight, mix: [part])
            return
        }
        for key in ["measure", "curve"] {
            guard let other = try node.optional(key) else { continue }
            throw other.problem("\(other.path) stands beside a mix; expected one of them")
        }
        var parts: [Part] = []
        for element in try mix.elements() {
            _ = try element.members(["measure", "share", "curve"])
            let part = try Part(element, share: try element.member("share").integer(in: 1...100), measures)
            if parts.contains(where: { $0.measure == part.measure }) {
                throw try element.member("measure").problem("\"\(part.measure)\" stands twice; expected it once")
            }
            parts.append(part)
        }
        let sum = parts.reduce(0) { $0 + $1.share }
        guard sum == 100 else { throw mix.problem("the shares of \(mix.path) add up to \(sum); expected 100") }
        self.init(try name.text(), weight: weight, mix: parts)
    }
}

extension HealthComponent.Part {
    fileprivate init(_ node: DirectiveNode, share: Int, _ measures: [HealthMeasure]) throws(DirectiveError) {
        let name = try node.member("measure")
        guard let measure = measures.first(where: { $0.name == name.value.string }) else {
            throw name.wrong(expected: "one of " + measures.map(\.name).sorted().joined(separator: ", "))
        }
        let curve = try node.member("curve")
        self.init(measure, share: share, curve: try Curve(curve))
        guard measure != .paymentStanding || self.curve.knots.map(\.points) == self.curve.knots.map(\.points).sorted()
        else { throw curve.problem("\(curve.path) falls; expected points for payment that never do") }
    }
}

extension Curve {
    /// Reads knots such as `[[0, 100], [30, 40]]`: rising inputs, points within 0 and 100, one way only.
    fileprivate init(_ node: DirectiveNode) throws(DirectiveError) {
        var knots: [(input: Int64, points: Int64)] = []
        for element in try node.elements() {
            let pair = try element.elements()
            guard pair.count == 2 else {
                throw element.problem(
                    "\(element.path) has \(pair.count) numbers; expected two: what is measured, points")
            }
            let input = try pair[0].integer(in: -1_000_000_000...1_000_000_000)
            if let last = knots.last, last.input >= Int64(input) {
                throw pair[0].wrong(expected: "a whole number above \(last.input): inputs rise from knot to knot")
            }
            knots.append((Int64(input), Int64(try pair[1].integer(in: 0...100))))
        }
        guard let curve = Curve(knots) else {
            throw node.problem("\(node.path) has \(knots.count) knots; expected 1 to \(Self.maximumKnots)")
        }
        guard curve.isMonotone else {
            throw node.problem("\(node.path) rises and falls; expected points that go one way only")
        }
        self = curve
    }
}

extension PaymentPoints {
    fileprivate init(_ profile: DirectiveNode) throws(DirectiveError) {
        guard let node = try profile.optional("payment_points") else {
            self = .standard
            return
        }
        self.init()
        _ = try node.members(SubscriptionStatus.allCases.map(\.rawValue))
        for status in SubscriptionStatus.allCases {
            self[status] = try node.member(status.rawValue).integer(in: 0...100)
        }
    }
}

extension HealthBand {
    /// Reads bands from the best down to one that begins at 0.
    fileprivate static func bands(_ node: DirectiveNode) throws(DirectiveError) -> [HealthBand] {
        var bands: [HealthBand] = []
        for element in try node.elements() {
            _ = try element.members(["status", "from", "counts_as"])
            let word = try element.member("status")
            let known = HealthStatus.allCases.filter { $0 != .insufficientData }
            guard let status = known.first(where: { $0.rawValue == word.value.string }) else {
                throw word.wrong(expected: known.map { "\"\($0)\"" }.joined(separator: ", "))
            }
            if bands.contains(where: { $0.status == status }) {
                throw word.problem("\"\(status)\" stands twice; expected it once")
            }
            let from = try element.member("from")
            let floor = try from.integer(in: 0...100)
            if let last = bands.last, floor >= last.from {
                throw from.wrong(expected: "less than \(last.from): bands go from the best down")
            }
            let count: Count? = try element.optional("counts_as").map { (node) throws(DirectiveError) in try node.word()
            }
            bands.append(HealthBand(status, from: floor, countsAs: count))
        }
        guard (1...8).contains(bands.count) else {
            throw node.problem("\(node.path) has \(bands.count) elements; expected 1 to 8")
        }
        guard bands.last?.from == 0 else {
            throw node.problem(
                "the lowest band begins at \(bands.last?.from ?? 0); expected 0, so that no score is left out")
        }
        return bands
    }
}

extension RiskSignalRule {
    /// Reads the table of signals: each with its severity and a recommendation.
    public static func table(_ node: DirectiveNode) throws(DirectiveError) -> [RiskSignalRule] {
        let words = RiskSignal.Kind.allCases.map(\.rawValue)
        let members = try node.members(words)
        for word in words where !members.contains(where: { $0.key == word }) { _ = try node.member(word) }
        var rules: [RiskSignalRule] = []
        for (key, value) in members {
            guard let kind = RiskSignal.Kind(rawValue: key) else { continue }
            _ = try value.members(["severity", "recommendation"])
            rules.append(
                RiskSignalRule(
                    kind, try value.member("severity").word(), try value.member("recommendation").text()))
        }
        return rules
    }
}

extension UInt8 {
    /// Whether JSON passes over it.
    fileprivate var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
