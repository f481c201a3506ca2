public import MartletCore
import Synchronization

/// Identifiers that are the same in every run of a test.
public final class SeededIDs: IDGenerator {
    private let generator: Mutex<SeededGenerator>

    /// Identifiers that follow from `seed`.
    public init(seed: UInt64 = 1) { generator = Mutex(SeededGenerator(seed: seed)) }

    /// The next six characters of a-z and 2-7 that follow from the seed.
    public func suffix() -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
        return generator.withLock { generator in
            String((0..<6).map { _ in alphabet[Int(generator.next() >> 59)] })
        }
    }
}

/// Random numbers that follow from a seed: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// The numbers that follow from `seed`.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits that follow from the seed.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
