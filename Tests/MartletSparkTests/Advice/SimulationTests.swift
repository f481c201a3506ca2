import Foundation
import MartletCore
import Testing

@testable import MartletSpark

@Suite struct SimulationTests {
    private typealias Work = SyntheticLog.Work

    /// A made log is itself a list schedule: the simulation gives its times again.
    @Test(arguments: [1, 7, 16, 100])
    func theRecordedRunAgain(_ tasks: Int) throws {
        var random = SeededRandom(seed: UInt64(tasks))
        var log = SyntheticLog(executors: 4, cores: 4)
        func work() -> [Work] {
            (0..<tasks).map { _ in Work(milliseconds: Int.random(in: 10...20_000, using: &random)) }
        }
        for _ in 0..<4 {
            log.job([work(), work()])
            log.wait(Int.random(in: 0...5000, using: &random))
        }
        let run = try log.run()
        #expect(abs(run.baseline.wall - run.app.wall) <= run.app.wall / 100)
        let curve = SimulationCurve(run)
        #expect(abs(curve.error) <= 0.01)
        // Fewer executors take longer, and nothing is faster than endless slots.
        #expect(zip(curve.points, curve.points.dropFirst()).allSatisfy { Double($1.wall) <= 1.05 * Double($0.wall) })
        #expect(curve.points.allSatisfy { $0.wall >= curve.floor })
        #expect(curve.points.map(\.share).contains(2))
    }

    /// 8 equal tasks of 10 s on 2, 4 and 8 slots, by hand.
    @Test func byHand() throws {
        var log = SyntheticLog(executors: 2, cores: 2)
        log.job([(0..<8).map { _ in Work(milliseconds: 10_000, deserialize: 0, delay: 0) }])
        let run = try log.run()
        // 2 s to the first job, two rounds of tasks, and 503 ms to the end, of which the stage and the job took 3.
        #expect(run.baseline.wall == 22_503)
        #expect(run.effect(on: ClusterShape(executors: 1, cores: 2)).wallAfter == 42_503)
        #expect(run.effect(on: ClusterShape(executors: 4, cores: 2)).wallAfter == 12_503)
        #expect(run.effect(spreading: 0, over: 16)?.wallAfter == 22_503)
        let hours = try #require(run.effect(on: ClusterShape(executors: 1, cores: 2)).coreHoursAfter as Double?)
        #expect(abs(hours - 2 * 42.503 / 3600) < 0.0001)
    }

    /// Jobs that ran side by side still do, and a job that waited for both still does.
    @Test func jobsSideBySide() throws {
        let origin = SyntheticLog.origin
        var lines = [
            #"{"Event":"SparkListenerApplicationStart","App Name":"a","App ID":"a","Timestamp":\#(origin)}"#,
            #"{"Event":"SparkListenerExecutorAdded","Timestamp":\#(origin),"Executor ID":"1","Executor Info":{"Total Cores":4}}"#,
        ]
        func job(_ id: Int, _ start: Int, _ end: Int, tasks: Int) {
            lines.append(
                #"{"Event":"SparkListenerJobStart","Job ID":\#(id),"Submission Time":\#(origin + start),"Stage IDs":[\#(id)]}"#
            )
            for task in 0..<tasks {
                lines.append(SyntheticLog.taskLine(stage: id, task: task, launch: origin + start, finish: origin + end))
            }
            lines.append(
                #"{"Event":"SparkListenerJobEnd","Job ID":\#(id),"Completion Time":\#(origin + end),"Job Result":{"Result":"JobSucceeded"}}"#
            )
        }
        job(0, 0, 10_000, tasks: 2)
        job(1, 1000, 8000, tasks: 2)
        job(2, 11_000, 15_000, tasks: 4)
        lines.append(#"{"Event":"SparkListenerApplicationEnd","Timestamp":\#(origin + 15_000)}"#)
        let run = RunProfile(try SparkFixture.read(lines: lines).application)
        #expect(run.baseline.wall == 15_000)
        #expect(run.driverTime == 1000)
        // Two slots: job 0 to 10 s, then job 1 to 17 s; 1 s of the driver; job 2 in two rounds.
        #expect(run.effect(on: ClusterShape(executors: 1, cores: 2)).wallAfter == 26_000)
    }

    /// A log of anything: jobs without stages, stages without jobs, times that go back.
    @Test func anyLogEnds() throws {
        var random = SeededRandom(seed: 3)
        for _ in 0..<60 {
            let origin = SyntheticLog.origin
            func time() -> Int { origin + Int.random(in: -1000...50_000, using: &random) }
            var lines = [
                #"{"Event":"SparkListenerApplicationStart","App Name":"a","App ID":"a","Timestamp":\#(origin)}"#
            ]
            for _ in 0..<40 {
                let id = Int.random(in: 0...6, using: &random)
                switch Int.random(in: 0...4, using: &random) {
                case 0:
                    lines.append(
                        #"{"Event":"SparkListenerJobStart","Job ID":\#(id),"Submission Time":\#(time()),"Stage IDs":[\#(id),\#(id + 1)]}"#
                    )
                case 1: lines.append(#"{"Event":"SparkListenerJobEnd","Job ID":\#(id),"Completion Time":\#(time())}"#)
                case 2:
                    lines.append(
                        #"{"Event":"SparkListenerStageCompleted","Stage Info":{"Stage ID":\#(id),"Stage Attempt ID":0,"#
                            + #""Parent IDs":[\#(6 - id)],"Submission Time":\#(time()),"Completion Time":\#(time())}}"#
                    )
                case 3:
                    lines.append(
                        #"{"Event":"SparkListenerExecutorAdded","Timestamp":\#(time()),"Executor ID":"\#(id)","Executor Info":{}}"#
                    )
                default: lines.append(SyntheticLog.taskLine(stage: id, task: 1, launch: time(), finish: time()))
                }
            }
            let advice = SparkAdvisor.advise(try SparkFixture.read(lines: lines))
            #expect(advice.curve.points.allSatisfy { $0.wall >= 0 })
            #expect(!RunAdviceText(advice).lines.isEmpty)
        }
    }
}
