@testable import MartletSpark

/// Makes the lines of an event log in the form that Spark 3.5 and 4 write them, for faults that a local Spark cannot show.
struct SyntheticLog {
    /// When it starts, in milliseconds since 1970.
    static let origin = 1_760_000_000_000

    private(set) var lines: [String] = []
    private var clock: Int
    private var nextTask = 0
    private var nextStage = 0
    private var nextJob = 0
    private var slots: [Int]
    private let slotsPerExecutor: Int

    /// A task of a stage.
    struct Work {
        var milliseconds: Int
        var gc = 0
        var deserialize = 2
        var delay = 1
        var shuffleRead = 0
        var shuffleWrite = 0
        var input = 0
        var spilled = 0
        var result = 2000
        var failure: String?
    }

    /// An application that has begun.
    init(
        executors: Int = 4,
        cores: Int = 4,
        properties: [String: String] = [:],
        version: String = "4.0.1",
        heap: Int = 0
    ) {
        clock = Self.origin
        slotsPerExecutor = cores
        slots = Array(repeating: Self.origin + 2000, count: executors * cores)
        let settings = properties.sorted { $0.key < $1.key }.map { #""\#($0.key)":"\#($0.value)""# }.joined(
            separator: ","
        )
        lines = [
            #"{"Event":"SparkListenerLogStart","Spark Version":"\#(version)"}"#,
            #"{"Event":"SparkListenerEnvironmentUpdate","JVM Information":{},"Spark Properties":{\#(settings)}}"#,
            #"{"Event":"SparkListenerApplicationStart","App Name":"job","App ID":"app-1","Timestamp":\#(clock),"User":"u"}"#,
        ]
        for id in 0..<executors {
            lines.append(
                #"{"Event":"SparkListenerExecutorAdded","Timestamp":\#(clock + 1000),"Executor ID":"\#(id + 1)","#
                    + #""Executor Info":{"Host":"h","Total Cores":\#(cores),"Log Urls":{}}}"#
            )
        }
        clock += 2000
        self.heap = heap
    }

    private let heap: Int
    /// Other memory of the executors, as `"ProcessTreePythonRSSMemory":1`.
    var memory = ""

    /// Adds a line as it is.
    mutating func add(_ line: String) { lines.append(line) }

    /// Lets the driver work alone.
    mutating func wait(_ milliseconds: Int) {
        clock += milliseconds
        for slot in slots.indices { slots[slot] = clock }
    }

    /// Runs a job of one stage after another; each waits for the one before.
    mutating func job(_ stages: [[Work]], query: Int? = nil, accumulators: [[(id: Int, value: Int)]] = []) {
        let ids = stages.indices.map { nextStage + $0 }
        let execution = query.map { #""spark.sql.execution.id":"\#($0)""# } ?? ""
        lines.append(
            #"{"Event":"SparkListenerJobStart","Job ID":\#(nextJob),"Submission Time":\#(clock),"Stage Infos":[],"#
                + #""Stage IDs":\#(ids),"Properties":{\#(execution)}}"#
        )
        for (index, tasks) in stages.enumerated() {
            stage(
                ids[index],
                tasks,
                parents: index > 0 ? [ids[index - 1]] : [],
                index < accumulators.count ? accumulators[index] : []
            )
        }
        nextStage += stages.count
        lines.append(
            #"{"Event":"SparkListenerJobEnd","Job ID":\#(nextJob),"Completion Time":\#(clock + 2),"#
                + #""Job Result":{"Result":"JobSucceeded"}}"#
        )
        clock += 2
        nextJob += 1
    }

    private mutating func stage(_ id: Int, _ tasks: [Work], parents: [Int], _ values: [(id: Int, value: Int)]) {
        let submitted = clock
        for slot in slots.indices { slots[slot] = max(slots[slot], submitted) }
        func info(_ end: Int?) -> String {
            let metrics = values.map { #"{"ID":\#($0.id),"Name":"m","Value":"\#($0.value)","Metadata":"sql"}"# }
            return #"{"Stage ID":\#(id),"Stage Attempt ID":0,"Stage Name":"save at job.py:\#(id)","#
                + #""Number of Tasks":\#(tasks.count),"RDD Info":[],"Parent IDs":\#(parents),"Details":"","#
                + #""Submission Time":\#(submitted),\#(end.map { #""Completion Time":\#($0),"# } ?? "")"#
                + #""Accumulables":[\#(end == nil ? "" : metrics.joined(separator: ","))]}"#
        }
        lines.append(#"{"Event":"SparkListenerStageSubmitted","Stage Info":\#(info(nil)),"Properties":{}}"#)
        var finish = submitted
        for task in tasks {
            let slot = slots.indices.min { slots[$0] < slots[$1] } ?? 0
            let launch = slots[slot]
            let end = launch + task.milliseconds + task.deserialize + task.delay
            slots[slot] = end
            finish = max(finish, end)
            lines.append(
                Self.taskLine(
                    stage: id,
                    task: nextTask,
                    launch: launch,
                    finish: end,
                    executor: String(slot / slotsPerExecutor + 1),
                    work: task,
                    heap: heap,
                    memory: memory
                )
            )
            nextTask += 1
        }
        clock = finish + 1
        lines.append(#"{"Event":"SparkListenerStageCompleted","Stage Info":\#(info(clock))}"#)
    }

    /// One `SparkListenerTaskEnd` line.
    static func taskLine(
        stage: Int,
        task: Int,
        launch: Int,
        finish: Int,
        executor: String = "1",
        work: Work = Work(milliseconds: 100),
        heap: Int = 0,
        memory: String = ""
    ) -> String {
        let reason = work.failure.map { #"{"Reason":"ExceptionFailure","Class Name":"\#($0)","Description":"no"}"# }
        return #"{"Event":"SparkListenerTaskEnd","Stage ID":\#(stage),"Stage Attempt ID":0,"Task Type":"ResultTask","#
            + #""Task End Reason":\#(reason ?? #"{"Reason":"Success"}"#),"Task Info":{"Task ID":\#(task),"Index":\#(task),"#
            + #""Attempt":0,"Partition ID":\#(task),"Launch Time":\#(launch),"Executor ID":"\#(executor)","Host":"h","#
            + #""Locality":"ANY","Speculative":false,"Getting Result Time":0,"Finish Time":\#(finish),"#
            + #""Failed":\#(work.failure != nil),"Killed":false,"Accumulables":[{"ID":3,"Name":"x \"}] y","Update":"1"}]},"#
            + #""Task Executor Metrics":{"JVMHeapMemory":\#(heap)\#(memory.isEmpty ? "" : ",\(memory)")},"#
            + #""Task Metrics":{"Executor Deserialize Time":\#(work.deserialize),"Executor Run Time":\#(work.milliseconds),"#
            + #""Executor CPU Time":\#(work.milliseconds * 900_000),"Peak Execution Memory":0,"#
            + #""Result Size":\#(work.result),"JVM GC Time":\#(work.gc),"Result Serialization Time":0,"#
            + #""Memory Bytes Spilled":\#(work.spilled * 3),"Disk Bytes Spilled":\#(work.spilled),"#
            + #""Shuffle Read Metrics":{"Remote Bytes Read":\#(work.shuffleRead),"Local Bytes Read":0,"#
            + #""Total Records Read":10,"Fetch Wait Time":0},"#
            + #""Shuffle Write Metrics":{"Shuffle Bytes Written":\#(work.shuffleWrite),"Shuffle Records Written":10},"#
            + #""Input Metrics":{"Bytes Read":\#(work.input),"Records Read":10},"#
            + #""Output Metrics":{"Bytes Written":0,"Records Written":0}}}"#
    }

    /// A SQL execution with this plan, as JSON of a `sparkPlanInfo`.
    mutating func query(_ id: Int, plan: String) {
        lines.append(
            #"{"Event":"org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart","executionId":\#(id),"#
                + #""description":"q","details":"","physicalPlanDescription":"","sparkPlanInfo":\#(plan),"time":\#(clock)}"#
        )
    }

    /// The lines with the end of the application.
    func ended(after milliseconds: Int = 500) -> [String] {
        lines + [#"{"Event":"SparkListenerApplicationEnd","Timestamp":\#(clock + milliseconds)}"#]
    }

    /// What the log is read as.
    func reading() throws -> EventLogReader.Reading { try SparkFixture.read(lines: ended()) }

    /// The run that the log tells of.
    func run() throws -> RunProfile { RunProfile(try reading().application) }
}
