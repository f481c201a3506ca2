package import MartletCore

/// What a trigger reads, where its answers go, and how much it does at once.
package struct EventTriggerOptions: Hashable, Sendable {
    /// When a trigger ends by itself.
    package enum Until: Hashable, Sendable {
        /// Never.
        case forever
        /// Once all that there was in the topic when it started is answered, by this member or by others.
        case end
    }

    /// The topic whose events are scored.
    package var topic: String
    /// The group that shares its partitions.
    package var group: String
    /// The topic of the answers.
    package var output: String
    /// The topic of events without an answer.
    package var deadLetters: String
    /// Which version of the model answers; part of the answers' headers.
    package var model: String
    /// The name of this member over restarts (static membership); nil for a new member each time.
    package var instance: String?
    /// The name under which this member's transactions go on over restarts.
    ///
    /// Members of a group need names of their own: the newest of a name fences the others.
    package var transactionalID: String
    /// Where to start when the group has no offset.
    package var start: SourceRequest.Start
    /// When it ends.
    package var until: Until
    /// The run that it belongs to, for dead letters; empty when it is none.
    package var run = ""
    /// Whether an answer goes to the partition of the same number; otherwise the key chooses.
    package var keepsPartition = false

    /// Most events of a batch; 1 hands each over by itself.
    package var batchRecords = 1
    /// Longest time that an event waits for others of its batch.
    package var batchDelay: Duration = .milliseconds(5)
    /// Most batches that are scored at once.
    package var inFlight = 2
    /// Most events that are read and not yet committed before no more are asked for.
    package var bufferedRecords = 4_096
    /// Longest time for the scorer to answer a batch.
    package var timeout: Duration = .seconds(30)
    /// How often a batch is tried before it is tried in halves, and an event before it is given up.
    package var attempts = 3
    /// The wait before the second try; each further one is twice as long.
    package var backoff: Duration = .milliseconds(200)
    /// The longest wait between two tries.
    package var backoffCeiling: Duration = .seconds(10)
    /// How long the scorer may be down before the trigger ends with an error.
    package var downLimit: Duration = .seconds(600)
    /// Least time between the beginnings of two transactions.
    package var commitInterval: Duration = .milliseconds(100)
    /// How long partitions that go to others, and the end, wait for what is being scored.
    package var drainLimit: Duration = .seconds(30)

    /// Scores the events of `topic` as `group`, which also names its transactions unless told otherwise.
    package init(
        topic: String,
        group: String,
        output: String,
        model: String,
        deadLetters: String? = nil,
        instance: String? = nil,
        transactionalID: String? = nil,
        start: SourceRequest.Start = .earliest,
        until: Until = .forever
    ) {
        self.topic = topic
        self.group = group
        self.output = output
        self.model = model
        self.deadLetters = deadLetters ?? "\(output).dead"
        self.instance = instance
        self.transactionalID = transactionalID ?? "martlet-trigger-\(group)" + (instance.map { "-\($0)" } ?? "")
        self.start = start
        self.until = until
    }

    /// - Throws: ``MartletError`` MT6070 for what makes no sense.
    func check() throws(MartletError) {
        func refuse(_ name: String, _ reason: String) -> MartletError {
            MartletError(
                .triggerOptionsInvalid,
                "the trigger on topic \(topic) has a wrong \(name)",
                reason: reason,
                remedy: "correct it"
            )
        }
        for (name, text) in [
            ("topic", topic), ("group", group), ("output", output), ("topic of dead letters", deadLetters),
            ("transactional id", transactionalID),
        ] where text.isEmpty {
            throw refuse(name, "it is empty")
        }
        if topic == output || topic == deadLetters { throw refuse("output", "it would read its own answers") }
        let numbers = [
            ("size of batches", batchRecords, Limits.triggerEvents),
            ("number of batches at once", inFlight, Limits.triggerBatchesInFlight),
            ("number of tries", attempts, 1_000), ("number of buffered events", bufferedRecords, 10_000_000),
        ]
        for (name, number, limit) in numbers where number < 1 || number > limit {
            throw refuse(name, "\(number) is not between 1 and \(limit)")
        }
        let times = [
            ("delay of batches", batchDelay, true), ("timeout", timeout, false), ("backoff", backoff, true),
            ("longest backoff", backoffCeiling, true), ("limit of downtime", downLimit, true),
            ("commit interval", commitInterval, true), ("limit of draining", drainLimit, true),
        ]
        for (name, time, mayBeZero) in times where time < .zero || (time == .zero && !mayBeZero) {
            throw refuse(name, "\(time) is too short")
        }
    }
}
