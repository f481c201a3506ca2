import Foundation

/// What a number counts, and how people write it.
enum Unit {
    case seconds
    case bytes
    /// A part of one processor.
    case share

    /// `value` in the size of unit that suits it.
    func text(_ value: Double) -> String {
        switch self {
        case .share: "\(Decimals.text(value * 100, places: 2)) %"
        case .bytes: "\(Decimals.text(value / 1e6, places: 1)) MB"
        case .seconds where abs(value) < 0.001: "\(Decimals.text(value * 1e6, places: 0)) µs"
        case .seconds where abs(value) < 0.1: "\(Decimals.text(value * 1e3, places: 2)) ms"
        case .seconds where abs(value) < 1: "\(Decimals.text(value * 1e3, places: 0)) ms"
        case .seconds: "\(Decimals.text(value, places: 2)) s"
        }
    }
}

/// Numbers with a fixed count of decimals.
enum Decimals {
    static func text(_ value: Double, places: Int) -> String { String(format: "%.\(places)f", value) }
}
