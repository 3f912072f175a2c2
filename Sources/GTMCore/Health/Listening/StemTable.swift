/// Which of many words and beginnings of words a text goes through, found byte by byte.
///
/// A tree kept flat: each node is a beginning that some entry has, numbered from 0, the root, in the order of adding.
/// What a node means is for the user to keep, by its number.
struct StemTable: Sendable {
    /// The column of each byte; 0 where no entry holds it.
    private let columns: [UInt8]
    private let width: Int
    /// The node after a node and a byte; 0 where there is none.
    private var following: [Int32]

    /// The number of nodes.
    private(set) var count = 1

    /// Creates a table for entries that consist of the bytes of these texts.
    init(alphabet texts: some Sequence<String>) {
        var columns = [UInt8](repeating: 0, count: 256)
        var used: UInt8 = 0
        for text in texts {
            for byte in text.utf8 where columns[Int(byte)] == 0 && used < .max {
                used += 1
                columns[Int(byte)] = used
            }
        }
        self.columns = columns
        width = Int(used) + 1
        following = Array(repeating: 0, count: width)
    }

    /// The node for an entry, made where it is new.
    mutating func add(_ entry: some Sequence<UInt8>) -> Int {
        var node = 0
        for byte in entry {
            let place = node * width + Int(columns[Int(byte)])
            if following[place] == 0 {
                following[place] = Int32(count)
                count += 1
                following.append(contentsOf: repeatElement(0, count: width))
            }
            node = Int(following[place])
        }
        return node
    }

    /// The node after a node and a byte; 0 where no entry goes on so.
    @inline(__always)
    func step(_ node: Int, _ byte: UInt8) -> Int {
        let column = Int(columns[Int(byte)])
        return column == 0 ? 0 : Int(following[node * width + column])
    }
}
