/// Detector 9: a join shuffled both of its sides although one of them was small enough to be sent to all executors.
struct MissedBroadcastDetector: FindingDetector {
    /// A join that could have been one with a broadcast; sizes in bytes.
    private struct Candidate {
        var node: PlanNode
        var query: Int
        var small: Int
        var large: Int
        /// The threshold that was set.
        var set: Int
    }

    private static let key = "spark.sql.autoBroadcastJoinThreshold"
    /// Spark's default, and what is advised at least.
    private static let leastThreshold = 10 << 20

    func findings(in run: RunProfile) -> [Finding] {
        var worst = WorstFirst<Candidate>()
        for query in run.app.queries {
            query.plan?.visit { node in
                if let candidate = candidate(node, query, run) { worst.add(candidate, badness: candidate.large) }
            }
        }
        return worst.elements.map { finding($0, run) }
    }

    private func candidate(_ node: PlanNode, _ query: SparkQuery, _ run: RunProfile) -> Candidate? {
        guard node.name == "SortMergeJoin" || node.name == "ShuffledHashJoin", node.children.count == 2 else {
            return nil
        }
        guard let left = size(node.children[0], run), let right = size(node.children[1], run) else { return nil }
        let set = SparkSize.bytes(run.app.property(Self.key)) ?? Self.leastThreshold
        let threshold = max(set, Self.leastThreshold)
        let (small, large) = (min(left, right), max(left, right))
        guard small >= 0, small < threshold, large >= run.thresholds.broadcastLarge, large / 4 >= small,
            canBroadcast(left: left <= right, node.text)
        else { return nil }
        return Candidate(node: node, query: query.id, small: small, large: large, set: set)
    }

    private func finding(_ candidate: Candidate, _ run: RunProfile) -> Finding {
        let (small, large, set) = (candidate.small, candidate.large, candidate.set)
        let key = Self.key
        let threshold = max(set, Self.leastThreshold)
        var patches: [ConfigurationPatch] = []
        if set < small {
            patches.append(
                ConfigurationPatch(
                    key,
                    from: setting(key, in: run, default: "10m"),
                    to: AdviceText.setting(bytes: threshold),
                    "broadcasting is off or limited below the \(AdviceText.bytes(small)) of the smaller side"
                )
            )
        } else {
            let adaptive = "spark.sql.adaptive.autoBroadcastJoinThreshold"
            patches.append(
                ConfigurationPatch(
                    adaptive,
                    from: setting(adaptive, in: run, default: "(as \(key))"),
                    to: AdviceText.setting(bytes: max(threshold, 2 * small)),
                    "the planner did not know that the side is \(AdviceText.bytes(small)); adaptive execution does"
                )
            )
        }
        return Finding(
            .missedBroadcast,
            Severity.of(Double(large), moderate: 1e8, high: 1e9, critical: 1e11),
            "query \(candidate.query) shuffles \(AdviceText.bytes(large)) to join it with \(AdviceText.bytes(small))",
            explanation:
                "With a broadcast of the smaller side, the larger one would not have been shuffled and sorted.",
            evidence: [
                .bytes("smaller side", small), .bytes("larger side", large), .bytes("threshold", set),
                .text("join", 0, String(candidate.node.text.prefix(160))),
            ],
            queries: [candidate.query],
            patches: patches,
            advice: [
                "Collect statistics (ANALYZE TABLE ... COMPUTE STATISTICS), or add the hint /*+ BROADCAST(table) */ to the "
                    + "smaller side."
            ],
            confidence: .high
        )
    }

    /// Bytes that a side of a join wrote to its shuffle.
    private func size(_ side: PlanNode, _ run: RunProfile) -> Int? {
        var node = side
        while true {
            if node.name == "Exchange" { return run.app.metric("data size", of: node) }
            // Sorts, code generation and query stages have one child; what has more is another join.
            guard node.children.count == 1, !node.name.contains("Join") else { return nil }
            node = node.children[0]
        }
    }

    /// Whether the join's kind lets this side be the one that is sent to all.
    private func canBroadcast(left: Bool, _ text: String) -> Bool {
        if text.contains("FullOuter") { return false }
        if text.contains("LeftOuter") || text.contains("LeftSemi") || text.contains("LeftAnti") { return !left }
        if text.contains("RightOuter") { return left }
        return true
    }
}
