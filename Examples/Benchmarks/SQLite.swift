#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// SQLite as a rival, through the C library where this machine has one; it is looked for when the program runs.
@safe final class SQLite {
    private typealias Open = @convention(c) (UnsafePointer<CChar>?, UnsafeMutablePointer<OpaquePointer?>?) -> Int32
    private typealias Execute =
        @convention(c) (
            OpaquePointer?, UnsafePointer<CChar>?, UnsafeRawPointer?, UnsafeMutableRawPointer?,
            UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        ) -> Int32
    private typealias Prepare =
        @convention(c) (
            OpaquePointer?, UnsafePointer<CChar>?, Int32, UnsafeMutablePointer<OpaquePointer?>?, UnsafeRawPointer?
        ) -> Int32
    private typealias BindText =
        @convention(c) (OpaquePointer?, Int32, UnsafePointer<CChar>?, Int32, UnsafeRawPointer?) -> Int32
    private typealias BindInt = @convention(c) (OpaquePointer?, Int32, Int64) -> Int32
    private typealias Statement = @convention(c) (OpaquePointer?) -> Int32
    private typealias ColumnInt = @convention(c) (OpaquePointer?, Int32) -> Int64
    private typealias ColumnText = @convention(c) (OpaquePointer?, Int32) -> UnsafePointer<UInt8>?

    private var database: OpaquePointer?
    private let executeCall: Execute
    private let prepareCall: Prepare
    private let bindText: BindText
    private let bindInt: BindInt
    private let stepCall: Statement
    private let resetCall: Statement
    private let columnInt: ColumnInt
    private let columnText: ColumnText

    /// A statement made ready.
    @safe struct Query { fileprivate let handle: OpaquePointer? }

    /// Opens a database; `nil` where the library is missing.
    init?(_ path: String) {
        var found: UnsafeMutableRawPointer?
        for name in ["libsqlite3.so.0", "libsqlite3.so", "libsqlite3.dylib"] where unsafe found == nil {
            unsafe found = dlopen(name, RTLD_NOW)
        }
        guard let library = unsafe found else { return nil }
        func find<Function>(_ name: String, _ type: Function.Type) -> Function? {
            unsafe dlsym(library, name).map { unsafe unsafeBitCast($0, to: type) }
        }
        guard let open = unsafe find("sqlite3_open", Open.self),
            let execute = unsafe find("sqlite3_exec", Execute.self),
            let prepare = unsafe find("sqlite3_prepare_v2", Prepare.self),
            let bindText = unsafe find("sqlite3_bind_text", BindText.self),
            let bindInt = unsafe find("sqlite3_bind_int64", BindInt.self),
            let step = unsafe find("sqlite3_step", Statement.self),
            let reset = unsafe find("sqlite3_reset", Statement.self),
            let columnInt = unsafe find("sqlite3_column_int64", ColumnInt.self),
            let columnText = unsafe find("sqlite3_column_text", ColumnText.self)
        else { return nil }
        unsafe executeCall = execute
        unsafe prepareCall = prepare
        unsafe self.bindText = bindText
        unsafe self.bindInt = bindInt
        unsafe stepCall = step
        unsafe resetCall = reset
        unsafe self.columnInt = columnInt
        unsafe self.columnText = columnText
        guard unsafe open(path, &database) == 0 else { return nil }
    }

    /// Runs statements without results.
    func execute(_ sql: String) throws(BenchmarkFailure) {
        guard unsafe executeCall(database, sql, nil, nil, nil) == 0 else {
            throw BenchmarkFailure(description: "SQLite refused: \(sql.prefix(60))")
        }
    }

    /// Makes a statement ready.
    func prepare(_ sql: String) throws(BenchmarkFailure) -> Query {
        var handle: OpaquePointer?
        guard unsafe prepareCall(database, sql, -1, &handle, nil) == 0 else {
            throw BenchmarkFailure(description: "SQLite refused: \(sql.prefix(60))")
        }
        return unsafe Query(handle: handle)
    }

    /// Binds a text, from 1 on; SQLite copies it.
    func bind(_ query: Query, _ place: Int32, _ text: String) {
        let transient = unsafe UnsafeRawPointer(bitPattern: -1)
        _ = unsafe bindText(query.handle, place, text, -1, transient)
    }

    /// Binds an integer, from 1 on.
    func bind(_ query: Query, _ place: Int32, _ number: Int64) { _ = unsafe bindInt(query.handle, place, number) }

    /// Goes to the next row; whether there is one.
    func step(_ query: Query) -> Bool { unsafe stepCall(query.handle) == 100 }

    /// Makes a statement ready once more.
    func reset(_ query: Query) { _ = unsafe resetCall(query.handle) }

    /// A column of the row, from 0 on.
    func integer(_ query: Query, _ column: Int32) -> Int64 { unsafe columnInt(query.handle, column) }

    /// A column of the row as text, from 0 on.
    func text(_ query: Query, _ column: Int32) -> String {
        unsafe columnText(query.handle, column).map { unsafe String(cString: $0) } ?? ""
    }
}
