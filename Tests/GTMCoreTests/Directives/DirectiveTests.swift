import Testing

@testable import GTMCore

@Suite("Directives") struct DirectiveTests {
    private let text = """
        # A rule

        ```text
        ```json nothing
        ```

        ```json weights
        {
          "version": 1,
          "components": [
            { "name": "a", "weight": 3 },
            { "name": "b",
              "weight": -3 }
          ]
        }
        ```
        """

    private func block(_ text: String) throws -> DirectiveBlock {
        try #require(try DirectiveBlock.blocks(in: Array(text.utf8), file: "rule.md").last)
    }

    @Test("Blocks are found by name, fences of prose are not") func blocks() throws {
        let text = text.replacing("```json nothing\n", with: "nothing\n")
        let blocks = try DirectiveBlock.blocks(in: Array(text.utf8), file: "rule.md")
        #expect(blocks.map(\.name) == ["weights"])
        #expect(blocks.map(\.line) == [7])
        #expect(try blocks[0].content.member("version").integer(in: 1...9) == 1)
    }

    @Test("What is wrong is told with file, line, value and what was expected") func values() throws {
        let text = text.replacing("```json nothing\n", with: "nothing\n")
        let components = try block(text).content.member("components").elements()
        #expect(try components[0].member("weight").integer(in: 1...100) == 3)
        let error = #expect(throws: DirectiveError.self) {
            try components[1].member("weight").integer(in: 1...100)
        }
        #expect(
            error?.description == "rule.md:13: components[1].weight is -3; expected a whole number from 1 to 100")
        let unknown = #expect(throws: DirectiveError.self) { try components[0].members(["name"]) }
        #expect(unknown?.description == "rule.md:11: \"weight\" is not known here; expected name")
        let missing = #expect(throws: DirectiveError.self) { try components[0].member("curve") }
        #expect(missing?.description == "rule.md:11: components[0] lacks \"curve\"")
        #expect(throws: DirectiveError.self) { try components[0].member("name").number() }
    }

    @Test("A block that is no JSON, or does not end, names its line") func damage() {
        let broken = #expect(throws: DirectiveError.self) { try block("```json a\n{\n \"b\": 1,\n}\n```") }
        #expect(broken?.line == 4)
        let open = #expect(throws: DirectiveError.self) { try block("\n```json a\n{}") }
        #expect(open?.description == "rule.md:2: the block a is not closed; expected a line of ```")
        let twice = #expect(throws: DirectiveError.self) {
            try block("```json a\n{\"b\": 1, \"b\": 2}\n```").content.members()
        }
        #expect(twice?.line == 2)
    }
}
