import GTMCore
import Testing

@testable import GTMCommandLine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Views of a store on files") struct StoreViewsTests {
    private static let plain = Palette(isOn: false)

    private func location() throws -> StoreLocation {
        try StoreLocation(option: "data", variable: nil, directory: "/srv")
    }

    private let statistics = GTMCommandLine.StoreStatistics(
        generation: 3, journalBytes: 2_000_000_000, snapshotBytes: 600_000_000,
        snapshotAt: Session.now.addingTimeInterval(-3 * 86_400 - 60), records: 1_200_000, versions: 3_400_000,
        customers: 250_000, historySince: Session.now.addingTimeInterval(-365 * 86_400), freeBytes: 90_000_000_000)

    @Test(
        "Bytes in steps of a thousand, cut",
        arguments: [
            (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (1999, "1.9 kB"),
            (999_999, "999.9 kB"), (1_000_000, "1.0 MB"), (34_567_890_123, "34.5 GB"),
            (1_234_567_890_123_456, "1,234.5 TB"), (UInt64.max, "18,446,744.0 TB"),
        ])
    func bytes(number: UInt64, text: String) { #expect(ByteText.text(number) == text) }

    // MARK: Statistics

    @Test("What a store holds, to the letter") func statisticsText() throws {
        let text = StoreStatisticsView.text(
            statistics, location: try location(), now: Session.now, width: 60, palette: Self.plain)
        #expect(
            text == """
                Store "data" (by --store)

                  Customers   250,000
                  Records     1,200,000
                  Versions    3,400,000
                  History     since 2025-11-20 08:00 UTC
                  Size        2.6 GB
                  Journal     2.0 GB
                  Snapshot    600.0 MB, made 3 days ago
                  Generation  3
                  Free        90.0 GB

                """)
    }

    @Test("As JSON, with the founding name of the number of customers") func statisticsDocument() throws {
        let document = try JSONReader.read(
            Array(StoreStatisticsView.line(statistics, location: try location()).utf8)
        ).value
        #expect(document["store"]?["path"] == "/srv/data" && document["total_customers"] == 250_000)
        #expect(document["bytes"] == 2_600_000_000 && document["generation"] == 3)
        #expect(document["history_since"] == "2025-11-20T08:00:00Z" && document["advice"] == [])
        let empty = GTMCommandLine.StoreStatistics(
            generation: 1, journalBytes: 0, records: 0, versions: 0, customers: 0)
        let bare = try JSONReader.read(Array(StoreStatisticsView.line(empty, location: try location()).utf8)).value
        for name in ["snapshot_bytes", "snapshot_at", "history_since", "free_bytes"] { #expect(bare[name] == .null) }
        let text = StoreStatisticsView.text(
            empty, location: try location(), now: Session.now, width: 60, palette: Self.plain)
        #expect(text.contains("  Snapshot    none\n") && text.contains("  History     none yet\n"))
        #expect(text.contains("  Free        –\n"))
    }

    @Test("Advice where room is short, where versions pile up, where there is no snapshot") func advice() {
        #expect(statistics.advice.isEmpty)
        var full = statistics
        full.freeBytes = 2_500_000_000
        #expect(full.advice.count == 1 && full.advice[0].hasPrefix("free 100.0 MB on the medium"))
        var piled = statistics
        piled.versions = 4_800_000
        #expect(piled.advice == ["gtm store compact drops versions older than the history that is kept"])
        var bare = statistics
        bare.snapshotAt = nil
        bare.snapshotBytes = nil
        #expect(bare.advice == ["gtm store compact writes a snapshot, so that the store opens faster"])
        bare.journalBytes = 1000
        #expect(bare.advice.isEmpty)
        bare.journalBytes = .max
        bare.snapshotBytes = .max
        #expect(bare.bytes == .max)
    }

    @Test("What compacting did") func comparison() {
        var after = statistics
        after.journalBytes = 400_000_000
        #expect(
            StoreStatisticsView.comparison(statistics, after)
                == "Compacted: 2.6 GB before, 1.0 GB now; every version is kept.")
        after.versions -= 1
        #expect(
            StoreStatisticsView.comparison(statistics, after)
                == "Compacted: 2.6 GB before, 1.0 GB now; 1 version dropped, history since 2025-11-20 08:00 UTC.")
    }

    // MARK: Check

    private static let kinds: [GTMCommandLine.StoreFinding.Kind] = [
        .tornTail(bytes: 812), .damaged(firstMissing: 4711), .damaged(firstMissing: nil), .unknownFormat(version: 9),
        .missing, .unreadable(reason: "permission is missing"), .unusableSnapshot, .disagreement, .leftover,
    ]

    @Test("A whole store") func whole() throws {
        let check = StoreCheck(files: 2, bytes: 2_600_000_000, batches: 48_211, findings: [])
        #expect(check.exitCode == .done)
        #expect(
            StoreCheckView.text(check, width: 80, palette: Self.plain)
                == "Everything is whole.\n2 files, 2.6 GB, 48,211 batches read\n")
        let document = try JSONReader.read(Array(StoreCheckView.line(check).utf8)).value
        #expect(document == ["ok": true, "files": 2, "bytes": 2_600_000_000, "batches": 48_211, "findings": []])
    }

    @Test("A damaged one: file, offset, what it means, what to do") func damaged() throws {
        let check = StoreCheck(
            files: 2, bytes: 1000, batches: 10,
            findings: [
                GTMCommandLine.StoreFinding(file: "journal-3", offset: 1_048_576, kind: .damaged(firstMissing: 4711)),
                GTMCommandLine.StoreFinding(file: "snapshot-2", offset: nil, kind: .leftover),
            ])
        #expect(check.exitCode == .failed)
        #expect(
            StoreCheckView.text(check, width: 80, palette: Self.plain) == """
                ✘ journal-3, byte 1,048,576
                    batch 4711 and perhaps some after it cannot be read, though later ones can;
                    what they told is lost
                    → leave the folder as it is, copy it, then restore a backup (gtm restore
                    FILE) or read the sources anew into another folder (gtm sync --full --store
                    DIR)
                ! snapshot-2
                    nothing names it any more; it was left behind when something was broken off
                    → gtm store compact removes it

                Damaged: 1 place of loss.
                2 files, 1.0 kB, 10 batches read

                """)
        let document = try JSONReader.read(Array(StoreCheckView.line(check).utf8)).value
        #expect(document["ok"] == false)
        let first = try #require(document["findings"]?.array?.first)
        #expect(first["file"] == "journal-3" && first["offset"] == 1_048_576 && first["kind"] == "damaged")
        #expect(first["loss"] == true && first["remedy"]?.string?.contains("gtm restore") == true)
        #expect(document["findings"]?.array?.last?["offset"] == .null)
    }

    @Test("Only what loses something fails, and every finding tells what to do", arguments: kinds)
    func severity(kind: GTMCommandLine.StoreFinding.Kind) {
        let finding = GTMCommandLine.StoreFinding(file: "journal-1", offset: 7, kind: kind)
        let check = StoreCheck(files: 1, bytes: 1, batches: 1, findings: [finding])
        let isHarmless = ["torn_tail", "unusable_snapshot", "disagreement", "leftover"].contains(finding.name)
        #expect(check.exitCode == (isHarmless ? .done : .failed))
        for width in [45, 80] {
            let text = StoreCheckView.text(check, width: width, palette: Self.plain)
            #expect(text.contains(isHarmless ? "! journal-1, byte 7\n" : "✘ journal-1, byte 7\n"))
            #expect(text.contains(isHarmless ? "Nothing is lost.\n" : "Damaged: 1 place of loss.\n"))
            for line in text.split(separator: "\n") { #expect(TextWidth.of(String(line)) <= width) }
        }
    }

    // MARK: Progress

    @Test(
        "How far it is, in every width",
        arguments: [
            (80, "checking journal-3  █████████░░░░░░░░░░░░  45 %  900.0 MB of 2.0 GB  300.0 MB/s"),
            (58, "checking journal-3  45 %  900.0 MB of 2.0 GB  300.0 MB/s"),
            (30, "checking journal-3  45 %  90…"),
        ])
    func progress(width: Int, expected: String) {
        let progress = StoreProgress(
            phase: .checking, file: "journal-3", done: 900_000_000, total: 2_000_000_000)
        let text = StoreProgressLine.text(progress, elapsed: .seconds(3), width: width)
        #expect(text == expected)
        #expect(TextWidth.of(text) < width)
    }

    @Test("Without a total, without time, beyond the end") func progressEdges() {
        var progress = StoreProgress(phase: .restoring, done: 5_000_000, total: nil)
        #expect(StoreProgressLine.text(progress, elapsed: .zero, width: 80) == "restoring  5.0 MB")
        #expect(StoreProgressLine.text(progress, elapsed: .seconds(2), width: 80) == "restoring  5.0 MB  2.5 MB/s")
        progress.total = 4_000_000
        #expect(StoreProgressLine.text(progress, elapsed: .zero, width: 40).hasSuffix("100 %  4.0 MB of 4.0 MB"))
        progress.done = .max
        progress.total = nil
        #expect(StoreProgressLine.text(progress, elapsed: .seconds(1), width: 80).hasSuffix("TB/s"))
        progress.total = 0
        #expect(StoreProgressLine.text(progress, elapsed: .zero, width: 80) == "restoring  18,446,744.0 TB")
    }
}
