import Foundation

/// Random numbers that are the same in every run: splitmix64.
struct SeededNoise {
    private var state: UInt64
    private var spare: Double?

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return (Double((mixed ^ (mixed >> 31)) >> 11) + 0.5) / 9_007_199_254_740_992
    }

    /// Standard normal, by Box and Muller.
    mutating func normal() -> Double {
        if let value = spare {
            spare = nil
            return value
        }
        let radius = (-2 * log(uniform())).squareRoot()
        let angle = 2 * Double.pi * uniform()
        spare = radius * sin(angle)
        return radius * cos(angle)
    }

    /// Heavier tails than normal ones: the difference of two exponentials.
    mutating func laplace() -> Double { log(uniform()) - log(uniform()) }
}

/// Families of series without faults.
enum MadeSeries: String, CaseIterable, Sendable {
    case level, heavy, trend, daily, weekly, walk, persistent, scaled, counts

    /// Microseconds between two values.
    var step: Int64 {
        switch self {
        case .daily, .scaled: 900_000_000
        case .weekly, .trend: 86_400_000_000
        default: 300_000_000
        }
    }

    static let start: Int64 = 1_735_689_600_000_000

    func time(_ row: Int) -> Int64 { Self.start + Int64(row) * step }

    func values(_ count: Int, seed: UInt64) -> [Double] {
        var noise = SeededNoise(seed)
        var state = 0.0
        return (0..<count).map { row in
            let day = Double(time(row)) / 86_400_000_000
            let wave = sin(2 * Double.pi * day)
            switch self {
            case .level: return 50 + noise.normal()
            case .heavy: return 50 + noise.laplace()
            case .trend: return 1000 + 3 * Double(row) + 10 * noise.normal()
            case .daily: return 100 + 40 * wave + 3 * noise.normal()
            case .weekly: return 1000 * [1, 1.1, 1.2, 1.1, 1, 0.5, 0.4][row % 7] * exp(0.03 * noise.normal())
            case .walk:
                state += noise.normal()
                return 500 + state
            case .persistent:
                state = 0.9 * state + noise.normal()
                return 70 + state
            case .scaled: return (120 + 100 * wave) * exp(0.1 * noise.normal())
            case .counts: return max(0, (40 + 6.3 * noise.normal()).rounded())
            }
        }
    }
}
