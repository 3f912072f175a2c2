import GTMCore

/// What was said to support.
extension CompanyMaker {
    mutating func addConversations(to company: inout WorldCompany) {
        let months = Int((now - company.signedUpAt) / (30 * WorldCalendar.day)) + 1
        let usual = min(14, random.below(2 + months / 2 + (company.kind == .paying ? 2 : 0)))
        for _ in 0..<usual { addEveryday(to: &company) }
        if random.chance(400) { addOutbound(to: &company) }
        addTrouble(to: &company)
        company.conversations.sort { $0.createdAt < $1.createdAt }
        for place in company.conversations.indices {
            company.conversations[place].number = 215_470_000_000_000 + index * 1_000 + place
        }
    }

    /// What befits the company's standing.
    private mutating func addTrouble(to company: inout WorldCompany) {
        let day = WorldCalendar.day
        switch company.standing {
        case .leaving(let reason):
            let odds: [ChurnReason: Int] = [.price: 850, .competitor: 850, .support: 600]
            if let script = Phrases.leaving(reason), random.chance(odds[reason] ?? 0) {
                let time = random.time(now - 26 * day, now - 2 * day)
                add(script, at: time, by: 0, to: &company, announcesCancel: true, stays: random.chance(600))
            }
            if reason == .support {
                for _ in 0...random.below(3) {
                    add(
                        random.pick(Phrases.troubles), at: random.time(now - 40 * day, now - 2 * day), by: 0,
                        to: &company,
                        stays: random.chance(700), isPriority: random.chance(600))
                }
            }
            if reason == .payment, random.chance(700) {
                add(
                    Phrases.failedPayment, at: random.time(now - 25 * day, now - 2 * day), by: 0, to: &company,
                    stays: random.chance(500))
            }
        case .drifting where random.chance(350):
            add(
                random.pick(Phrases.troubles), at: random.time(now - 55 * day, now - 10 * day), by: 0, to: &company,
                stays: random.chance(400))
        case .healthy where random.chance(25) && now - company.signedUpAt > 150 * day:
            // Was talked out of leaving, long ago.
            if let script = Phrases.leaving(.price) {
                add(
                    script, at: random.time(now - 130 * day, now - 45 * day), by: 0, to: &company, announcesCancel: true
                )
            }
        case .former:
            if let script = Phrases.leaving(.price), random.chance(500) {
                add(
                    script, at: random.time(now - 145 * day, now - 140 * day), by: 0, to: &company,
                    announcesCancel: true)
            }
        default: break
        }
    }

    private mutating func addEveryday(to company: inout WorldCompany) {
        let opener = random.below(company.people.count)
        let person = company.people[opener]
        // Nobody writes without being there; who is never seen writes e-mails.
        let first = random.chance(550) ? max(person.arrivedAt, now - 170 * WorldCalendar.day) : person.arrivedAt
        let time = random.time(first, max(first, (person.lastSeenAt ?? now) - WorldCalendar.day))
        let isRecent = time > now - 15 * WorldCalendar.day
        let script = Phrases.everyday[random.weighted([14, 18, 12, 14, 12, 14, 6, 10])]
        add(script, at: time, by: opener, to: &company, stays: isRecent && random.chance(300))
    }

    /// A message to many that nobody answered.
    private mutating func addOutbound(to company: inout WorldCompany) {
        let person = random.below(company.people.count)
        let news = random.pick(Phrases.outbound)
        let time = random.time(company.people[person].arrivedAt, now - 3_600)
        let message = WorldMessage(
            form: .comment, author: .teammate(random.below(5)), at: time,
            text: filled(news.text, company.people[person], company, 0))
        company.conversations.append(
            WorldConversation(
                number: 0, title: news.title, opening: .outbound,
                state: random.chance(300) ? .open : .closed, people: [person], messages: [message]))
    }

    /// Plays a script from a time on; whatever would come later than now is not said.
    private mutating func add(
        _ script: Script, at start: Int64, by opener: Int, to company: inout WorldCompany,
        announcesCancel: Bool = false, stays isOpen: Bool = false, isPriority: Bool = false
    ) {
        let person = company.people[opener]
        let start = min(max(start, person.arrivedAt + 60), now - 60)
        let agent = random.int(5...6)
        var people = [opener]
        let colleague = (opener + 1) % company.people.count
        if colleague != opener, company.people[colleague].arrivedAt < start, random.chance(80) {
            people.append(colleague)
        }
        var time = start
        var messages: [WorldMessage] = []
        func say(_ form: WorldMessage.Form, _ author: WorldMessage.Author, after seconds: Int, _ text: String) {
            time += Int64(seconds)
            guard time < now else { return }
            messages.append(
                WorldMessage(
                    form: form, author: author, at: time, text: filled(text, person, company, agent),
                    announcesCancel: messages.isEmpty && announcesCancel))
        }
        say(.comment, .person(opener), after: 0, random.pick(script.opening))
        if random.chance(600) { say(.comment, .bot, after: random.int(3...20), random.pick(Phrases.botGreetings)) }
        say(.assignment, .bot, after: random.int(5...60), "")
        let delay = script.mood == .cross ? 20_000 : 6_000
        if random.chance(150) { say(.note, .teammate(agent), after: random.int(60...900), random.pick(Phrases.notes)) }
        if !isOpen || random.chance(600) {
            say(.comment, .teammate(agent), after: random.int(300...delay), random.pick(script.answers))
            let second = people.count > 1 && random.chance(500) ? people[1] : opener
            say(.comment, .person(second), after: random.int(120...9_000), random.pick(script.followUps))
        }
        if !isOpen {
            say(
                .close, .teammate(agent), after: random.int(60...7_200),
                random.chance(800) ? random.pick(script.closings) : "")
        }
        var conversation = WorldConversation(
            number: 0, title: script.title, opening: .customer, isEmail: person.lastSeenAt == nil || random.chance(150),
            isPriority: isPriority, people: people, assignee: agent, tags: script.tags, messages: messages)
        // A conversation whose end would lie ahead is still going on.
        if isOpen || messages.last?.form != .close { conversation.state = random.chance(850) ? .open : .snoozed }
        if conversation.state == .closed, random.chance(600) {
            conversation.rating = rating(script.mood, company, person, agent, from: conversation.updatedAt)
        }
        company.conversations.append(conversation)
    }

    private mutating func rating(
        _ mood: Script.Mood, _ company: WorldCompany, _ person: WorldPerson, _ agent: Int, from time: Int64
    ) -> WorldConversation.Rating {
        var weights =
            switch (company.standing, mood) {
            case (.leaving(.support), _): [45, 35, 15, 5, 0]
            case (.leaving, _), (.former, _): [15, 25, 30, 20, 10]
            case (.drifting, _): [5, 15, 30, 35, 15]
            case (.healthy, .cross): [2, 6, 20, 42, 30]
            case (.healthy, _): [0, 1, 7, 32, 60]
            }
        if mood == .content { weights[4] += 30 }
        let score = random.weighted(weights) + 1
        let remarks = score > 3 ? Phrases.goodRemarks : score == 3 ? Phrases.middlingRemarks : Phrases.badRemarks
        let remark = filled(random.pick(remarks), person, company, agent)
        let asked = min(time + 60, now - 1)
        guard random.chance(700) else { return WorldConversation.Rating(askedAt: asked, ratedAt: asked) }
        return WorldConversation.Rating(
            score: score, remark: remark, askedAt: asked, ratedAt: min(asked + Int64(random.int(30...40_000)), now - 1))
    }

    /// The text with its names.
    private func filled(_ text: String, _ person: WorldPerson, _ company: WorldCompany, _ agent: Int) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var filled = ""
        for (place, part) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard place > 0, let end = part.firstIndex(of: "}") else {
                filled += part
                continue
            }
            switch part[..<end] {
            case "first": filled += person.name?.prefix { $0 != " " } ?? "there"
            case "agent": filled += Vocabulary.teammates[agent].name.prefix { $0 != " " }
            default: filled += company.name
            }
            filled += part[part.index(after: end)...]
        }
        return filled
    }
}
