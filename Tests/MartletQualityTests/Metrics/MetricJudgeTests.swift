import MartletCore
import MartletQuality
import Testing

@Suite
struct MetricJudgeTests {
    private let rows = MetricSeriesID(.dataset(DatasetID(trusted: "d")), "rows")
    private let day: Int64 = 86_400_000_000

    private func reading(_ index: Int, _ value: Double, succeeded: Bool = true) -> MetricReader.Reading {
        MetricReader.Reading(
            run: RunID(trusted: "p-\(index)"),
            pipeline: PipelineID(trusted: "p"),
            at: Timestamp(microseconds: 1_735_689_600_000_000 + Int64(index) * day),
            succeeded: succeeded,
            sequence: 9,
            values: [rows: value]
        )
    }

    /// Each run judged by those before it, as they were judged.
    private func judge(
        _ values: [Double],
        failed: Set<Int> = [],
        said: [Int: MetricFeedback.Judgement] = [:]
    ) -> [RunMetric] {
        var history: [RunMetric] = []
        for (index, value) in values.enumerated() {
            let feedback = said.filter { $0.key < index }.map { index, judgement in
                MetricFeedback(
                    pipeline: PipelineID(trusted: "p"),
                    series: rows,
                    run: RunID(trusted: "p-\(index)"),
                    judgement: judgement,
                    by: "ada",
                    at: Timestamp(microseconds: 0)
                )
            }
            let judge = MetricJudge(history: history, feedback: feedback)
            history += judge.judge(reading(index, value, succeeded: !failed.contains(index)))
        }
        return history
    }

    private var usual: [Double] {
        var noise = SeededNoise(5)
        return (0..<60).map { _ in (10_000 + 150 * noise.normal()).rounded() }
    }

    @Test
    func aDropIsAnomalousAndSaysWhy() throws {
        let last = try #require(judge(usual + [3_000]).last).verdict
        #expect(last.state == .anomalous)
        #expect(last.rule == "point")
        #expect(last.history == 60)
        #expect(last.excluded == 0)
        #expect(last.lower.map { $0 > 3_000 } == true)
        #expect(last.expected.map { abs($0 - 10_000) < 300 } == true)
        #expect(last.alpha == MetricJudge.settings.alpha)
    }

    @Test
    func firstRunsAreLearning() {
        #expect(judge(Array(usual[..<8]) + [1]).allSatisfy { $0.verdict.state == .learning })
    }

    @Test
    func failedRunsAreNeitherJudgedNorLearned() throws {
        let values = usual + [0, 0, 0, 10_050]
        let metrics = judge(values, failed: [60, 61, 62])
        #expect(metrics[60...62].allSatisfy { $0.verdict.state == .excluded })
        let last = try #require(metrics.last).verdict
        #expect(last.state == .normal)
        #expect(last.excluded == 3)
    }

    @Test
    func whatIsExpectedIsLearnedAtOnce() {
        let values = usual + [20_000, 20_100]
        #expect(judge(values).suffix(2).map(\.verdict.state) == [.anomalous, .anomalous])
        #expect(judge(values, said: [60: .expected]).suffix(2).map(\.verdict.state) == [.anomalous, .normal])
    }

    @Test
    func anIncidentIsNeverLearned() throws {
        let values = usual + [Double](repeating: 20_000, count: 20) + [10_020]
        let said = Dictionary(uniqueKeysWithValues: (60..<80).map { ($0, MetricFeedback.Judgement.incident) })
        let last = try #require(judge(values, said: said).last).verdict
        #expect(last.state == .normal)
        #expect(last.excluded == 20)
    }

    @Test
    func anEpisodeBeginsOnce() {
        let metrics = judge(usual + [3_000, 3_100])
        let first = MetricJudge(history: Array(metrics[..<60]), feedback: [])
        #expect(first.beginsEpisode(metrics[60]))
        #expect(!MetricJudge(history: Array(metrics[..<61]), feedback: []).beginsEpisode(metrics[61]))
    }

    @Test
    func datasetsHaveTheTimeSinceTheyWereWritten() throws {
        let bytes = MetricSeriesID(.dataset(DatasetID(trusted: "d")), "bytes")
        var first = reading(0, 1)
        first.values = [bytes: 10]
        var second = reading(2, 1)
        second.values = [bytes: 10]
        let history = MetricJudge(history: [], feedback: []).judge(first)
        let metrics = MetricJudge(history: history, feedback: []).judge(second)
        #expect(metrics.map(\.series.description) == ["dataset:d:bytes", "dataset:d:since_last_write"])
        #expect(metrics[1].value == 2 * 86_400)
    }
}

@Suite
struct FreshnessRuleTests {
    @Test(arguments: [
        ([0.0, 10, 20, 30, 40], 45.0, false), ([0, 10, 20, 30, 40], 61, true), ([0, 10, 20], 500, false),
        ([0, 10, 20, 50, 60, 70], 100, false), ([0, 10, 20, 50, 60, 70], 106, true), ([], 5, false),
        ([.nan, 1], 9, false),
    ])
    func lateIsLongerThanEver(_ writings: [Double], _ now: Double, _ isLate: Bool) {
        #expect(FreshnessRule.judge(writings: writings, now: now).isLate == isLate)
    }
}

@Suite
struct MetricSeriesIDTests {
    @Test(arguments: ["run:duration", "step:ingest:rows", "step:ingest:a:b", "dataset:flights/raw:bytes", "run:a:b"])
    func readsWhatItWrites(_ text: String) {
        #expect(MetricSeriesID(text)?.description == text)
    }

    @Test(arguments: ["", "run", "run:", "step:x", "step::rows", "dataset:/:bytes", "other:x:y"])
    func refusesOthers(_ text: String) {
        #expect(MetricSeriesID(text) == nil)
    }
}
