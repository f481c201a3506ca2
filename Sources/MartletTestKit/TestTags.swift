public import Testing

extension Tag {
    /// Event in, events out; no effects.
    @Tag public static var machine: Self
    /// One suite for a port's fake and its adapters.
    @Tag public static var conformance: Self
    /// The engine on a manual clock with seeded faults.
    @Tag public static var simulation: Self
    /// The built program with real files.
    @Tag public static var endToEnd: Self
}
