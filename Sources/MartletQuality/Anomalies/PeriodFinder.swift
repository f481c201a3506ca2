import Foundation

/// Finds a period in a series by its autocorrelation.
enum PeriodFinder {
    /// The period in points that explains `values` best; nil when there is none with at least `cycles` cycles.
    ///
    /// The autocorrelation, of the values without their linear trend, is computed by way of the power spectrum. Of the
    /// lags at which it peaks the shortest counts whose peak is nearly the highest, because multiples of a period peak
    /// as well.
    static func period(of values: [Double], cycles: Int = 4, longest: Int = 4096) -> Int? {
        let count = values.count
        let limit = min(longest, count / cycles)
        guard limit >= 4 else { return nil }
        let correlation = autocorrelation(detrended(values), lags: limit + 2)
        guard correlation.count > limit + 1 else { return nil }
        var peaks: [(lag: Int, height: Double)] = []
        // Lags before the first dip belong to the series' own persistence.
        guard let dip = (1...limit).first(where: { correlation[$0] < 0.2 || correlation[$0 + 1] > correlation[$0] })
        else { return nil }
        let rise = max(0.12, 4 / Double(count).squareRoot())
        var lowest = 1.0
        for lag in 1...limit {
            let height = correlation[lag]
            lowest = min(lowest, height)
            let isPeak = lag >= max(3, dip) && height >= correlation[lag - 1] && height >= correlation[lag + 1]
            if isPeak, height > lowest + rise { peaks.append((lag, height)) }
        }
        guard let best = peaks.map(\.height).max(), best > max(0.25, rise) else { return nil }
        return peaks.first { $0.height >= 0.9 * best }?.lag
    }

    private static func detrended(_ values: [Double]) -> [Double] {
        let count = Double(values.count)
        let middle = (count - 1) / 2
        let mean = values.reduce(0, +) / count
        var slope = 0.0
        for (index, value) in values.enumerated() { slope += (Double(index) - middle) * (value - mean) }
        slope /= max(1, count * (count * count - 1) / 12)
        return values.enumerated().map { $1 - mean - slope * (Double($0) - middle) }
    }

    private static func autocorrelation(_ values: [Double], lags: Int) -> [Double] {
        var size = 1
        while size < values.count + lags { size *= 2 }
        var real = values + Array(repeating: 0, count: size - values.count)
        var imaginary = [Double](repeating: 0, count: size)
        transform(&real, &imaginary)
        for index in 0..<size {
            real[index] = real[index] * real[index] + imaginary[index] * imaginary[index]
            imaginary[index] = 0
        }
        transform(&real, &imaginary)
        guard real[0] > 0 else { return [] }
        return (0...min(lags, size - 1)).map { real[$0] / real[0] }
    }

    /// The discrete Fourier transform in place; the count is a power of two.
    private static func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
        let count = real.count
        var reversed = 0
        for index in 1..<count {
            var bit = count >> 1
            while reversed & bit != 0 {
                reversed ^= bit
                bit >>= 1
            }
            reversed |= bit
            if index < reversed {
                real.swapAt(index, reversed)
                imaginary.swapAt(index, reversed)
            }
        }
        let turns = (0..<count / 2).map { place in
            let angle = -2 * Double.pi * Double(place) / Double(count)
            return (cos(angle), sin(angle))
        }
        var length = 2
        while length <= count {
            let half = length / 2
            let stride = count / length
            for start in Swift.stride(from: 0, to: count, by: length) {
                for place in 0..<half {
                    let (cosine, sine) = turns[place * stride]
                    let (low, high) = (start + place, start + place + half)
                    let turned = (
                        real[high] * cosine - imaginary[high] * sine,
                        real[high] * sine + imaginary[high] * cosine
                    )
                    (real[high], imaginary[high]) = (real[low] - turned.0, imaginary[low] - turned.1)
                    (real[low], imaginary[low]) = (real[low] + turned.0, imaginary[low] + turned.1)
                }
            }
            length *= 2
        }
    }
}
