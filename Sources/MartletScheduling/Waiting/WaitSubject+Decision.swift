public import MartletCore

// What is made of the things that a look finds; finding them is the business of adapters.

/// A file that fits a wait's pattern.
public struct FoundFile: Hashable, Sendable {
    /// Where it is; absolute.
    public var path: String
    /// Its size.
    public var bytes: Int
    /// When it was last changed.
    public var changedAt: Timestamp

    /// A file at `path`.
    public init(path: String, bytes: Int, changedAt: Timestamp) {
        self.path = path
        self.bytes = bytes
        self.changedAt = changedAt
    }
}

extension FileWait {
    /// What `files` come to: one that is large enough and has settled ends the wait.
    public func result(of files: [FoundFile], at now: Timestamp) -> WaitResult {
        if files.isEmpty { return .notYet(reason: "no file matches") }
        let large = files.filter { $0.bytes >= minBytes }
        if large.isEmpty {
            return .notYet(reason: "\(files[0].path) has \(files[0].bytes) of at least \(minBytes) bytes")
        }
        // A file changed in the future, by a clock that differs, has settled by what it says itself.
        let settling = Duration.seconds(settledSeconds)
        let settled = large.filter { settledSeconds <= 0 || $0.changedAt + settling <= now }
        guard !settled.isEmpty else {
            let again = large.map { $0.changedAt + settling }.min()
            return .notYet(reason: "\(large[0].path) may still be written", again: again)
        }
        let sorted = settled.sorted { $0.path < $1.path }
        return .satisfied(values: [
            "path": .string(sorted[0].path),
            "paths": .array(sorted.prefix(Limits.reportedPaths).map { .string($0.path) }),
            "count": .integer(sorted.count),
            "bytes": .integer(sorted.reduce(0) { $0 &+ $1.bytes }),
        ])
    }
}

extension DatasetFact {
    /// What a dataset's last writing comes to for a wait that counts from `since`.
    public static func result(of fact: DatasetFact?, dataset: DatasetID, since: Timestamp?) -> WaitResult {
        guard let fact else { return .notYet(reason: "no run has written dataset \(dataset)") }
        if let since, fact.at < since {
            return .notYet(reason: "dataset \(dataset) was last written at \(fact.at), before \(since)")
        }
        var values: [String: JSONValue] = ["written_at": .string(fact.at.description)]
        if let run = fact.run { values["run_id"] = .string(run.rawValue) }
        if let path = fact.path { values["path"] = .string(path) }
        return .satisfied(values: values)
    }
}

extension StepWait {
    /// What the state of the other step or run comes to.
    public func result(of fact: RunFact?, logicalDate: Timestamp?, for instance: InstanceID) -> WaitResult {
        let noun = step.map { "step \($0) of pipeline \(pipeline)" } ?? "a run of pipeline \(pipeline)"
        guard let fact else {
            let which = logicalDate.map { "of \($0)" } ?? "yet"
            return .notYet(reason: "there is no run of pipeline \(pipeline) \(which)")
        }
        if states.contains(fact.state) {
            return .satisfied(values: ["run_id": .string(fact.run.rawValue), "state": .string(fact.state)])
        }
        if failedStates.contains(fact.state) {
            let error = MartletError(
                .awaitedStateReached,
                "step \(instance) waited for \(noun), which is \(fact.state)",
                reason: "in run \(fact.run)",
                remedy: "mend that run first"
            )
            return .failed(error, retryable: false)
        }
        let sentence = "\(noun) is \(fact.state) in run \(fact.run)"
        return skippedStates.contains(fact.state) ? .skip(reason: sentence) : .notYet(reason: sentence)
    }
}

extension SQLWait {
    /// What the first cell of the statement's last result comes to; nil when it has no rows.
    ///
    /// As in Airflow's SQL sensor, nothing, null (which comes as empty text), 0 and empty text are "not yet"; so is
    /// false.
    public static func result(ofCell cell: String?) -> WaitResult {
        guard let cell else { return .notYet(reason: "the statement returns no row") }
        let text = cell.trimmingASCIISpace.lowercased()
        let isNo = ["", "false", "f", "null"].contains(text) || Double(text) == 0
        if isNo { return .notYet(reason: "the statement returns \(text.isEmpty ? "nothing" : text)") }
        return .satisfied(values: ["cell": .string(String(cell.prefix(1_000)))])
    }
}

extension String {
    fileprivate var trimmingASCIISpace: Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        let start = drop(while: isSpace)
        guard let end = start.lastIndex(where: { !isSpace($0) }) else { return "" }
        return start[...end]
    }
}
