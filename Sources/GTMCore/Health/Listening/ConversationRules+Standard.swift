extension ConversationRules {
    /// The rules of `directives/conversation-rules.md`. They name no competitor.
    public static let standard = ConversationRules(
        version: 3,
        lists: [
            "arrive": ["came", "come", "coming", "import*", "migrat*", "mov*", "switch*", "transfer*"],
            "continue": ["continue", "continuing", "extend", "extending", "prolong", "prolonging"],
            "end": ["close", "closing", "delete", "deleting", "discontinu*", "end", "ended", "ending", "terminat*"],
            "errand": [
                "breakfast", "coffee", "conference*", "day", "dinner", "few", "holiday*", "home", "lunch", "now",
                "today", "trip*", "vacation*", "week*", "while", "work",
            ],
            "few": [
                "1*", "2*", "3*", "4*", "5*", "6*", "7*", "8*", "9*", "a", "additional", "an", "eight", "extra", "few",
                "five", "four", "half", "nine", "one", "seven", "several", "single", "six", "some", "spare", "ten",
                "three", "two", "unused",
            ],
            "mail": [
                "alert*", "digest*", "email*", "list", "lists", "mail", "mailing*", "mails", "marketing", "newsletter*",
                "notification*",
            ],
            "move": ["migrate", "migrating", "move", "moving", "switch", "switching"],
            "not": [
                "aren't", "arent", "didn't", "didnt", "doesn't", "doesnt", "don't", "dont", "hasn't", "hasnt",
                "haven't", "havent", "isn't", "isnt", "neither", "never", "no", "nobody", "none", "nor", "not",
                "wasn't", "without", "won't", "wont", "wouldn't", "wouldnt",
            ],
            "other": [
                "alternative", "another", "better", "cheaper", "competing", "different", "new", "other", "rival",
            ],
            "product": [
                "account", "accounts", "agreement", "billing", "contract", "contracts", "licence", "licences",
                "license", "licenses", "membership", "plan", "plans", "platform", "product", "renew*", "service",
                "services", "software", "subscri*", "tool", "vendor", "workspace",
            ],
            "provider": ["provider*", "supplier*", "vendor*"],
            "screen": [
                "column*", "dashboard*", "drop", "dropdown*", "filter*", "form", "list", "menu*", "page*", "picker*",
                "report*", "sidebar*", "table*", "view*", "widget*",
            ],
            "search": [
                "assess*", "chose", "choose", "choosing", "compar*", "consider*", "demo", "evaluat*", "explor*", "find",
                "found", "go", "going", "instead", "invit*", "look", "looked", "looking", "mov*", "migrat*", "offer*",
                "prefer*", "quote*", "replac*", "switch*", "talk", "talks", "talking", "tender", "test", "tested",
                "testing", "trial*", "tried", "try", "trying", "us", "use", "used", "using", "went",
            ],
            "somebody": [
                "attendee*", "buyer*", "client*", "customer*", "guest*", "patient*", "people", "subscriber*", "they",
                "user*", "visitor*",
            ],
            "state": ["active", "alone", "blank", "empty", "intact", "open", "unchanged", "untouched"],
            "stop": ["deactivat*", "disable", "disabling", "stop", "stopping"],
            "thing": [
                "appointment*", "booking*", "button*", "call", "calls", "column*", "deliver*", "demo", "dialog*",
                "email*", "event*", "export*", "filter*", "flight*", "import*", "invitation*", "invite*", "invoice*",
                "job*", "link*", "mailing*", "meeting*", "migration*", "newsletter*", "notification*", "order*",
                "project*", "request*", "reservation*", "session*", "shipment*", "task*", "ticket*", "training*",
                "transfer*", "upload*", "webinar*",
            ],
            "tool": [
                "app", "apps", "crm", "helpdesk", "platform*", "product*", "service", "services", "software",
                "solution*", "system*", "tool*",
            ],
        ],
        cancel: Topic(
            strong: [
                "cancel*|cancle*|cancl*|canel*|cansel*", "<not> _ _ _ renew|renewing|renewed", "against renew*",
                "<end>|shut|shutting _ _ our|my|the|this|your _ <product>", "end|terminate _ _ <product>",
                "notice of termination", "termination notice", "<stop>|off _ _ _ auto|automatic renew*|renewal",
                "<stop> _ _ auto|automatic _ renew*", "<stop> _ our|my _ subscri*",
                "deactivate|deactivating|disable|disabling _ our|my _ account|contract|membership|plan|workspace",
                "off _ auto|automatic _ renew*", "opt out of _ renew*", "out of _ _ contract|agreement|subscription",
                "no longer need|want|require _ _ <product>",
                "<not> _ want|wish|intend|plan|planning|like to continue|extend|keep|prolong _ _ <product>",
                "won't|wont|not _ <continue> _ our|my|the|this|your|with _ agreement|contract|membership|plan|service|subscri*",
                "don't|dont|not need|want _ _ <product> any|anymore|longer",
                "subscription|contract|plan|licence|license _ expire|lapse", "contract _ run out", "unsubscrib*",
                "justify _ _ subscription|contract|plan", "consider this _ _ _ notice", "stop paying",
                "<move> to _ <other> _ <provider>|<tool>", "<move> to <competitor>", "going _ to <competitor>",
                "<move> to something|someone|somebody else", "leave|leaving _ _ for _ <other> _ <provider>|<tool>",
                "leave|leaving _ _ for something|someone|somebody else", "go|going elsewhere", "jump|jumping ship",
            ],
            weak: ["leave", "leaving", "churn", "churning", "quit", "quitting", "want|wants out"],
            company: ["<product>", "<competitor>"],
            excuses: [
                "cancel|cancels|canceling|cancelling|unsubscrib* _ _ <thing>", "cancelled|canceled _ <thing>",
                "cancel* _ _ seat", "cancel* _ <few> _ seats|users", "cancel* _ <few> of _ _ seats|users",
                "cancel* _ _ _ add on|ons", "cancel* _ _ _ addon*", "unsubscrib* _ _ _ _ _ <mail>",
                "<stop> _ _ <thing>", "<thing> _ _ _ was|were|got|been|being|is|be cancel*",
                "<somebody> _ _ _ _ cancel*|unsubscrib*", "<somebody> _ _ _ <end>",
                "click*|hit|hits|hitting|press*|tap|tapping _ cancel", "noise cancel*",
                "churn rate|chart|report|cohort*|analytics|prediction|risk|score|number*|metric*",
                "leave|leaving the company|office|team|room", "leaving early|today|that|this|aside",
                "leaving for _ <errand>", "leave|leaving _ _ _ _ <state>", "leave|leaving _ _ _ _ as it|is",
                "leave|leaving _ _ _ comment*|feedback|field*|box|message*|note*|review*",
                "manager|colleague|coworker|employee|boss|lead is|was leaving",
                "<end>|<stop> _ _ test|demo|user|trial account*", "<end> _ _ _ _ _ from|off _ _ <screen>",
                "close our|the|my accounts", "<not> expire|lapse", "<not> let|lets _ _ _ expire|lapse",
            ]),
        competitor: Topic(
            strong: [
                "<competitor>", "competitor*", "competing <tool>|<provider>", "rival* _ <tool>|<provider>",
                "<other> _ <provider>", "leave|leaving _ _ for _ <other> _ <tool>",
                "leave|leaving _ _ for something|someone|somebody else", "jump ship", "jumping ship", "shopping around",
                "shop around", "others offer|have|do|can|charge",
            ],
            weak: ["alternativ*", "elsewhere", "someone|somebody|something else", "<other> _ <tool>", "on the market"],
            company: ["<search>"],
            excuses: [
                "our|my|their _ competitor*", "<arrive> _ _ _ from <competitor>",
                "alternativ* way|ways|address*|email*|number*|text|date*",
                "talk|speak|write _ _ someone|somebody|something else",
            ]),
        negations: [
            "<not>", "no one", "was|were going|about|planning to", "had planned to", "nearly", "almost", "undo",
            "withdraw*", "revok*", "revers*",
        ],
        negationExceptions: [
            "can|could|why <not>", "why _ _ _ _ <not>", "how come _ _ _ _ <not>",
            "not only|just|sure|certain|able|possible|allowed", "no way|option|possibility|one",
            "<not> let|lets|know|see|find|found|understand|manage*", "you _ <not>", "still <not>",
        ],
        negationReach: 5,
        clauseWords: ["and", "because", "but", "hence", "or", "so", "then", "therefore", "though", "unless"],
        subjects: ["i", "i'd", "i'll", "i'm", "i've", "we", "we'd", "we'll", "we're", "we've"])
}
