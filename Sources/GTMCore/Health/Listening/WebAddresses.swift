/// Where the web and e-mail addresses of a text stand.
///
/// Their parts are nobody's words: `https://help.x.test/cancel-subscription` asks for nothing.
enum WebAddresses {
    /// The places of the addresses, in order, none running into another.
    ///
    /// An address has a scheme (`https://`, `mailto:`), begins with `www.`, is a host with a path behind it, or is somebody's
    /// at a host. The time taken grows with the length of the text alone.
    static func places(in source: Span<UInt8>) -> [Range<Int>] {
        var places: [Range<Int>] = []
        var place = 0
        // What stands before is part of another address, or was looked at.
        var floor = 0
        while place < source.count {
            let found: Range<Int>? =
                switch source[place] {
                case UInt8(ascii: "@"): mailbox(around: place, after: floor, source)
                case UInt8(ascii: ":"): withScheme(around: place, after: floor, source)
                case UInt8(ascii: "/"): withPath(around: place, after: floor, source)
                case UInt8(ascii: "."): withoutScheme(around: place, after: floor, source)
                default: nil
                }
            if let found {
                places.append(found)
                (place, floor) = (found.upperBound, found.upperBound)
            } else {
                place += 1
            }
        }
        return places
    }

    private static func mailbox(around at: Int, after floor: Int, _ source: Span<UInt8>) -> Range<Int>? {
        let start = first(before: at, after: floor, source) { isHostByte($0) || "_%+='&".utf8.contains($0) }
        var end = at + 1
        while end < source.count, isHostByte(source[end]) { end += 1 }
        while end > at + 1, !isLetterOrDigit(source[end - 1]) { end -= 1 }
        guard start < at, hasPoint(at + 1..<end, source) else { return nil }
        let hasPath = end < source.count && source[end] == UInt8(ascii: "/")
        return start..<(hasPath ? self.end(after: end + 1, source) : end)
    }

    private static func withScheme(around colon: Int, after floor: Int, _ source: Span<UInt8>) -> Range<Int>? {
        let start = first(before: colon, after: floor, source, where: isLetterOrDigit)
        guard start < colon else { return nil }
        if colon + 2 < source.count, source[colon + 1] == UInt8(ascii: "/"), source[colon + 2] == UInt8(ascii: "/") {
            return start..<end(after: colon + 3, source)
        }
        let mail = "mailto".utf8
        guard colon - start == mail.count, zip(start..<colon, mail).allSatisfy({ source[$0] | 0x20 == $1 }) else {
            return nil
        }
        return start..<end(after: colon + 1, source)
    }

    private static func withPath(around slash: Int, after floor: Int, _ source: Span<UInt8>) -> Range<Int>? {
        let start = first(before: slash, after: floor, source, where: isHostByte)
        guard hasPoint(start..<slash, source), slash > start, isLetterOrDigit(source[slash - 1]) else { return nil }
        return start..<end(after: slash + 1, source)
    }

    private static func withoutScheme(around point: Int, after floor: Int, _ source: Span<UInt8>) -> Range<Int>? {
        guard point >= floor + 3, point + 1 < source.count, isLetterOrDigit(source[point + 1]),
            (point - 3..<point).allSatisfy({ source[$0] | 0x20 == UInt8(ascii: "w") }),
            point == floor + 3 || !isLetterOrDigit(source[point - 4])
        else { return nil }
        return point - 3..<end(after: point + 1, source)
    }

    /// The first of the bytes right before a place that are all of a kind.
    private static func first(
        before place: Int, after floor: Int, _ source: Span<UInt8>, where belongs: (UInt8) -> Bool
    ) -> Int {
        var start = place
        while start > floor, belongs(source[start - 1]) { start -= 1 }
        return start
    }

    /// Where an address ends that goes on at a place: before white space or a quotation mark, and the marks in front of it.
    private static func end(after place: Int, _ source: Span<UInt8>) -> Int {
        var end = place
        while end < source.count, !endsAddress(source[end]) { end += 1 }
        while end > place, ".,;:!?)]}'*_".utf8.contains(source[end - 1]) { end -= 1 }
        return end
    }

    private static func endsAddress(_ byte: UInt8) -> Bool {
        switch byte {
        // From 0x80 on: quotation marks and dashes, which hosts and paths write otherwise.
        case 0...0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "`"), 0x80...: true
        default: false
        }
    }

    /// Whether a point stands between letters or digits, as it does in the name of a host.
    private static func hasPoint(_ places: Range<Int>, _ source: Span<UInt8>) -> Bool {
        guard places.count >= 3 else { return false }
        return (places.lowerBound + 1..<places.upperBound - 1).contains {
            source[$0] == UInt8(ascii: ".") && isLetterOrDigit(source[$0 - 1]) && isLetter(source[$0 + 1])
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { isLetter(byte) || (0x30...0x39).contains(byte) }
}
