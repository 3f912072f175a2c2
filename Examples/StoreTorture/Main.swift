import Foundation
import GTMCore

/// Kills writers of a store over and over, and looks whether anything that they were promised is gone.
///
/// `swift run store-torture DIR [--kills N] [--seed N]`: a program of its own writes a store from several tasks at once, with
/// snapshots and compactions, and tells each number once its commit was acknowledged. It is killed after a few milliseconds.
/// While it lives, and before and after the store is opened for writing again, everything is read: all that was acknowledged
/// has to be there, every batch whole, no commit missing, and a check must find no damage. Prints one line; ends with status 1
/// where anything was lost, and leaves the folder as it is then.
@main struct StoreTorture {
    static func main() async {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            if arguments.first == "--write", arguments.count == 4, let first = Int(arguments[2]),
                let seed = UInt64(arguments[3])
            {
                try await Writer(arguments[1], first: first, seed: seed).run()
                return
            }
            let options = try Options(arguments)
            let began = ContinuousClock.now
            let tally = try await withThrowingTaskGroup(of: Tally.self) { group in
                // Two at a time, since a writer mostly waits for its disk.
                for lane in 0..<2 {
                    group.addTask {
                        let kills = (options.kills + 1 - lane) / 2
                        var lane = try Lane(options.folder, lane, kills: kills, seed: options.seed)
                        return try await lane.run()
                    }
                }
                var all = Tally()
                for try await tally in group { all.add(tally) }
                return all
            }
            let took = began.duration(to: .now)
            print("\(tally) in \(took.formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1))))")
        } catch let error as Loss {
            FileHandle.standardError.write(Data("store-torture: LOST: \(error)\n".utf8))
            exit(1)
        } catch {
            FileHandle.standardError.write(Data("store-torture: \(error)\n".utf8))
            exit(error is WrongUsage ? 2 : 1)
        }
    }
}

/// What was asked for.
private struct Options {
    var folder = ""
    var kills = 500
    var seed: UInt64 = .random(in: 0..<1_000_000)

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--kills":
                guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0 else { throw WrongUsage() }
                kills = number
            case "--seed":
                guard let number = rest.popFirst().flatMap({ UInt64($0) }) else { throw WrongUsage() }
                seed = number
            case _ where folder.isEmpty && !word.hasPrefix("-"): folder = word
            default: throw WrongUsage()
            }
        }
        if folder.isEmpty { throw WrongUsage() }
    }
}

private struct WrongUsage: Error, CustomStringConvertible {
    var description: String { "usage: store-torture DIR [--kills N] [--seed N]" }
}

/// What the store did not keep.
struct Loss: Error, CustomStringConvertible {
    let description: String
}

/// What was done.
struct Tally: CustomStringConvertible {
    var kills = 0
    var acknowledged = 0
    var unacknowledged = 0
    var looksWhileWritten = 0
    var tornTails = 0
    var compactions = 0

    mutating func add(_ other: Tally) {
        kills += other.kills
        acknowledged += other.acknowledged
        unacknowledged += other.unacknowledged
        looksWhileWritten += other.looksWhileWritten
        tornTails += other.tornTails
        compactions += other.compactions
    }

    var description: String {
        "\(kills) kills, \(acknowledged) commits acknowledged and kept, \(unacknowledged) more found, "
            + "\(looksWhileWritten) looks while written, \(tornTails) unfinished writes, \(compactions) compactions"
    }
}
