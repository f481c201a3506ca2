import Foundation
import MartletCore
import Testing

@testable import MartletQuality

@Suite("Charts")
struct ChartTests {
    @Test(
        "axes have round ends and a few round numbers",
        arguments: [
            ([0.0, 10], [0.0, 5, 10]),
            ([3, 97], [0, 50, 100]),
            ([100, 104], [100, 102, 104]),
            ([-1, 1], [-1, 0, 1]),
            ([5, 5], [0, 2, 4, 6]),
            ([0, 0], [0, 0.5, 1]),
            ([.nan, .infinity], [0, 1]),
            ([], [0, 1]),
        ]
    )
    func ticks(values: [Double], expected: [Double]) {
        let (domain, ticks) = ChartScale.nice(values)
        #expect(ticks.map { ($0 * 1e6).rounded() / 1e6 } == expected)
        for value in values where value.isFinite { #expect(domain.contains(value)) }
    }

    @Test("a share of 1 is the top of its axis")
    func shares() {
        let (domain, ticks) = ChartScale.nice([0.4, 1], covering: 0...1)
        #expect(domain == 0...1)
        #expect(ticks == [0, 0.5, 1])
    }

    @Test("of many points the extremes, the ends and the marks stay")
    func thinning() throws {
        let start = Timestamp(microseconds: 0)
        var points = (0..<10_000).map {
            LineChart.Point(time: start + .seconds($0), value: Double($0 % 7))
        }
        points[4_321].value = 1_000
        points[77].status = .failed
        let thin = LineChart(points: points).thinned()
        #expect(thin.points.count <= Limits.reportChartPoints + 2)
        #expect(thin.points.contains { $0.value == 1_000 })
        #expect(thin.points.contains { $0.status == .failed })
        #expect(thin.points.first == points.first)
        #expect(thin.points.last == points.last)
        #expect(thin.points.map(\.time) == thin.points.map(\.time).sorted())
    }

    static let drawings: [ReportChart.Drawing] = {
        let time = Timestamp(microseconds: 1_700_000_000_000_000)
        let points: [LineChart.Point] = [
            LineChart.Point(time: time, value: 1, lower: 0, upper: 2),
            LineChart.Point(time: time + .seconds(60), value: nil, lower: nil, upper: 2),
            LineChart.Point(time: time + .seconds(120), value: .nan),
            LineChart.Point(time: time + .seconds(180), value: -.infinity, status: .failed),
            LineChart.Point(time: time + .seconds(240), value: 5e300, status: .warning),
        ]
        let bar = BarChart.Bar("<b> & \"c\"", 3, other: 0)
        return [
            .line(LineChart(points: [])), .line(LineChart(points: Array(points.prefix(1)))),
            .line(LineChart(points: points)), .line(LineChart(points: points, unit: .share, range: 0...1)),
            .bars(BarChart(bars: [], layout: .rows)), .bars(BarChart(bars: [], layout: .histogram)),
            .bars(BarChart(bars: [bar], layout: .rows, legend: ["a", "b"])),
            .bars(BarChart(bars: [bar, bar], layout: .histogram, legend: ["a", "b"])),
            .heatMap(HeatMap(labels: [], cells: [])),
            .heatMap(HeatMap(labels: ["a", "<i>"], cells: [[1, nil], [.nan, -0.5]])),
        ]
    }()

    @Test("every drawing is well formed, and says what it shows", arguments: drawings)
    func drawing(_ drawing: ReportChart.Drawing) {
        var writer = HTMLWriter()
        writer.figure(ReportChart("Title <x>", summary: "What & why", drawing))
        let html = String(decoding: writer.bytes, as: UTF8.self)
        let check = HTMLCheck(html)
        #expect(check.problems.isEmpty)
        #expect(check.elements["desc"] == 1)
        #expect(check.words.contains("What & why"))
        #expect(!html.contains("nan") && !html.contains("inf"))
        #expect(Set(check.ids).count == check.ids.count)
    }

    @Test("a small line says in words what it shows")
    func sparkline() {
        #expect(Sparkline([]).words == "no values")
        #expect(Sparkline([0.5, 0.5], unit: .share).words == "50% throughout")
        #expect(Sparkline([1, nil, 9, 4]).words == "from 1 to 4, between 1 and 9")
    }
}
