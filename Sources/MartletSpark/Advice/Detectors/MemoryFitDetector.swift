/// Detector 4: containers that are nearly full, or far too large.
struct MemoryFitDetector: FindingDetector {
    func findings(in run: RunProfile) -> [Finding] {
        let limits = run.thresholds
        guard !run.shape.isLocal, run.app.wall >= limits.memoryTime else { return [] }
        let container = ContainerMemory(run.app)
        let judged = run.app.executors.filter { $0.tasks > 0 && $0.peaks.container > 0 }
        guard let largest = judged.max(by: { $0.peaks.container < $1.peaks.container }) else { return [] }
        let isMeasured = largest.peaks.processJVM > 0
        let peak = largest.peaks.container
        let share = Double(peak) / Double(container.total)
        let evidence: [Evidence] = [
            .bytes("container", container.total), .bytes("heap of it", container.heap),
            .bytes("overhead of it", container.overhead), .bytes("highest use", peak),
            .share("highest use of the container", share), .text("executor", 0, largest.id),
            .text(
                "measured",
                isMeasured ? 1 : 0,
                isMeasured ? "resident memory of processes" : "the JVM's own figures"
            ),
        ]
        if share > limits.memoryFull {
            return [
                Finding(
                    .memoryFit,
                    share > 1 ? .critical : .high,
                    "executors use \(AdviceText.share(share)) of their container's memory",
                    explanation: "The next larger input can make the cluster manager kill them (exit code 137).",
                    evidence: evidence,
                    patches: [growing(largest, container, run)],
                    confidence: isMeasured ? .high : .medium
                )
            ]
        }
        guard share < limits.memoryEmpty, container.total > 2 << 30 else { return [] }
        let factor = Double(peak) * 1.2 / Double(container.total)
        return [
            Finding(
                .memoryFit,
                share < limits.memoryEmpty / 2 ? .moderate : .low,
                "executors never used more than \(AdviceText.share(share)) of their container's memory",
                explanation: "The rest is paid for and not used.",
                evidence: evidence,
                patches: [
                    ConfigurationPatch(
                        "spark.executor.memory",
                        from: setting("spark.executor.memory", in: run, default: "1g"),
                        to: grown(max(1 << 30, container.heap), by: max(factor, 0.1)),
                        "the highest use and 20 %, in the proportion there was between heap and overhead"
                    )
                ],
                confidence: isMeasured ? .medium : .low
            )
        ]
    }

    /// Python and buffers are outside the heap: where they are what is large, the overhead grows, or else the heap.
    private func growing(
        _ executor: SparkExecutor,
        _ container: ContainerMemory,
        _ run: RunProfile
    ) -> ConfigurationPatch {
        let outside = executor.peaks.container - max(executor.peaks.heap, 0)
        if outside > container.overhead {
            return ConfigurationPatch(
                "spark.executor.memoryOverhead",
                from: AdviceText.setting(bytes: container.overhead),
                to: grown(outside, by: 1.2),
                "what is not heap (Python workers, buffers) takes \(AdviceText.bytes(outside))"
            )
        }
        return ConfigurationPatch(
            "spark.executor.memory",
            from: setting("spark.executor.memory", in: run, default: "1g"),
            to: grown(container.heap, by: 1.2),
            "the heap is what is full"
        )
    }
}

/// The memory of one executor's container, in bytes.
package struct ContainerMemory: Sendable, Equatable {
    /// The JVM's heap, `spark.executor.memory`.
    package var heap: Int
    /// What is beside it: the setting, or 10 % and at least 384 MB (40 % beside a JVM on Kubernetes).
    package var overhead: Int
    /// Off-heap memory of Spark, and what Python workers may take, where they are set.
    package var other: Int
    /// All of it.
    package var total: Int { heap + overhead + other }

    /// The container of an application's executors.
    package init(_ app: SparkApplication) {
        heap = SparkSize.bytes(app.property("spark.executor.memory"), unit: 1 << 20) ?? 1 << 30
        let factor =
            app.property("spark.executor.memoryOverheadFactor").flatMap { Double($0) }
            .flatMap { $0.isFinite ? min(max($0, 0), 10) : nil } ?? 0.1
        let least = SparkSize.bytes(app.property("spark.executor.minMemoryOverhead"), unit: 1 << 20) ?? 384 << 20
        overhead =
            SparkSize.bytes(app.property("spark.executor.memoryOverhead"), unit: 1 << 20)
            ?? max(least, Int(Double(heap) * factor))
        other = SparkSize.bytes(app.property("spark.executor.pyspark.memory"), unit: 1 << 20) ?? 0
        if app.property("spark.memory.offHeap.enabled") == "true" {
            other += SparkSize.bytes(app.property("spark.memory.offHeap.size")) ?? 0
        }
    }
}
