/// What an event log tells of one application; times are milliseconds since 1970.
package struct SparkApplication: Sendable, Equatable {
    /// The application id, as in `app-20260102030405-0001`.
    package var id = ""
    /// Its name.
    package var name = ""
    /// The version of Spark.
    package var sparkVersion = ""
    /// When it started.
    package var start = 0
    /// When it ended; nil when the log does not say so.
    package var end: Int?
    /// The last time in the log.
    package var lastTime = 0
    /// The settings, `Spark Properties` of the log.
    package var properties: [String: String] = [:]
    /// The executors in the order in which they came, the driver in local mode.
    package var executors: [SparkExecutor] = []
    /// The jobs in the order in which they started.
    package var jobs: [SparkJob] = []
    /// The attempts of stages that ran or were submitted, in the order of their submission.
    package var stages: [SparkStage] = []
    /// The SQL executions in the order in which they started.
    package var queries: [SparkQuery] = []
    /// The values of SQL metrics by accumulator id.
    package var metrics: [Int: Int] = [:]
    /// The operations of Spark Connect in the order in which they started.
    package var operations: [ConnectOperation] = []

    /// An application of which nothing is known.
    package init() {}

    /// Milliseconds from start to end, or to the last time in the log.
    package var wall: Int { max(0, (end ?? lastTime) - start) }

    /// A setting.
    package func property(_ key: String) -> String? { properties[key] }

    /// The last value of a metric of a plan node, by the name of the metric.
    package func metric(_ name: String, of node: PlanNode) -> Int? {
        for metric in node.metrics where metric.name == name {
            if let value = metrics[metric.accumulator] { return value }
        }
        return nil
    }
}

/// An executor, or the driver in local mode.
package struct SparkExecutor: Sendable, Equatable {
    /// Its id: a number, or `driver`.
    package var id: String
    /// Its host.
    package var host = ""
    /// Its cores.
    package var cores = 1
    /// When it was added.
    package var added: Int
    /// When it was removed.
    package var removed: Int?
    /// Why it was removed.
    package var reason: String?
    /// Storage and execution memory that its block manager said to have at most, in bytes.
    package var maximumMemory = 0
    /// Tasks that ended on it.
    package var tasks = 0
    /// Sums over its tasks, in milliseconds.
    package var runTime = 0
    /// Garbage collection while its tasks ran, in milliseconds.
    package var gcTime = 0
    /// The highest values of its memory.
    package var peaks = ExecutorPeaks()

    /// An executor at its beginning.
    package init(id: String, host: String = "", cores: Int, added: Int) {
        self.id = id
        self.host = host
        self.cores = cores
        self.added = added
    }
}

/// A job: what one action made Spark run.
package struct SparkJob: Sendable, Equatable {
    /// Its number.
    package var id: Int
    /// When it was submitted.
    package var submitted: Int
    /// When it ended.
    package var completed: Int?
    /// Whether it succeeded; nil while it runs.
    package var succeeded: Bool?
    /// The stages it consists of; those whose output was there already are skipped.
    package var stages: [Int]
    /// The SQL execution it belongs to.
    package var query: Int?
    /// The tags of its thread, those of Connect operations among them.
    package var tags: [String] = []
    /// What it is described as.
    package var description: String?

    /// A job that was just submitted.
    package init(id: Int, submitted: Int, stages: [Int]) {
        self.id = id
        self.submitted = submitted
        self.stages = stages
    }
}

/// One attempt of a stage.
package struct SparkStage: Sendable, Equatable {
    /// Its number.
    package var id: Int
    /// The attempt, from 0.
    package var attempt: Int
    /// What it is called: the call that made it.
    package var name = ""
    /// Tasks it has.
    package var taskCount = 0
    /// The stages whose output it reads.
    package var parents: [Int] = []
    /// When it was submitted.
    package var submitted: Int?
    /// When it completed.
    package var completed: Int?
    /// Why it failed.
    package var failure: String?
    /// The job that first named it.
    package var job: Int?
    /// Its tasks.
    package var tasks = StageTasks()
    /// Accumulators of its SQL metrics, which tell the plan nodes that ran in it.
    package var accumulators: [Int] = []

    /// A stage of which nothing else is known.
    package init(id: Int, attempt: Int) {
        self.id = id
        self.attempt = attempt
    }

    /// When its first task was launched, or else when it was submitted.
    package var begin: Int? { tasks.firstLaunch ?? submitted }
    /// When its last task finished, or else when it completed.
    package var finish: Int? { tasks.lastFinish ?? completed }
    /// When its last task gave its slot free, or else when it completed.
    package var release: Int? { tasks.lastRelease ?? completed }
}

/// An operation of Spark Connect.
package struct ConnectOperation: Sendable, Equatable {
    /// Its id, which the client has set or been told.
    package var id: String
    /// The session.
    package var session = ""
    /// The tag that its jobs and SQL executions carry.
    package var jobTag = ""
    /// The tags the session had.
    package var tags: [String] = []
    /// The plan, cut short.
    package var statement = ""
    /// When it started.
    package var started: Int
    /// When it finished, failed or was cancelled.
    package var ended: Int?
    /// `running`, `finished`, `failed` or `canceled`.
    package var state = "running"
    /// What it failed with.
    package var error: String?
    /// Rows it gave.
    package var rows: Int?

    /// An operation that just started.
    package init(id: String, started: Int) {
        self.id = id
        self.started = started
    }
}
