import GTMCore
import Testing

@Suite("Tone by lexicon") struct LexiconToneTests {
    /// Small enough to be worked by hand: a sum of `s` has the tone `s ÷ (|s| + 10)`.
    private let lexicon = LexiconTone(
        version: 3, weights: ["good": 10, "bad*": -10, "good grief": -30, "so so": 0], negations: ["not"],
        negationReach: 2, intensifiers: ["very": 50], exclamationPercent: 20, questionPercent: 50, reproaches: ["why"],
        softness: 10)

    @Test(
        "Weights add up; negations turn round, intensifiers and marks make heavier or lighter",
        arguments: [
            ("good", 500), ("bad", -500), ("Badly done", -500), ("good and bad", 0), ("so so", 0),
            ("good good", 667), ("good. good.", 667), ("not good", -500), ("not a good", -500),
            ("not a truly good", 500),
            ("not, good", 500), ("not so so good", -500), ("very good", 600), ("very very good", 667),
            ("not very bad", 600),
            ("good!", 545), ("good!!!!!", 615), ("good?", 333), ("why bad?", -500), ("oh why bad?", -333),
            ("good grief", -750), ("good grieving", 500),
        ])
    func weighs(text: String, thousandths: Int) {
        let tone = lexicon.tone(of: text)?.thousandths
        #expect(tone == thousandths || tone == thousandths - thousandths.signum(), "\(text): \(tone ?? 9999)")
    }

    @Test("A text without a word of the lexicon has no tone", arguments: ["", "Hello", "goods", "?!", "very not why"])
    func saysNothing(text: String) {
        #expect(lexicon.tone(of: text) == nil)
    }

    @Test(
        "What could not be better is good, and what could not be worse is bad",
        arguments: [
            ("Couldn't be happier.", true), ("It couldn’t be better", true), ("We could not be more pleased", true),
            ("It couldn't be worse", false), ("This couldn't be more confusing", false),
            ("The error couldn't be resolved", false),
        ])
    func comparisons(text: String, isGood: Bool) throws {
        let tone = try #require(LexiconTone.standard.tone(of: text))
        #expect(!tone.isNeutral && (tone.thousandths > 0) == isGood, "\(tone.thousandths)")
    }

    @Test("No text is ever at an end, and none beyond it") func bounds() throws {
        let text = String(repeating: "very good! ", count: 10_000)
        #expect(try #require(lexicon.tone(of: text)).thousandths < 1000)
        #expect(Tone(thousandths: 5000).thousandths == 1000)
        #expect(Tone(thousandths: -5000).thousandths == -1000)
        #expect(Tone(thousandths: -199).isNeutral && !Tone(thousandths: 200).isNeutral)
    }

    @Test("Only what the customer wrote himself has a tone") func ownMessages() {
        func message(_ text: String, _ side: Message.Side) -> Message {
            Message(id: "1", sentAt: day(-1), side: side, text: text)
        }
        let messages = [message("bad", .teammate), message("bad\n> good good", .customer), message("", .customer)]
        var record = SourceRecord(
            id: RecordID(source: desk, stream: "conversation_parts", id: "1"),
            fact: .transcript(Transcript(conversation: contactID("1"), messages: messages)))
        record = record.annotated(by: .standard, tone: lexicon)
        #expect(
            record.fact.transcript?.tones == [MessageTone(message: 1, Tone(thousandths: -500), modelVersion: 3)])
        let opened = conversation("1", of: ["1"]) { $0.opening = message("good", .customer) }
        let tones = opened.annotated(by: .standard, tone: lexicon).fact.conversation?.tones
        #expect(tones == [MessageTone(message: 0, Tone(thousandths: 500), modelVersion: 3)])
        #expect(record.annotated(by: .standard, tone: lexicon) == record)
    }
}
