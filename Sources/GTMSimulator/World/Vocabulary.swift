import GTMCore

/// The words that a world is made of; all names are invented, all domains reserved for tests,
/// but for the bot's, by which it is known.
enum Vocabulary {
    static let givenNames = [
        "Ada", "Aisha", "Alejandro", "Amara", "Anders", "Anika", "Arjun", "Astrid", "Ben", "Bianca", "Björn", "Camille",
        "Carlos", "Chiara", "Chloé", "Daniel", "Dara", "Diego", "Elena", "Elif", "Emeka", "Emma", "Farid", "Fatima",
        "Felix", "Freya", "Gabriel", "Grace", "Hana", "Hannah", "Henrik", "Hugo", "Ifeoma", "Imani", "Ines", "Ivan",
        "Jamal", "Jana", "Jasper", "Jin", "João", "Jonas", "José", "Julia", "Kaito", "Karim", "Keiko", "Kofi", "Lara",
        "Leila", "Liam", "Linh", "Łukasz", "Maeve", "Malik", "Marta", "Mateo", "Mei", "Mina", "Nadia", "Naomi",
        "Nikhil",
        "Noah", "Nora", "Olga", "Omar", "Oscar", "Paula", "Petra", "Priya", "Quinn", "Rafael", "Renée", "Rohan", "Rosa",
        "Sami", "Sara", "Sean", "Selin", "Sofia", "Søren", "Stella", "Tariq", "Tessa", "Théo", "Tomás", "Uma", "Viktor",
        "Wanda", "Wei", "Xenia", "Yara", "Yuki", "Yusuf", "Zara", "Zoë",
    ]

    static let familyNames = [
        "Abara", "Adler", "Almeida", "Andersson", "Aoki", "Bailey", "Bakker", "Banerjee", "Barros", "Becker", "Berg",
        "Bianchi", "Blake", "Boateng", "Brandt", "Carver", "Castillo", "Chen", "Clarke", "Costa", "Dahl", "Delgado",
        "Demir", "Dubois", "Duarte", "Eklund", "Evans", "Farrell", "Ferrari", "Fischer", "Fontaine", "Fujita", "García",
        "Gray", "Grönlund", "Gupta", "Haddad", "Hansen", "Hayashi", "Herrera", "Hoffmann", "Holm", "Hughes", "Ibrahim",
        "Ito", "Jansen", "Johansson", "Kaplan", "Kaya", "Keller", "Khan", "Kim", "Klein", "Kowalski", "Lange",
        "Laurent",
        "Lind", "Lopes", "Mancini", "Marsh", "Mbeki", "Mendes", "Meyer", "Moreau", "Müller", "Murphy", "Nakamura",
        "Nasser",
        "Nguyen", "Nilsson", "Novak", "Nowak", "Okafor", "Olsen", "Ortega", "O'Brien", "Park", "Patel", "Pereira",
        "Petrov", "Quist", "Rahman", "Reyes", "Rossi", "Roy", "Sato", "Schmidt", "Silva", "Singh", "Sørensen", "Tanaka",
        "Torres", "Vargas", "Vogel", "Walsh", "Weber", "Winter", "Wójcik", "Yamada", "Young", "Zhang", "Zimmer",
    ]

    static let companyHeads = [
        "Acorn", "Alder", "Amber", "Anchor", "Arbor", "Aspen", "Atlas", "Beacon", "Birch", "Bluebird", "Boreal",
        "Bright",
        "Cascade", "Cedar", "Cobalt", "Compass", "Copper", "Coral", "Crescent", "Delta", "Drift", "Dune", "Eastgate",
        "Ember", "Evergreen", "Falcon", "Fern", "Fjord", "Foxglove", "Garnet", "Glacier", "Golden", "Granite", "Harbor",
        "Hazel", "Heron", "Highland", "Hollow", "Horizon", "Indigo", "Iron", "Juniper", "Kestrel", "Keystone",
        "Lantern",
        "Larch", "Linden", "Lumen", "Maple", "Marble", "Meadow", "Meridian", "Mosaic", "Northwind", "Nova", "Oak",
        "Onyx",
        "Orchard", "Osprey", "Paper", "Pebble", "Pine", "Polar", "Prairie", "Quartz", "Quill", "Raven", "Redwood",
        "Ridge",
        "River", "Rowan", "Saffron", "Sage", "Sequoia", "Silver", "Slate", "Sparrow", "Spruce", "Summit", "Swift",
        "Tamarack", "Thistle", "Tidal", "Topaz", "Umber", "Valley", "Verdant", "Violet", "Walnut", "Willow",
    ]

    /// A second word and the line of business that goes with it.
    static let companyTails: [(name: String, industry: String)] = [
        ("Analytics", "Software"), ("Apparel", "Retail"), ("Architects", "Construction"),
        ("Automation", "Manufacturing"),
        ("Bakery", "Food"), ("Bikes", "Retail"), ("Capital", "Finance"), ("Clinic", "Health care"),
        ("Cloud", "Software"),
        ("Coffee", "Food"), ("Dental", "Health care"), ("Design", "Agencies"), ("Energy", "Energy"), ("Farms", "Food"),
        ("Films", "Media"), ("Fitness", "Leisure"), ("Freight", "Logistics"), ("Games", "Media"),
        ("Homes", "Real estate"),
        ("Insurance", "Finance"), ("Labs", "Software"), ("Learning", "Education"), ("Legal", "Law"),
        ("Logistics", "Logistics"),
        ("Media", "Media"), ("Motors", "Manufacturing"), ("Outdoor", "Retail"), ("Partners", "Consulting"),
        ("Pharma", "Health care"), ("Press", "Media"), ("Robotics", "Manufacturing"), ("Security", "Software"),
        ("Skincare", "Retail"), ("Solar", "Energy"), ("Staffing", "Consulting"), ("Studios", "Agencies"),
        ("Systems", "Software"), ("Therapeutics", "Health care"), ("Travel", "Leisure"), ("Wines", "Food"),
    ]

    static let topLevelDomains = ["test", "example"]

    struct Place: Sendable {
        var country, code, continent, region, city, language: String
    }

    static let places: [Place] = [
        Place(
            country: "United States", code: "USA", continent: "NA", region: "California", city: "Oakland",
            language: "en"),
        Place(country: "United States", code: "USA", continent: "NA", region: "Texas", city: "Austin", language: "en"),
        Place(
            country: "United States", code: "USA", continent: "NA", region: "New York", city: "Brooklyn", language: "en"
        ),
        Place(country: "Canada", code: "CAN", continent: "NA", region: "Ontario", city: "Toronto", language: "en"),
        Place(
            country: "United Kingdom", code: "GBR", continent: "EU", region: "England", city: "Leeds", language: "en"),
        Place(country: "Ireland", code: "IRL", continent: "EU", region: "Leinster", city: "Dublin", language: "en"),
        Place(country: "Germany", code: "DEU", continent: "EU", region: "Hamburg", city: "Hamburg", language: "de"),
        Place(
            country: "France", code: "FRA", continent: "EU", region: "Auvergne-Rhône-Alpes", city: "Lyon",
            language: "fr"),
        Place(country: "Spain", code: "ESP", continent: "EU", region: "Valencia", city: "València", language: "es"),
        Place(country: "Sweden", code: "SWE", continent: "EU", region: "Skåne", city: "Malmö", language: "sv"),
        Place(country: "Brazil", code: "BRA", continent: "SA", region: "Paraná", city: "Curitiba", language: "pt"),
        Place(country: "Japan", code: "JPN", continent: "AS", region: "Osaka", city: "Osaka", language: "ja"),
        Place(country: "India", code: "IND", continent: "AS", region: "Karnataka", city: "Bengaluru", language: "en"),
        Place(
            country: "Australia", code: "AUS", continent: "OC", region: "Victoria", city: "Melbourne", language: "en"),
    ]

    static let tags = [
        "billing", "bug", "feature request", "onboarding", "how-to", "integration", "vip", "feedback", "security",
        "renewal", "beta tester", "newsletter",
    ]

    struct Teammate: Sendable {
        var number: Int64
        var name, email, job: String
    }

    /// The vendor's people; the last one is the bot.
    static let teammates: [Teammate] = [
        Teammate(number: 7_000_011, name: "Rosa Keller", email: "rosa@vendor.test", job: "Customer success manager"),
        Teammate(number: 7_000_012, name: "Deniz Arslan", email: "deniz@vendor.test", job: "Customer success manager"),
        Teammate(number: 7_000_013, name: "Maya Lindqvist", email: "maya@vendor.test", job: "Customer success manager"),
        Teammate(number: 7_000_014, name: "Theo Grant", email: "theo@vendor.test", job: "Account manager"),
        Teammate(number: 7_000_015, name: "Nina Osei", email: "nina@vendor.test", job: "Account manager"),
        Teammate(number: 7_000_016, name: "Paul Ferrand", email: "paul@vendor.test", job: "Support engineer"),
        Teammate(number: 7_000_017, name: "Sakura Mori", email: "sakura@vendor.test", job: "Support engineer"),
        Teammate(
            number: 7_000_010, name: "Operator", email: "operator+wk000001@intercom.io", job: "Bot"),
    ]

    static let bot = teammates.count - 1
    /// One beyond the list: whoever has left is still named as owner.
    static let departed = teammates.count

    /// The teammate's number, also for one who has left.
    static func number(ofTeammate place: Int) -> Int64 {
        place < teammates.count ? teammates[place].number : 7_000_009
    }

    struct Plan: Sendable {
        var name: String
        /// A month in US cents, for one unit.
        var cents: Int64
        var isPerSeat: Bool
    }

    static let plans: [Plan] = [
        Plan(name: "Starter", cents: 2_900, isPerSeat: false), Plan(name: "Team", cents: 1_200, isPerSeat: true),
        Plan(name: "Pro", cents: 9_900, isPerSeat: false), Plan(name: "Growth", cents: 29_900, isPerSeat: false),
        Plan(name: "Scale", cents: 79_900, isPerSeat: false),
        Plan(name: "Enterprise", cents: 240_000, isPerSeat: false),
    ]

    /// The price of a plan for one period, in minor units of a currency.
    static func price(cents: Int64, _ currency: Currency, months: Int) -> Int64 {
        let (rate, step): (Int64, Int64) =
            switch currency {
            case .eur: (92, 100)
            case .gbp: (79, 100)
            case .jpy: (150, 10)
            default: (100, 1)
            }
        let monthly = cents * rate / 100 / step * step
        return switch months {
        case 12: monthly * 10
        case 3: (monthly * 285 + 50) / 100
        default: monthly
        }
    }

    /// A name as the local part of an address may hold it: small letters without accents.
    static func plain(_ name: String) -> String {
        let folds: [Character: String] = [
            "ö": "o", "é": "e", "ã": "a", "ł": "l", "ø": "o", "á": "a", "í": "i", "ó": "o", "ü": "u", "ë": "e", "'": "",
            " ": "-",
        ]
        return name.lowercased().map { folds[$0] ?? String($0) }.joined()
    }
}
