/// Counts the calls that use a descriptor, so that it is closed once, and not while one of them is under way.
///
/// The system gives the number of a closed descriptor to the next file that is opened: a call that came late would
/// read or write that one.
package struct CallsUnderWay: Sendable, Hashable {
    private var count = 0
    private var isClosed = false

    /// Begins with an open descriptor and no calls.
    package init() {}

    /// Tells of a call that begins; `false` where it must not, since the file is closed.
    package mutating func begin() -> Bool {
        if isClosed { return false }
        count += 1
        return true
    }

    /// Tells of a call's end; `true` where the descriptor is to be closed now.
    package mutating func end() -> Bool {
        count -= 1
        return isClosed && count == 0
    }

    /// Closes the file; `true` where the descriptor is to be closed now.
    package mutating func close() -> Bool {
        if isClosed { return false }
        isClosed = true
        return count == 0
    }
}
