#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A coupon at work on a subscription or one of its lines.
public struct Discount: Sendable, Hashable {
    /// What comes off.
    public enum Reduction: Sendable, Hashable {
        /// So many percent of the price, 0...100; what lies outside counts as the nearer end.
        case percent(Fraction)
        /// An amount off each invoice, in its own currency alone, and never more than the invoice holds.
        case amount(Money)
    }

    /// For how long it comes off; the words are Stripe's.
    public enum Duration: String, Sendable, Hashable, CaseIterable {
        /// From one invoice.
        case once
        /// From the invoices of some months.
        case repeating
        /// From every invoice.
        case forever
    }

    /// What it hangs on; what hangs on a line comes off first, then what hangs on the subscription, then the customer's.
    public enum Scope: String, Sendable, Hashable, CaseIterable {
        case item, subscription, customer
    }

    /// The coupon's name or id; `nil` where it is not told.
    public var name: String?
    /// What comes off.
    public var reduction: Reduction
    /// For how long.
    public var duration: Duration
    /// From when on; `nil` for as long as it is listed.
    public var start: Date?
    /// The first moment at which it is over; `nil` where no end is told.
    public var end: Date?
    /// What it hangs on.
    public var scope: Scope
    /// The ids of the products whose lines it comes off; empty for all.
    public var products: [String]

    /// Creates a discount.
    ///
    /// - Parameters:
    ///   - name: The coupon's name or id.
    ///   - reduction: What comes off.
    ///   - duration: For how long.
    ///   - start: From when on.
    ///   - end: The first moment at which it is over.
    ///   - scope: What it hangs on.
    ///   - products: The ids of the products whose lines it comes off; empty for all.
    public init(
        _ name: String? = nil, _ reduction: Reduction, _ duration: Duration, start: Date? = nil, end: Date? = nil,
        scope: Scope = .subscription, products: [String] = []
    ) {
        self.name = name
        self.reduction = reduction
        self.duration = duration
        self.start = start
        self.end = end
        self.scope = scope
        self.products = products
    }

    /// What share of a price comes off, 0...1; `nil` for an amount.
    var share: Fraction? {
        guard case .percent(let percent) = reduction else { return nil }
        return min(max(percent, .zero), Fraction(100)).multiplied(by: 1, over: 100)
    }
}

/// That the invoices of a subscription are not collected for a while; its status stays what it is.
public struct PauseCollection: Sendable, Hashable {
    /// What becomes of the invoices meanwhile; the words are Stripe's.
    public enum Behavior: String, Sendable, Hashable, CaseIterable {
        /// They are kept, and collected later.
        case keepAsDraft = "keep_as_draft"
        /// They are written off.
        case markUncollectible = "mark_uncollectible"
        /// They are void: nothing is owed.
        case void
    }

    /// What becomes of the invoices; `nil` where that is not told or no known word.
    public var behavior: Behavior?
    /// When they are collected again; `nil` for no set time.
    public var resumesAt: Date?

    /// Creates a pause.
    public init(_ behavior: Behavior?, resumesAt: Date? = nil) {
        self.behavior = behavior
        self.resumesAt = resumesAt
    }
}
