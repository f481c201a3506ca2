import Testing

@testable import MartletQuality

/// Tails beside those of SciPy 1.17.1, printed there with all digits.
@Suite struct ProbabilityTests {
    @Test(
        arguments: [
            (0.001, 1, 0.9747728793699604), (3.841458820694124, 1, 0.04999999999999989), (10, 1, 0.001565402258002549),
            (5, 4, 0.2872974951836458), (21.67, 9, 0.009985789299578333), (9, 9, 0.43727418891386693),
            (50, 9, 1.0772382022574693e-07), (100, 49, 2.3646111089850406e-05), (49, 49, 0.4731282956547652),
            (300, 99, 4.2266534644194534e-22), (1000, 999, 0.48513148927490146), (1500, 1000, 1.0454640385980825e-22),
            (200_000, 199_000, 0.05665200894704037), (700, 3, 2.0991308534204487e-151), (0.5, 40, 1),
        ] as [(Double, Int, Double)]
    )
    func chiSquared(statistic: Double, degrees: Int, expected: Double) {
        #expect(Probability.chiSquared(atLeast: statistic, degrees: degrees).isClose(to: expected))
    }

    @Test(
        arguments: [
            (0.2, 0.999999999999495), (0.3, 0.9999906941986655), (0.5, 0.9639452436648751),
            (0.8276, 0.49995841656354456),
            (1, 0.26999967167735456), (1.18, 0.1234538094297657), (1.3581, 0.0499996304316674),
            (1.6276, 0.010001537333060776), (2, 0.0006709252557796953), (3, 3.045995948942526e-08),
            (5, 3.8574996959278356e-22),
        ] as [(Double, Double)]
    )
    func kolmogorov(value: Double, expected: Double) {
        #expect(Probability.kolmogorov(atLeast: value).isClose(to: expected, within: 1e-10))
    }

    /// SciPy's `ks_2samp(method="asymp")` takes the exact distribution of one sample of the combined size, which the
    /// correction comes near to.
    @Test(
        arguments: [
            (0.3, 50, 50, 0.0171781183234907), (0.1, 400, 300, 0.06100028140888458),
            (0.05, 2000, 1500, 0.026609665222889545), (0.4, 20, 30, 0.030315527207322446),
            (0.02, 20_000, 20_000, 0.0006616848639387309), (0.6, 10, 10, 0.03008000000000001),
        ] as [(Double, Int, Int, Double)]
    )
    func kolmogorovSmirnov(distance: Double, n: Int, m: Int, expected: Double) {
        #expect(Probability.kolmogorovSmirnov(distance: distance, n, m).isClose(to: expected, within: 0.05))
    }

    @Test(
        arguments: [
            (0, 100, 3, 100, 0.24623115577889448), (1, 10, 0, 1000, 0.009900990099009901),
            (5, 20, 1, 25, 0.07408907976122953), (0, 5, 5, 5, 0.007936507936507938),
            (12, 1000, 30, 900, 0.0016454790465707681), (3, 7, 3, 7, 1.0), (0, 2000, 0, 10, 1.0),
            (2000, 2000, 9, 10, 0.004975124378109453),
        ] as [(Int, Int, Int, Int, Double)]
    )
    func fisher(a: Int, n: Int, b: Int, m: Int, expected: Double) {
        #expect(Probability.fisher(a, of: n, b, of: m).isClose(to: expected, within: 1e-9))
    }

    @Test(
        arguments: [
            (1, 10, 0.1, 0.6513215599000001), (12, 12, 0.5, 0.000244140625), (5, 20, 0.5, 0.9940910339355469),
            (30, 1000, 0.02, 0.02069651867323949), (0, 5, 0.5, 1), (6, 5, 0.5, 0), (3, 40, 1.0 / 3, 0.9999804654510029),
        ] as [(Int, Int, Double, Double)]
    )
    func binomial(count: Int, trials: Int, share: Double, expected: Double) {
        #expect(Probability.binomial(atLeast: count, of: trials, share: share).isClose(to: expected))
    }

    @Test(
        arguments: [
            (1, 1, 0.5), (2.5, 4, 0.06676654481198814), (3.5, 9, 0.006723515763058959),
            (12.706204736432095, 1, 0.0499999999989913), (6.4, 7, 0.0003672818691388896), (2, 200, 0.04685318618707097),
        ] as [(Double, Int, Double)]
    )
    func student(value: Double, degrees: Int, expected: Double) {
        #expect(Probability.student(beyond: value, degrees: degrees).isClose(to: expected, within: 1e-10))
        #expect(Probability.studentBound(tail: expected, degrees: degrees).isClose(to: value, within: 1e-8))
    }

    @Test(
        arguments: [
            (0.5, 0.1, 0.6547208460185768), (3, 2, 0.6766764161830634), (10, 25, 0.0002214766382487835),
            (500, 480, 0.8137180268096754), (1e5, 1e5, 0.4995794778896348), (2.5, 400, 1.1568807904873642e-170),
        ] as [(Double, Double, Double)]
    )
    func upperGamma(a: Double, x: Double, expected: Double) {
        #expect(SpecialFunctions.upperGamma(a, x).isClose(to: expected))
    }

    @Test func falseDiscoveryControl() {
        let adjusted = FalseDiscovery.adjusted([0.01, 0.04, 0.03, 0.005, 0.9, 0.04])
        for (value, expected) in zip(adjusted, [0.03, 0.048, 0.048, 0.03, 0.9, 0.048]) {
            #expect(value.isClose(to: expected))
        }
        #expect(FalseDiscovery.adjusted([]).isEmpty)
    }
}

extension Double {
    /// Whether the relative difference is small.
    func isClose(to other: Double, within error: Double = 1e-9) -> Bool {
        self == other || abs(self - other) <= error * max(abs(self), abs(other))
    }
}
