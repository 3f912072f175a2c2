import GTMCore
import Testing

@testable import GTMCommandLine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Views of a store on files") struct StoreViewsTests {
    @Test(
        "Bytes in steps of a thousand, cut",
        arguments: [
            (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (1999, "1.9 kB"),
            (999_999, "999.9 kB"), (1_000_000, "1.0 MB"), (34_567_890_123, "34.5 GB"),
            (1_234_567_890_123_456, "1,234.5 TB"), (UInt64.max, "18,446,744.0 TB"),
        ])
    func bytes(number: UInt64, text: String) { #expect(ByteText.text(number) == text) }

    // MARK: Check

    @Test("A whole store") func whole() throws {
        #expect(StoreCheckView.text([], width: 80, palette: Palette(isOn: false)) == "Everything is whole.\n")
        let document = try JSONReader.read(Array(StoreCheckView.line([]).utf8)).value
        #expect(document == ["ok": true, "findings": []])
        #expect(StoreCheckView.exitCode([]) == .done)
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
