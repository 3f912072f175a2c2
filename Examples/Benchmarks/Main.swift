import Foundation
import GTMCore

/// Measures the engine on this machine: medians, beside a rival in the same run where there is one.
///
/// `swift run -c release gtm-bench [--customers N] [--runs N] [--only PART] [--json]`; `--json` prints one object a line. Ends with
/// status 1 where a goal is missed.
@main struct Benchmark {
    static func main() async {
        do {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            let rows = Rows(
                count: options.customers, runs: options.runs, now: Date(timeIntervalSince1970: 1_795_176_000))
            if !options.json { print(machine(), "\n") }
            let stores = StoreRows(count: options.customers, runs: options.runs, now: rows.now)
            var missed = false
            func report(_ row: Row) {
                print(options.json ? json(row) : text(row))
                if !row.isMet { missed = true }
            }
            try await rows.measure(options.only, report)
            try await stores.measure(options.only, report)
            exit(missed ? 1 : 0)
        } catch {
            FileHandle.standardError.write(Data("gtm-bench: \(error)\n".utf8))
            exit(error is BenchmarkFailure ? 1 : 2)
        }
    }

    private static func machine() -> String {
        let info = ProcessInfo.processInfo
        let memory = info.physicalMemory / (1 << 30)
        let cpu = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))
            .flatMap { $0.split(separator: "\n").first { $0.hasPrefix("model name") } }
            .flatMap { $0.split(separator: ":").last.map { $0.drop(while: { $0 == " " }) } }
        return "\(info.activeProcessorCount) cores\(cpu.map { " (\($0))" } ?? ""), \(memory) GiB, "
            + info.operatingSystemVersionString
    }

    private static func text(_ row: Row) -> String {
        var line = row.name.padding(toLength: 46, withPad: " ", startingAt: 0)
        line += grouped(row.value).leftPadded(to: 14) + " \(row.unit)"
        if let goal = row.goal { line += "  (\(row.isMet ? "goal met" : "GOAL MISSED"): \(grouped(goal)))" }
        if let rival = row.rival {
            let ratio = (row.value / rival.value * 10).rounded() / 10
            line += "\n" + "  \(rival.name)".padding(toLength: 46, withPad: " ", startingAt: 0)
            line += grouped(rival.value).leftPadded(to: 14) + " \(row.unit)  (ours is \(ratio) times that)"
        }
        return line
    }

    private static func json(_ row: Row) -> String {
        var object: JSONObject = [
            "name": .string(row.name), "unit": .string(row.unit), "value": .double(row.value.rounded()),
            "goal": row.goal.map { .double($0) } ?? .null, "met": .bool(row.isMet),
        ]
        if let rival = row.rival {
            object["rival"] = .string(rival.name)
            object["rival_value"] = .double(rival.value.rounded())
        }
        return JSONWriter.text(.object(object))
    }

    private static func grouped(_ number: Double) -> String {
        let digits = String(Int64(number.rounded()))
        var result = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }
}

/// What the caller wants measured.
struct Options {
    var customers = 10_000
    var runs = 5
    var json = false
    var only = ""

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--json": json = true
            case "--only": only = rest.popFirst() ?? ""
            case "--customers": customers = try Self.number(rest.popFirst(), for: word)
            case "--runs": runs = try Self.number(rest.popFirst(), for: word)
            default:
                throw Wrong(
                    description: "\(word) is no option; expected --customers N, --runs N, --only PART or --json")
            }
        }
    }

    private static func number(_ word: String?, for option: String) throws -> Int {
        guard let word, let number = Int(word), (1...10_000_000).contains(number) else {
            throw Wrong(description: "\(option) is \(word ?? "missing"); expected a number from 1 to 10000000")
        }
        return number
    }

    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
