/// One account at one vendor: the instance of a source.
///
/// Two Intercom workspaces are two sources, `intercom/acme` and `intercom/acme-eu`; what they say never mixes.
public struct SourceID: Sendable, Hashable {
    /// The vendor's lowercase name, such as `intercom`.
    public var vendor: String
    /// The account at the vendor, such as a workspace id; `default` where a host has only one.
    public var account: String

    /// Creates the id of one account at one vendor.
    public init(vendor: String, account: String = "default") {
        self.vendor = vendor
        self.account = account
    }

    /// The engine itself, as the author of rules.
    public static let gtm = SourceID(vendor: "gtm")
}

extension SourceID: Comparable, CustomStringConvertible, LosslessStringConvertible {
    public static func == (left: Self, right: Self) -> Bool {
        left.vendor.utf8Equals(right.vendor) && left.account.utf8Equals(right.account)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(utf8: vendor)
        hasher.combine(utf8: account)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.vendor.utf8Equals(right.vendor)
            ? left.account.utf8Precedes(right.account) : left.vendor.utf8Precedes(right.vendor)
    }

    /// `vendor/account`.
    public var description: String { "\(vendor)/\(account)" }

    /// Reads `vendor/account`, or a vendor's name alone; `nil` where either part is empty.
    public init?(_ description: String) {
        let parts = description.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let vendor = parts.first, !vendor.isEmpty, parts.last?.isEmpty == false else { return nil }
        self.init(vendor: String(vendor), account: parts.count == 2 ? String(parts[1]) : "default")
    }
}

extension String {
    /// Whether this comes before `other`, byte by byte: the one order of the whole library.
    ///
    /// Swift's own order treats canonically equivalent texts as equal; keys are compared as their bytes.
    @inlinable package func utf8Precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }

    /// Whether this is `other`, byte for byte.
    package func utf8Equals(_ other: String) -> Bool {
        // Texts of other bytes may be equal to Swift: the bytes themselves are looked at, eight at a time.
        guard utf8.count == other.utf8.count else { return false }
        let equal = unsafe utf8.withContiguousStorageIfAvailable { left in
            unsafe other.utf8.withContiguousStorageIfAvailable { right in
                unsafe left.baseAddress == right.baseAddress
                    || Self.equal(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
            }
        }
        return (equal ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    /// Whether two texts of the same length have the same bytes.
    @inline(__always)
    private static func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
        var place = 0
        while place + 8 <= left.count {
            let (a, b) = unsafe (
                left.loadUnaligned(fromByteOffset: place, as: UInt64.self),
                right.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            )
            if a != b { return false }
            place += 8
        }
        while place < left.count {
            if unsafe left[place] != right[place] { return false }
            place += 1
        }
        return true
    }
}

extension Hasher {
    /// Takes in the bytes of a text, and where it ends.
    mutating func combine(utf8 text: String) {
        var text = text
        text.withUTF8 { unsafe combine(bytes: UnsafeRawBufferPointer($0)) }
        combine(0xFF as UInt8)
    }
}
