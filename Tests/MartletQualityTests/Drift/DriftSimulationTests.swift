import Foundation
import MartletTestKit
import Testing

@testable import MartletQuality

/// How often identical distributions raise an alarm, and whether shifted ones do.
@Suite(.tags(.simulation)) struct DriftSimulationTests {
    static let columns = 4

    /// Reports whose columns all come from one distribution on both sides: at α = 0.05, at most so many raise an alarm,
    /// even with no effect asked for.
    @Test(
        arguments: [(100, 10, 150), (100, 50, 150), (300, 10, 60), (1_000, 50, 30), (10_000, 10, 4), (10_000, 50, 4)]
            as [(Int, Int, Int)]
    )
    func chanceRaisesNoMoreAlarmsThanAlpha(rows: Int, bins: Int, reports: Int) {
        var generator = SeededGenerator(seed: UInt64(rows * 100 + bins))
        let rule = DriftRule(threshold: 0, missingThreshold: 0, alpha: 0.05, bins: bins)
        var alarms = 0
        for _ in 0..<reports {
            let evidence = (0..<Self.columns).map { column in
                Self.evidence(
                    Self.sample(rows, column, shift: 0, &generator),
                    Self.sample(rows, column, shift: 0, &generator),
                    bins: bins
                )
            }
            if rule.decide(evidence).contains(where: \.alarm) { alarms += 1 }
        }
        // Three standard errors above α.
        let limit = 0.05 * Double(reports) + 3 * (0.05 * 0.95 * Double(reports)).squareRoot()
        #expect(Double(alarms) <= limit, "\(alarms) of \(reports) reports")
    }

    /// With the defaults, identical distributions stay quiet where the effect alone would not.
    @Test func defaultsStayQuietWhereTheEffectAloneDoesNot() {
        var generator = SeededGenerator(seed: 7)
        var large = 0
        var alarms = 0
        for _ in 0..<200 {
            let evidence = Self.evidence(
                Self.sample(100, 0, shift: 0, &generator),
                Self.sample(100, 0, shift: 0, &generator),
                bins: 10
            )
            let verdict = DriftRule().decide([evidence])[0]
            if (verdict.effect ?? 0) >= 0.1 { large += 1 }
            if verdict.alarm { alarms += 1 }
        }
        #expect(large > 120)
        #expect(alarms <= 6)
    }

    /// Shifts by a share of the standard deviation that have to be found at these sizes.
    @Test(arguments: [(100, 1.0), (300, 0.6), (1_000, 0.5), (10_000, 0.4)])
    func shiftsAreFound(rows: Int, shift: Double) {
        var generator = SeededGenerator(seed: UInt64(rows))
        var found = 0
        let reports = rows >= 10_000 ? 4 : 20
        for _ in 0..<reports {
            let evidence = (0..<Self.columns).map { column in
                Self.evidence(
                    Self.sample(rows, 0, shift: 0, &generator),
                    Self.sample(rows, 0, shift: column == 2 ? shift : 0, &generator),
                    bins: 10
                )
            }
            if DriftRule().decide(evidence)[2].alarm { found += 1 }
        }
        #expect(Double(found) >= 0.9 * Double(reports), "\(found) of \(reports)")
    }

    /// A shift that is certain but too small to matter raises none.
    @Test func triviaRaiseNoAlarm() {
        var generator = SeededGenerator(seed: 3)
        let evidence = Self.evidence(
            Self.sample(20_000, 0, shift: 0, &generator),
            Self.sample(20_000, 0, shift: 0.1, &generator),
            bins: 10
        )
        let verdict = DriftRule().decide([evidence])[0]
        #expect(verdict.adjustedPValue.map { $0 < 1e-6 } == true)
        #expect(!verdict.alarm)
        #expect(verdict.reason == "no chance, but too small to matter")
    }

    /// Columns of several shapes: normal, few whole numbers, long-tailed, one value that fills a third.
    static func sample(_ rows: Int, _ column: Int, shift: Double, _ generator: inout SeededGenerator) -> [Double] {
        (0..<rows).map { _ in
            let uniform = Double.random(in: Double.ulpOfOne..<1, using: &generator)
            let angle = Double.random(in: 0..<2 * .pi, using: &generator)
            let normal = (-2 * log(uniform)).squareRoot() * cos(angle)
            switch column {
            case 1: return (abs(normal) * 3).rounded()
            case 2: return exp(normal)
            case 3: return uniform < 0.33 ? 0 : normal
            default: return normal + shift
            }
        }
    }

    static func evidence(_ reference: [Double], _ data: [Double], bins: Int) -> DriftEvidence {
        let left = counted(reference)
        let right = counted(data)
        let plan = DriftPlan(
            aspect: .values,
            shape: .numbers(
                reference: left,
                data: right,
                NumberBins(low: left.points[0], high: left.points[left.points.count - 1], bins: bins, kind: .floating)
            ),
            nulls: (0, 0),
            notFinite: (0, 0)
        )
        return plan.evidence(reference: nil, data: nil)
    }

    static func counted(_ numbers: [Double]) -> CountedPoints {
        var counts: [(value: Double, count: Int)] = []
        for number in numbers.sorted() {
            if counts.last?.value == number { counts[counts.count - 1].count += 1 } else { counts.append((number, 1)) }
        }
        return CountedPoints(counts)
    }
}
