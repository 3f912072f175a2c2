import GTMCore
import Synchronization

/// A disk in memory that does to a store what disks do: it fails, fills up, loses its power.
///
/// What was written is seen at once by whoever reads, and survives a power cut for certain only after a sync: of the
/// file for content and size, of the folder for names. Every call counts, so that a test can let the n-th fail.
final class SimulatedDisk: FileSystem {
    /// What happens at a call.
    enum Fault {
        /// It fails. A sync that fails for another reason than an interruption forgets what it should have written.
        case fails(FileFault.Code)
        /// It reads or writes so many bytes at most.
        case short(Int)
        /// The power goes away while it is under way.
        case crash
    }

    /// What a power cut leaves of what was not synced.
    enum Survival: Sendable, CustomStringConvertible {
        /// Nothing.
        case nothing
        /// All of it.
        case everything
        /// Of each write all, nothing, its beginning or any of its sectors; of each change of a name or size all or
        /// nothing.
        case random(seed: UInt64)
        /// All, but of the very last write only its first bytes.
        case torn(at: Int)

        var description: String {
            switch self {
            case .nothing: "nothing"
            case .everything: "everything"
            case .random(let seed): "seed \(seed)"
            case .torn(let count): "\(count) bytes of the last write"
            }
        }
    }

    /// What a disk without power answers to every call.
    static let noPower = FileFault.Code.other(-1)
    /// What a mapping shows beyond the file's end, where the real one would end the process.
    static let beyondEnd: UInt8 = 0xEE
    private static let sector = 512

    fileprivate enum Certainty { case pending, safe, abandoned }

    fileprivate struct Change {
        enum Kind {
            case write(Int, [UInt8])
            case resize(Int)
        }
        var kind: Kind
        var number: Int
        var certainty = Certainty.pending
    }

    fileprivate struct Mapping {
        weak var bytes: MappedBytes?
        var address: UInt
        var count: Int
    }

    fileprivate struct Node {
        var durable: [UInt8] = []
        /// What happened since, in order.
        var changes: [Change] = []
        var current: [UInt8] = []
        var mappings: [Mapping] = []
    }

    fileprivate enum Entry { case folder, file(Int) }

    fileprivate struct NameChange {
        var folder: String
        var edits: [(path: String, entry: Entry?)]
    }

    fileprivate struct State {
        var nodes: [Int: Node] = [:]
        var names: [String: Entry] = ["/": .folder]
        var durableNames: [String: Entry] = ["/": .folder]
        var nameChanges: [NameChange] = []
        var locks: [String: LockHolder] = [:]
        var number = 0
        var operations: [FileFault.Operation] = []
        var plans: [Int: Fault] = [:]
        var capacity: Int?
        var isReadOnly = false
        var hasPower = true
        var largestRead = 0
    }

    fileprivate let state = Mutex(State())

    /// Little, so that journals are mapped anew as they grow.
    let mapsAhead = 2048

    // MARK: What a test does

    /// All calls so far, in order; the first has the number 1.
    var operations: [FileFault.Operation] { state.withLock { $0.operations } }
    /// How many calls there were.
    var calls: Int { operations.count }
    /// How many bytes the last write wrote that was not synced yet.
    var lastWriteSize: Int {
        state.withLock { state in
            let last = state.nodes.values.flatMap(\.changes).filter(\.isWrite).max { $0.number < $1.number }
            guard case .write(_, let bytes) = last?.kind else { return 0 }
            return bytes.count
        }
    }
    /// The most bytes that one call wanted to read.
    var largestRead: Int { state.withLock { $0.largestRead } }

    /// Plans a fault for a call, or several calls in a row.
    func plan(_ fault: Fault, at call: Int, times: Int = 1) {
        state.withLock { state in for number in call..<call + times { state.plans[number] = fault } }
    }

    /// Plans a fault for the next call, or several from there on.
    func planNext(_ fault: Fault, times: Int = 1) { plan(fault, at: calls + 1, times: times) }

    /// Forgets what was planned.
    func clearPlans() { state.withLock { $0.plans = [:] } }

    /// Limits what all files hold together, in bytes; `nil` for no limit.
    func limit(to capacity: Int?) { state.withLock { $0.capacity = capacity } }

    /// Forbids or allows every change.
    func setReadOnly(_ isReadOnly: Bool) { state.withLock { $0.isReadOnly = isReadOnly } }

    /// What a file holds at this moment; `nil` where there is none. No call.
    func content(_ path: String) -> [UInt8]? {
        state.withLock { state in state.node(path).flatMap { state.nodes[$0]?.current } }
    }

    /// Puts a file there, safely. No call.
    func install(_ bytes: [UInt8], at path: String) {
        state.withLock { state in
            let id = state.addNode()
            state.nodes[id] = Node(durable: bytes, current: bytes)
            state.names[path] = .file(id)
            state.durableNames[path] = .file(id)
        }
    }

    /// Turns one bit of a file round, on the medium and for readers. No call.
    func flipBit(_ path: String, _ bit: Int) {
        state.withLock { state in
            guard let id = state.node(path), var node = state.nodes[id], bit / 8 < node.current.count else {
                preconditionFailure("there is no bit \(bit) in \(path)")
            }
            node.current[bit / 8] ^= 1 << UInt8(bit % 8)
            node.durable = node.current
            node.changes = []
            node.show(bit / 8..<bit / 8 + 1)
            state.nodes[id] = node
        }
    }

    /// Cuts the power; it may be asked again, for what else could have been left.
    ///
    /// - Returns: The disk as it is found afterwards. This one answers no more.
    func crash(_ survival: Survival) -> SimulatedDisk {
        let after = SimulatedDisk()
        let found = state.withLock { state in
            state.hasPower = false
            return state.surviving(survival)
        }
        after.state.withLock { $0 = found }
        return after
    }

    /// The disk as it is at this moment, for another program: the power goes on, and nobody holds a lock.
    func copy() -> SimulatedDisk {
        let copy = SimulatedDisk()
        let now = state.withLock { $0.surviving(.everything) }
        copy.state.withLock { $0 = now }
        return copy
    }

    // MARK: Calls

    fileprivate func call<Result: Sendable>(
        _ operation: FileFault.Operation, _ path: String, node: Int? = nil, writes: Bool = false,
        _ body: (inout State, Fault?) throws(FileFault) -> Result
    ) throws(FileFault) -> Result {
        try state.withLock { (state) throws(FileFault) in
            guard state.hasPower else { throw FileFault(Self.noPower, operation, path) }
            state.operations.append(operation)
            let fault = state.plans[state.operations.count]
            if case .fails(let code) = fault {
                if operation == .sync, code != .interrupted, let node { state.abandonChanges(of: node) }
                throw FileFault(code, operation, path)
            }
            if writes, state.isReadOnly { throw FileFault(.readOnly, operation, path) }
            let result = try body(&state, fault)
            if case .crash = fault {
                state.hasPower = false
                throw FileFault(Self.noPower, operation, path)
            }
            return result
        }
    }

    func open(_ path: String, _ mode: FileMode) throws(FileFault) -> any StoreFile {
        let id = try call(.open, path, writes: mode != .read) { (state, _) throws(FileFault) in
            switch (state.names[path], mode) {
            case (.file(let id), .read), (.file(let id), .readWrite): return id
            case (.file, .create), (.folder, _): throw FileFault(.exists, .open, path)
            case (nil, .read), (nil, .readWrite): throw FileFault(.notFound, .open, path)
            case (nil, .create):
                try state.requireFolder(of: path, .open)
                let id = state.addNode()
                state.rename([(path, .file(id))], in: path.parentPath)
                return id
            }
        }
        return SimulatedFile(self, id, path, writable: mode != .read)
    }

    func exists(_ path: String) throws(FileFault) -> Bool {
        try call(.measure, path) { state, _ in state.names[path] != nil }
    }

    func size(_ path: String) throws(FileFault) -> Int {
        try call(.measure, path) { (state, _) throws(FileFault) in
            guard let id = state.node(path) else { throw FileFault(.notFound, .measure, path) }
            return state.nodes[id]?.current.count ?? 0
        }
    }

    func list(_ path: String) throws(FileFault) -> [String] {
        try call(.list, path) { (state, _) throws(FileFault) in
            guard case .folder = state.names[path] else { throw FileFault(.notFound, .list, path) }
            return state.names.keys.filter { $0 != "/" && $0.parentPath == path }.map(\.lastPathComponent).sorted()
        }
    }

    func createDirectory(_ path: String) throws(FileFault) {
        try call(.createDirectory, path, writes: true) { (state, _) throws(FileFault) in
            guard state.names[path] == nil else { throw FileFault(.exists, .createDirectory, path) }
            try state.requireFolder(of: path, .createDirectory)
            state.rename([(path, .folder)], in: path.parentPath)
        }
    }

    func rename(_ path: String, to target: String) throws(FileFault) {
        try call(.rename, path, writes: true) { (state, _) throws(FileFault) in
            guard case .file(let id) = state.names[path] else { throw FileFault(.notFound, .rename, path) }
            try state.requireFolder(of: target, .rename)
            state.rename([(path, nil), (target, .file(id))], in: target.parentPath)
        }
    }

    func remove(_ path: String) throws(FileFault) {
        try call(.remove, path, writes: true) { (state, _) throws(FileFault) in
            guard case .file = state.names[path] else { throw FileFault(.notFound, .remove, path) }
            state.rename([(path, nil)], in: path.parentPath)
        }
    }

    func syncDirectory(_ path: String) throws(FileFault) {
        try call(.syncDirectory, path) { (state, fault) throws(FileFault) in
            guard case .folder = state.names[path] else { throw FileFault(.notFound, .syncDirectory, path) }
            if case .crash = fault { return }
            for change in state.nameChanges where change.folder == path {
                for edit in change.edits { state.durableNames[edit.path] = edit.entry }
            }
            state.nameChanges.removeAll { $0.folder == path }
        }
    }

    func lock(_ path: String, as holder: LockHolder) throws(FileFault) -> LockAttempt {
        let other = try call(.lock, path, writes: true) { (state, _) throws(FileFault) -> LockHolder? in
            if let other = state.locks[path] { return other }
            if state.names[path] == nil {
                try state.requireFolder(of: path, .lock)
                state.rename([(path, .file(state.addNode()))], in: path.parentPath)
            }
            state.locks[path] = holder
            return nil
        }
        return other.map { .held(by: $0) } ?? .acquired(SimulatedLock(self, path))
    }
}

private final class SimulatedLock: FileLock {
    private let disk: SimulatedDisk
    private let path: Mutex<String?>

    init(_ disk: SimulatedDisk, _ path: String) {
        self.disk = disk
        self.path = Mutex(path)
    }

    deinit { release() }

    func release() {
        let path = path.withLock { path in
            defer { path = nil }
            return path
        }
        if let path { disk.state.withLock { $0.locks[path] = nil } }
    }
}

private final class SimulatedFile: StoreFile {
    let name: String
    private let disk: SimulatedDisk
    private let id: Int
    private let path: String
    private let isWritable: Bool
    private let isClosed = Atomic(false)

    init(_ disk: SimulatedDisk, _ id: Int, _ path: String, writable: Bool) {
        self.disk = disk
        self.id = id
        self.path = path
        name = path.lastPathComponent
        isWritable = writable
    }

    private func call<Result: Sendable>(
        _ operation: FileFault.Operation, writes: Bool = false,
        _ body: (inout SimulatedDisk.Node, inout SimulatedDisk.State, SimulatedDisk.Fault?) throws(FileFault) -> Result
    ) throws(FileFault) -> Result {
        if isClosed.load(ordering: .relaxed) { throw FileFault(.closed, operation, name) }
        if writes, !isWritable { throw FileFault(.other(9), operation, name) }
        return try disk.call(operation, path, node: id, writes: writes) { (state, fault) throws(FileFault) in
            // Taken out meanwhile, so that changing it copies nothing.
            var node = state.nodes.removeValue(forKey: id) ?? SimulatedDisk.Node()
            defer { state.nodes[id] = node }
            return try body(&node, &state, fault)
        }
    }

    func readSome(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int {
        try call(.read) { node, state, fault in
            state.largestRead = max(state.largestRead, buffer.count)
            var count = max(0, min(buffer.count, node.current.count - offset))
            if case .short(let most) = fault { count = min(count, most) }
            if count > 0 {
                unsafe node.current.withUnsafeBytes { bytes in
                    unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count]))
                }
            }
            return count
        }
    }

    func writeSome(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(FileFault) -> Int {
        try call(.write, writes: true) { (node, state, fault) throws(FileFault) in
            var count = bytes.count
            if case .short(let most) = fault { count = min(count, most) }
            if let capacity = state.capacity {
                let used = state.nodes.values.reduce(node.current.count) { $0 + $1.current.count }
                let growth = max(0, offset + count - node.current.count)
                if growth > capacity - used { count -= growth - max(0, capacity - used) }
                guard count > 0 else { throw FileFault(.noSpace, .write, name) }
            }
            guard count > 0 else { return 0 }
            unsafe node.apply(.write(offset, Array(bytes[..<count])), state.nextNumber())
            return count
        }
    }

    func sync() throws(FileFault) {
        try call(.sync) { node, _, fault in
            if case .crash = fault { return }
            node.sync()
        }
    }

    func size() throws(FileFault) -> Int { try call(.measure) { node, _, _ in node.current.count } }

    func truncate(to size: Int) throws(FileFault) {
        try call(.truncate, writes: true) { node, state, _ in node.apply(.resize(size), state.nextNumber()) }
    }

    func map(_ length: Int) throws(FileFault) -> MappedBytes {
        try call(.map) { node, _, _ in
            let length = max(1, length)
            let memory = UnsafeMutableRawPointer.allocate(byteCount: length, alignment: 16)
            unsafe memory.initializeMemory(as: UInt8.self, repeating: SimulatedDisk.beyondEnd, count: length)
            let mapped = MappedBytes(address: UInt(bitPattern: memory), count: length) { address, _ in
                unsafe UnsafeMutableRawPointer(bitPattern: address)?.deallocate()
            }
            node.mappings.removeAll { $0.bytes == nil }
            node.mappings.append(.init(bytes: mapped, address: UInt(bitPattern: memory), count: length))
            node.show(0..<node.current.count)
            return mapped
        }
    }

    func close() { isClosed.store(true, ordering: .relaxed) }
}

// MARK: The state

extension SimulatedDisk.State {
    fileprivate func node(_ path: String) -> Int? {
        guard case .file(let id) = names[path] else { return nil }
        return id
    }

    fileprivate mutating func nextNumber() -> Int {
        number += 1
        return number
    }

    fileprivate mutating func addNode() -> Int {
        let id = nextNumber()
        nodes[id] = SimulatedDisk.Node()
        return id
    }

    fileprivate func requireFolder(of path: String, _ operation: FileFault.Operation) throws(FileFault) {
        guard case .folder = names[path.parentPath] else { throw FileFault(.notFound, operation, path) }
    }

    fileprivate mutating func rename(_ edits: [(path: String, entry: SimulatedDisk.Entry?)], in folder: String) {
        for edit in edits { names[edit.path] = edit.entry }
        nameChanges.append(.init(folder: folder, edits: edits))
    }

    fileprivate mutating func abandonChanges(of id: Int) {
        guard var node = nodes[id] else { return }
        for index in node.changes.indices where node.changes[index].certainty == .pending {
            node.changes[index].certainty = .abandoned
        }
        nodes[id] = node
    }

    /// What is on the medium after a power cut.
    fileprivate func surviving(_ survival: SimulatedDisk.Survival) -> SimulatedDisk.State {
        var found = SimulatedDisk.State()
        found.number = number
        found.capacity = capacity
        found.isReadOnly = isReadOnly
        found.durableNames = durableNames
        var random = SplitMix(seed: 0)
        if case .random(let seed) = survival { random = SplitMix(seed: seed) }
        for change in nameChanges where survival.keepsName(&random) {
            for edit in change.edits { found.durableNames[edit.path] = edit.entry }
        }
        // What lies in a folder that is gone cannot be reached.
        for path in found.durableNames.keys.sorted() where path != "/" {
            if case .folder = found.durableNames[path.parentPath] { continue }
            found.durableNames[path] = nil
        }
        found.names = found.durableNames
        let lastWrite = nodes.values.flatMap(\.changes).filter(\.isWrite).map(\.number).max()
        for (id, node) in nodes.sorted(by: { $0.key < $1.key }) {
            var content = node.durable
            for change in node.changes {
                if change.certainty == .safe {
                    change.kind.apply(to: &content)
                } else {
                    survival.apply(change, isLastWrite: change.number == lastWrite, to: &content, &random)
                }
            }
            found.nodes[id] = SimulatedDisk.Node(durable: content, current: content)
        }
        return found
    }
}

extension SimulatedDisk.Survival {
    fileprivate func keepsName(_ random: inout SplitMix) -> Bool {
        switch self {
        case .nothing: false
        case .everything, .torn: true
        case .random: Bool.random(using: &random)
        }
    }

    fileprivate func apply(
        _ change: SimulatedDisk.Change, isLastWrite: Bool, to content: inout [UInt8], _ random: inout SplitMix
    ) {
        switch (self, change.kind) {
        case (.nothing, _): return
        case (.everything, let kind): kind.apply(to: &content)
        case (.torn(let count), .write(let offset, let bytes)):
            let kept = isLastWrite ? min(count, bytes.count) : bytes.count
            SimulatedDisk.Change.Kind.write(bytes, 0..<kept, at: offset, to: &content)
        case (.torn, let kind): kind.apply(to: &content)
        case (.random, .resize): if Bool.random(using: &random) { change.kind.apply(to: &content) }
        case (.random, .write(let offset, let bytes)):
            // The size may be known where the content is not.
            if Bool.random(using: &random), content.count < offset + bytes.count {
                SimulatedDisk.Change.Kind.grow(&content, to: offset + bytes.count)
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0: return
            case 1: change.kind.apply(to: &content)
            case 2:
                let kept = Int.random(in: 0...bytes.count, using: &random)
                SimulatedDisk.Change.Kind.write(bytes, 0..<kept, at: offset, to: &content)
            default:
                // Sectors reach the medium in any order.
                var start = 0
                while start < bytes.count {
                    let sector = SimulatedDisk.sector
                    let end = min(bytes.count, ((offset + start) / sector + 1) * sector - offset)
                    if Bool.random(using: &random) {
                        SimulatedDisk.Change.Kind.write(bytes, start..<end, at: offset, to: &content)
                    }
                    start = end
                }
            }
        }
    }
}

extension SimulatedDisk.Change {
    fileprivate var isWrite: Bool {
        if case .write = kind { true } else { false }
    }
}

extension SimulatedDisk.Change.Kind {
    fileprivate func apply(to content: inout [UInt8]) {
        switch self {
        case .write(let offset, let bytes): Self.write(bytes, 0..<bytes.count, at: offset, to: &content)
        case .resize(let size):
            if content.count > size { content.removeLast(content.count - size) } else { Self.grow(&content, to: size) }
        }
    }

    /// Copies a part of what was written at an offset; in bulk, since tests do it very often.
    fileprivate static func write(_ bytes: [UInt8], _ part: Range<Int>, at offset: Int, to content: inout [UInt8]) {
        if part.isEmpty { return }
        grow(&content, to: offset + part.upperBound)
        unsafe content.withUnsafeMutableBytes { content in
            unsafe bytes.withUnsafeBytes { bytes in
                let target = unsafe UnsafeMutableRawBufferPointer(rebasing: content[(offset + part.lowerBound)...])
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[part]))
            }
        }
    }

    fileprivate static func grow(_ content: inout [UInt8], to size: Int) {
        if content.count < size { content += [UInt8](repeating: 0, count: size - content.count) }
    }
}

extension SimulatedDisk.Node {
    fileprivate mutating func apply(_ kind: SimulatedDisk.Change.Kind, _ number: Int) {
        let before = current.count
        changes.append(.init(kind: kind, number: number))
        kind.apply(to: &current)
        switch kind {
        case .write(let offset, let bytes): show(min(before, offset)..<offset + bytes.count)
        case .resize(let size): show(min(before, size)..<max(before, size))
        }
    }

    fileprivate mutating func sync() {
        for index in changes.indices where changes[index].certainty == .pending { changes[index].certainty = .safe }
        if changes.allSatisfy({ $0.certainty == .safe }) {
            durable = current
            changes = []
        }
    }

    /// Brings a part of all mappings up to date.
    fileprivate func show(_ range: Range<Int>) {
        for mapping in mappings {
            guard let bytes = mapping.bytes else { continue }
            guard let start = unsafe UnsafeMutableRawPointer(bitPattern: mapping.address) else { continue }
            let shown = range.clamped(to: 0..<mapping.count)
            let content = shown.clamped(to: 0..<current.count)
            unsafe current.withUnsafeBytes { bytes in
                let source = unsafe UnsafeRawBufferPointer(rebasing: bytes[content])
                guard let first = source.baseAddress else { return }
                unsafe (start + content.lowerBound).copyMemory(from: first, byteCount: source.count)
            }
            let rest = max(shown.lowerBound, min(current.count, shown.upperBound))
            unsafe (start + rest).initializeMemory(
                as: UInt8.self, repeating: SimulatedDisk.beyondEnd, count: shown.upperBound - rest)
            withExtendedLifetime(bytes) {}
        }
    }
}
