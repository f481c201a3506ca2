import MartletCore

/// Decides what a trigger does: events in, effects out; no waiting, no clock, no input or output.
struct TriggerMachine: Sendable {
    /// What has to be done, in this order.
    enum Effect: Sendable {
        /// Ask the source for its next event.
        case ask
        case acceptAssignment
        case acceptRevocation
        case pause(Set<TopicPartition>)
        case resume(Set<TopicPartition>)
        /// Score events.
        case score(number: Int, [ScoredInput])
        /// Write answers and offsets, together or not at all.
        case write(TriggerBook.Cut)
        /// Tell after a while.
        case wake(Timer, at: Duration)
        /// Look at the ends of partitions.
        case readEnds(Set<TopicPartition>)
        /// Look at how far the group is in partitions of other members.
        case readOthers(Set<TopicPartition>)
        case notice(MartletError)
        /// Nothing more.
        case finish
    }

    /// What a time is waited for.
    enum Timer: Hashable, Sendable {
        /// A batch that is not full.
        case gather
        /// The next transaction.
        case commit
        /// A try that has to wait.
        case retry
        /// The end of patience with what is being scored.
        case drain
        /// The end of just not asking.
        case hold
        /// The next try to read.
        case read
        case lag
        case others
    }

    /// How it ends.
    enum Ending: Sendable {
        case done(TriggerStatus.Ending)
        case failed(MartletError)
    }

    /// Between two commits that hold no answers.
    static let offsetsInterval = Duration.milliseconds(100)

    let options: EventTriggerOptions
    /// The offsets at which the partitions ended at the start, when it ends there.
    let ends: [TopicPartition: Int64]?
    var status = TriggerStatus()
    var ending: Ending?
    var isFinished = false

    var book = TriggerBook()
    var queue: ScoringQueue
    /// Events that are not part of a batch yet, with when they came.
    var waiting: ArraySlice<(place: EventPlace, since: Duration)> = []
    var effects: [Effect] = []
    var armed: [Timer: Duration] = [:]

    /// The partitions that are about to go, and until when they wait.
    var revoked: (partitions: Set<TopicPartition>, until: Duration)?
    var endsBy: Duration?
    var isAsking = false
    var holdsSince: Duration?
    private var readErrors = 0
    var readAgainAt: Duration?
    /// When the next transaction may begin, and the next commit of offsets alone.
    var commitDue = Duration.zero
    var offsetsDue = Duration.zero
    var highs: [TopicPartition: Int64] = [:]
    var others: [TopicPartition: Int64] = [:]
    var isReadingOthers = false

    init(_ options: EventTriggerOptions, ends: [TopicPartition: Int64]?) {
        self.options = options
        self.ends = ends
        queue = ScoringQueue(
            ScoringQueue.Rules(
                inFlight: options.inFlight,
                attempts: options.attempts,
                backoff: options.backoff,
                backoffCeiling: options.backoffCeiling,
                downLimit: options.downLimit
            )
        )
    }

    /// What has to be done since this was asked last.
    mutating func takeEffects() -> [Effect] {
        defer { effects = [] }
        return effects
    }

    // MARK: What happens

    mutating func start(at now: Duration) {
        arm(.lag, at: now + .milliseconds(Limits.triggerLagMilliseconds))
        advance(now)
    }

    /// The source told something; nil when it is closed.
    mutating func heard(_ event: SourceEvent?, at now: Duration) {
        isAsking = false
        readErrors = 0
        switch event {
        case nil: end(.done(.stopped), now)
        case .batch(let batch): take(batch, now)
        case .reachedEnd(let partition, let offset):
            book.note(partition, readTo: offset)
            highs[partition] = max(highs[partition] ?? 0, offset)
        case .assigned(let partitions):
            status.rebalances += 1
            forget(partitions)
            book.assign(partitions)
            effects.append(.acceptAssignment)
            effects.append(.readEnds(partitions))
            if status.isPaused { effects.append(.pause(partitions)) }
        case .revoked(let partitions, let isLost):
            status.rebalances += 1
            if isLost {
                forget(partitions)
                effects.append(.acceptRevocation)
            } else {
                // What is not being scored yet is for whoever has the partition next.
                let slots = book.slots(of: partitions)
                queue.drop(slots)
                waiting.removeAll { slots.contains($0.place.slot) }
                revoked = (partitions, now + options.drainLimit)
            }
        }
        advance(now)
    }

    /// Reading failed.
    mutating func heard(_ error: StreamError, at now: Duration) {
        isAsking = false
        readErrors += 1
        switch error.disposition {
        case .cancelled: end(.done(.cancelled), now)
        case .fatal: end(.failed(TriggerFaults.input(error, options)), now)
        case .abortable, .retriable, .refused:
            effects.append(.notice(error.failure))
            if readErrors >= Limits.triggerReadErrors {
                end(.failed(TriggerFaults.input(error, options)), now)
            } else {
                readAgainAt = now + TriggerFaults.wait(readErrors)
            }
        }
        advance(now)
    }

    /// The source can do nothing any more.
    mutating func sourceFailed(_ error: StreamError, at now: Duration) {
        end(.failed(TriggerFaults.input(error, options)), now)
        advance(now)
    }

    /// A batch was scored, or failed.
    mutating func scored(
        _ number: Int,
        _ result: Result<[ScoreAnswer], ScorerFailure>,
        seconds: Double,
        restarts: Int,
        at now: Duration
    ) {
        status.scoringSeconds += seconds
        status.restarts = restarts
        let verdict: ScoringQueue.Verdict
        switch result {
        case .success(let answers):
            verdict = queue.succeed(number)
            if case .answered(let places) = verdict {
                status.batches += 1
                for (place, answer) in zip(places, answers) { settle(place, answer) }
            }
        case .failure(let failure):
            verdict = queue.fail(number, failure, at: now)
            if case .again = verdict { status.retries += 1 }
            effects.append(.notice(failure.failure))
        }
        switch verdict {
        case .answered, .again: break
        case .dead(let place, let failure, let tries): book.settle(place, .dead(failure, attempts: tries))
        case .down(let reason): end(.failed(TriggerFaults.down(reason, options)), now)
        }
        // Tries that failed are not worth waiting for by partitions that go, nor by the end.
        if let revoked { queue.drop(book.slots(of: revoked.partitions)) }
        if ending != nil { queue.dropWaiting() }
        advance(now)
    }

    /// A commit ended well.
    mutating func wrote(answers: Int, dead: Int, at now: Duration) {
        status.answers += answers
        status.failures += dead
        if answers + dead > 0 { status.commits += 1 }
        book.finish(committed: nil)
        advance(now)
    }

    /// A transaction had to be undone; `committed` is what the group has.
    mutating func undone(_ committed: [TopicPartition: Int64], at now: Duration) {
        status.aborts += 1
        book.finish(committed: committed)
        advance(now)
    }

    /// Offsets could not be committed; they will be with the next.
    mutating func leftOffsets(at now: Duration) {
        book.finish(committed: [:])
        advance(now)
    }

    /// Nothing can be written any more.
    mutating func writingFailed(_ error: MartletError, at now: Duration) {
        book.finish(committed: [:])
        if case .done(.cancelled)? = ending { status.ending = .cancelled } else { ending = .failed(error) }
        isFinished = true
        effects.append(.finish)
    }

    /// A time has come.
    mutating func woke(_ timer: Timer, at time: Duration, now: Duration) {
        if armed[timer] == time { armed[timer] = nil }
        if timer == .lag {
            effects.append(.readEnds(book.partitions))
            arm(.lag, at: now + .milliseconds(Limits.triggerLagMilliseconds))
        }
        advance(now)
    }

    /// The ends of partitions.
    mutating func read(ends: [TopicPartition: Int64], at now: Duration) {
        highs.merge(ends) { max($0, $1) }
        advance(now)
    }

    /// How far other members of the group are.
    mutating func read(others offsets: [TopicPartition: Int64], at now: Duration) {
        isReadingOthers = false
        others.merge(offsets) { max($0, $1) }
        arm(.others, at: now + .milliseconds(Limits.triggerOthersMilliseconds))
        advance(now)
    }

    /// It shall end: what is being scored is finished first, within its time.
    mutating func stop(_ how: TriggerStatus.Ending, at now: Duration) {
        end(.done(how), now)
        advance(now)
    }

    // MARK: Pieces

    private mutating func take(_ batch: ConsumedBatch, _ now: Duration) {
        for run in batch.runs {
            batch.visit(in: run.range) { record in
                guard let value = record.value else {
                    status.tombstones += 1
                    book.note(run.partition, readTo: record.offset + 1)
                    return
                }
                let input = ScoredInput(
                    partition: run.partition,
                    offset: record.offset,
                    timestamp: record.timestamp,
                    key: record.key.map { Array($0) },
                    value: Array(value),
                    headers: record.headers
                )
                guard let place = book.add(input) else { return }
                status.events += 1
                // What comes once it ends is read again by the next.
                if ending == nil { waiting.append((place, now)) }
            }
        }
    }

    private mutating func settle(_ place: EventPlace, _ answer: ScoreAnswer) {
        switch answer {
        case .json(let bytes) where bytes.count <= Limits.scorerLineBytes: book.settle(place, .answer(bytes))
        case .json(let bytes):
            let failure = TriggerFaults.event("its answer has \(bytes.count) bytes, more than the limit")
            book.settle(place, .dead(failure, attempts: 1))
        case .failed(let reason): book.settle(place, .dead(TriggerFaults.event(reason), attempts: 1))
        }
    }

    mutating func forget(_ partitions: Set<TopicPartition>) {
        let slots = book.drop(partitions)
        queue.drop(slots)
        waiting.removeAll { slots.contains($0.place.slot) }
        for partition in partitions { highs[partition] = nil }
    }

    mutating func end(_ how: Ending, _ now: Duration) {
        // Whoever is cancelled while it ends does not wait for it.
        let isCancelled = if case .done(.cancelled) = how { true } else { false }
        guard ending == nil || isCancelled else { return }
        ending = how
        waiting = []
        queue.dropWaiting()
        endsBy = isCancelled ? now : now + options.drainLimit
    }

    mutating func arm(_ timer: Timer, at time: Duration) {
        if let set = armed[timer], set <= time { return }
        armed[timer] = time
        effects.append(.wake(timer, at: time))
    }
}
