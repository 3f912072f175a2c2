import GTMCore

/// Makes one company from the seed and its number, and from nothing else.
struct CompanyMaker {
    let seed: UInt64
    let index: Int
    let now: Int64
    let years: Int
    var random: SeededRandom

    init(seed: UInt64, index: Int, now: Int64, years: Int) {
        self.seed = seed
        self.index = index
        self.now = now
        self.years = years
        random = SeededRandom(seed, key: UInt64(index))
    }

    /// The company, with at most so many e-mail addresses, of which there is at least one.
    mutating func company(addresses limit: Int) -> WorldCompany {
        let kind: WorldCompany.Kind = [.paying, .free, .prospect][random.weighted([86, 8, 6])]
        var company = WorldCompany(index: index, kind: kind, standing: standing(of: kind))
        name(&company)
        company.employees = [8, 25, 60, 140, 400, 1_200][random.weighted([30, 26, 20, 13, 8, 3])] + random.below(8)
        company.signedUpAt = signUp(company.standing)
        company.currency = [.usd, .eur, .gbp, .jpy][random.weighted([76, 13, 8, 3])]
        addPeople(to: &company, limit: limit)
        company.manager = manager(of: company)
        if kind == .paying { addBilling(to: &company) }
        addConversations(to: &company)
        finishPeople(of: &company)
        return company
    }

    /// Different numbers give different ids.
    func id(_ prefix: String, _ number: Int) -> String {
        prefix + SeededRandom.mix(seed ^ UInt64(index) << 24 ^ UInt64(number)).hexadecimal
    }

    private mutating func standing(of kind: WorldCompany.Kind) -> Standing {
        let draw = random.weighted(kind == .paying ? [690, 180, 115, 15] : [70, 30])
        return switch draw {
        case 0: .healthy
        case 1: .drifting
        case 2: .leaving(ChurnReason.allCases[random.below(ChurnReason.allCases.count)])
        default: .former
        }
    }

    private mutating func signUp(_ standing: Standing) -> Int64 {
        let day = WorldCalendar.day
        let first = now - Int64(years) * 365 * day
        return switch standing {
        case .leaving, .former: random.time(first, now - 150 * day)
        case .drifting: random.time(first, now - 60 * day)
        case .healthy: random.chance(80) ? random.time(now - 40 * day, now - day) : random.time(first, now - 40 * day)
        }
    }

    /// Names go through all pairs of words before one comes again, with a number behind it.
    private mutating func name(_ company: inout WorldCompany) {
        let (heads, tails) = (Vocabulary.companyHeads, Vocabulary.companyTails)
        let count = heads.count * tails.count
        let place = (index * 1_009 + Int(SeededRandom.mix(seed) % UInt64(count))) % count
        let (head, tail) = (heads[place % heads.count], tails[place / heads.count])
        let round = index / count
        company.name = "\(head) \(tail.name)" + (round == 0 ? "" : " \(round + 1)")
        let ending = random.pick(Vocabulary.topLevelDomains)
        company.domain = "\(head)-\(tail.name)".lowercased() + (round == 0 ? "" : "-\(round + 1)") + ".\(ending)"
        company.industry = tail.industry
    }

    /// Large companies have somebody; a few have the bot, or one who has left.
    private mutating func manager(of company: WorldCompany) -> Int? {
        guard company.kind == .paying, random.chance(company.employees > 50 ? 950 : 600) else { return nil }
        if random.chance(30) { return Vocabulary.bot }
        if random.chance(15) { return Vocabulary.departed }
        return random.below(5)
    }
}

// MARK: People

extension CompanyMaker {
    private mutating func addPeople(to company: inout WorldCompany, limit: Int) {
        let wanted: Int =
            switch company.kind {
            case .paying: 1 + random.weighted([56, 22, 12, 6, 4])
            case .free, .prospect: 1 + random.weighted([80, 20])
            }
        let place = homePlace(company.currency)
        for number in 0..<min(wanted, limit) {
            company.people.append(person(number, of: company, home: place))
        }
        if company.kind == .prospect, random.chance(500) {
            var visitor = person(company.people.count, of: company, home: place)
            (visitor.email, visitor.isUser, visitor.lastSeenAt) = (nil, false, visitor.arrivedAt)
            if random.chance(500) { visitor.name = nil }
            company.people.append(visitor)
        }
    }

    private mutating func homePlace(_ currency: Currency) -> Int {
        switch currency {
        case .eur: random.int(5...9)
        case .gbp: 4
        case .jpy: 11
        default: random.pick([0, 1, 2, 3, 10, 12, 13])
        }
    }

    private mutating func person(_ number: Int, of company: WorldCompany, home: Int) -> WorldPerson {
        var person = WorldPerson()
        let (given, family) = (random.pick(Vocabulary.givenNames), random.pick(Vocabulary.familyNames))
        person.noise = random.next()
        person.name = "\(given) \(family)"
        var local = "\(Vocabulary.plain(given)).\(Vocabulary.plain(family))"
        if company.kind == .free, random.chance(500) {
            // A private address; its number keeps it apart from everybody else's.
            person.email = "\(local).\(index * 8 + number)@mailbox.example"
        } else {
            if random.chance(300) { local = Vocabulary.plain(given) }
            if company.kind == .paying, random.chance(30) {
                (local, person.name, person.isRoleMailbox) = ("billing", nil, true)
            }
            if company.people.contains(where: { $0.email == "\(local)@\(company.domain)" }) { local += "\(number + 1)" }
            person.email = "\(local)@\(company.domain)"
        }
        person.isUser = company.kind != .prospect
        person.arrivedAt =
            number == 0 ? company.signedUpAt : random.time(company.signedUpAt + 7_200, now - WorldCalendar.day)
        person.place = random.chance(850) ? home : random.below(Vocabulary.places.count)
        person.showsBilling = company.kind == .paying && (number == 0 || random.chance(250))
        person.quirks = quirks(number, of: company)
        if random.chance(350) { person.tags = Array(Set([random.int(6...11), random.int(6...11)])).sorted() }
        setLastSeen(&person, number, company.standing)
        return person
    }

    private mutating func quirks(_ number: Int, of company: WorldCompany) -> WorldPerson.Quirks {
        var quirks: WorldPerson.Quirks = []
        let odds: [(WorldPerson.Quirks, Int)] = [
            (.capitals, 30), (.spaces, 15), (.leadTwin, 30), (.userTwin, 12), (.farFutureSignup, 8), (.sparse, 50),
            (.consultant, 4), (.amountsAsText, 25),
        ]
        for (quirk, perMille) in odds where random.chance(perMille) { quirks.insert(quirk) }
        if company.kind == .prospect { quirks.subtract([.leadTwin, .userTwin, .farFutureSignup]) }
        return quirks
    }

    private mutating func setLastSeen(_ person: inout WorldPerson, _ number: Int, _ standing: Standing) {
        let days: ClosedRange<Int>
        switch standing {
        case .healthy:
            days = [0...1, 2...6, 7...18][random.weighted([70, 25, 5])]
            person.trajectory = .lively
        case .drifting, .leaving(.payment):
            days = 9...40
            person.trajectory = .fading
        case .leaving(.silent):
            days = 35...130
            person.trajectory = .silent
        case .leaving(.support):
            days = 1...12
            person.trajectory = .lively
        case .leaving:
            days = 5...32
            person.trajectory = .fading
        case .former:
            days = 20...140
            person.trajectory = .silent
        }
        if number > 0, random.chance(120) {
            // Writes e-mails only, and has never been seen.
            person.trajectory = .silent
            return
        }
        let seconds = Int64(random.int(days)) * WorldCalendar.day + Int64(random.below(86_000))
        person.lastSeenAt = max(person.arrivedAt, now - seconds)
    }

    /// Whoever writes was there.
    private func finishPeople(of company: inout WorldCompany) {
        for conversation in company.conversations {
            for message in conversation.messages {
                guard case .person(let place) = message.author else { continue }
                company.people[place].lastRepliedAt = max(company.people[place].lastRepliedAt ?? 0, message.at)
                guard let seen = company.people[place].lastSeenAt, !conversation.isEmail else { continue }
                company.people[place].lastSeenAt = max(seen, message.at)
            }
        }
    }
}
