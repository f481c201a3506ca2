/// A value that a query returns, as exact as the engine has it.
public enum SQLValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// A whole number that needs more than 64 bits, in decimal digits.
    case wideInteger(String)
    /// A number of a fixed scale, in decimal digits: `12.50`.
    case decimal(String)
    /// Also not-a-number and the infinities.
    case double(Double)
    case text(String)
    case bytes([UInt8])
    /// Days since 1970-01-01.
    case date(Int32)
    /// Microseconds since midnight.
    case time(Int64)
    /// Microseconds since 1970-01-01T00:00:00; `hasZone` says that this is UTC and not a local time of nowhere.
    case timestamp(Int64, hasZone: Bool)
    case list([SQLValue])
    case structure([Member])
    /// A value of a type that has no case here, as the engine writes it.
    case other(String)

    /// A member of a structure.
    public struct Member: Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: SQLValue

        /// The member called `name`.
        public init(name: String, value: SQLValue) {
            self.name = name
            self.value = value
        }
    }
}
