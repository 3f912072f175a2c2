import GTMCore
import Testing

@Suite("JSON tree") struct JSONValueTests {
    @Test("A key that occurs twice answers with its last value, and both stay") func duplicateKeys() {
        var object = JSONObject(members: [.init(key: "a", value: 1), .init(key: "a", value: 2)])
        #expect(object["a"] == 2)
        #expect(object.members.count == 2)
        object["a"] = 3
        #expect(object.members.map(\.value) == [1, 3])
        object["a"] = nil
        #expect(object.members.isEmpty)
    }
}
