import Synchronization
import Testing

@testable import GTMCommandLine

@Suite("Outlets") struct OutletTests {
    @Test("What is held is written when it is released, in order, once") func held() {
        let sent = Sent()
        let outlet = Outlet(isTerminal: false, width: 80, hasColor: false) { bytes in
            sent.add(bytes)
            return nil
        }
        outlet.write("a")
        outlet.hold()
        outlet.write("b")
        outlet.write("c")
        #expect(sent.text == "a")
        outlet.release()
        #expect(sent.text == "abc")
        outlet.release()
        outlet.write("d")
        #expect(sent.text == "abcd")
    }
}

private final class Sent: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }
    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
}
