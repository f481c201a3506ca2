/// All that is said about a run; its JSON is what `martlet spark advise LOG --json` prints.
package struct RunAdvice: Sendable, Equatable, Codable {
    /// The version of this shape.
    package var format = 1
    /// The application.
    package var application: Summary
    /// What to change, the worst first.
    package var findings: [Finding]
    /// The stages that ran, the longest first.
    package var stages: [StageRow]
    /// Stages that are not in the list.
    package var stagesLeftOut: Int
    /// How long the run would have taken with other executors.
    package var curve: SimulationCurve
    /// The average number of busy slots, in spans of equal length from start to end.
    package var timeline: [Double]
    /// What was found about the log itself.
    package var log: EventLogNotes

    /// The application in short; times in milliseconds.
    package struct Summary: Sendable, Equatable, Codable {
        /// The application id.
        package var id: String
        /// Its name.
        package var name: String
        /// The version of Spark.
        package var sparkVersion: String
        /// When it started, in milliseconds since 1970.
        package var started: Int
        /// From start to end.
        package var wall: Int
        /// Whether the log tells its end.
        package var isComplete: Bool
        /// The executors.
        package var shape: ClusterShape
        /// Jobs.
        package var jobs: Int
        /// Jobs that failed.
        package var failedJobs: Int
        /// SQL executions.
        package var queries: Int
        /// Operations of Spark Connect.
        package var operations: Int
        /// Tasks.
        package var tasks: Int
        /// Time in tasks.
        package var taskTime: Int
        /// Time without any task after the first job was submitted.
        package var driverTime: Int
        /// Time to the first job.
        package var startup: Int
        /// The share of the offered slots' time in which tasks ran.
        package var utilisation: Double
        /// Bytes read from files.
        package var inputBytes: Int
        /// Bytes written to files.
        package var outputBytes: Int
        /// Bytes written to shuffles.
        package var shuffleBytes: Int
        /// Bytes spilled to disk.
        package var spilledBytes: Int
    }

    /// One attempt of a stage; times in milliseconds.
    package struct StageRow: Sendable, Equatable, Codable {
        /// Its number.
        package var id: Int
        /// The attempt, from 0.
        package var attempt: Int
        /// What it is called.
        package var name: String
        /// Its job.
        package var job: Int?
        /// The SQL execution of its job.
        package var query: Int?
        /// From its first task to its last, from the application's start.
        package var begin: Int
        /// As above.
        package var end: Int
        /// Tasks.
        package var tasks: Int
        /// Tasks that failed.
        package var failed: Int
        /// Median duration of a task.
        package var median: Int
        /// Longest duration of a task.
        package var longest: Int
        /// Bytes read from files.
        package var inputBytes: Int
        /// Bytes read from shuffles.
        package var shuffleReadBytes: Int
        /// Bytes written to shuffles.
        package var shuffleWriteBytes: Int
        /// Bytes spilled to disk.
        package var spilledBytes: Int
        /// Garbage collection as a share of the run time.
        package var gcShare: Double
        /// Whether it is on the critical path.
        package var isCritical: Bool

        /// From its first task to its last.
        package var span: Int { end - begin }
    }

    /// Most stages that are listed.
    static let stageRows = 200
    /// Spans of the timeline.
    static let timelineSpans = 240

    /// What is said about a run with these findings.
    package init(_ run: RunProfile, findings: [Finding], curve: SimulationCurve, notes: EventLogNotes) {
        let app = run.app
        func sum(_ value: (TaskTotals) -> Int) -> Int { app.stages.map { value($0.tasks.totals) }.boundedSum }
        application = Summary(
            id: app.id,
            name: app.name,
            sparkVersion: app.sparkVersion,
            started: app.start,
            wall: app.wall,
            isComplete: app.end != nil,
            shape: run.shape,
            jobs: app.jobs.count,
            failedJobs: app.jobs.count { $0.succeeded == false },
            queries: app.queries.count,
            operations: app.operations.count,
            tasks: app.stages.reduce(0) { $0 + $1.tasks.count },
            taskTime: run.used,
            driverTime: run.driverTime,
            startup: run.startup,
            utilisation: run.offered > 0 ? Double(run.used) / Double(run.offered) : 0,
            inputBytes: sum(\.inputBytes),
            outputBytes: sum(\.outputBytes),
            shuffleBytes: sum(\.shuffleWriteBytes),
            spilledBytes: sum(\.diskSpilled)
        )
        self.findings = findings
        self.curve = curve
        log = notes
        var queryOfJob: [Int: Int] = [:]
        for job in app.jobs { queryOfJob[job.id] = job.query }
        let ran = app.stages.indices.filter { app.stages[$0].tasks.count > 0 }
            .sorted { left, right in
                let (first, second) = (Self.span(app.stages[left]), Self.span(app.stages[right]))
                return first != second ? first > second : left < right
            }
        stages = ran.prefix(Self.stageRows).map { Self.row(app.stages[$0], at: $0, run, queryOfJob) }
        stagesLeftOut = max(0, ran.count - Self.stageRows)
        timeline = Self.timeline(app)
    }

    private static func span(_ stage: SparkStage) -> Int { (stage.finish ?? 0) - (stage.begin ?? 0) }

    private static func row(_ stage: SparkStage, at index: Int, _ run: RunProfile, _ queries: [Int: Int]) -> StageRow {
        let totals = stage.tasks.totals
        let middle = TaskDistribution(stage.tasks)
        let begin = (stage.begin ?? run.app.start) - run.app.start
        return StageRow(
            id: stage.id,
            attempt: stage.attempt,
            name: stage.name,
            job: stage.job,
            query: stage.job.flatMap { queries[$0] },
            begin: begin,
            end: max(begin, (stage.finish ?? run.app.start) - run.app.start),
            tasks: stage.tasks.count,
            failed: stage.tasks.failed,
            median: middle.medianDuration,
            longest: stage.tasks.longest,
            inputBytes: totals.inputBytes,
            shuffleReadBytes: totals.shuffleReadBytes,
            shuffleWriteBytes: totals.shuffleWriteBytes,
            spilledBytes: totals.diskSpilled,
            gcShare: Double(totals.gcTime) / Double(max(1, totals.runTime)),
            isCritical: run.critical.contains(index)
        )
    }

    /// The average number of running tasks in spans of equal length.
    private static func timeline(_ app: SparkApplication) -> [Double] {
        guard app.wall > 0 else { return [] }
        // Running tasks times milliseconds: the difference at each span's edges, and what is partly in it.
        var spans: [Double] = Array(repeating: 0, count: timelineSpans)
        let width = Double(app.wall) / Double(timelineSpans)
        for stage in app.stages {
            for sample in stage.tasks.samples {
                let start = Double(sample.launch) / width
                let end = Double(UInt64(sample.launch) + UInt64(sample.duration)) / width
                var span = min(timelineSpans - 1, Int(start))
                while span < timelineSpans, Double(span) < end {
                    spans[span] +=
                        max(0, min(end, Double(span + 1)) - max(start, Double(span))) * Double(stage.tasks.stride)
                    span += 1
                }
            }
        }
        return spans
    }
}
