/// The compact form: values by the numbers of their fields.
enum BinaryForm {
    /// Writes a value behind what a buffer holds.
    static func append(_ value: some Storable, to bytes: inout [UInt8]) {
        var buffer: [UInt8] = []
        swap(&buffer, &bytes)
        var writer = BinaryWriter(appendingTo: buffer)
        buffer = []
        value.write(to: &writer)
        bytes = writer.bytes
    }

    /// Writes a value.
    static func bytes(of value: some Storable) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, to: &bytes)
        return bytes
    }

    /// Reads a value that takes up the bytes from the first to the last.
    ///
    /// - Parameter leavingOutTexts: Whether the texts of messages are passed over; they are empty then.
    static func read<Value: Storable>(
        _ type: Value.Type = Value.self, from bytes: UnsafeRawBufferPointer, leavingOutTexts: Bool = false
    ) throws(CodingFault) -> Value {
        var reader = unsafe BinaryReader(bytes, leavingOutTexts: leavingOutTexts)
        return try Value(from: &reader)
    }

    /// Reads a value that takes up the bytes from the first to the last, as
    /// ``read(_:from:leavingOutTexts:)-(_,UnsafeRawBufferPointer,_)`` does.
    static func read<Value: Storable>(
        _ type: Value.Type = Value.self, from bytes: [UInt8], leavingOutTexts: Bool = false
    ) throws(CodingFault) -> Value {
        try unsafe bytes.withUnsafeBytes { bytes in
            Result { () throws(CodingFault) in
                try unsafe read(type, from: bytes, leavingOutTexts: leavingOutTexts)
            }
        }.get()
    }
}
