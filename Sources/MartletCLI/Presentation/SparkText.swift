/// A row of small bars in a line of text.
enum SparkText {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// One bar for each count, by its height; one that is not 0 is seen.
    static func counts(_ counts: [Int]) -> String {
        guard let most = counts.max(), most > 0 else { return "" }
        return String(counts.map { $0 == 0 ? " " : bars[Int(Double($0) / Double(most) * 7)] })
    }

    /// One bar for each value, from the least to the greatest; a gap for one that is not finite.
    static func values(_ values: [Double]) -> String {
        let finite = values.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return "" }
        let room = high - low
        return String(
            values.map { value in
                guard value.isFinite else { return " " }
                let place = room > 0 && room.isFinite ? (value - low) / room * Double(bars.count - 1) : 3
                return bars[min(bars.count - 1, max(0, Int(place.rounded())))]
            }
        )
    }
}
