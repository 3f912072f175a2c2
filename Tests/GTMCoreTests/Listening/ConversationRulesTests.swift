import Testing

@testable import GTMCore

@Suite("Conversation rules") struct ConversationRulesTests {
    private let rules: ConversationRules = {
        var rules = ConversationRules.standard
        rules.competitors = ["Northwind Desk", "Quillbase", "Café Nord"]
        return rules
    }()

    @Test(
        "Speaks of cancelling",
        arguments: [
            "I want to cancel", "Please CANCEL my account.", "how do I cancel?", "we are cancelling",
            "Cancellation please", "We're not renewing next year", "we won't renew", "We won’t be renewing",
            "We are leaving your platform", "our churn date for the subscription", "I cannot cancel in the app",
            "Why can't I cancel", "can not cancel anywhere", "You never cancelled our plan",
            "we do not use it, so cancel",
            "cancel our plan, not the meeting", "We leave with all licences",
            "thinking of switching to another tool", "We are leaving for Quillbase.", "We are leaving for another tool",
            "We're leaving you for someone else", "We are going over to Quillbase in May",
            "Please disable automatic renewal on our account.", "We will not renew in May",
            "Please deactivate our account.", "Why was my plan not cancelled?",
            "How come our account is still not cancelled?", "I don't want to continue my subscription.",
            "We won't be continuing with your service", "We do not plan to extend the contract",
            "Unsubscribe us from the plan, not from the mailing list", "Cancel our plan with 12 seats",
            "Cancel one plan for all of our users", "Deactivate our account by email",
            "We're leaving your platform for good this week", "Delete our account from all of your systems",
            "Our subscription may expire", "Please cancel our plan (see https://help.x.test/plans).",
            "https://x.test/a?b=c We want to cancel", "Mail bo@x.test once you cancelled our plan",
        ])
    func hears(text: String) {
        #expect(rules.sentences(about: .cancel, in: text).count == 1)
    }

    @Test(
        "Does not",
        arguments: [
            "", "Hello", "We don't want to cancel", "please do not cancel our plan", "I never cancelled anything",
            "I'm leaving for lunch", "switching the lights on", "we renew every year", "no need to cancel",
            "without cancelling", "scancel", "We will not be cancelling", "cancel the meeting",
            "our users cancel their plans",
            "!!!", "'", "¡ … 😀", "Please unsubscribe me from your newsletter.",
            "Please unsubscribe me from your mailing list.", "Please unsubscribe me from all your e-mails.",
            "Leave our plan unchanged, please.", "Leave the contract as it is",
            "Please leave the subscription field empty.", "May I leave feedback on your product?",
            "I'm leaving for a holiday, please check our plan",
            "Please delete the old plan from the drop-down.", "Can we cancel one of the two seats?",
            "Please cancel the extra seat", "Cancel 3 seats of our plan", "Please cancel the chat add-on",
            "Hit cancel to close the window.", "I press cancel and it goes on",
            "Please make sure the contract doesn't expire.", "Don't let our subscription lapse",
            "Please disable our workspace notifications", "You deactivated my account by mistake",
            "https://help.x.test/cancel-subscription", "See (https://help.x.test/cancel-subscription?now=cancel).",
            "mail cancel@x.test bounced", "mailto:cancel@x.test?subject=cancel", "www.x.test/cancel,plan",
            "help.x.test/cancel-subscription is down", "cancel.our-plan@mail.x.test, x@y@z.test/cancel",
        ])
    func staysQuiet(text: String) {
        #expect(rules.sentences(about: .cancel, in: text).isEmpty)
    }

    @Test(
        "Speaks of a competitor",
        arguments: [
            "thinking of switching to another tool", "QUILLBASE", "Quillbase’s editor", "we like northwind desk",
            "CAFÉ NORD offers more", "We're evaluating alternatives", "your competitor", "moving to another provider",
            "we left Northwind Desk, now we go to Quillbase", "We are leaving for Quillbase.",
            "We are leaving for another tool",
        ])
    func hearsCompetitors(text: String) {
        #expect(rules.sentences(about: .competitor, in: text).count == 1)
    }

    @Test(
        "Does not speak of one",
        arguments: [
            "Northwind", "Desk Northwind", "Quillbases", "We are not going to Quillbase", "We came from Quillbase",
            "our competitors", "another tool", "elsewhere", "an alternative way to look", "I never used Northwind Desk",
            "The image is at https://quillbase.test/a.png", "write to bo@quillbase.test",
        ])
    func hearsNoCompetitor(text: String) {
        #expect(rules.sentences(about: .competitor, in: text).isEmpty)
    }

    @Test("No name is known unless the host tells it") func namesNobody() {
        #expect(ConversationRules.standard.sentences(about: .competitor, in: "We go to Quillbase").isEmpty)
    }

    @Test("The sentence is kept, and cut where it is endless") func evidence() {
        #expect(
            rules.sentences(about: .cancel, in: "Hi there! \n We want to cancel our plan. Bye.")
                == ["We want to cancel our plan"])
        #expect(
            rules.sentences(about: .cancel, in: "Grüße. Version 2.0 of x.test: cancel ü?") == [
                "Version 2.0 of x.test: cancel ü"
            ])
        #expect(
            rules.sentences(about: .cancel, in: "Hi. We cancel, see https://x.test/a?b=c.d!e or ask bo@x.test. Bye.")
                == ["We cancel, see https://x.test/a?b=c.d!e or ask bo@x.test"])
        let endless = rules.sentences(about: .cancel, in: "cancel " + String(repeating: "x", count: 1_000_000))
        #expect(endless.first?.count == 300)
    }

    @Test("A sentence may say both, and each message says where it stands") func bothKinds() {
        let messages = [
            Message(id: "1", sentAt: nil, side: .teammate, text: "Cancel and go to Quillbase?"),
            Message(
                id: "2", sentAt: nil, side: .customer, text: "Hi. We cancel for Quillbase. We leave your platform."),
        ]
        let mentions = rules.mentions(in: messages)
        #expect(mentions.map(\.kind) == [.cancel, .competitor, .cancel])
        #expect(mentions.map(\.message) == ["2", "2", "2"])
        #expect(mentions.map(\.rulesVersion) == [3, 3, 3])
    }

    @Test(
        "What is quoted of others does not count",
        arguments: [
            "Thanks!\n> please cancel", "No.\n  > > cancel",
            "Ok\n\nOn 3 Mar 2026, at 10:00, Bo <bo@x.test> wrote:\ncancel",
            "Ok\nOn Tue, 3 March 2026 at 10:00 Bo Example\n<bo@x.test> wrote:\n\nplease cancel",
            "Fine\n-----Original Message-----\nFrom: Bo\ncancel",
            "Fine\n\n---------- Forwarded message ---------\nFrom: Bo <bo@x.test>\n\nPlease cancel our plan",
            "---------- Forwarded Message ----------\nPlease cancel", "See below\n\nBegin forwarded message:\n\ncancel",
            "Fine\n\nFrom: Bo Example <bo@x.test>\nSent: Tuesday, 3 March 2026 10:00\nTo: Ada\n\nPlease cancel our plan",
            "Fine\n*From:* Bo\n*Sent:* Tuesday\ncancel", "Fine\nFrom: Bo\n\nDate: Tuesday\n\nSubject: Plan\n\ncancel",
            "Fine\nFrom: Bo Sent: Tuesday To: Ada\ncancel",
        ])
    func quotes(text: String) {
        let message = Message(id: "1", sentAt: nil, side: .customer, text: text)
        #expect(rules.mentions(in: [message]).isEmpty)
        #expect(!rules.sentences(about: .cancel, in: text).isEmpty)
    }

    @Test("What only looks like a quote is the customer's own") func noQuotes() {
        for text in [
            "On Monday I wrote: cancel", "a > b, please cancel", "- cancel our plan", "One:\ncancel", "-----\ncancel",
            "From: Berlin\ncancel", "From: Berlin\nDate: 3 May\ncancel the plan", "-- Forwarded message\ncancel",
            "I sent it from:\nSent: no\ncancel",
        ] {
            let message = Message(id: "1", sentAt: nil, side: .customer, text: text)
            #expect(message.ownWords.trimmingPrefix("\n").hasPrefix(text), "\(text)")
            #expect(rules.mentions(in: [message]).count == 1, "\(text)")
        }
    }

    @Test(
        "Addresses are looked for in a time that grows with the text alone", .timeLimit(.minutes(1)),
        arguments: ["@", "a@", "a.", "://", "a://", "a/", ".a/", "www.", "mailto:", "a.b/", "x@y.z", "/", ":"])
    func addressesStayLinear(piece: String) {
        let text = String(repeating: piece, count: 100_000 / piece.utf8.count)
        #expect(rules.sentences(about: .cancel, in: text + " We cancel").count == 1)
    }

    @Test("Rules are data: lists, gaps, choices and stems do what they say") func patterns() {
        var rules = ConversationRules(
            version: 1, lists: ["fruit": ["apple*", "pear"]], cancel: .init(strong: ["eat|buy _ _ <fruit>"]),
            competitor: .init(weak: ["pie"], company: ["<fruit>"]), negations: ["never"],
            negationExceptions: ["almost never"],
            negationReach: 2, clauseWords: ["but"], subjects: ["you"])
        func heard(_ text: String) -> Int { rules.sentences(about: .cancel, in: text).count }
        for text in ["eat pear", "BUY the apples", "buy two big apples", "never, eat pear", "almost never eat pear"] {
            #expect(heard(text) == 1, "\(text)")
        }
        for text in [
            "eat pears", "buy one two three pear", "eat, pear", "eat but pear", "eat you pear", "never eat pear",
        ] {
            #expect(heard(text) == 0, "\(text)")
        }
        #expect(rules.sentences(about: .competitor, in: "pie of pear. Pie").count == 1)
        rules.cancel.excuses = ["pear of paradise"]
        #expect(heard("eat pear of paradise") == 0)
        rules.lists["fruit"] = ["plum"]
        #expect(heard("eat plum") == 1 && heard("eat pear") == 0)
        rules.cancel = .init()
        #expect(heard("eat plum") == 0)
    }
}
