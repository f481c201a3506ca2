/// Detector 8: executors that are paid for and have nothing to do, or come and go all the time.
struct IdleSlotsDetector: FindingDetector {
    func findings(in run: RunProfile) -> [Finding] { [idle(run), churn(run)].compactMap(\.self) }

    private func idle(_ run: RunProfile) -> Finding? {
        let limits = run.thresholds
        guard run.app.wall >= limits.idleTime, run.shape.slots >= limits.idleSlots, run.offered > 0, run.used > 0 else {
            return nil
        }
        let idle = 1 - Double(run.used) / Double(run.offered)
        guard idle > limits.idleShare else { return nil }
        // Slots that wait for one skewed task are no reason for fewer executors.
        let skewed = SkewDetector().findings(in: run).compactMap(\.effect?.timeSaved).max() ?? 0
        guard skewed < 0.2 else { return nil }
        let evidence: [Evidence] = [
            .share("idle", idle), .count("slots", run.shape.slots), .time("task time offered", run.offered),
            .time("task time used", run.used), .time("no task at all", run.driverTime + run.startup),
        ]
        guard let smaller = smallestAlike(run) else {
            return Finding(
                .idleSlots,
                .low,
                "the slots were idle for \(AdviceText.share(idle)) of their time",
                explanation: "The work needs all slots for a short time only; fewer would make it slower.",
                evidence: evidence,
                confidence: .medium
            )
        }
        return Finding(
            .idleSlots,
            Severity.of(idle, moderate: 0.5, high: 0.75, critical: 0.95),
            "the slots were idle for \(AdviceText.share(idle)) of their time; \(smaller.shape.text) would do",
            explanation:
                "Cores that wait for long tasks, for the driver or for the next job are paid for all the same.",
            evidence: evidence,
            patches: [patch(run, smaller.shape)],
            effect: smaller.effect,
            confidence: .medium
        )
    }

    /// The smallest shape that takes at most 10 % longer.
    private func smallestAlike(_ run: RunProfile) -> (shape: ClusterShape, effect: PredictedEffect)? {
        let full = run.shape.isLocal ? run.shape.cores : run.shape.executors
        var low = 1
        var high = full
        var best: (shape: ClusterShape, effect: PredictedEffect)?
        // Fewer executors are never faster, but for anomalies of list scheduling that are below 10 %.
        while low < high {
            let middle = (low + high) / 2
            let shape = SimulationCurve.scaled(run.shape, to: middle)
            let effect = run.effect(on: shape)
            if Double(effect.wallAfter) <= 1.1 * Double(run.baseline.wall) {
                best = (shape, effect)
                high = middle
            } else {
                low = middle + 1
            }
        }
        return best
    }

    private func patch(_ run: RunProfile, _ shape: ClusterShape) -> ConfigurationPatch {
        if run.shape.isLocal {
            return ConfigurationPatch(
                "spark.master",
                from: setting("spark.master", in: run, default: run.shape.text),
                to: shape.text,
                "the other cores had nothing to do"
            )
        }
        let isDynamic = isOn("spark.dynamicAllocation.enabled", in: run, default: false)
        return ConfigurationPatch(
            isDynamic ? "spark.dynamicAllocation.maxExecutors" : "spark.executor.instances",
            from: setting(
                isDynamic ? "spark.dynamicAllocation.maxExecutors" : "spark.executor.instances",
                in: run,
                default: String(run.shape.executors)
            ),
            to: String(shape.executors),
            "the simulation of this run takes at most 10 % longer with so many"
        )
    }

    private func churn(_ run: RunProfile) -> Finding? {
        let all = run.app.executors.count
        guard isOn("spark.dynamicAllocation.enabled", in: run, default: false), all >= 3 * run.shape.executors,
            all >= 10
        else { return nil }
        let key = "spark.dynamicAllocation.executorIdleTimeout"
        return Finding(
            .idleSlots,
            .moderate,
            "\(AdviceText.count(all)) executors were started for never more than \(AdviceText.count(run.shape.executors)) "
                + "at a time",
            explanation:
                "Executors were given back and asked for again; each start costs seconds, and loses what was cached.",
            evidence: [.count("executors started", all), .count("at the same time", run.shape.executors)],
            patches: [
                ConfigurationPatch(
                    key,
                    from: setting(key, in: run, default: "60s"),
                    to: "300s",
                    "keeps them between jobs"
                ),
                ConfigurationPatch(
                    "spark.dynamicAllocation.minExecutors",
                    from: setting("spark.dynamicAllocation.minExecutors", in: run, default: "0"),
                    to: String(max(1, run.shape.executors / 4)),
                    "a few that are always there"
                ),
            ],
            confidence: .medium
        )
    }
}
