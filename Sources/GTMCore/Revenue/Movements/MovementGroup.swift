/// One customer at the two ends of a period, however the address or the records changed between them.
struct MovementGroup: Sendable {
    /// At the start, as known then.
    var reported: [MRRPosition] = []
    /// At the start, as known at the end.
    var opening: [MRRPosition] = []
    /// At the end, as known then.
    var closing: [MRRPosition] = []
    /// When the sources were first read whole, where that was within the period and nothing was known at the start.
    var firstRead: FirstRead?

    /// What a first read told.
    enum FirstRead: Sendable {
        /// Nothing was read whole yet: all there is at the end was there before anybody looked, as far as we know.
        case pending
        /// What the customer paid then.
        case done([MRRPosition])
    }

    /// The positions that the customer's own movements begin with.
    var base: [MRRPosition] {
        switch firstRead {
        case nil: opening
        case .pending: closing
        case .done(let positions): positions
        }
    }

    /// The key that the customer goes by.
    var key: CustomerKey? { (closing + opening + reported).map(\.key).min() }

    /// Brings together what is one customer: positions that share a record or a subscription.
    ///
    /// - Parameters:
    ///   - reported: The start as known then.
    ///   - opening: The start as known at the end.
    ///   - closing: The end.
    ///   - known: Customers by whom others are one, though not at the start or the end: a merge that was made later.
    static func groups(
        reported: [MRRPosition], opening: [MRRPosition], closing: [MRRPosition], known: [MRRPosition] = []
    ) -> [MovementGroup] {
        var roots: [Int] = []
        func root(_ place: Int) -> Int {
            var place = place
            while roots[place] != place {
                roots[place] = roots[roots[place]]
                place = roots[place]
            }
            return place
        }
        var records: [RecordID: Int] = [:]
        var subscriptions: [ExternalID: Int] = [:]
        let all = closing + opening + reported + known
        roots = Array(all.indices)
        func join(_ place: Int, _ other: Int) {
            let (left, right) = (root(place), root(other))
            roots[max(left, right)] = min(left, right)
        }
        for (place, position) in all.enumerated() {
            for record in position.records {
                if let other = records.updateValue(place, forKey: record) { join(place, other) }
            }
            for subscription in position.subscriptions {
                if let other = subscriptions.updateValue(place, forKey: subscription) { join(place, other) }
            }
        }
        var groups: [MovementGroup] = []
        var places: [Int: Int] = [:]
        for (place, position) in all.dropLast(known.count).enumerated() {
            let root = root(place)
            let number = places[root] ?? groups.count
            if number == groups.count {
                places[root] = number
                groups.append(MovementGroup())
            }
            if place < closing.count {
                groups[number].closing.append(position)
            } else if place < closing.count + opening.count {
                groups[number].opening.append(position)
            } else {
                groups[number].reported.append(position)
            }
        }
        return groups
    }
}
