import GTMCore
import Synchronization

extension SimulatedIntercom {
    /// Every contact that can be seen and every conversation with its parts, an object a line, contacts first.
    ///
    /// - Returns: UTF-8; each line ends with LF.
    public func ndjson() -> [UInt8] {
        let workspace = state.withLock { $0.workspace }
        var bytes: [UInt8] = []
        for contact in workspace.contacts where contact.state == .live {
            JSONWriter.append(.object(workspace.shapes.contact(contact)), to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        for conversation in workspace.conversations {
            JSONWriter.append(workspace.whole(conversation), to: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}

extension IntercomWorkspace {
    /// A conversation with its parts.
    func whole(_ conversation: IntercomConversation, plain: Bool = false) -> JSONValue {
        var object = shapes.conversation(conversation, plain: plain, survivor: survivor(of:))
        object["conversation_parts"] = shapes.parts(conversation, plain: plain, survivor: survivor(of:))
        return .object(object)
    }
}
