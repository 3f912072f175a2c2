/// A conversation's course, as sentences to choose from.
///
/// `{first}` is the customer's given name, `{agent}` the teammate's, `{company}` the customer's company.
struct Script: Sendable {
    enum Mood: Sendable { case content, plain, cross }

    var title: String
    var mood: Mood
    /// Places in the list of tags.
    var tags: [Int]
    var opening: [String]
    var answers: [String]
    var followUps: [String]
    var closings: [String]

    init(
        _ title: String, _ mood: Mood, tags: [Int], opening: [String], answers: [String], followUps: [String],
        closings: [String] = [
            "Great to hear. I'll close this one, just write again if anything comes up!",
            "Closing this for now, {first}. Have a good day!", "Happy to help. Talk soon!",
        ]
    ) {
        self.title = title
        self.mood = mood
        self.tags = tags
        self.opening = opening
        self.answers = answers
        self.followUps = followUps
        self.closings = closings
    }
}

/// What is said to support, by what moves the customer.
///
/// A customer speaks of ending the subscription in ``Phrases/leaving`` alone; the traps among the everyday scripts use
/// the same words for something else.
enum Phrases {
    static let botGreetings = [
        "Thanks for reaching out! Someone from the team will be with you shortly.",
        "Hi there, I'm Operator. While you wait, these articles may help.",
        "We usually reply in under an hour. You can cancel this chat with the button above.",
    ]

    static let notes = [
        "Looked at the logs, nothing unusual.", "Same as the ticket from last week.",
        "Might cancel, please keep an eye on this account.", "Asked engineering.", "VIP, answer first.",
    ]

    static let outbound: [(title: String, text: String)] = [
        ("Product news", "Hi {first}, this month's release brings faster exports and a new calendar view."),
        ("Webinar", "Hi {first}, join us on Thursday for 30 minutes on building your first dashboard."),
        ("How are we doing?", "Hi {first}, would you tell us how {company} gets on with the product?"),
    ]

    static let everyday: [Script] = [
        Script(
            "Getting started", .content, tags: [3, 4],
            opening: [
                "Hi! We just signed up {company} and I'm not sure where to begin. Is there a checklist?",
                "Hello, how do I import our customer list? It's a CSV with about 4,000 rows.",
                "Good morning, can you show me how to set up the first dashboard?",
            ],
            answers: [
                "Welcome aboard, {first}! The checklist is under Settings, Getting started. I've switched it on for you.",
                "Hi {first}, upload the file under Contacts, Import. It maps the columns by itself.",
            ],
            followUps: [
                "That worked straight away, thank you!", "Perfect, found it. This looks great.",
                "Excellent, the team loves it already.",
            ]),
        Script(
            "Invoice question", .plain, tags: [0],
            opening: [
                "Could you send us the invoice for last month with our VAT number on it?",
                "Hi, the address on our invoices is out of date. Where do I change it?",
                "Just to be clear, we don't want to cancel. We only need the invoices sent to our new finance team.",
            ],
            answers: [
                "Of course, {first}. I've sent it again with the VAT number.",
                "You can change the address under Billing. You can also pause or cancel add-ons there.",
            ],
            followUps: ["Got it, thanks.", "Thank you, that was quick.", "Received. All good now."]),
        Script(
            "Export fails", .cross, tags: [1],
            opening: [
                "The CSV export stops at 50 % every time. We need it for a board meeting tomorrow.",
                "Exports have been failing since this morning with error 502.",
                "Our weekly report did not arrive. Is something broken?",
            ],
            answers: [
                "Sorry about that, {first}. We found the cause and a fix is on its way.",
                "Thanks for the report. Could you send me the time of the last attempt?",
            ],
            followUps: [
                "It works again. Thanks for the quick fix.", "Still slow, but at least it finishes now.",
                "OK, that did it.",
            ]),
        Script(
            "Feature request", .plain, tags: [2, 7],
            opening: [
                "It would help us a lot if filters could be saved and shared with colleagues.",
                "Could the churn chart show weeks as well as months?",
                "Is a dark mode planned? My eyes would be grateful.",
            ],
            answers: [
                "Great idea, {first}. I've added your vote to the request.",
                "We're working on something like that. I'll let you know when the beta opens.",
            ],
            followUps: ["Great, looking forward to it!", "Thanks for passing it on.", "Happy to test it."]),
        Script(
            "Adding colleagues", .content, tags: [4],
            opening: [
                "We're growing! How do I add five more people to our team?",
                "Two new colleagues start on Monday. Can they get read-only access?",
            ],
            answers: [
                "Congratulations, {first}! Go to Settings, People, Invite.",
                "Sure, choose the role Viewer when you send the invitation.",
            ],
            followUps: ["Done, thank you!", "Wonderful, that was easy."]),
        Script(
            "Connecting another tool", .plain, tags: [5],
            opening: [
                "How do we connect our calendar? The consent screen shows an error.",
                "Does the webhook retry when our server is down for a minute?",
                "Switching between dashboards takes five seconds for me. Is that normal?",
            ],
            answers: [
                "Hi {first}, please ask an administrator on your side to approve the app once.",
                "Yes, three times with growing pauses. The log is under Developer.",
            ],
            followUps: ["Ah, that was it. Thanks!", "Good to know, thank you.", "OK, we'll try that."]),
        Script(
            "Security review", .plain, tags: [8],
            opening: [
                "Our security team needs your latest audit report. Can you share it?",
                "Where is our data stored, and can we choose the region?",
            ],
            answers: [
                "Certainly, {first}. I've shared the report with you under the usual terms.",
                "Your data stays in the region you chose at sign-up.",
            ],
            followUps: ["Received, thanks.", "That answers our questions."]),
        Script(
            "Just saying thanks", .content, tags: [7],
            opening: [
                "Just wanted to say that the new calendar view is fantastic. It saves us hours.",
                "Please tell {agent} thanks from all of us at {company}. Superb help last week!",
            ],
            answers: ["You've made our day, {first}!", "Thank you so much, I'll pass it on."],
            followUps: ["Keep it up!", "Well deserved."]),
    ]

    /// What a customer writes who will leave for a reason; the opening announces it.
    static func leaving(_ reason: ChurnReason) -> Script? {
        switch reason {
        case .price:
            Script(
                "Our subscription", .cross, tags: [0, 9],
                opening: [
                    "The new price is more than we can justify. We would like to cancel our subscription at the end of "
                        + "the month.",
                    "Our budget was cut in half. How do we cancel?",
                    "Hi, after the increase we won't be renewing our plan.",
                ],
                answers: [
                    "I'm sorry to hear that, {first}. Could we talk about a plan that fits better?",
                    "Hi {first}, I understand. May I call you tomorrow about the options?",
                ],
                followUps: [
                    "I doubt it, it is simply too expensive for what we use.", "You can try, but the decision is made.",
                ])
        case .competitor:
            Script(
                "Moving on", .cross, tags: [9],
                opening: [
                    "We're switching to another vendor next quarter, they include single sign-on.",
                    "We have decided on a different provider. Please tell me how to cancel our account.",
                    "Our new CTO brought another product along, so we are not renewing the contract.",
                ],
                answers: [
                    "Thank you for telling us, {first}. May I ask what tipped the scales?",
                    "I'm sorry to hear that. Single sign-on is planned for this quarter.",
                ],
                followUps: ["It was mostly the missing features.", "The others were faster to respond."])
        case .support:
            Script(
                "Still not fixed", .cross, tags: [1],
                opening: [
                    "This is the third time I report it and nobody has solved it. If it isn't fixed this week I will "
                        + "cancel.",
                    "Terrible experience. Three weeks without an answer, we want to cancel our contract.",
                ],
                answers: [
                    "I'm very sorry, {first}. I've raised this with the engineers.", "Apologies for the wait, {first}.",
                ],
                followUps: ["I have heard that before.", "It is still broken, and we are losing money over it."])
        case .silent, .payment: nil
        }
    }

    /// Trouble without a word about leaving.
    static let troubles: [Script] = [
        Script(
            "No answer yet", .cross, tags: [1],
            opening: [
                "We are still waiting for an answer to last week's question. This is really frustrating.",
                "The sync is broken again. Awful timing, our quarter ends on Friday.",
                "Your latest update made everything slow. My team is annoyed and so am I.",
            ],
            answers: [
                "I'm sorry, {first}. We're on it and I'll report back today.", "Apologies, this took far too long.",
            ],
            followUps: ["Any news? This is urgent.", "Still the same problem here.", "Unacceptable, frankly."]),
        Script(
            "Something is wrong with our data", .cross, tags: [1, 8],
            opening: [
                "Numbers on the dashboard do not match our own. Half of the records are missing.",
                "Yesterday's figures are gone. Please restore them at once.",
            ],
            answers: ["Thanks, {first}. I've asked the engineers to look at it today.", "We are restoring them now."],
            followUps: ["Please hurry.", "They are back, but some are still wrong."]),
    ]

    static let failedPayment = Script(
        "Payment failed", .plain, tags: [0],
        opening: [
            "We got a message that our card was declined. What do we have to do?",
            "The card on file has expired and I can't find where to enter the new one.",
        ],
        answers: [
            "Hi {first}, you can enter the new card under Billing, Payment methods.",
            "The bank declined it. Could you try another card?",
        ],
        followUps: ["I'll ask our finance people.", "OK, let me see."])

    static let goodRemarks = ["quick answer", "Super helpful!", "friendly and fast", "", "thank you {agent}"]
    static let middlingRemarks = ["took a while", "", "ok"]
    static let badRemarks = [
        "Nobody reads what I write.", "slow", "Not solved at all", "had to explain everything twice",
    ]
}
