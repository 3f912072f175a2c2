/// Who asks a store for something: a person, a service, the engine itself. It is named at every call.
public struct StoreActor: Sendable, Hashable, CustomStringConvertible {
    /// The name that logs show.
    public var name: String

    /// Creates an actor by name.
    public init(_ name: String) { self.name = name }

    /// Nobody said who; visible as such.
    public static let unspecified = StoreActor("unspecified")
    /// The sync engine.
    public static let engine = StoreActor("gtm")

    public var description: String { name }
}
