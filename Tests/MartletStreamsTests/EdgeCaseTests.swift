import MartletCore
import MartletTestKit
import Testing

@testable import MartletStreams

@Suite("Edges of windows and times", .tags(.machine))
struct EdgeCaseTests {
    private let span = StreamSamples.span

    private func counting(
        _ window: WindowSpec,
        disorder: Int64 = 0,
        lateness: Int64 = 0,
        change: (inout StreamDefinition) -> Void = { _ in }
    ) throws -> StreamTask {
        var definition = StreamDefinition(
            name: "count",
            source: StreamInput(fields: [StreamField("n", .integer)], disorder: span(disorder)),
            window: window,
            allowedLateness: span(lateness),
            aggregates: [AggregateSpec("n", .count)]
        )
        change(&definition)
        return StreamTask(try StreamPlan(definition))
    }

    private func batch(_ times: [Int64], from offset: Int64, partition: Int32 = 0) throws -> StreamBatch {
        try StreamBatch(
            partition: partition,
            columns: [StreamColumn(.integers(times))],
            timestamps: times,
            firstOffset: offset
        )
    }

    /// Feeds times one by one; gives start, end and count of what closes, and the offsets that are late.
    private func run(_ task: StreamTask, _ times: [Int64]) throws -> (closed: [[Int64]], late: [Int64]) {
        var (closed, late) = ([[Int64]](), [Int64]())
        for (offset, time) in times.enumerated() {
            let outputs = try task.process(try batch([time], from: Int64(offset)), wallTime: StreamSamples.wall)
            closed += outputs.panes.map(line)
            late += outputs.rejected.map(\.offset)
        }
        closed += task.finish().panes.map(line)
        return (closed, late)
    }

    private func line(_ pane: Pane) -> [Int64] {
        guard case .integer(let count)? = pane.values.first else { return [] }
        return [pane.window.start, pane.window.end, count]
    }

    @Test func boundaries() throws {
        // The end is the next window's; the watermark at the end closes; a record at the end is not late, one before is.
        let result = try run(try counting(.tumbling(span(10))), [0, 9, 10, 9, 19, 20, 10])
        #expect(result.closed == [[0, 10, 2], [10, 20, 2], [20, 30, 1]])
        #expect(result.late == [3, 6])
    }

    @Test func negativeTimes() throws {
        let result = try run(try counting(.tumbling(span(10))), [-11, -10, -1, 0, 9])
        #expect(result.closed == [[-20, -10, 1], [-10, 0, 2], [0, 10, 2]])
        let shifted = try run(try counting(.tumbling(span(10), offset: span(3))), [-8, -7, 2, 3])
        #expect(shifted.closed == [[-17, -7, 1], [-7, 3, 2], [3, 13, 1]])
    }

    @Test func latenessIsInclusiveOfItsLastInstant() throws {
        // Closed at end + lateness <= watermark: at 14 still open, at 15 not.
        let open = try run(try counting(.tumbling(span(10)), lateness: 5), [1, 14, 9])
        #expect(open.late == [] && open.closed.first == [0, 10, 2])
        let closed = try run(try counting(.tumbling(span(10)), lateness: 5), [1, 15, 9])
        #expect(closed.late == [2] && closed.closed.first == [0, 10, 1])
    }

    @Test func aRecordLateForSomeOfItsWindowsCountsForTheRest() throws {
        // At watermark 10, [0, 10) is closed and [5, 15) is not.
        let result = try run(try counting(.hopping(span(10), every: span(5))), [6, 10, 7])
        #expect(result.late == [])
        #expect(result.closed == [[0, 10, 1], [5, 15, 3], [10, 20, 1]])
    }

    @Test func sessionsAtTheGap() throws {
        // Exactly the gap apart is two sessions, one less is one; a record between joins them.
        let apart = try run(try counting(.session(gap: span(5)), disorder: 50), [0, 5])
        #expect(apart.closed == [[0, 5, 1], [5, 10, 1]])
        let together = try run(try counting(.session(gap: span(5)), disorder: 50), [0, 4])
        #expect(together.closed == [[0, 9, 2]])
        let bridged = try run(try counting(.session(gap: span(5)), disorder: 50), [0, 8, 4])
        #expect(bridged.closed == [[0, 13, 3]])
    }

    @Test func sessionsByBothRulesOfLateness() throws {
        // By partition, a record is late as soon as it is behind the watermark by more than the lateness; by task, as
        // long as its session is open it is not.
        let strict = try run(try counting(.session(gap: span(10))), [0, 6, 4])
        #expect(strict.late == [2] && strict.closed == [[0, 16, 2]])
        let loose = try run(try counting(.session(gap: span(10))) { $0.lateBy = .task }, [0, 6, 4])
        #expect(loose.late == [] && loose.closed == [[0, 16, 3]])
    }

    @Test func aLateRecordBridgesTwoEmittedSessions() throws {
        let task = try counting(.session(gap: span(5)), lateness: 30) { $0.emit = .onWatermark }
        var lines = [[Int64]]()
        for (offset, time) in [0, 8, 30, 4].enumerated() {
            let outputs = try task.process(try batch([Int64(time)], from: Int64(offset)), wallTime: StreamSamples.wall)
            lines += outputs.panes.map {
                line($0) + [$0.isRetraction ? -1 : 1, Int64($0.timing.rawValue), Int64($0.index)]
            }
        }
        // Start, end, count, sign, timing (1 on time, 2 late), index.
        #expect(
            lines == [
                [0, 5, 1, 1, 1, 0], [8, 13, 1, 1, 1, 0], [8, 13, 1, -1, 2, 0], [0, 5, 1, -1, 2, 0],
                [0, 13, 3, 1, 2, 2],
            ]
        )
    }

    @Test func aWindowThatOnlyLateRecordsOpenHasNoResultOnTime() throws {
        for window in [WindowSpec.tumbling(span(10)), .session(gap: span(5))] {
            let task = try counting(window, lateness: 100) { $0.emit = .onWatermark }
            var timings = [Pane.Timing]()
            for (offset, times) in [[50, 90], [3], [4, 4]].enumerated() {
                let batch = try batch(times.map { Int64($0) }, from: Int64(offset * 2))
                timings += try task.process(batch, wallTime: StreamSamples.wall).panes
                    .filter { !$0.isRetraction }.map(\.timing)
            }
            #expect(timings == [.onTime, .late, .late])
        }
    }

    @Test func lateByTaskWaitsForTheSlowestPartition() throws {
        for (rule, late) in [(LatenessRule.partition, 1), (.task, 0)] {
            let task = try counting(.tumbling(span(10))) { $0.lateBy = rule }
            task.assign(0, wallTime: StreamSamples.wall)
            task.assign(1, wallTime: StreamSamples.wall)
            let outputs = try task.process(try batch([5, 30, 6], from: 0), wallTime: StreamSamples.wall)
            #expect(outputs.rejected.count == late && outputs.panes.isEmpty)
        }
    }

    @Test func farFutureRecordsArePutAside() throws {
        let task = try counting(.tumbling(span(10))) { $0.source.maximumAhead = span(1000) }
        let wall = Timestamp(microseconds: 500)
        let outputs = try task.process(
            try batch([3, 1500, 1501, .max, .min, 1 << 60, (1 << 60) + 1], from: 0),
            wallTime: wall
        )
        #expect(outputs.rejected.map(\.offset) == [2, 3, 4, 5, 6])
        #expect(outputs.rejected.map(\.reason) == [.timeAhead, .timeInvalid, .timeInvalid, .timeAhead, .timeInvalid])
        #expect(outputs.watermark == 1500)
        #expect(task.counters.invalid == 5 && task.counters.records == 7)
    }

    @Test func emptyBatchesMoveOffsetsAndNothingElse() throws {
        let task = try counting(.tumbling(span(10)))
        let empty = try StreamBatch(
            partition: 0,
            columns: [StreamColumn(.integers([]))],
            timestamps: [],
            firstOffset: 3,
            nextOffset: 9
        )
        let outputs = try task.process(empty, wallTime: StreamSamples.wall)
        #expect(outputs.panes.isEmpty && outputs.watermark == EventTime.beginning)
        #expect(task.watermarks.partitions[0]?.nextOffset == 9)
        #expect(task.finish().panes.isEmpty)
    }

    @Test func filteredRecordsMoveTheWatermarkAndAreNeverLate() throws {
        let task = try counting(.tumbling(span(10))) { $0.filter = "n < 100" }
        let result = try run(task, [5, 200, 300, 150])
        #expect(result.closed == [[0, 10, 1]] && result.late.isEmpty)
        #expect(task.counters.filtered == 3)
    }

    @Test func idlePartitionsLetWindowsClose() throws {
        let task = try counting(.tumbling(span(10))) { $0.source.idleTimeout = span(100) }
        for partition in 0..<2 as Range<Int32> { task.assign(partition, wallTime: StreamSamples.wall) }
        #expect(try task.process(try batch([5, 25], from: 0), wallTime: StreamSamples.wall).panes.isEmpty)
        #expect(task.advance(wallTime: Timestamp(microseconds: 99)).panes.isEmpty)
        let late = try task.process(try batch([26], from: 2), wallTime: Timestamp(microseconds: 99))
        #expect(late.panes.isEmpty)
        #expect(task.advance(wallTime: Timestamp(microseconds: 100)).panes.map(line) == [[0, 10, 1]])
        // Both idle and read to their ends: the last window closes without a further record.
        task.note(highWatermark: 3, of: 0, wallTime: Timestamp(microseconds: 100))
        task.note(highWatermark: 0, of: 1, wallTime: Timestamp(microseconds: 100))
        #expect(task.advance(wallTime: Timestamp(microseconds: 200)).panes.map(line) == [[20, 30, 2]])
    }

    @Test func nanAndNullInAggregates() throws {
        let task = StreamTask(
            try StreamPlan(
                StreamDefinition(
                    name: "nan",
                    source: StreamInput(fields: [StreamField("v", .double)]),
                    window: .tumbling(span(10)),
                    aggregates: AggregateFunction.allCases.map { AggregateSpec($0.rawValue, $0, of: "v") }
                )
            )
        )
        let values: [StreamValue] = [.double(1), .null, .double(.nan), .double(-0.0), .double(-.nan), .double(0)]
        let batch = try StreamBatch(
            partition: 0,
            columns: [StreamColumn(.double, values)],
            timestamps: [0, 0, 1, 2, 3, 4]
        )
        _ = try task.process(batch, wallTime: StreamSamples.wall)
        let pane = try #require(task.finish().panes.first)
        let results = Dictionary(uniqueKeysWithValues: zip(AggregateFunction.allCases, pane.values))
        func double(_ function: AggregateFunction) -> Double? {
            if case .double(let number)? = results[function] { number } else { nil }
        }
        #expect(results[.count] == .integer(5) && results[.distinct] == .integer(3))
        #expect(double(.minimum)?.sign == .plus && double(.minimum) == 0)
        for function in [AggregateFunction.maximum, .sum, .average, .deviation] {
            #expect(double(function)?.isNaN == true, "\(function)")
        }
        #expect(double(.first) == 1 && double(.last) == 0)
    }

    @Test func sumsOfWholeNumbersThatDoNotFitAreNull() throws {
        for (numbers, expected) in [
            ([Int64.max, 1, -1], .integer(.max)), ([.max, 1], .null), ([.min, .min, .max, .max, 2], .integer(0)),
        ] as [([Int64], StreamValue)] {
            let state = IntegerSumState(isAverage: false)
            state.grow(to: 1)
            let input = AggregateInput(column: StreamColumn(.integers(numbers)), times: [], partition: 0, offsets: [])
            state.update(numbers.map { _ in 0 }, numbers.indices.map { Int32($0) }, input)
            #expect(state.value(0) == expected)
        }
    }

    @Test func withoutWindowsRecordsPassThrough() throws {
        let plan = try StreamPlan(
            StreamDefinition(
                name: "map",
                source: StreamInput(fields: [StreamField("n", .integer)]),
                filter: "twice > 2",
                derived: [DerivedColumn("twice", "n * 2")]
            )
        )
        let task = StreamTask(plan)
        let passed = try #require(try task.process(try batch([1, 2, 3], from: 4), wallTime: StreamSamples.wall).passed)
        #expect(passed.columns == [StreamColumn(.integers([2, 3])), StreamColumn(.integers([4, 6]))])
        #expect(passed.offsets == [5, 6] && plan.fields.map(\.name) == ["n", "twice"])
    }
}
