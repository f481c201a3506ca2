import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Exact sums", .tags(.machine))
struct ExactSumsTests {
    /// Sums by Python's `math.fsum`, which rounds the exact sum once.
    static let facts: [([Double], Double)] = [
        ([Double](repeating: 0.1, count: 10), 1.0), ([1e16, 1, -1e16], 1), ([1, 1e100, 1, -1e100], 2),
        ([0x1p-1074, 0x1p-1074, 0x1p-1074], 3 * 0x1p-1074), ([0x1p53, 1, 1], 9_007_199_254_740_994),
        ([0x1p53, 1, 0x1p-60], 9_007_199_254_740_994), ([-0.0, -0.0], 0), ([1e-300, -1e300, 1e300], 1e-300),
        ([0x1p1023, 0x1p970, -0x1p1023, 0x1p-1030], 9.9792015476736e+291),
        ([9_007_199_254_740_992, 0.5, 0.5, 0x1p-1074], 9_007_199_254_740_994),
        ([1.7976931348623157e308, 9.979201547673598e291], 1.7976931348623157e308),
        (
            [
                4.3667092953229065e+164, -4.5124161921811765e-208, 1.8568697162192937e-58, -1.5685165998229743e+192,
                -2.947449887037522e+200, -2.7386736790017764e-170, -4.825954289236198e+289, 7.122873666991785e+251,
                -6.99742429008025e+287, -2.154672409046458e+192, -28_861_073_175.96057, 7.147729611897139e+289,
                -2.057371971768401e+172, 3.6302492033688884e+208,
            ], 2.251801079760138e+289
        ),
    ]

    @Test(arguments: facts)
    func agreesWithPythonInAnyOrder(_ values: [Double], _ expected: Double) {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<20 {
            let shuffled = values.shuffled(using: &random)
            var (sums, wide) = (ExactSums(), WideSum())
            sums.grow(to: 1)
            for value in shuffled {
                sums.add(value, to: 0)
                wide.add(value)
            }
            #expect(sums.value(0).bitPattern == expected.bitPattern)
            #expect(wide.value == expected)
        }
    }

    @Test func infinitiesAndNaN() {
        for (values, isNaN, expected) in [
            ([Double.infinity, 1], false, Double.infinity), ([-.infinity, 1e308], false, -.infinity),
            ([.infinity, -.infinity], true, 0), ([.nan, 1], true, 0), ([1e308, 1e308], false, .infinity),
            // What overflows on the way but not at the end is no overflow.
            ([1e308, 1e308, -1e308], false, 1e308),
        ] as [([Double], Bool, Double)] {
            for order in [values, values.reversed()] {
                var sums = ExactSums()
                sums.grow(to: 1)
                for value in order { sums.add(value, to: 0) }
                #expect(isNaN ? sums.value(0).isNaN : sums.value(0) == expected, "\(order)")
            }
        }
    }

    /// Any split into partial sums, any order, and a snapshot in between give the same bits.
    @Test func mergesAreExact() throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let spread = Int.random(in: 1...300, using: &random)
            let values = (0..<30).map { _ in
                Double(sign: .plus, exponent: Int.random(in: -spread...spread, using: &random), significand: 1)
                    * Double.random(in: -2...2, using: &random)
            }
            var exact = WideSum()
            for value in values { exact.add(value) }
            var sums = ExactSums()
            sums.grow(to: 4)
            for value in values { sums.add(value, to: Int.random(in: 0..<4, using: &random)) }
            for row in [2, 0, 3] { sums.add(sums.part(row), to: 1) }
            #expect(sums.value(1).bitPattern == exact.value.bitPattern, "seed \(seed)")

            var writer = ByteWriter()
            sums.encode([1, 3], into: &writer)
            var reader = ByteReader(writer.bytes)
            var restored = ExactSums()
            try restored.decode(2, from: &reader)
            #expect(restored.value(0) == exact.value && restored.value(1) == sums.value(3))
            #expect(restored.pair(0) == sums.pair(1))
        }
    }

    /// Deviations by Python's `statistics.stdev`, which works with fractions.
    @Test(
        arguments: [
            ([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], 5.477225575051661), ([0.1, 0.2, 0.3], 0.09999999999999999),
            ([1e15, 1e15 + 1, 1e15 + 2], 1), ([5, 5, 5], 0), ([-3.5, 2.25, 8, 1e6], 499_998.8750220417),
        ] as [([Double], Double)]
    )
    func deviations(_ values: [Double], _ expected: Double) {
        let state = DeviationState()
        state.grow(to: 2)
        let input = AggregateInput(
            column: StreamColumn(.doubles(values)),
            times: values.map { _ in Int64(0) },
            partition: 0,
            offsets: []
        )
        // Half into each row, then together.
        state.update(values.indices.map { Int32($0 % 2) }, values.indices.map { Int32($0) }, input)
        state.merge(state, 0, into: 1)
        guard case .double(let result) = state.value(1) else {
            Issue.record("no deviation")
            return
        }
        #expect(abs(result - expected) <= expected * 3e-16)
    }
}
