/// What the numbers of a chart count.
package enum ChartUnit: String, Hashable, Sendable {
    case number
    /// Shares of 0...1, written in percent.
    case share

    /// A number of an axis.
    func tick(_ value: Double) -> String {
        switch self {
        case .number: ReportNumber.tiny(value)
        case .share: ReportNumber.percent(share: value)
        }
    }

    /// A number in a sentence.
    package func text(_ value: Double) -> String {
        switch self {
        case .number: ReportNumber.short(value)
        case .share: ReportNumber.percent(share: value)
        }
    }
}
