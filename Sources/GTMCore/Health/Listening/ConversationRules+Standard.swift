extension ConversationRules {
    /// The rules of `directives/conversation-rules.md`. They name no competitor.
    public static let standard = ConversationRules(
        version: 2,
        lists: [
            "product": [
                "account", "accounts", "agreement", "billing", "contract", "contracts", "licence", "licences",
                "license",
                "licenses", "membership", "plan", "plans", "platform", "product", "renew*", "service", "services",
                "software", "subscri*", "tool", "vendor", "workspace",
            ],
            "provider": ["provider*", "supplier*", "vendor*"],
            "tool": [
                "app", "apps", "crm", "helpdesk", "platform*", "product*", "service", "services", "software",
                "solution*",
                "system*", "tool*",
            ],
            "other": [
                "alternative", "another", "better", "cheaper", "competing", "different", "new", "other", "rival",
            ],
            "end": ["close", "closing", "delete", "deleting", "discontinu*", "end", "ended", "ending", "terminat*"],
            "stop": ["deactivat*", "disable", "disabling", "stop", "stopping"],
            "not": [
                "aren't", "arent", "didn't", "didnt", "doesn't", "doesnt", "don't", "dont", "hasn't", "hasnt",
                "haven't",
                "havent", "isn't", "isnt", "neither", "never", "no", "nobody", "none", "nor", "not", "wasn't",
                "without",
                "won't", "wont", "wouldn't", "wouldnt",
            ],
            "thing": [
                "appointment*", "booking*", "button*", "call", "calls", "column*", "deliver*", "demo", "dialog*",
                "email*", "event*", "export*", "filter*", "flight*", "import*", "invitation*", "invite*", "invoice*",
                "job*",
                "link*", "mailing*", "meeting*", "migration*", "newsletter*", "notification*", "order*", "project*",
                "request*", "reservation*", "session*", "shipment*", "task*", "ticket*", "training*", "transfer*",
                "upload*", "webinar*",
            ],
            "somebody": [
                "attendee*", "buyer*", "client*", "customer*", "guest*", "patient*", "people", "subscriber*", "they",
                "user*", "visitor*",
            ],
            "arrive": ["came", "come", "coming", "import*", "migrat*", "mov*", "switch*", "transfer*"],
            "move": ["migrate", "migrating", "move", "moving", "switch", "switching"],
            "search": [
                "assess*", "chose", "choose", "choosing", "compar*", "consider*", "demo", "evaluat*", "explor*", "find",
                "found", "go", "going", "instead", "invit*", "look", "looked", "looking", "mov*", "migrat*", "offer*",
                "prefer*", "quote*", "replac*", "switch*", "talk", "talks", "talking", "tender", "test", "tested",
                "testing",
                "trial*", "tried", "try", "trying", "us", "use", "used", "using", "went",
            ],
        ],
        cancel: Topic(
            strong: [
                "cancel*|cancle*|cancl*|canel*|cansel*", "<not> _ _ _ renew|renewing|renewed", "against renew*",
                "<end>|shut|shutting _ _ our|my|the|this|your _ <product>", "end|terminate _ _ <product>",
                "notice of termination", "termination notice", "<stop>|off _ _ _ auto|automatic renew*|renewal",
                "<stop> _ _ auto|automatic _ renew*", "<stop> _ our|my _ subscri*", "off _ auto|automatic _ renew*",
                "opt out of _ renew*", "out of _ _ contract|agreement|subscription",
                "no longer need|want|require _ _ <product>",
                "don't|dont|not need|want _ _ <product> any|anymore|longer",
                "subscription|contract|plan|licence|license _ expire|lapse", "contract _ run out", "unsubscrib*",
                "justify _ _ subscription|contract|plan", "consider this _ _ _ notice", "stop paying",
                "<move> to _ <other> _ <provider>|<tool>", "<move> to <competitor>",
                "<move> to something|someone|somebody else", "go|going elsewhere", "jump|jumping ship",
            ],
            weak: ["leave", "leaving", "churn", "churning", "quit", "quitting", "want|wants out"],
            company: ["<product>", "<competitor>"],
            excuses: [
                "cancel|cancels|canceling|cancelling|unsubscrib* _ _ <thing>", "cancelled|canceled _ <thing>",
                "<thing> _ _ _ was|were|got|been|being|is|be cancel*",
                "<somebody> _ _ _ _ cancel*|unsubscrib*", "<somebody> _ _ _ <end>", "click* _ cancel", "noise cancel*",
                "churn rate|chart|report|cohort*|analytics|prediction|risk|score|number*|metric*",
                "leave|leaving the company|office|team|room", "leaving early|today|for|that|this|aside",
                "manager|colleague|coworker|employee|boss|lead is|was leaving",
                "delete|close|end _ _ test|demo|user|trial account*", "close our|the|my accounts", "renew* in|on|by",
            ]),
        competitor: Topic(
            strong: [
                "<competitor>", "competitor*", "competing <tool>|<provider>", "rival* _ <tool>|<provider>",
                "<other> _ <provider>", "jump ship", "jumping ship", "shopping around", "shop around",
                "others offer|have|do|can|charge",
            ],
            weak: [
                "alternativ*", "elsewhere", "someone|somebody|something else", "<other> _ <tool>", "on the market",

            ],
            company: ["<search>"],
            excuses: [
                "our|my|their _ competitor*", "<arrive> _ _ _ from <competitor>",
                "alternativ* way|ways|address*|email*|number*|text|date*",
                "talk|speak|write _ _ someone|somebody|something else",
            ]),
        negations: [
            "<not>", "no one", "was|were going|about|planning to", "had planned to", "nearly", "almost", "undo",
            "withdraw*",
            "revok*", "revers*",
        ],
        negationExceptions: [
            "can|could|why <not>", "not only|just|sure|certain|able|possible|allowed", "no way|option|possibility|one",
            "<not> let|lets|know|see|find|found|understand|manage*", "you _ <not>", "still <not>",
        ],
        negationReach: 5,
        clauseWords: ["and", "because", "but", "hence", "or", "so", "then", "therefore", "though", "unless"],
        subjects: ["i", "i'd", "i'll", "i'm", "i've", "we", "we'd", "we'll", "we're", "we've"])
}
