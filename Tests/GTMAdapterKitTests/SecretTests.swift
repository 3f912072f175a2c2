import GTMAdapterKit
import Testing

@Suite("Secret") struct SecretTests {
    @Test("It prints as stars, however it is shown") func neverShown() {
        let secret = Secret("hunter2-token")
        var dumped = ""
        dump([secret], to: &dumped)
        let shown = ["\(secret)", "\(secret as Any)", String(reflecting: secret), String(describing: [secret]), dumped]
        #expect(shown.allSatisfy { !$0.contains("hunter2") })
        #expect("\(secret)" == "***")
        #expect(secret.withExposed { $0 } == "hunter2-token")
    }

    @Test(
        "Equality looks at every byte",
        arguments: [("a", "a", true), ("a", "b", false), ("a", "aa", false), ("", "", true)])
    func equality(left: String, right: String, isEqual: Bool) {
        #expect((Secret(left) == Secret(right)) == isEqual)
    }
}
