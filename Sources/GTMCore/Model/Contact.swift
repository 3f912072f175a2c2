#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A person, as one source describes one. Every member is `nil` where the source says nothing.
public struct Contact: Sendable, Hashable {
    /// The vendor's word for what the person is, such as `user` or `lead`.
    public var role: String?
    /// The full name.
    public var name: String?
    /// The telephone number as written.
    public var phone: String?
    /// Where the person is.
    public var location: Location?
    /// Companies the person belongs to, as records of the same source.
    public var companies: [RecordID] = []
    /// The name of the person's company where the source gives it as a text.
    public var companyName: String?
    /// The teammate who looks after the person, as a record of the same source.
    public var owner: RecordID?
    /// Labels, as records of the same source.
    public var tags: [RecordID] = []
    /// When the record came to be at the source.
    public var createdAt: Date?
    /// When the person signed up for the product.
    public var signedUpAt: Date?
    /// When the person was last active.
    public var lastSeenAt: Date?
    /// Where the person stands in the life of a customer, in the source's words.
    public var lifecycleStage: String?
    /// What a billing system wrote onto this contact; `nil` where nothing of the kind is there.
    public var billing: BillingMirror?
    /// Further attributes of the source, by its own names; scalars only.
    public var attributes = JSONObject()

    /// Creates a contact of which nothing is known.
    public init() {}
}

/// A place, as far as it is known.
public struct Location: Sendable, Hashable {
    /// The country's English name.
    public var country: String?
    /// The country's code as the source gives it (Intercom: three letters).
    public var countryCode: String?
    /// State or province.
    public var region: String?
    /// Town.
    public var city: String?

    /// Creates a place.
    public init(country: String? = nil, countryCode: String? = nil, region: String? = nil, city: String? = nil) {
        self.country = country
        self.countryCode = countryCode
        self.region = region
        self.city = city
    }
}

/// An organisation.
public struct Company: Sendable, Hashable {
    /// Its name.
    public var name: String?
    /// The id that the host's own product knows it by.
    public var externalID: String?
    /// Its web site.
    public var website: String?
    /// Its line of business.
    public var industry: String?
    /// People employed.
    public var size: Int?
    /// The name of the plan it is on.
    public var planName: String?
    /// What it pays a month by the host's own account; `nil` where never set.
    public var monthlySpend: Money?
    /// When the record came to be at the source.
    public var createdAt: Date?

    /// Creates a company of which nothing is known.
    public init() {}
}

/// A teammate who looks after customers.
public struct Owner: Sendable, Hashable {
    /// The full name.
    public var name: String?
    /// The address.
    public var email: EmailAddress?
    /// Whether the teammate is a program that answers by itself.
    public var isBot: Bool

    /// Creates a teammate.
    public init(name: String? = nil, email: EmailAddress? = nil, isBot: Bool = false) {
        self.name = name
        self.email = email
        self.isBot = isBot
    }
}

/// A label.
public struct Tag: Sendable, Hashable {
    /// The label's text.
    public var name: String

    /// Creates a label.
    public init(name: String) { self.name = name }
}
