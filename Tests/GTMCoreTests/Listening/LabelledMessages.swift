import GTMCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A message with what a person says about it.
struct LabelledMessage: Sendable {
    var text: String
    var speaksOfCancelling: Bool
    var speaksOfCompetitor: Bool
    var sounds: Sound

    /// How a message sounds, in three steps.
    enum Sound: String, Sendable {
        case negative, neutral, positive

        init(_ tone: Tone?) {
            guard let tone, !tone.isNeutral else {
                self = .neutral
                return
            }
            self = tone.thousandths < 0 ? .negative : .positive
        }
    }

    /// A part of the set.
    enum Part: String, Sendable, CaseIterable {
        /// What rules are made on.
        case development
        /// What was written before the rules and is looked at by nobody who makes them.
        case heldOut = "held-out"
    }

    /// The messages of a part; `nil` where a line is no labelled message.
    static func all(of part: Part) throws -> [LabelledMessage]? {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/Conversations/\(part.rawValue).tsv")
        let lines = String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n").dropFirst()
        let messages = lines.compactMap(LabelledMessage.init(line:))
        return messages.count == lines.count ? messages : nil
    }

    private init?(line: Substring) {
        let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        let labels = ["yes": true, "no": false]
        guard cells.count == 4, let cancel = labels[cells[0]], let competitor = labels[cells[1]],
            let sounds = Sound(rawValue: cells[2])
        else { return nil }
        (text, speaksOfCancelling, speaksOfCompetitor, self.sounds) = (cells[3], cancel, competitor, sounds)
    }
}

/// How often a yes was right, wrong, and missed.
struct Measurement: Sendable, Equatable {
    var right = 0
    var wrong = 0
    var missed = 0

    mutating func count(expected: Bool, found: Bool) {
        if expected && found { right += 1 } else if found { wrong += 1 } else if expected { missed += 1 }
    }

    /// Thousandths, rounded; 0 where nothing was found.
    var precision: Int { Self.thousandths(right, of: right + wrong) }
    /// Thousandths, rounded; 0 where there was nothing to find.
    var recall: Int { Self.thousandths(right, of: right + missed) }

    static func thousandths(_ part: Int, of whole: Int) -> Int { whole == 0 ? 0 : (2000 * part + whole) / (2 * whole) }

    /// `98.5 %`.
    static func percent(_ thousandths: Int) -> String { "\(thousandths / 10).\(thousandths % 10) %" }
}
