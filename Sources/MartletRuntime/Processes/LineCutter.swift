/// Cuts what a program prints into lines.
///
/// A carriage return ends a line too: programs draw progress with it.
struct LineCutter {
    private var rest: [UInt8] = []

    /// A line is told in pieces of at most this many bytes.
    static let limit = 65_536

    /// Takes the next bytes and tells the lines that end in them; empty ones are left out.
    mutating func cut(_ bytes: Slice<UnsafeMutableRawBufferPointer>, _ tell: (String) -> Void) {
        for byte in bytes {
            if byte == 0x0a || byte == 0x0d {
                end(tell)
            } else {
                rest.append(byte)
                if rest.count >= Self.limit { end(tell) }
            }
        }
    }

    /// Tells what is left.
    mutating func end(_ tell: (String) -> Void) {
        if !rest.isEmpty { tell(String(decoding: rest, as: UTF8.self)) }
        rest.removeAll(keepingCapacity: true)
    }
}
