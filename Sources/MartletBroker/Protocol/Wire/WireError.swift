/// Why bytes are not a message of the protocol, and where.
///
/// Nothing in a frame can be trusted after one of these: the connection is closed.
struct WireError: Error, Hashable, Sendable {
    /// What is wrong.
    enum Reason: Hashable, Sendable {
        /// A field goes on behind the end of the frame.
        case truncated(needed: Int, available: Int)
        /// A length or count below -1.
        case negativeLength(Int)
        /// Null where the version has no null.
        case null
        /// More elements than the bytes left can hold, or than ``Limits/wireElements``.
        case tooManyElements(Int)
        /// A string longer than ``Limits/wireStringBytes``.
        case stringTooLong(Int)
        /// A variable-length number of more than 32 bits.
        case varintTooLong
        /// A frame shorter than nothing or longer than ``Limits/wireFrameBytes``.
        case frameLength(Int)
        /// A version that this message cannot be read in.
        case version(Int16)
    }

    /// What is wrong.
    var reason: Reason
    /// Where the field begins, in bytes from the start of the frame's content.
    var offset: Int
}

extension WireError: CustomStringConvertible {
    /// One line for the log.
    var description: String {
        let what =
            switch reason {
            case .truncated(let needed, let available): "\(needed) bytes needed, \(available) left"
            case .negativeLength(let length): "length \(length) is negative"
            case .null: "null is not allowed"
            case .tooManyElements(let count): "\(count) elements are more than the frame can hold or one may ask for"
            case .stringTooLong(let length): "a string of \(length) bytes is too long"
            case .varintTooLong: "a variable-length number has more than 32 bits"
            case .frameLength(let length): "a frame cannot have \(length) bytes"
            case .version(let version): "version \(version) is not served"
            }
        return "\(what), at byte \(offset)"
    }
}
