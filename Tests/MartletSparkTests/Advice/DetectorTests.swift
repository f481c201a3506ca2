import Foundation
import MartletCore
import Testing

@testable import MartletSpark

/// Each detector on the log of a real run with its fault; no other finding, so that nothing is said in vain.
@Suite struct RealLogTests {
    private static let logs: [(name: String, expected: Set<DetectorName>)] = [
        ("skew", [.skew]), ("spill", [.spill]), ("tiny", [.tooManyTasks]), ("smallfiles", [.smallFiles]),
        ("crossjoin", [.crossJoin]), ("python", [.python]), ("collect", [.results]),
        ("broadcast", [.missedBroadcast]), ("retries", [.failures]), ("clean", []), ("cluster", []),
    ]

    @Test(arguments: logs)
    func findings(_ name: String, _ expected: Set<DetectorName>) throws {
        let run = RunProfile(try SparkFixture.read(name).application)
        let found = SparkAdvisor.findings(in: run)
        #expect(Set(found.map(\.detector)) == expected, "\(found.map(\.title))")
    }

    /// The simulation of the run as it was, against its record; what came before the first job is left out, as it is long
    /// and easily predicted.
    @Test(arguments: [
        "skew", "spill", "tiny", "smallfiles", "crossjoin", "python", "collect", "broadcast", "retries", "clean",
        "cluster",
    ])
    func simulationOfTheActualShape(_ name: String) throws {
        let run = RunProfile(try SparkFixture.read(name).application)
        let recorded = run.app.wall - run.startup
        let simulated = run.baseline.wall - run.startup
        let error = Double(abs(simulated - recorded)) / Double(recorded)
        #expect(error < 0.02, "\(simulated) of \(recorded)")
    }

    @Test func theSkewedTaskIsNamed() throws {
        let run = RunProfile(try SparkFixture.read("skew").application)
        let finding = try #require(SparkAdvisor.findings(in: run).first)
        #expect(finding.stages.count == 1)
        #expect(finding.evidence.contains { $0.name == "longest task" && $0.value >= 36_000 })
        #expect(finding.evidence.contains { $0.name == "key" && $0.text == "key" })
        // Two slots share the 36 s of the one task.
        let effect = try #require(finding.effect)
        #expect(effect.wallBefore - effect.wallAfter > 15_000)
    }
}

/// Each detector on a log made for it; its patch and its numbers are checked.
@Suite struct SyntheticRunTests {
    private typealias Work = SyntheticLog.Work

    /// The finding of a detector, which has to be the only one but for those that the fault brings with it.
    private func only(
        _ detector: DetectorName,
        with others: Set<DetectorName> = [],
        _ run: RunProfile
    ) throws -> Finding {
        let found = SparkAdvisor.findings(in: run)
        #expect(Set(found.map(\.detector)) == others.union([detector]), "\(found.map(\.title))")
        return try #require(found.first { $0.detector == detector })
    }

    private func even(_ count: Int, _ milliseconds: Int) -> [Work] {
        (0..<count).map { Work(milliseconds: milliseconds + $0 % 7) }
    }

    @Test(arguments: ["3.5.6", "4.0.1", "4.2.1"])
    func cleanRunsGiveNoFinding(_ version: String) throws {
        var log = SyntheticLog(version: version)
        log.job([even(64, 2000), even(48, 3000)])
        log.job([even(96, 1500)])
        #expect(SparkAdvisor.findings(in: try log.run()).isEmpty)
    }

    @Test func skewOfAJoin() throws {
        var log = SyntheticLog(properties: ["spark.sql.adaptive.skewJoin.enabled": "false"])
        let plan =
            #"{"nodeName":"SortMergeJoin","simpleString":"SortMergeJoin [k#1L], [k#2L], Inner","children":["#
            + #"{"nodeName":"Exchange","simpleString":"Exchange hashpartitioning(user_id#12L, day#3, 200), ENSURE","#
            + #""children":[],"metadata":{},"metrics":[{"name":"records read","accumulatorId":8,"metricType":"sum"}]},"#
            + #"{"nodeName":"Exchange","simpleString":"Exchange","children":[],"metadata":{},"metrics":[]}],"metadata":{},"#
            + #""metrics":[{"name":"number of output rows","accumulatorId":9,"metricType":"sum"}]}"#
        log.query(0, plan: plan)
        var tasks = even(64, 2000).map { work in
            var work = work
            work.shuffleRead = 20 << 20
            return work
        }
        tasks[10] = Work(milliseconds: 120_000, shuffleRead: 2 << 30)
        log.job([even(64, 2000), tasks], query: 0, accumulators: [[], [(8, 100), (9, 100)]])
        let finding = try only(.skew, try log.run())
        #expect(finding.confidence == .high)
        #expect(finding.severity >= .high)
        #expect(finding.stages == [1])
        #expect(finding.evidence.contains { $0.text == "user_id, day" })
        #expect(finding.patches.map(\.key) == ["spark.sql.adaptive.skewJoin.enabled"])
        let effect = try #require(finding.effect)
        #expect(effect.timeSaved > 0.4)
    }

    @Test func spillOfALargeShuffle() throws {
        var log = SyntheticLog()
        let tasks = (0..<200).map { Work(milliseconds: 4000 + $0 % 5, shuffleRead: 1 << 30, spilled: 700 << 20) }
        log.job([even(64, 2000), tasks])
        let finding = try only(.spill, try log.run())
        let patch = try #require(finding.patches.first)
        #expect(patch.key == "spark.sql.shuffle.partitions")
        #expect(patch.from == "200")
        // 200 x 700 MB x 3 in memory, over 128 MB each.
        #expect(patch.to == "3282")
        #expect(finding.severity == .high)
    }

    @Test(arguments: [(500, true), (100, false)])
    func garbageCollection(_ share: Int, _ isFound: Bool) throws {
        var log = SyntheticLog(properties: ["spark.executor.memory": "2g"])
        log.job([(0..<96).map { Work(milliseconds: 2000 + $0 % 5, gc: share) }])
        let found = SparkAdvisor.findings(in: try log.run())
        guard isFound else {
            #expect(found.isEmpty)
            return
        }
        let finding = try only(.garbageCollection, try log.run())
        #expect(finding.severity == .high)
        #expect(
            finding.patches == [
                ConfigurationPatch("spark.executor.memory", from: "2g", to: "3g", "more heap is collected less often")
            ]
        )
    }

    @Test func tooMuchHeap() throws {
        var log = SyntheticLog(properties: ["spark.executor.memory": "16g"], heap: 4 << 30)
        log.memory = #""ProcessTreeJVMRSSMemory":\#(14 << 30)"#
        log.job([(0..<640).map { Work(milliseconds: 20_000 + $0 % 5, gc: 10) }])
        let finding = try only(.garbageCollection, try log.run())
        #expect(finding.severity == .low)
        #expect(finding.patches.first?.to == "5376m")
    }

    @Test func fullContainersOfPython() throws {
        var log = SyntheticLog(properties: ["spark.executor.memory": "4g"], heap: 2 << 30)
        log.memory = #""ProcessTreeJVMRSSMemory":\#(3 << 30),"ProcessTreePythonRSSMemory":\#(1400 << 20)"#
        log.job([even(160, 20_000)])
        let finding = try only(.memoryFit, try log.run())
        #expect(finding.severity == .high)
        #expect(finding.confidence == .high)
        #expect(finding.patches.first?.key == "spark.executor.memoryOverhead")
    }

    @Test func emptyContainers() throws {
        var log = SyntheticLog(properties: ["spark.executor.memory": "16g"], heap: 9 << 30)
        log.memory = #""ProcessTreeJVMRSSMemory":\#(10 << 30)"#
        log.job([(0..<160).map { Work(milliseconds: 20_000 + $0 % 5, gc: 600) }])
        let finding = try only(.memoryFit, try log.run())
        #expect(finding.severity == .low)
        let patch = try #require(finding.patches.first)
        #expect(patch.key == "spark.executor.memory")
        let wanted = try #require(SparkSize.bytes(patch.to))
        #expect(wanted > 10 << 30 && wanted < 13 << 30)
    }

    @Test func thousandsOfTinyTasks() throws {
        var log = SyntheticLog(properties: [
            "spark.sql.shuffle.partitions": "8000", "spark.sql.adaptive.enabled": "false",
        ])
        log.job([
            even(64, 5000), (0..<8000).map { _ in Work(milliseconds: 20, deserialize: 8, delay: 6, shuffleRead: 9000) },
        ])
        let finding = try only(.tooManyTasks, try log.run())
        #expect(finding.confidence == .high)
        let patch = try #require(finding.patches.first)
        #expect(patch.key == "spark.sql.shuffle.partitions")
        #expect((Int(patch.to) ?? 0) <= 800)
        #expect((finding.effect?.timeSaved ?? 0) > 0.05)
    }

    @Test func tooFewTasks() throws {
        var log = SyntheticLog(properties: ["spark.sql.adaptive.enabled": "false", "spark.sql.shuffle.partitions": "5"])
        log.job([even(128, 2000), (0..<5).map { Work(milliseconds: 60_000 + $0, shuffleRead: 500 << 20) }])
        let finding = try only(.tooFewTasks, with: [.idleSlots], try log.run())
        #expect(finding.patches.map(\.key) == ["spark.sql.shuffle.partitions"])
        #expect(finding.patches.first?.to == "48")
        #expect(finding.severity >= .high)
    }

    @Test func giantInputOfATask() throws {
        var log = SyntheticLog(properties: ["spark.sql.files.maxPartitionBytes": "4g"])
        log.job([(0..<64).map { Work(milliseconds: 30_000 + $0, input: 3 << 30) }])
        let finding = try only(.tooFewTasks, try log.run())
        #expect(finding.patches.first?.key == "spark.sql.files.maxPartitionBytes")
        #expect(finding.patches.first?.to == "128m")
    }

    @Test func idleSlots() throws {
        var log = SyntheticLog(executors: 20, cores: 4)
        // One short stage after another, each of four tasks, which one executor can hold.
        for _ in 0..<60 { log.job([even(4, 2000)]) }
        let finding = try only(.idleSlots, try log.run())
        let patch = try #require(finding.patches.first)
        #expect(patch.key == "spark.executor.instances")
        #expect(patch.to == "1")
        let effect = try #require(finding.effect)
        #expect(effect.coreHoursAfter < effect.coreHoursBefore / 10)
    }

    @Test func driverAtWork() throws {
        var log = SyntheticLog(executors: 1, cores: 2)
        for _ in 0..<3 {
            log.job([even(16, 3000)])
            log.wait(40_000)
        }
        let finding = try only(.driverTime, try log.run())
        #expect(finding.severity == .high)
        #expect((120_500...120_520).contains(finding.evidence.first?.value ?? 0))
    }

    @Test func killedExecutors() throws {
        var log = SyntheticLog(properties: ["spark.executor.memory": "4g"])
        log.job([even(64, 2000)])
        log.add(
            #"{"Event":"SparkListenerExecutorRemoved","Timestamp":\#(SyntheticLog.origin + 5000),"Executor ID":"2","#
                + #""Removed Reason":"Container killed by YARN for exceeding memory limits. Exit code 137"}"#
        )
        let finding = try only(.failures, try log.run())
        #expect(finding.severity == .high)
        #expect(finding.patches.first?.key == "spark.executor.memoryOverhead")
        #expect(finding.patches.first?.from == "410m")
    }

    private static let reasons: [(reason: String, isMemory: Bool)] = [
        ("Command exited with code 137", true),
        ("The executor with id 3 exited with exit code 137(SIGKILL, possible container OOM).", true),
        ("Container marked as failed. Exit status: 137. Diagnostics: Killed by external signal", true),
        ("Container killed by YARN for exceeding MEMORY LIMITS. 5.5 GB of 5.5 GB used", true),
        ("Exit status: 52. Diagnostics: none", true), ("java.lang.OutOfMemoryError: Java heap space", true),
        ("pod was OOMKilled", true), ("Exit status: 143. Diagnostics: Container killed on request", false),
        ("worker node-137 lost the connection on port 14352", false), ("Command exited with code 1370", false),
        ("Exit status: 521", false),
    ]

    @Test(arguments: reasons)
    func reasonsOfLostExecutors(_ reason: String, _ isMemory: Bool) throws {
        var log = SyntheticLog(properties: ["spark.executor.memory": "4g"])
        log.job([even(64, 2000)])
        log.add(
            #"{"Event":"SparkListenerExecutorRemoved","Timestamp":\#(SyntheticLog.origin + 5000),"Executor ID":"2","#
                + #""Removed Reason":"\#(reason)"}"#
        )
        let finding = try #require(FailuresDetector().findings(in: try log.run()).first)
        let severity: MartletSpark.Severity = isMemory ? .high : .moderate
        #expect(finding.severity == severity)
        #expect(finding.patches.isEmpty == !isMemory)
    }

    @Test func executorsThatWereToldToGoAreNoFailure() throws {
        var log = SyntheticLog()
        log.job([even(64, 2000)])
        log.add(
            #"{"Event":"SparkListenerExecutorRemoved","Timestamp":\#(SyntheticLog.origin + 9000),"Executor ID":"2","#
                + #""Removed Reason":"Executor killed by driver."}"#
        )
        #expect(SparkAdvisor.findings(in: try log.run()).isEmpty)
    }

    /// Broken settings, times and counts are read without a trap.
    @Test func nonsenseIsNoTrap() throws {
        let nonsense = [
            "spark.executor.memory": "99999999999999999999p", "spark.task.cpus": "-4",
            "spark.executor.instances": "1e9",
            "spark.sql.shuffle.partitions": "many", "spark.executor.memoryOverheadFactor": "nan",
        ]
        var log = SyntheticLog(properties: nonsense)
        log.job([[Work(milliseconds: 1 << 40), Work(milliseconds: 5, shuffleRead: 1 << 49, spilled: 1 << 49)]])
        log.add(#"{"Event":"SparkListenerJobStart","Job ID":9,"Submission Time":-5,"Stage IDs":[0,0,99]}"#)
        log.add(
            #"{"Event":"SparkListenerExecutorAdded","Timestamp":1,"Executor ID":"9","Executor Info":{"Total Cores":99999999999}}"#
        )
        // Times far outside of any calendar, in both directions, and sizes that no machine has.
        let far = 9_000_000_000_000_000_000
        let end = 99_999_999_999_999
        let work = Work(milliseconds: 1 << 40, shuffleRead: 1 << 62)
        for (launch, finish) in [(-far, far), (far, -far), (1, far), (-far, 1), (far, far), (1, end)] {
            let line = SyntheticLog.taskLine(stage: 0, task: 9, launch: launch, finish: finish, work: work)
            for fetch in [0, -far, far, end] {
                log.add(line.replacingOccurrences(of: #"Result Time":0"#, with: #"Result Time":\#(fetch)"#))
            }
        }
        for id in ["a", "b"] {
            log.add(
                #"{"Event":"SparkListenerExecutorAdded","Timestamp":1,"Executor ID":"\#(id)","#
                    + #""Executor Info":{"Total Cores":99999999999}}"#
            )
            log.add(#"{"Event":"SparkListenerExecutorRemoved","Timestamp":\#(end),"Executor ID":"\#(id)"}"#)
        }
        let reading = try log.reading()
        let advice = SparkAdvisor.advise(reading)
        #expect(!advice.stages.isEmpty)
        #expect(!RunAdviceText(advice).lines.isEmpty)
    }

    /// Without executors in the log, the slots are what the settings say.
    @Test func slotsOfNonsense() throws {
        let settings = #"{"spark.executor.instances":"99999999","spark.executor.cores":"99999999"}"#
        let reading = try SparkFixture.read(lines: [
            #"{"Event":"SparkListenerLogStart","Spark Version":"4.0.1"}"#,
            #"{"Event":"SparkListenerEnvironmentUpdate","Spark Properties":\#(settings)}"#,
            #"{"Event":"SparkListenerApplicationStart","App Name":"job","App ID":"app-1","Timestamp":1}"#,
            #"{"Event":"SparkListenerApplicationEnd","Timestamp":99999999999999}"#,
        ])
        #expect(RunProfile(reading.application).offered == Int.largestSum)
    }

    /// However many stages have a fault, the worst of them are told, in their order.
    @Test func theWorstStagesAreTold() throws {
        var log = SyntheticLog()
        log.job(
            (0..<25).map { stage -> [Work] in
                let overhead = stage < 5 ? 3 : 8
                return (0..<128).map { _ in Work(milliseconds: 20, deserialize: overhead, shuffleRead: 9000) }
            }
        )
        log.job((0..<25).map { stage in [Work(milliseconds: 100, spilled: (stage + 1) << 20)] })
        let run = try log.run()
        #expect(TooManyTasksDetector().findings(in: run).map(\.stages) == (5..<25).map { [$0] })
        #expect(SpillDetector().findings(in: run).map(\.stages) == (30..<50).map { [$0] })
    }

    @Test func theWorstInTheirOrder() {
        var worst = WorstFirst<Int>(limit: 3)
        #expect(worst.elements.isEmpty)
        for value in [4, 1, 9, 4, 2, 8, 4, 0, 9, 1] { worst.add(value, badness: value) }
        #expect(worst.elements == [9, 8, 9])
    }

    /// A number alone is MiB in the settings of memory, and bytes in that of results.
    @Test func unitsOfNumbersAlone() throws {
        var app = SparkApplication()
        app.properties["spark.executor.memory"] = "4096"
        #expect(ContainerMemory(app).heap == 4 << 30)
        var log = SyntheticLog(properties: [
            "spark.executor.memory": "2048", "spark.driver.maxResultSize": "1073741824",
        ])
        log.job([(0..<96).map { Work(milliseconds: 2000 + $0 % 5, gc: 500, result: 2 << 20) }])
        let run = try log.run()
        let memory = try #require(GarbageCollectionDetector().findings(in: run).first)
        #expect(memory.patches.map(\.from) == ["2048"])
        #expect(memory.patches.map(\.to) == ["3g"])
        let results = try #require(ResultsDetector().findings(in: run).first)
        let share = try #require(results.evidence.first { $0.name == "of spark.driver.maxResultSize" })
        #expect(share.value == 192.0 / 1024)
    }
}
