/// Answers whether other stages ran in a span of time.
struct StageCrowding {
    /// The stages by their begin, each with the two latest ends up to it.
    private var entries: [(begin: Int, first: (stage: Int, finish: Int), second: Int)] = []

    init(_ app: SparkApplication) {
        var spans: [(begin: Int, finish: Int, stage: Int)] = []
        for (index, stage) in app.stages.enumerated() {
            if let begin = stage.begin, let finish = stage.finish { spans.append((begin, finish, index)) }
        }
        spans.sort { ($0.begin, $0.stage) < ($1.begin, $1.stage) }
        var first = (stage: -1, finish: Int.min)
        var second = Int.min
        for span in spans {
            if span.finish > first.finish {
                second = first.finish
                first = (span.stage, span.finish)
            } else {
                second = max(second, span.finish)
            }
            entries.append((span.begin, first, second))
        }
    }

    /// Whether a stage other than this one began before `end` and finished after `start`.
    func isCrowded(_ stage: Int, from start: Int, to end: Int) -> Bool {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].begin < end { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return false }
        let entry = entries[low - 1]
        return (entry.first.stage == stage ? entry.second : entry.first.finish) > start
    }
}
