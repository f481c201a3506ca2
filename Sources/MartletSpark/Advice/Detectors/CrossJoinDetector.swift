/// Detector 12: joins that compare each row of one side with each of the other.
struct CrossJoinDetector: FindingDetector {
    /// A join without an equality, and the rows it had.
    private struct Candidate {
        var node: PlanNode
        var query: Int
        var left: Int?
        var right: Int?
        var output: Int
        var pairs: Int
    }

    func findings(in run: RunProfile) -> [Finding] {
        var worst = WorstFirst<Candidate>()
        for query in run.app.queries {
            query.plan?.visit { node in
                if let candidate = candidate(node, query, run) { worst.add(candidate, badness: candidate.pairs) }
            }
        }
        return worst.elements.map(finding)
    }

    private func candidate(_ node: PlanNode, _ query: SparkQuery, _ run: RunProfile) -> Candidate? {
        guard node.name.hasPrefix("CartesianProduct") || node.name.hasPrefix("BroadcastNestedLoopJoin"),
            node.children.count == 2
        else { return nil }
        let left = rows(node.children[0], run)
        let right = rows(node.children[1], run)
        let output = run.app.metric("number of output rows", of: node) ?? 0
        var pairs = output
        if let left, let right {
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            pairs = max(pairs, overflow ? .max : product)
            // One row, as of a scalar subquery, is no cross join.
            if min(left, right) <= 1 { return nil }
        }
        guard pairs >= run.thresholds.crossPairs else { return nil }
        return Candidate(node: node, query: query.id, left: left, right: right, output: output, pairs: pairs)
    }

    private func finding(_ candidate: Candidate) -> Finding {
        let (node, pairs) = (candidate.node, candidate.pairs)
        return Finding(
            .crossJoin,
            Severity.of(Double(pairs), moderate: 1e7, high: 1e9, critical: 1e11),
            "query \(candidate.query) compares \(AdviceText.count(pairs)) pairs of rows in a \(node.name)",
            explanation:
                "Without an equality between both sides every row meets every other; twice the data is four times "
                + "the work.",
            evidence: [
                .count("pairs of rows", pairs), .count("left rows", candidate.left ?? 0),
                .count("right rows", candidate.right ?? 0), .count("rows of the result", candidate.output),
                .text("join", 0, String(node.text.prefix(160))),
            ],
            queries: [candidate.query],
            advice: [
                "Add an equality to the join condition; for a range, join on a bucket of it (day, cell, prefix) as well.",
                "If it is meant, keep the smaller side below the broadcast threshold.",
            ],
            confidence: .high
        )
    }

    /// Rows that a side gives: those of the first node that counts them.
    private func rows(_ side: PlanNode, _ run: RunProfile) -> Int? {
        var node = side
        while true {
            if let rows = run.app.metric("number of output rows", of: node) { return rows }
            if let rows = run.app.metric("shuffle records written", of: node) { return rows }
            guard node.children.count == 1 else { return nil }
            node = node.children[0]
        }
    }
}
