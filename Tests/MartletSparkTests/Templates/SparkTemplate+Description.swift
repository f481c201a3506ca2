import Testing

@testable import MartletSpark

extension SparkTemplate: CustomTestStringConvertible {
    /// The name; the texts would fill the report.
    public var testDescription: String { name }
}
