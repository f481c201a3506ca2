internal import MartletCore

// The events of Spark's core (`org.apache.spark.util.JsonProtocol`).
extension ApplicationBuilder {
    /// Reads a line with an event other than a task's.
    ///
    /// - Returns: whether the event is known; nil when the line is not JSON.
    mutating func read(_ name: String, _ scanner: inout JSONScanner) -> Bool? {
        var isKnown = true
        switch name {
        case "SparkListenerLogStart": readLogStart(&scanner)
        case "SparkListenerApplicationStart": readApplicationStart(&scanner)
        case "SparkListenerApplicationEnd": readApplicationEnd(&scanner)
        case "SparkListenerEnvironmentUpdate": readEnvironment(&scanner)
        case "SparkListenerExecutorAdded": readExecutorAdded(&scanner)
        case "SparkListenerExecutorRemoved": readExecutorRemoved(&scanner)
        case "SparkListenerBlockManagerAdded": readBlockManager(&scanner)
        case "SparkListenerJobStart": readJobStart(&scanner)
        case "SparkListenerJobEnd": readJobEnd(&scanner)
        case "SparkListenerStageSubmitted", "SparkListenerStageCompleted":
            scanner.object { scanner, key in
                if case "Stage Info" = key { readStageInfo(&scanner) }
            }
        case "SparkListenerStageExecutorMetrics": readExecutorMetrics(&scanner)
        case "SparkListenerSQLExecutionStart": readQueryStart(&scanner)
        case "SparkListenerSQLAdaptiveExecutionUpdate": readAdaptiveUpdate(&scanner)
        case "SparkListenerDriverAccumUpdates": readDriverUpdates(&scanner)
        case "SparkListenerSQLExecutionEnd": readQueryEnd(&scanner)
        case "SparkListenerBlockManagerRemoved", "SparkListenerResourceProfileAdded",
            "SparkListenerSQLAdaptiveSQLMetricUpdates", "SparkListenerSpeculativeTaskSubmitted",
            "SparkListenerExecutorMetricsUpdate", "SparkListenerConnectServiceStarted",
            "SparkListenerConnectServiceEnd", "SparkListenerConnectSessionStarted",
            "SparkListenerConnectSessionClosed":
            scanner.skipValue()
        default:
            if name.hasPrefix("SparkListenerConnectOperation") {
                readOperation(name, &scanner)
            } else {
                isKnown = false
                scanner.skipValue()
            }
        }
        return scanner.failed || !scanner.isAtEnd() ? nil : isKnown
    }

    private mutating func readLogStart(_ scanner: inout JSONScanner) {
        scanner.object { scanner, key in
            if case "Spark Version" = key { app.sparkVersion = scanner.string(limit: 100) ?? "" }
        }
    }

    private mutating func readApplicationStart(_ scanner: inout JSONScanner) {
        scanner.object { scanner, key in
            switch key {
            case "App Name": app.name = scanner.string(limit: Limits.sparkTextBytes) ?? ""
            case "App ID": app.id = scanner.string(limit: Limits.sparkTextBytes) ?? ""
            case "Timestamp": app.start = time(&scanner) ?? 0
            default: break
            }
        }
    }

    private mutating func readApplicationEnd(_ scanner: inout JSONScanner) {
        scanner.object { scanner, key in
            if case "Timestamp" = key { app.end = time(&scanner) }
        }
    }

    private mutating func readEnvironment(_ scanner: inout JSONScanner) {
        scanner.object { scanner, key in
            guard case "Spark Properties" = key else { return }
            scanner.object { scanner, key in
                guard app.properties.count < Limits.sparkProperties else { return }
                app.properties[key.text] = scanner.string(limit: Limits.sparkTextBytes)
            }
        }
    }

    private mutating func readExecutorAdded(_ scanner: inout JSONScanner) {
        var executor = SparkExecutor(id: "", cores: 1, added: 0)
        scanner.object { scanner, key in
            switch key {
            case "Timestamp": executor.added = time(&scanner) ?? 0
            case "Executor ID": executor.id = scanner.string(limit: 100) ?? ""
            case "Executor Info":
                scanner.object { scanner, key in
                    switch key {
                    case "Host": executor.host = scanner.string(limit: 300) ?? ""
                    case "Total Cores": executor.cores = min(max(1, scanner.integer() ?? 1), 1 << 16)
                    default: break
                    }
                }
            default: break
            }
        }
        add(executor)
    }

    /// Adds an executor, or completes one that only its block manager had told of.
    private mutating func add(_ executor: SparkExecutor) {
        if let index = executorIndex[executor.id] {
            app.executors[index].cores = executor.cores
            app.executors[index].host = executor.host
            app.executors[index].added = min(app.executors[index].added, executor.added)
        } else if app.executors.count < Limits.sparkExecutors {
            executorIndex[executor.id] = app.executors.count
            app.executors.append(executor)
        } else {
            dropped += 1
        }
    }

    private mutating func readExecutorRemoved(_ scanner: inout JSONScanner) {
        var id: String?
        var removed: Int?
        var reason: String?
        scanner.object { scanner, key in
            switch key {
            case "Timestamp": removed = time(&scanner)
            case "Executor ID": id = scanner.string(limit: 100)
            case "Removed Reason": reason = scanner.string(limit: Limits.sparkTextBytes)
            default: break
            }
        }
        guard let id, let index = executorIndex[id] else { return }
        app.executors[index].removed = removed
        app.executors[index].reason = reason
    }

    private mutating func readBlockManager(_ scanner: inout JSONScanner) {
        var id: String?
        var memory = 0
        scanner.object { scanner, key in
            switch key {
            case "Block Manager ID":
                scanner.object { scanner, key in
                    if case "Executor ID" = key { id = scanner.string(limit: 100) }
                }
            case "Maximum Memory": memory = max(0, scanner.integer() ?? 0)
            default: break
            }
        }
        // The driver is no executor but in local mode, where it is added as one.
        if let id, let index = executorIndex[id] { app.executors[index].maximumMemory = memory }
    }

    private mutating func readExecutorMetrics(_ scanner: inout JSONScanner) {
        var id: String?
        var peaks = ExecutorPeaks()
        scanner.object { scanner, key in
            switch key {
            case "Executor ID": id = scanner.string(limit: 100)
            case "Executor Metrics": peaks.read(&scanner)
            default: break
            }
        }
        if let id, let index = executorIndex[id] { app.executors[index].peaks.merge(peaks) }
    }

    private mutating func readJobStart(_ scanner: inout JSONScanner) {
        var job = SparkJob(id: -1, submitted: 0, stages: [])
        var infos: [Int] = []
        scanner.object { scanner, key in
            switch key {
            case "Job ID": job.id = scanner.integer() ?? -1
            case "Submission Time": job.submitted = time(&scanner) ?? 0
            case "Stage IDs": job.stages = integers(&scanner)
            case "Stage Infos":
                scanner.array { scanner in
                    scanner.object { scanner, key in
                        if case "Stage ID" = key, let id = scanner.integer() { infos.append(id) }
                    }
                }
            case "Properties":
                scanner.object { scanner, key in
                    switch key {
                    case "spark.sql.execution.id": job.query = scanner.integer()
                    case "spark.job.tags":
                        job.tags = (scanner.string(limit: 4000) ?? "").split(separator: ",").map(String.init)
                    case "spark.job.description": job.description = scanner.string(limit: Limits.sparkTextBytes)
                    default: break
                    }
                }
            default: break
            }
        }
        guard !scanner.failed, job.id >= 0 else { return }
        if job.stages.isEmpty { job.stages = infos }
        guard app.jobs.count < Limits.sparkJobs else {
            dropped += 1
            return
        }
        app.lastTime = max(app.lastTime, job.submitted)
        job.stages = kept(job.stages, insteadOf: [])
        for stage in job.stages where jobOfStage[stage] == nil {
            if jobOfStage.count < Limits.sparkStageJobs { jobOfStage[stage] = job.id } else { dropped += 1 }
        }
        jobIndex[job.id] = app.jobs.count
        app.jobs.append(job)
    }

    private mutating func readJobEnd(_ scanner: inout JSONScanner) {
        var id: Int?
        var completed: Int?
        var succeeded = false
        scanner.object { scanner, key in
            switch key {
            case "Job ID": id = scanner.integer()
            case "Completion Time": completed = time(&scanner)
            case "Job Result":
                scanner.object { scanner, key in
                    if case "Result" = key { succeeded = scanner.isString("JobSucceeded") }
                }
            default: break
            }
        }
        guard let id, let index = jobIndex[id] else { return }
        app.jobs[index].completed = completed
        app.jobs[index].succeeded = succeeded
    }

    private mutating func readStageInfo(_ scanner: inout JSONScanner) {
        var stage = SparkStage(id: -1, attempt: 0)
        var values: [(id: Int, value: Int)] = []
        scanner.object { scanner, key in
            switch key {
            case "Stage ID": stage.id = scanner.integer() ?? -1
            case "Stage Attempt ID": stage.attempt = scanner.integer() ?? 0
            case "Stage Name": stage.name = scanner.string(limit: Limits.sparkTextBytes) ?? ""
            case "Number of Tasks": stage.taskCount = max(0, scanner.integer() ?? 0)
            case "Parent IDs": stage.parents = integers(&scanner)
            case "Submission Time": stage.submitted = time(&scanner)
            case "Completion Time": stage.completed = time(&scanner)
            case "Failure Reason": stage.failure = scanner.string(limit: Limits.sparkTextBytes)
            case "Accumulables":
                scanner.array { scanner in
                    if let value = readAccumulable(&scanner) { values.append(value) }
                }
            default: break
            }
        }
        guard !scanner.failed, stage.id >= 0, let index = self.stage(stage.id, stage.attempt) else { return }
        app.stages[index].name = stage.name
        app.stages[index].taskCount = stage.taskCount
        app.stages[index].parents = kept(stage.parents, insteadOf: app.stages[index].parents)
        app.stages[index].submitted = stage.submitted ?? app.stages[index].submitted
        app.stages[index].completed = stage.completed ?? app.stages[index].completed
        app.stages[index].failure = stage.failure ?? app.stages[index].failure
        if stage.completed != nil {
            app.stages[index].accumulators = kept(values.map(\.id), insteadOf: app.stages[index].accumulators)
        }
        for (id, value) in values { set(id, value) }
    }

    /// An accumulator of a SQL metric with its value so far.
    private mutating func readAccumulable(_ scanner: inout JSONScanner) -> (id: Int, value: Int)? {
        var id: Int?
        var value: Int?
        var isMetric = false
        scanner.object { scanner, key in
            switch key {
            case "ID": id = scanner.integer()
            case "Value": value = scanner.integer()
            case "Metadata": isMetric = scanner.isString("sql")
            default: break
            }
        }
        guard isMetric, let id, let value else { return nil }
        return (id, value)
    }

    /// Keeps the value of a metric; it only grows from stage to stage.
    mutating func set(_ accumulator: Int, _ value: Int) {
        if let before = app.metrics[accumulator] {
            app.metrics[accumulator] = max(before, value)
        } else if app.metrics.count < Limits.sparkMetricValues {
            app.metrics[accumulator] = value
        } else {
            dropped += 1
        }
    }

    /// A time in milliseconds since 1970, also kept as the last one; nil when it makes no sense.
    mutating func time(_ scanner: inout JSONScanner) -> Int? {
        guard let value = scanner.integer(), value > 0, value < ApplicationBuilder.endOfTime else { return nil }
        app.lastTime = max(app.lastTime, value)
        return value
    }

    /// As much of a list of numbers as there is room for in one application, which the list in its place makes again.
    private mutating func kept(_ ids: [Int], insteadOf former: [Int]) -> [Int] {
        roomForIDs += former.count
        let count = min(ids.count, roomForIDs)
        roomForIDs -= count
        dropped += ids.count - count
        return count < ids.count ? Array(ids[..<count]) : ids
    }

    private func integers(_ scanner: inout JSONScanner) -> [Int] {
        var result: [Int] = []
        scanner.array { scanner in
            if let value = scanner.integer(), result.count < Limits.sparkStages { result.append(value) }
        }
        return result
    }
}
