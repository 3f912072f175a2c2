/// A value that many places hold at once without copying it.
///
/// Records are read far more often than they are made; a reference to an unchanging value costs one count where a copy
/// costs one for each text in it.
package final class Shared<Value: Sendable & Hashable>: Sendable {
    package let value: Value

    package init(_ value: Value) { self.value = value }
}

extension Shared: Hashable {
    package static func == (left: Shared, right: Shared) -> Bool { left === right || left.value == right.value }
    package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
