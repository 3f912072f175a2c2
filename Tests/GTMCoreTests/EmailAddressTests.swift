import GTMCore
import Testing

@Suite("E-mail addresses") struct EmailAddressTests {
    @Test(
        "White space goes, letters become small, nothing else is folded",
        arguments: [
            (" Ada@Northwind.TEST\n", "ada@northwind.test"), ("a.b+c@x.test", "a.b+c@x.test"),
            ("\u{A0}ÅSA@Exämple.test", "åsa@exämple.test"), ("\"a b\"@x.test", "\"a b\"@x.test"),
            ("o'brien@x.test", "o'brien@x.test"), ("a@[192.0.2.1]", "a@[192.0.2.1]"), ("a@localhost", "a@localhost"),
            ("a@xn--bcher-kva.test", "a@xn--bcher-kva.test"),
        ])
    func normalises(text: String, expected: String) throws {
        #expect(try EmailAddress(text).normalized == expected)
    }

    @Test(
        "What is no address is refused",
        arguments: [
            "", "   ", "ada", "@x.test", "ada@", "a@@x.test", ".a@x.test", "a.@x.test", "a..b@x.test", "a b@x.test",
            "a@x..test", "a@-x.test", "a@x-.test", "a@x test", "(note)a@x.test", "a@x.test, b@x.test", "\"a@x.test",
            "a@[192.0.2.1", "<a@x.test>",
        ])
    func refuses(text: String) {
        #expect(throws: EmailAddress.Invalid.self) { try EmailAddress(text) }
    }

    @Test("Lengths are limited: 64 before the @, 63 a label, 254 in all") func limits() throws {
        let local = String(repeating: "a", count: 64)
        #expect(try EmailAddress("\(local)@x.test").localPart == local)
        #expect(throws: EmailAddress.Invalid.self) { try EmailAddress("\(local)a@x.test") }
        let label = String(repeating: "b", count: 63)
        #expect(try EmailAddress("a@\(label).test").domain == "\(label).test")
        #expect(throws: EmailAddress.Invalid.self) { try EmailAddress("a@\(label)b.test") }
        let long = "a@" + Array(repeating: label, count: 4).joined(separator: ".")
        #expect(throws: EmailAddress.Invalid.self) { try EmailAddress(long) }
        #expect(throws: EmailAddress.Invalid.self) {
            try EmailAddress(String(repeating: "x", count: 10_000_000) + "@x.test")
        }
    }

    @Test("Addresses are the same when their bytes are, not when they look alike") func bytes() throws {
        let composed = try EmailAddress("\u{E9}@x.test")
        let decomposed = try EmailAddress("e\u{301}@x.test")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(try EmailAddress("A@x.test") == EmailAddress("a@X.test"))
    }

    @Test("An error never quotes the text") func saysNothingPersonal() {
        let error = #expect(throws: EmailAddress.Invalid.self) { try EmailAddress("secret person@x.test") }
        #expect(error?.description.contains("secret") == false)
    }

    @Test("Mailboxes of a role are told apart") func roles() throws {
        #expect(try EmailAddress("Info@x.test").isRoleMailbox)
        #expect(try !EmailAddress("ines@x.test").isRoleMailbox)
    }
}
