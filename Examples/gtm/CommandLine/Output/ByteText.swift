/// Numbers of bytes as people read them.
enum ByteText {
    /// A number of bytes with one decimal, cut: `999 bytes`, `1.2 kB`, `34.5 GB`; steps of a thousand.
    static func text(_ bytes: UInt64) -> String {
        guard bytes >= 1000 else { return bytes == 1 ? "1 byte" : "\(bytes) bytes" }
        var tenths = bytes / 100
        var unit = 0
        while tenths >= 10_000, unit < units.count - 1 {
            tenths /= 1000
            unit += 1
        }
        return "\(grouped(String(tenths / 10))).\(tenths % 10) \(units[unit])"
    }

    private static let units = ["kB", "MB", "GB", "TB"]
}
