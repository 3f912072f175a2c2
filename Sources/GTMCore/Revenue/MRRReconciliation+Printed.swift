extension MRRReconciliation {
    /// A difference as it is printed: whole minor units that add up, rounding being a line of its own.
    public struct Printed: Sendable, Hashable {
        /// What one choice explains.
        public struct Line: Sendable, Hashable {
            /// The choice.
            public var choice: MRRPolicy.Choice
            /// By how much it moves the MRR, rounded by itself.
            public var amount: Money
        }

        /// The MRR under the first policy.
        public var before: Money
        /// What each choice explains, in the order of the choices.
        public var reasons: [Line]
        /// What is left over because every line is rounded by itself; 0 where nothing is.
        public var rounding: Money
        /// The MRR under the second policy: everything before it, added up.
        public var after: Money

        /// Rounds each line; `nil` where an amount does not fit 64 bits.
        init?(_ before: Fraction, _ reasons: [Reason], _ after: Fraction, _ currency: Currency) {
            guard let start = before.rounded, let end = after.rounded else { return nil }
            var running = start
            self.reasons = []
            for reason in reasons {
                guard let units = reason.amount.rounded else { return nil }
                let (next, over) = running.addingReportingOverflow(units)
                guard !over else { return nil }
                running = next
                self.reasons.append(
                    Line(choice: reason.choice, amount: Money(minorUnits: units, currency: currency)))
            }
            let (rest, over) = end.subtractingReportingOverflow(running)
            guard !over else { return nil }
            self.before = Money(minorUnits: start, currency: currency)
            rounding = Money(minorUnits: rest, currency: currency)
            self.after = Money(minorUnits: end, currency: currency)
        }
    }
}

extension MRRReconciliation.Line {
    /// The line in whole minor units; `nil` where an amount does not fit 64 bits.
    public var printed: MRRReconciliation.Printed? { .init(before, reasons, after, currency) }
}

extension MRRReconciliation.Total {
    /// The total in whole minor units; `nil` where an amount does not fit 64 bits.
    public var printed: MRRReconciliation.Printed? { .init(before, reasons, after, currency) }
}
