/// Settings for a job that has not run yet, each with its reason.
package struct SizingAdvice: Sendable, Equatable, Codable {
    /// A setting.
    package struct Setting: Sendable, Equatable, Codable {
        /// The key.
        package var key: String
        /// The value.
        package var value: String
        /// Why.
        package var reason: String
    }

    /// The version of this shape.
    package var format = 1
    /// What it is for.
    package var request: SizingRequest
    /// Executors; 1, the driver, in local mode.
    package var executors: Int
    /// Cores of each.
    package var cores: Int
    /// Bytes of heap of each.
    package var heap: Int
    /// Bytes beside the heap of each.
    package var overhead: Int
    /// Tasks at the same time.
    package var slots: Int
    /// Tasks that read the input.
    package var inputTasks: Int
    /// Partitions of a shuffle of all of the input.
    package var shufflePartitions: Int
    /// The settings.
    package var settings: [Setting]
    /// What else is worth knowing.
    package var remarks: [String]

    /// Sizes a job by the rules of thumb that Spark's own documentation and its users agree on.
    package init(_ request: SizingRequest) {
        self.request = request
        let split = 128 << 20
        inputTasks = max(1, (request.input + split - 1) / split)
        remarks = []
        if request.nodes == 0 {
            (executors, cores, slots) = (1, request.cores, request.cores)
            overhead = 0
            // The rest is for the system, and for Python.
            let share = request.usesPython ? 0.5 : 0.75
            heap = max(1 << 30, (Int(Double(request.memory) * share) >> 30) << 30)
        } else {
            let usable = request.cores - 1
            cores = Self.coresPerExecutor(usable)
            let factor = request.usesPython ? 0.3 : 0.1
            // No more than the cores of a node allow, nor than have 1 GB of heap each with what is beside it.
            let least = (1 << 30) + max(384 << 20, Int(Double(1 << 30) * factor))
            let byMemory = max(1, (request.memory - (1 << 30)) / least)
            let perNode = max(1, min(usable / cores, byMemory))
            if perNode < usable / cores {
                remarks.append(
                    "The memory of a node is enough for \(AdviceText.plural(perNode, "executor")), and its cores for "
                        + "\(AdviceText.count(usable / cores)): nodes with more memory would use all of their cores."
                )
            }
            let room = (request.memory - (1 << 30)) / perNode
            // heap + max(384 MB, factor x heap) = room, rounded down to whole GB.
            let byFactor = Int(Double(room) / (1 + factor))
            let fitting = min(byFactor, room - (384 << 20))
            heap = max(1 << 30, (fitting >> 30) << 30)
            overhead = max(384 << 20, Int(Double(heap) * factor))
            let all = perNode * request.nodes
            executors = request.isKubernetes ? all : max(1, all - 1)
            slots = executors * cores
        }
        // Not more slots than there is input for.
        let wantedSlots = max(1, min(slots, inputTasks))
        if request.nodes > 0, wantedSlots < slots {
            let enough = max(1, (wantedSlots + cores - 1) / cores)
            if enough < executors {
                remarks.append(
                    "The input makes \(AdviceText.plural(inputTasks, "task")), so \(AdviceText.count(enough)) of "
                        + "\(AdviceText.count(executors)) possible executors are enough."
                )
                executors = enough
                slots = enough * cores
            }
        }
        // Partitions of about 128 MB, in whole rounds of the slots, at least two of them.
        let bySize = max(1, (request.input + split - 1) / split)
        let rounds = max(2, (bySize + slots - 1) / slots)
        shufflePartitions = min(100_000, bySize <= 2 * slots ? min(2 * slots, max(bySize, slots)) : rounds * slots)
        settings = []
        settings = Self.settings(self)
        addRemarks()
    }

    /// Five cores for each executor, or else three to five, whichever leaves fewest cores unused.
    private static func coresPerExecutor(_ usable: Int) -> Int {
        if usable <= 5 { return max(1, usable) }
        // Five first: it wins when none leaves less.
        return [5, 4, 3].min { usable % $0 < usable % $1 } ?? 5
    }

    private static func settings(_ advice: SizingAdvice) -> [Setting] {
        let request = advice.request
        var settings: [Setting] = []
        func add(_ key: String, _ value: String, _ reason: String) {
            settings.append(Setting(key: key, value: value, reason: reason))
        }
        if request.nodes == 0 {
            add("spark.master", "local[\(advice.cores)]", "one slot for each core of this machine")
            add(
                "spark.driver.memory",
                AdviceText.setting(bytes: advice.heap),
                "local mode runs the tasks in the driver; the rest of \(AdviceText.bytes(request.memory)) is for the system"
                    + (request.usesPython ? " and for Python workers" : "")
            )
        } else {
            add(
                "spark.executor.instances",
                String(advice.executors),
                request.isKubernetes
                    ? "as many as fit with one core and 1 GB of each node left to the system"
                    : "as many as fit with one core and 1 GB of each node left to the system, less one for the driver"
            )
            add(
                "spark.executor.cores",
                String(advice.cores),
                "three to five tasks share an executor's memory and connections well; this leaves fewest cores unused"
            )
            add(
                "spark.executor.memory",
                AdviceText.setting(bytes: advice.heap),
                "the node's memory, less 1 GB, shared by its executors, less what is beside the heap"
            )
            add(
                "spark.executor.memoryOverhead",
                AdviceText.setting(bytes: advice.overhead),
                request.usesPython
                    ? "30 % of the heap, since Python workers live beside it" : "10 % of the heap, and at least 384 MB"
            )
        }
        add(
            "spark.sql.shuffle.partitions",
            String(advice.shufflePartitions),
            "partitions of about 128 MB if all of the input is shuffled, in whole rounds of \(advice.slots) slots"
        )
        add("spark.sql.adaptive.enabled", "true", "merges small partitions and splits skewed ones while the query runs")
        add(
            "spark.sql.adaptive.coalescePartitions.parallelismFirst",
            "false",
            "otherwise the advisory size of partitions is ignored"
        )
        add("spark.sql.adaptive.advisoryPartitionSizeInBytes", "128m", "the size that partitions are merged to")
        if request.input / max(1, advice.slots) > 10 << 30 {
            add("spark.sql.files.maxPartitionBytes", "256m", "fewer, larger tasks for an input of this size")
        }
        if request.usesPython {
            add("spark.sql.execution.pythonUDF.arrow.enabled", "true", "rows go to Python in batches")
        }
        add("spark.eventLog.enabled", "true", "so that the next advice rests on what happened")
        return settings
    }

    private mutating func addRemarks() {
        let unified = max(0, Int(Double(heap - (300 << 20)) * 0.6))
        remarks.append(
            "Each task has about \(AdviceText.bytes(unified / max(1, cores))) for sorting, joining and caching: "
                + "(heap - 300 MB) x 0.6 over \(AdviceText.plural(cores, "core"))."
        )
        remarks.append(
            "Reading makes about \(AdviceText.plural(inputTasks, "task")) of 128 MB, "
                + "\(AdviceText.decimal(Double(inputTasks) / Double(max(1, slots)))) for each slot; files that cannot be split "
                + "make one each."
        )
        remarks.append("After the first run, give its event log: what happened counts more than any rule.")
    }
}
