import MartletQuality
import Testing

@Suite
struct SeriesDetectorTests {
    private func verdicts(
        _ values: [Double?],
        _ family: MadeSeries = .level,
        settings: DetectorSettings = DetectorSettings()
    ) -> [PointVerdict] {
        var detector = SeriesDetector(settings: settings)
        return values.enumerated().map { detector.observe($1, at: family.time($0)) }
    }

    /// The bounds that the documentation states: alarms for 1,000 values that nothing is wrong with.
    @Test(arguments: MadeSeries.allCases)
    func cleanSeriesAlarmSeldom(_ family: MadeSeries) {
        let length = family == .weekly || family == .trend ? 400 : 4000
        var alarms = 0
        for seed in 1...10 as ClosedRange<UInt64> {
            alarms += verdicts(family.values(length, seed: seed), family).map(\.episode).max() ?? 0
        }
        let rate = Double(alarms) / Double(10 * length) * 1000
        #expect(rate <= 0.75, "\(alarms) alarms, \(rate) for 1,000 values")
    }

    enum Fault: String, CaseIterable {
        case drop, duplicate, spike, shift, drift, noise, stale
    }

    @Test(arguments: Fault.allCases)
    func faultsAreFound(_ fault: Fault) {
        var found = 0
        var tried = 0
        for family in [MadeSeries.level, .heavy, .daily, .weekly, .counts] {
            for seed in 1...10 as ClosedRange<UInt64> {
                let length = family == .weekly ? 300 : 3000
                var values = family.values(length, seed: seed)
                var noise = SeededNoise(seed + 99)
                let at = length * 3 / 4 + Int(seed)
                let unit = family == .daily ? 3.0 : family == .weekly ? 30 : family == .counts ? 6.3 : 1.4
                let end = min(length, at + (family == .weekly ? 20 : 60))
                switch fault {
                case .drop: for row in at..<at + 3 { values[row] *= 0.1 }
                case .duplicate: for row in at..<at + 2 { values[row] *= 2 }
                case .spike: values[at] += 14 * unit
                case .shift: for row in at..<length { values[row] += 14 * unit }
                case .drift: for row in at..<length { values[row] += unit * 0.4 * Double(row - at) }
                case .noise: for row in at..<end { values[row] += 14 * unit * noise.normal() }
                case .stale: for row in at..<end { values[row] = values[at] }
                }
                if fault == .stale, family == .counts { continue }
                tried += 1
                let flagged = verdicts(values, family)[at...].prefix(fault == .drift ? 400 : 60)
                if flagged.contains(where: { $0.isAnomaly }) { found += 1 }
            }
        }
        #expect(Double(found) >= 0.9 * Double(tried), "found \(found) of \(tried)")
    }

    @Test
    func aShiftIsOneEpisodeAndThenTheNewNormal() {
        var values = MadeSeries.level.values(2000, seed: 7)
        for row in 1000..<2000 { values[row] += 30 }
        let result = verdicts(values)
        #expect(result[1000].isAnomaly)
        #expect(Set(result[1000...].map(\.episode)).subtracting([0]).count == 1)
        #expect(!result[1100...].contains { $0.isAnomaly })
        #expect(abs(result[1999].expected - 80) < 2)
    }

    @Test
    func anAcceptedShiftEndsAtOnce() {
        var detector = SeriesDetector()
        for (row, value) in MadeSeries.level.values(500, seed: 3).enumerated() {
            _ = detector.observe(value, at: MadeSeries.level.time(row))
        }
        #expect(detector.observe(90, at: MadeSeries.level.time(500)).isAnomaly)
        detector.accept()
        #expect(!detector.observe(90.5, at: MadeSeries.level.time(501)).isAnomaly)
    }

    @Test
    func aScoreSaysWhetherARowIsAnomalous() {
        for family in MadeSeries.allCases {
            var values = family.values(1500, seed: 5)
            for row in stride(from: 700, to: 1500, by: 130) { values[row] *= 3 }
            for verdict in verdicts(values, family) {
                #expect((verdict.score >= 0.5) == verdict.isAnomaly)
                #expect((0...1).contains(verdict.score))
                #expect((verdict.episode > 0) == verdict.isAnomaly)
                #expect((verdict.rule != nil) == verdict.isAnomaly)
            }
        }
    }

    @Test
    func laterValuesChangeNothing() {
        let whole = MadeSeries.daily.values(3000, seed: 11)
        let all = verdicts(whole, .daily)
        for cut in [1, 12, 13, 96, 300, 1024, 2999] {
            let part = verdicts(Array(whole[..<cut]), .daily)
            #expect(
                zip(part, all).allSatisfy { left, right in
                    (left.score, left.episode) == (right.score, right.episode)
                        && left.expected.bitPattern == right.expected.bitPattern
                        && left.upper.bitPattern == right.upper.bitPattern
                }
            )
        }
    }

    @Test
    func littleHistoryIsLearning() {
        let result = verdicts([10, 11, 10, 500, 10, 11])
        #expect(result.allSatisfy { $0.state == .learning && !$0.isAnomaly })
    }

    @Test
    func missingValuesAreNotJudged() {
        var values: [Double?] = MadeSeries.level.values(300, seed: 2)
        for row in stride(from: 20, to: 300, by: 7) { values[row] = row.isMultiple(of: 2) ? nil : .nan }
        values[100] = .infinity
        let result = verdicts(values)
        for (value, verdict) in zip(values, result) {
            #expect((verdict.state == .missing) == !(value?.isFinite ?? false))
            if verdict.state == .missing { #expect(!verdict.isAnomaly && verdict.score == 0) }
        }
        #expect(!result.contains { $0.isAnomaly })
    }

    @Test
    func aConstantAlarmsWhenItMoves() {
        var values = [Double](repeating: 5, count: 400)
        values[300] = 5.5
        let result = verdicts(values)
        #expect(result.filter(\.isAnomaly).count == 1)
        #expect(result[300].isAnomaly)
    }

    @Test
    func directionAndLeastChangeHoldBackAlarms() {
        var values = MadeSeries.level.values(600, seed: 8)
        values[400] += 25
        values[500] -= 25
        var settings = DetectorSettings()
        settings.direction = .down
        #expect(verdicts(values, settings: settings).filter(\.isAnomaly).map(\.value) == [values[500]])
        settings.direction = .up
        #expect(verdicts(values, settings: settings).filter(\.isAnomaly).map(\.value) == [values[400]])
        settings = DetectorSettings()
        settings.minimumChange = .init(relative: 0.6)
        #expect(verdicts(values, settings: settings).allSatisfy { !$0.isAnomaly && $0.score < 0.5 })
    }

    @Test(arguments: [1e308, -1e308, 1e-300, 1e150])
    func extremesStayFinite(_ extreme: Double) {
        var values = MadeSeries.level.values(300, seed: 4)
        for row in [0, 5, 150, 151, 200] { values[row] = row == 151 ? -extreme : extreme }
        let result = verdicts(values)
        #expect(result.dropFirst().allSatisfy { $0.expected.isFinite && !$0.score.isNaN })
        #expect(!result[280...].contains { $0.isAnomaly })
    }

    @Test
    func timesOfAnyKindDoNoHarm() {
        let values = MadeSeries.level.values(400, seed: 6)
        let times: [Int64?] = (0..<400).map { row in
            [nil, Int64.max, Int64.min, 0, -5, MadeSeries.level.time(row), MadeSeries.level.time(row)][row % 7]
        }
        var detector = SeriesDetector()
        let result = zip(values, times).map { detector.observe($0, at: $1) }
        #expect(result.last.map { abs($0.expected - 50) < 5 } == true)
    }

    @Test
    func aPeriodIsFoundWithoutACalendar() {
        var noise = SeededNoise(12)
        var detector = SeriesDetector()
        var last: PointVerdict?
        for row in 0..<1200 {
            let value = 100 + 20 * (Double(row % 37) < 12 ? 1 : 0) + noise.normal()
            last = detector.observe(value, at: Int64(row) * 1_000_000)
        }
        #expect(last?.season == 37_000_000)
    }
}
