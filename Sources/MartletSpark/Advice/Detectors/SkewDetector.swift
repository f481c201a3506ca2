internal import Foundation
internal import MartletCore

/// Detector 1: a few tasks of a stage have most of its work, and all others wait for them.
struct SkewDetector: FindingDetector {
    func findings(in run: RunProfile) -> [Finding] {
        // The simulation of each runs the whole application.
        var worst = WorstFirst<Candidate>()
        for index in run.critical.sorted() {
            if let candidate = candidate(run.app.stages[index].tasks, at: index, run) {
                worst.add(candidate, badness: run.app.stages[index].tasks.longest)
            }
        }
        return worst.elements.map { finding($0, run) }
    }

    /// A skewed stage.
    private struct Candidate {
        var index: Int
        var middle: TaskDistribution
        var byTime: Bool
        var bySize: Bool
    }

    private func candidate(_ tasks: StageTasks, at index: Int, _ run: RunProfile) -> Candidate? {
        let limits = run.thresholds
        guard tasks.count >= 3 else { return nil }
        let middle = TaskDistribution(tasks)
        let byTime =
            tasks.longest > limits.skewTime
            && Double(tasks.longest) > limits.skewFactor * Double(max(1, middle.medianDuration))
        let bySize =
            tasks.largestShuffleRead > limits.skewBytes
            && Double(tasks.largestShuffleRead) > limits.skewFactor * Double(max(1, middle.medianShuffleRead))
        guard byTime || bySize else { return nil }
        return Candidate(index: index, middle: middle, byTime: byTime, bySize: bySize)
    }

    private func finding(_ candidate: Candidate, _ run: RunProfile) -> Finding {
        let index = candidate.index
        let middle = candidate.middle
        let stage = run.app.stages[index]
        let tasks = stage.tasks
        let effect = splitting(tasks, middle, at: index, run)
        let saved = effect?.timeSaved ?? 0
        let joins = run.nodes(of: stage).filter { $0.node.name.contains("Join") }
        let key = self.key(stage, run)
        return Finding(
            .skew,
            Severity.of(saved, moderate: 0.05, high: 0.2, critical: 0.5),
            "\(run.name(stage)) waits for its longest task: \(AdviceText.time(tasks.longest)), "
                + "the median task takes \(AdviceText.time(middle.medianDuration))",
            explanation:
                "One key or file has far more rows than the others, so one slot works while the others are idle.",
            evidence: [
                .count("tasks", tasks.count), .time("longest task", tasks.longest),
                .time("median task", middle.medianDuration),
                .bytes("largest shuffle read", tasks.largestShuffleRead),
                .bytes("median shuffle read", middle.medianShuffleRead),
            ] + (key.map { [Evidence.text("key", 0, $0)] } ?? []),
            stages: [stage.id],
            queries: Array(Set(run.nodes(of: stage).map(\.query))).sorted(),
            patches: joins.isEmpty ? [] : joinPatches(tasks, middle, run),
            advice: [
                "Split the most frequent value\(key.map { " of \($0)" } ?? ""): add a random number of a few values to the "
                    + "key (salting), aggregate in two steps, or treat its rows apart.",
                "Null and default keys are the usual cause: filter them out before the join where they match nothing.",
            ],
            effect: effect,
            confidence: candidate.byTime && candidate.bySize ? .high : .medium
        )
    }

    /// What the run would be like with the long tasks cut into pieces of the size that adaptive execution aims at.
    private func splitting(
        _ tasks: StageTasks,
        _ middle: TaskDistribution,
        at index: Int,
        _ run: RunProfile
    ) -> PredictedEffect? {
        guard let node = run.plan.node(ofStage: index) else { return nil }
        let bound = run.thresholds.skewFactor * Double(max(1, middle.medianDuration))
        var durations: [UInt32] = []
        for duration in run.plan.nodes[node].durations {
            for _ in 0..<max(1, run.plan.nodes[node].weight) {
                guard Double(duration) > bound else {
                    durations.append(duration)
                    continue
                }
                // No smaller than the median, and never more pieces than can run at once a few times.
                guard durations.count < Limits.sparkTaskSamples else { return nil }
                let pieces = min(Int(duration) / max(1, middle.medianDuration), 4 * run.shape.slots, 1000)
                let piece = UInt32(clamping: Int(duration) / max(1, pieces))
                durations.append(contentsOf: repeatElement(piece, count: max(1, pieces)))
            }
        }
        return run.effect(run.plan.replacing(stage: index, durations: durations))
    }

    private func joinPatches(_ tasks: StageTasks, _ middle: TaskDistribution, _ run: RunProfile) -> [ConfigurationPatch]
    {
        var patches: [ConfigurationPatch] = []
        if !isOn("spark.sql.adaptive.enabled", in: run, default: true) {
            patches.append(
                ConfigurationPatch(
                    "spark.sql.adaptive.enabled",
                    from: "false",
                    to: "true",
                    "adaptive execution splits skewed partitions of joins while the query runs"
                )
            )
        }
        if !isOn("spark.sql.adaptive.skewJoin.enabled", in: run, default: true) {
            patches.append(
                ConfigurationPatch(
                    "spark.sql.adaptive.skewJoin.enabled",
                    from: "false",
                    to: "true",
                    "without it skewed partitions are not split"
                )
            )
        }
        let key = "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes"
        let now = SparkSize.bytes(run.app.property(key)) ?? 256 << 20
        if tasks.largestShuffleRead > 0, tasks.largestShuffleRead < now {
            let wanted = max(1 << 20, tasks.largestShuffleRead / 2)
            patches.append(
                ConfigurationPatch(
                    key,
                    from: AdviceText.setting(bytes: now),
                    to: AdviceText.setting(bytes: wanted),
                    "the largest partition has \(AdviceText.bytes(tasks.largestShuffleRead)), less than the threshold, so "
                        + "it is not split"
                )
            )
        }
        return patches
    }

    /// The key of the shuffle that the stage reads, from its plan: `Exchange hashpartitioning(key#12L, 8)`.
    private func key(_ stage: SparkStage, _ run: RunProfile) -> String? {
        for placed in run.nodes(of: stage) where placed.node.name == "Exchange" {
            guard placed.metric.hasSuffix("read") || placed.metric.hasPrefix("fetch") else { continue }
            guard let open = placed.node.text.range(of: "hashpartitioning(") else { continue }
            let rest = placed.node.text[open.upperBound...]
            guard let close = rest.firstIndex(of: ")") else { continue }
            let names = rest[..<close].split(separator: ",").compactMap { part -> String? in
                let name = part.split(separator: " ").first.map(String.init) ?? ""
                // Expression ids are Spark's own, and the last argument is the count.
                return name.contains("#") ? name.split(separator: "#").first.map(String.init) : nil
            }
            if !names.isEmpty { return names.joined(separator: ", ") }
        }
        return nil
    }
}
