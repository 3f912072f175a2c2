extension LexiconTone {
    /// The lexicon of `directives/conversation-rules.md`.
    public static let standard = LexiconTone(
        version: 2, weights: standardWeights,
        negations: [
            "ain't", "aren't", "arent", "can't", "cannot", "cant", "couldn't", "didn't", "didnt", "doesn't", "doesnt",
            "don't",
            "dont", "hardly", "hasn't", "haven't", "isn't", "isnt", "never", "no", "nobody", "none", "not", "nothing",
            "wasn't", "weren't", "without", "won't", "wont", "wouldn't",
        ],
        negationReach: 3,
        intensifiers: [
            "absolutely": 60, "a bit": -40, "a little": -40, "awfully": 40, "completely": 50,
            "could not be more": 50, "couldn't be more": 50, "couldn't have been more": 50, "extremely": 80,
            "highly": 50,
            "incredibly": 80, "more": 20, "most": 40, "painfully": 60, "pretty": 20, "quite": 10, "rather": 10,
            "really": 50,
            "seriously": 40, "slightly": -40, "so": 40, "somewhat": -30, "such": 30, "super": 50, "too": 30,
            "totally": 50,
            "very": 50,
        ],
        exclamationPercent: 20, questionPercent: 40, reproaches: ["why", "how come", "seriously"], softness: 20)

    private static let standardWeights: [String: Int] = {
        let groups: [(Int, [String])] = [
            (
                30,
                [
                    "adore*", "amazing*", "awesome*", "best", "blown away", "brilliant*", "delight*", "excellent*",
                    "exceptional*", "fantastic*", "flawless*", "love", "loved", "loves", "loving", "marvellous*",
                    "never been better", "never had a better",
                    "outstanding*", "perfect*", "phenomenal*", "rock", "rocks", "stellar", "superb*",
                    "terrific*", "thrilled", "wonderful*", "🎉", "😍", "❤",
                ]
            ),
            (
                20,
                [
                    "beautiful*", "could not be better", "could not be easier", "could not be happier",
                    "couldn't be better", "couldn't be easier", "couldn't be happier", "couldn't have been better",
                    "couldn't have been easier", "couldn't have been happier",
                    "enjoy*", "fast fix", "glad", "good job", "grateful*", "great", "greatly", "happier",
                    "happy", "impress*", "kind", "like it", "like the", "like your", "nice", "nicely", "pleasant",
                    "pleased", "pleasure", "recommend*", "satisf*", "smooth*", "solved", "thank you so much",
                    "thanks a lot", "thanks a million", "thx a million", "well done", "works great", "works now",
                    "works perfectly", "working again", "👍", "😀", "😊", "🙂", "🙏",
                ]
            ),
            (
                10,
                [
                    "appreciat*", "better", "cheers", "clean", "clear", "convenient*", "cool", "easier", "easy", "fast",
                    "fine", "fixed", "fun", "good", "helpful*", "helps", "intuitive*", "kudos",
                    "quick", "quickly", "reliable", "resolved", "simple", "success*", "thank you for", "thanks for",
                    "useful", "valuable", "works", "worth",
                ]
            ),
            (4, ["thank you", "thank", "thanks", "thanks for getting back", "thx"]),
            (
                0,
                [
                    "kind of", "kind regards", "best way", "not just", "not only", "not sure", "like to", "no problem",
                    "no worries", "pretty much", "thanks in advance",
                ]
            ),
            (
                -10,
                [
                    "bug", "bugs", "buggy", "charged twice", "charged again", "complain*", "complicat*", "confus*",
                    "delay*", "difficult*", "dropped calls", "duplicate charge", "error", "errors", "escalat*",
                    "expensive",
                    "fail", "failed", "failing", "fails", "failure*", "hard to", "immediately", "incorrect*", "issue",
                    "issues", "joke", "lack*",
                    "lost", "missing", "outage*", "price increase", "pain", "painful*", "poor", "poorly", "problem",
                    "problems", "sad",
                    "sadly", "slow", "slower", "slowly", "still waiting", "stop charging", "stuck", "tired of",
                    "trouble*", "twice",
                    "unclear", "unfortunately", "urgent*", "wrong", "three times", "third time",
                ]
            ),
            (
                -20,
                [
                    "annoy*", "bad", "broke", "broken", "cheated", "could not be worse", "couldn't be worse",
                    "couldn't have been worse", "crash*", "disappoint*",
                    "doesn't work",
                    "does not work", "don't like", "didn't like", "do not like", "done with",
                    "down again", "downhill",
                    "drives me mad", "expected better", "fed up", "frustrat*", "had enough", "had it with",
                    "isn't working",
                    "mess", "messy", "never works", "no answer", "no apology", "no reply", "no response",
                    "nobody answer*", "nobody repl*", "nobody has", "no one answer*", "no one has", "not work*",
                    "regret*", "ridiculous*", "sick of", "still broken", "still not", "stopped working", "sucks",
                    "unhappy",
                    "unreliable", "unusable", "useless*", "wast*", "worse", "😞", "😠", "😡", "🙁",
                ]
            ),
            (
                -30,
                [
                    "angry", "appalling*", "awful", "disgrace*", "disgust*", "furious*", "garbage", "hate", "hated",
                    "hates",
                    "horrible", "horribl*", "horrific*", "inexcusabl*", "nightmare*", "not acceptable", "outrageous*",
                    "pathetic*", "rubbish", "scam*", "shame on", "terribl*", "unacceptabl*", "waste of", "worst",
                ]
            ),
        ]
        var weights: [String: Int] = [:]
        for (weight, words) in groups {
            for word in words { weights[word] = weight }
        }
        return weights
    }()
}
