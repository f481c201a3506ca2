/// Executors and their cores.
package struct ClusterShape: Sendable, Equatable, Codable {
    /// Executors at the same time.
    package var executors: Int
    /// Cores of each.
    package var cores: Int
    /// Cores that a task takes, `spark.task.cpus`.
    package var taskCores: Int
    /// Whether the tasks ran within the driver, `local[n]`.
    package var isLocal: Bool

    /// A shape; nothing in it is less than 1.
    package init(executors: Int, cores: Int, taskCores: Int = 1, isLocal: Bool = false) {
        self.executors = max(1, executors)
        self.cores = max(1, cores)
        self.taskCores = max(1, taskCores)
        self.isLocal = isLocal
    }

    /// Tasks that run at the same time on one executor.
    package var slotsPerExecutor: Int { max(1, cores / taskCores) }
    /// Tasks that run at the same time.
    package var slots: Int { executors * slotsPerExecutor }
    /// All cores.
    package var allCores: Int { executors * cores }

    /// The most executors an application had at the same time, with the cores that most of them had.
    package init(of application: SparkApplication) {
        let taskCores = application.property("spark.task.cpus").flatMap { Int($0) } ?? 1
        let executors = application.executors
        var changes: [(time: Int, change: Int)] = []
        for executor in executors {
            changes.append((executor.added, 1))
            if let removed = executor.removed { changes.append((removed, -1)) }
        }
        // Who leaves goes before who comes at the same time.
        changes.sort { ($0.time, $0.change) < ($1.time, $1.change) }
        var present = 0
        var most = 0
        for (_, change) in changes {
            present += change
            most = max(most, present)
        }
        var byCores: [Int: Int] = [:]
        for executor in executors { byCores[executor.cores, default: 0] += 1 }
        let cores = byCores.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
        let isLocal = executors.contains { $0.id == "driver" }
        self.init(
            executors: most > 0
                ? most
                : application.property("spark.executor.instances").flatMap { Int($0) }.map { min($0, 1 << 16) } ?? 1,
            cores: cores ?? application.property("spark.executor.cores").flatMap { Int($0) }.map { min($0, 1 << 16) }
                ?? 1,
            taskCores: taskCores,
            isLocal: isLocal
        )
    }

    /// As `4 executors x 5 cores`, or `local[2]`.
    package var text: String {
        if isLocal { return "local[\(allCores)]" }
        return "\(AdviceText.plural(executors, "executor")) x \(AdviceText.plural(cores, "core"))"
    }
}
