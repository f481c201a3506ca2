/// The samples of one part.
struct Samples {
    let all: [Sample]

    init(_ all: [Sample]) { self.all = all }

    var wall: Spread { Spread(all.map(\.wall.seconds)) }
    var ownCPU: Spread { Spread(all.map(\.ownCPU.seconds)) }
    var peakMemory: Spread { Spread(all.map { Double($0.peakMemory) }) }

    /// The spread of a figure; nil when it was not taken.
    func spread(of figure: Figure) -> Spread? {
        let taken = all.compactMap { $0.figures[figure] }
        return taken.isEmpty ? nil : Spread(taken)
    }
}

/// The middle and the ends of some numbers.
struct Spread {
    let median: Double
    let least: Double
    let most: Double

    /// The spread of at least one number.
    init(_ numbers: [Double]) {
        let sorted = numbers.sorted()
        let middle = sorted.count / 2
        median = sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
        least = sorted[0]
        most = sorted[sorted.count - 1]
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension Spread {
    static func - (spread: Spread, offset: Double) -> Spread { spread.map { $0 - offset } }
    static func / (spread: Spread, divisor: Double) -> Spread { spread.map { $0 / divisor } }

    /// The spread of the same numbers after `transform`, which keeps their order.
    private func map(_ transform: (Double) -> Double) -> Spread {
        Spread(median: transform(median), least: transform(least), most: transform(most))
    }

    private init(median: Double, least: Double, most: Double) {
        self.median = median
        self.least = least
        self.most = most
    }
}
