public import MartletCore

/// A test that is written in Swift, registered under the type of the expectations it serves.
public struct CustomExpectation: Sendable {
    /// Whether the values of a row's columns are as expected.
    public var test: @Sendable ([SQLValue]) throws(MartletError) -> Bool

    /// A test that gets the values of the columns that the expectation names, in their order.
    public init(_ test: @escaping @Sendable ([SQLValue]) throws(MartletError) -> Bool) { self.test = test }
}
