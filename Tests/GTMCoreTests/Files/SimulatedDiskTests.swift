import GTMCore
import Testing

@Suite("Simulated disk") struct SimulatedDiskTests {
    private func disk(_ content: [UInt8] = [1, 2, 3]) throws -> (SimulatedDisk, any StoreFile) {
        let disk = SimulatedDisk()
        disk.install(content, at: "/f")
        return (disk, try disk.open("/f", .readWrite))
    }

    @Test("Content lasts from its sync on, and not before") func contentNeedsSync() throws {
        let (disk, file) = try disk()
        try file.write([9], at: 1)
        try file.sync()
        try file.write([8, 8, 8], at: 2)
        try file.truncate(to: 4)
        #expect(disk.content("/f") == [1, 9, 8, 8])
        #expect(disk.crash(.nothing).content("/f") == [1, 9, 3])
        #expect(disk.crash(.everything).content("/f") == [1, 9, 8, 8])
        #expect(throws: FileFault(SimulatedDisk.noPower, .measure, "f")) { try file.readAll() }
    }

    @Test("The last write can be torn at each byte") func tornWrites() throws {
        for count in 0...4 {
            let (disk, file) = try disk()
            try file.write([7], at: 0)
            try file.write([4, 5, 6, 7], at: 3)
            #expect(disk.crash(.torn(at: count)).content("/f") == [7, 2, 3] + [4, 5, 6, 7].prefix(count))
        }
    }

    @Test("Sectors come in any order, and none comes in part") func sectorsInAnyOrder() throws {
        var orders: Set<String> = []
        for seed in 0..<400 as Range<UInt64> {
            let (disk, file) = try disk([])
            try file.write([UInt8](repeating: 1, count: 1536), at: 0)
            let content = disk.crash(.random(seed: seed)).content("/f") ?? []
            let sectors = stride(from: 0, to: 1536, by: 512).map { start in
                let part = content.dropFirst(start).prefix(512)
                return part.isEmpty
                    ? "-"
                    : part.allSatisfy { $0 == 0 } ? "0" : part.count == 512 && part.allSatisfy { $0 == 1 } ? "1" : "?"
            }
            orders.insert(sectors.joined())
        }
        #expect(orders.isSuperset(of: ["---", "000", "111", "001", "010", "011", "100", "101", "110", "1--"]))
        #expect(orders.contains { $0.contains("?") })
    }

    @Test("Names last from the folder's sync on") func namesNeedSync() throws {
        let (disk, file) = try disk()
        try file.sync()
        try disk.createDirectory("/d")
        try disk.rename("/f", to: "/g")
        let new = try disk.open("/n", .create)
        try new.write([5], at: 0)
        try new.sync()
        #expect(try disk.list("/") == ["d", "g", "n"])
        #expect(try disk.crash(.nothing).list("/") == ["f"])
        let nested = SimulatedDisk()
        try nested.createDirectory("/d")
        try nested.createDirectory("/d/e")
        try nested.open("/d/e/f", .create).sync()
        try nested.syncDirectory("/d/e")
        try nested.syncDirectory("/d")
        #expect(try nested.crash(.everything).exists("/d/e/f"))
        #expect(try nested.crash(.nothing).exists("/d/e/f") == false)
        let (other, _) = try self.disk()
        try other.rename("/f", to: "/g")
        try other.syncDirectory("/")
        try other.remove("/g")
        #expect(try other.crash(.nothing).list("/") == ["g"])
        #expect(Set(try (0..<20).map { try other.crash(.random(seed: $0)).list("/") }) == [["g"], []])
    }

    @Test("A failed sync forgets what it did not write, and the next one does not help") func failedSync() throws {
        let (disk, file) = try disk()
        try file.write([9], at: 0)
        disk.planNext(.fails(.io))
        #expect(throws: FileFault(.io, .sync, "f")) { try file.sync() }
        try file.sync()
        #expect(try file.readAll() == [9, 2, 3])
        #expect(disk.crash(.nothing).content("/f") == [1, 2, 3])
    }

    @Test("Planned faults come at their call, and only there") func plans() throws {
        let (disk, file) = try disk()
        disk.plan(.fails(.permission), at: disk.calls + 2)
        _ = try file.size()
        #expect(throws: FileFault(.permission, .measure, "f")) { _ = try file.size() }
        #expect(try file.size() == 3)
        disk.planNext(.crash)
        #expect(throws: FileFault(SimulatedDisk.noPower, .measure, "f")) { _ = try file.size() }
        #expect(throws: FileFault(SimulatedDisk.noPower, .list, "/")) { _ = try disk.list("/") }
    }

    @Test("A read-only disk refuses every change") func readOnly() throws {
        let (disk, file) = try disk()
        disk.setReadOnly(true)
        #expect(throws: FileFault(.readOnly, .write, "f")) { try file.write([1], at: 0) }
        #expect(throws: FileFault(.readOnly, .open, "n")) { try disk.open("/n", .create) }
        #expect(throws: FileFault(.readOnly, .remove, "f")) { try disk.remove("/f") }
        #expect(try disk.readAll("/f") == [1, 2, 3])
    }

    @Test("A limit leaves room for what fits, and overwriting needs none") func limit() throws {
        let (disk, file) = try disk()
        disk.limit(to: 5)
        #expect(throws: FileFault(.noSpace, .write, "f")) { try file.write([4, 5, 6], at: 3) }
        #expect(disk.content("/f") == [1, 2, 3, 4, 5])
        try file.write([0, 0, 0, 0, 0], at: 0)
    }

    @Test("A mapping shows later writes, and nonsense beyond the end") func mapping() throws {
        let (disk, file) = try disk()
        let mapped = try file.map(6)
        #expect(unsafe mapped.withBytes(0..<6) { unsafe Array($0) } == [1, 2, 3, 0xEE, 0xEE, 0xEE])
        try file.write([7], at: 4)
        disk.flipBit("/f", 3)
        #expect(unsafe mapped.withBytes(0..<6) { unsafe Array($0) } == [9, 2, 3, 0, 7, 0xEE])
        try file.truncate(to: 2)
        #expect(unsafe mapped.withBytes(0..<6) { unsafe Array($0) } == [9, 2, 0xEE, 0xEE, 0xEE, 0xEE])
    }

    @Test("A lock excludes until it is released or the power goes") func locks() throws {
        let disk = SimulatedDisk()
        let ada = LockHolder(process: 1, host: "h", program: "a", since: day(0))
        let bo = LockHolder(process: 2, host: "h", program: "b", since: day(1))
        guard case .acquired(let lock) = try disk.lock("/lock", as: ada) else {
            Issue.record("the first attempt failed")
            return
        }
        guard case .held(by: ada) = try disk.lock("/lock", as: bo) else {
            Issue.record("the lock does not name its holder")
            return
        }
        lock.release()
        guard case .acquired(let second) = try disk.lock("/lock", as: bo) else {
            Issue.record("a released lock is held")
            return
        }
        guard case .acquired = try disk.crash(.nothing).lock("/lock", as: ada) else {
            Issue.record("a lock outlived the power cut")
            return
        }
        second.release()
    }
}
