/// What a record says, by kind.
///
/// Kinds are added as sources are; ask for the one you need rather than switching over all.
public struct Fact: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case contact(Shared<Contact>)
        case company(Shared<Company>)
        case subscription(Shared<Subscription>)
        case payment(Shared<Payment>)
        case conversation(Shared<Conversation>)
        case transcript(Shared<Transcript>)
        case owner(Shared<Owner>)
        case tag(Shared<Tag>)
    }

    package var kind: Kind

    package init(kind: Kind) { self.kind = kind }

    /// A person, as a support desk or CRM knows one.
    public static func contact(_ contact: Contact) -> Self { Self(kind: .contact(Shared(contact))) }
    /// An organisation that people belong to.
    public static func company(_ company: Company) -> Self { Self(kind: .company(Shared(company))) }
    /// A subscription, told by the billing system itself.
    public static func subscription(_ subscription: Subscription) -> Self {
        Self(kind: .subscription(Shared(subscription)))
    }
    /// A payment, told by the billing system itself.
    public static func payment(_ payment: Payment) -> Self { Self(kind: .payment(Shared(payment))) }
    /// A support conversation: its head and opening message.
    public static func conversation(_ conversation: Conversation) -> Self {
        Self(kind: .conversation(Shared(conversation)))
    }
    /// The further messages of a conversation.
    public static func transcript(_ transcript: Transcript) -> Self { Self(kind: .transcript(Shared(transcript))) }
    /// A teammate who looks after customers.
    public static func owner(_ owner: Owner) -> Self { Self(kind: .owner(Shared(owner))) }
    /// A label that records carry by id.
    public static func tag(_ tag: Tag) -> Self { Self(kind: .tag(Shared(tag))) }

    /// The contact, where this is one.
    public var contact: Contact? { if case .contact(let fact) = kind { fact.value } else { nil } }
    /// The company, where this is one.
    public var company: Company? { if case .company(let fact) = kind { fact.value } else { nil } }
    /// The subscription, where this is one.
    public var subscription: Subscription? { if case .subscription(let fact) = kind { fact.value } else { nil } }
    /// The payment, where this is one.
    public var payment: Payment? { if case .payment(let fact) = kind { fact.value } else { nil } }
    /// The conversation, where this is one.
    public var conversation: Conversation? { if case .conversation(let fact) = kind { fact.value } else { nil } }
    /// The transcript, where this is one.
    public var transcript: Transcript? { if case .transcript(let fact) = kind { fact.value } else { nil } }
    /// The owner, where this is one.
    public var owner: Owner? { if case .owner(let fact) = kind { fact.value } else { nil } }
    /// The tag, where this is one.
    public var tag: Tag? { if case .tag(let fact) = kind { fact.value } else { nil } }
}
