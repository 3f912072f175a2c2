import GTMCore
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The directives of this repository.
enum Directive {
    /// The blocks of a directive.
    static func blocks(_ file: String) throws -> [DirectiveBlock] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = Array(try Data(contentsOf: root.appendingPathComponent("directives/\(file)")))
        return try DirectiveBlock.blocks(in: text, file: file)
    }

    /// The only block of a name in a directive.
    static func block(_ name: String, of file: String) throws -> DirectiveNode {
        let found = try blocks(file).filter { $0.name == name }
        #expect(found.count == 1)
        return try #require(found.first).content
    }
}
