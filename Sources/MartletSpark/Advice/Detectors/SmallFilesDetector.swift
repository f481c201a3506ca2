/// Detector 7: many small files, read or written.
struct SmallFilesDetector: FindingDetector {
    /// Files that a node has read or written.
    private struct Candidate {
        var isRead: Bool
        var node: PlanNode
        var query: Int
        var files: Int
        var bytes: Int
    }

    /// What makes two candidates the same finding.
    private struct Key: Hashable {
        var isRead: Bool
        var query: Int
        var files: Int
        var average: Int
    }

    func findings(in run: RunProfile) -> [Finding] {
        var worst = WorstFirst<Candidate>()
        for query in run.app.queries {
            // A command and the query that it started show the same write.
            var seen: Set<Key> = []
            query.plan?.visit { node in
                for candidate in [reading(node, query, run), writing(node, query, run)] {
                    guard let candidate else { continue }
                    let key = Key(
                        isRead: candidate.isRead,
                        query: query.id,
                        files: candidate.files,
                        average: candidate.bytes / candidate.files
                    )
                    if seen.insert(key).inserted { worst.add(candidate, badness: candidate.files) }
                }
            }
        }
        return worst.elements.map { $0.isRead ? read($0, run) : written($0, run) }
    }

    private func reading(_ node: PlanNode, _ query: SparkQuery, _ run: RunProfile) -> Candidate? {
        guard let files = run.app.metric("number of files read", of: node),
            let bytes = run.app.metric("size of files read", of: node),
            files >= run.thresholds.smallFiles, bytes / files < run.thresholds.smallFile
        else { return nil }
        return Candidate(isRead: true, node: node, query: query.id, files: files, bytes: bytes)
    }

    private func writing(_ node: PlanNode, _ query: SparkQuery, _ run: RunProfile) -> Candidate? {
        guard let files = run.app.metric("number of written files", of: node),
            let bytes = run.app.metric("written output", of: node),
            files >= run.thresholds.smallFiles, bytes / files < run.thresholds.smallFile
        else { return nil }
        return Candidate(isRead: false, node: node, query: query.id, files: files, bytes: bytes)
    }

    private func read(_ candidate: Candidate, _ run: RunProfile) -> Finding {
        let (node, query, files, bytes) = (candidate.node, candidate.query, candidate.files, candidate.bytes)
        let wanted = max(1, bytes / run.thresholds.partitionBytes)
        let place = node.metadata["Location"].map { " from \($0.prefix(120))" } ?? ""
        return Finding(
            .smallFiles,
            severity(files),
            "query \(query) reads \(AdviceText.count(files)) files of \(AdviceText.bytes(bytes / files)) on average",
            explanation: "Each file costs a listing, an opening and a footer, whatever it holds.",
            evidence: [
                .count("files", files), .bytes("bytes of files", bytes), .bytes("bytes per file", bytes / files),
                .text("scan", 0, "\(node.name.prefix(100))\(place)"),
            ],
            queries: [query],
            advice: [
                "Compact the data into about \(AdviceText.count(wanted)) files of "
                    + "\(AdviceText.bytes(run.thresholds.partitionBytes)), and let its writer use the REBALANCE hint."
            ],
            confidence: .high
        )
    }

    private func written(_ candidate: Candidate, _ run: RunProfile) -> Finding {
        let (node, query, files, bytes) = (candidate.node, candidate.query, candidate.files, candidate.bytes)
        let size = "spark.sql.adaptive.advisoryPartitionSizeInBytes"
        let first = "spark.sql.adaptive.coalescePartitions.parallelismFirst"
        return Finding(
            .smallFiles,
            severity(files),
            "query \(query) writes \(AdviceText.count(files)) files of \(AdviceText.bytes(bytes / files)) on average",
            explanation: "Every reader pays for each file; each task writes at least one file for each partition.",
            evidence: [
                .count("files", files), .bytes("bytes of files", bytes), .bytes("bytes per file", bytes / files),
                .count("partitions written", run.app.metric("number of dynamic part", of: node) ?? 0),
            ],
            queries: [query],
            patches: [
                ConfigurationPatch(
                    size,
                    from: setting(size, in: run, default: "64m"),
                    to: "128m",
                    "the size that REBALANCE aims at"
                ),
                ConfigurationPatch(
                    first,
                    from: setting(first, in: run, default: "true"),
                    to: "false",
                    "otherwise the size above is ignored"
                ),
            ],
            advice: [
                "Add the hint /*+ REBALANCE */ (with the partition columns, when there are any) to the query written."
            ],
            confidence: .high
        )
    }

    private func severity(_ files: Int) -> Severity {
        Severity.of(Double(files), moderate: 500, high: 5000, critical: 50_000)
    }
}
