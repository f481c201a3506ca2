import Testing

@testable import MartletQuality

/// Distances beside those of SciPy 1.17.1 and NumPy.
@Suite struct DriftMeasuresTests {
    @Test func distancesAreThoseOfSciPy() throws {
        let measures = DriftMeasures(
            reference: [100, 200, 300, 400, 0],
            data: [150, 180, 320, 330, 20],
            isOrdered: false
        )
        #expect(measures.psi.isClose(to: 0.10907041798185985))
        #expect(measures.jensenShannon.isClose(to: 0.12910625685530128))
        #expect(measures.lInfinity.isClose(to: 0.07))
        #expect(measures.totalVariation.isClose(to: 0.09))
        #expect(measures.hellinger.isClose(to: 0.12096339554776886))
        let test = try #require(measures.chiSquared)
        #expect(try #require(test.statistic).isClose(to: 38.41012163639324))
        #expect(test.degrees == 4)
        #expect(test.pValue.isClose(to: 9.22164127628508e-08))
    }

    @Test func equalDistributionsAreNoWayApart() throws {
        let measures = DriftMeasures(reference: [10, 20, 30], data: [100, 200, 300], isOrdered: true)
        #expect(measures.psi.isClose(to: 0) || abs(measures.psi) < 1e-15)
        #expect(measures.jensenShannon < 1e-7)
        #expect(measures.lInfinity < 1e-15)
        #expect(try #require(measures.chiSquared).pValue.isClose(to: 1))
    }

    /// `scipy.stats.ks_2samp` and `wasserstein_distance` of 1 1 2 3 3 3 5 and 2 3 4 4 6 6 7 7.
    @Test func distancesOfNumbersAreExactWhenEveryValueIsAPoint() {
        let distance = CumulativeDistance(
            points: [1, 2, 3, 4, 5, 6, 7],
            reference: [2, 1, 3, 0, 1, 0, 0],
            data: [0, 1, 1, 2, 0, 2, 2],
            deviation: 1.5,
            isExact: true
        )
        #expect(distance.kolmogorovSmirnov.isClose(to: 0.6071428571428571))
        #expect(distance.kolmogorovSmirnovAtMost == distance.kolmogorovSmirnov)
        #expect(distance.wasserstein.isClose(to: 2.3035714285714284))
        #expect(distance.wassersteinOverDeviation?.isClose(to: 2.3035714285714284 / 1.5) == true)
    }

    @Test func betweenPointsDistancesAreBounded() {
        let distance = CumulativeDistance(
            points: [0, 1, 2],
            reference: [0, 50, 50],
            data: [0, 40, 60],
            deviation: nil,
            isExact: false
        )
        #expect(distance.kolmogorovSmirnov.isClose(to: 0.1))
        #expect(distance.kolmogorovSmirnovAtMost.isClose(to: 0.6))
        #expect(distance.wasserstein.isClose(to: 0.1))
        #expect(distance.wassersteinOverDeviation == nil)
    }

    /// Tables that are too thin for chi-squared, and what is made of them.
    @Test(arguments: [
        // Neighbours merge until five rows are expected on either side.
        ([2, 3, 5, 90], [1, 4, 5, 90], true, 3),
        // The rare become one bin.
        ([1, 1, 1, 1, 1, 95], [1, 1, 1, 1, 1, 95], false, 2),
        // Two bins stay two, however thin: Fisher's test takes them.
        ([100, 0], [97, 3], false, 2),
        ([5], [5], false, 1),
    ])
    func thinBinsAreMerged(reference: [Int], data: [Int], isOrdered: Bool, bins: Int) throws {
        let test = try #require(ChiSquaredTest(reference: reference, data: data, isOrdered: isOrdered))
        #expect(test.bins == bins)
    }

    @Test func thinPairsGetTheExactTest() throws {
        let test = try #require(ChiSquaredTest(reference: [100, 0], data: [97, 3], isOrdered: false))
        #expect(test.statistic == nil)
        #expect(test.pValue.isClose(to: 0.24623115577889448, within: 1e-9))
        #expect(ChiSquaredTest(reference: [0, 0], data: [1, 2], isOrdered: false) == nil)
    }
}
