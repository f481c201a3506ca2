package import MartletCore
import Synchronization

/// Has the events of a topic scored, and writes the scores to another topic, each exactly once.
///
/// It reads as a member of a group, gathers events in micro-batches, and hands them to an ``EventScorer``. Answers, and
/// events without one, are written in the same transaction as the group's offsets: whatever ends the process, an event
/// has one answer or one dead letter among committed records. Answers to events of one partition keep their order.
/// Records without a value are passed over.
package final class EventTrigger: Sendable {
    private let options: EventTriggerOptions
    private let client: any StreamClient
    private let scorer: any EventScorer
    private let time: TriggerTime
    private let observer: any EventTriggerObserver
    private let stopping = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// A trigger, which runs once.
    ///
    /// - Parameters:
    ///   - options: what it reads and writes, and how.
    ///   - client: the streams.
    ///   - scorer: answers; stays open when the trigger ends.
    ///   - clock: what to wait by.
    ///   - observer: is told of what it does.
    /// - Throws: ``MartletError`` MT6070 for options that make no sense.
    package init(
        _ options: EventTriggerOptions,
        client: any StreamClient,
        scorer: any EventScorer,
        clock: some Clock<Duration>,
        observer: any EventTriggerObserver = SilentTriggerObserver()
    ) throws(MartletError) {
        try options.check()
        self.options = options
        self.client = client
        self.scorer = scorer
        self.time = TriggerTime(clock)
        self.observer = observer
    }

    /// Asks it to end: what is being scored is finished and committed first, within ``EventTriggerOptions/drainLimit``.
    package func stop() {
        stopping.continuation.yield()
        stopping.continuation.finish()
    }

    /// Runs until its end is reached, it is stopped, or its task is cancelled, which leaves what is not committed.
    ///
    /// - Returns: what it did.
    /// - Throws: ``MartletError`` MT6071 when the scorer is down for too long, MT6072 when nothing can be written, MT6073
    ///   when another takes over, MT6074 when nothing can be read.
    package func run() async throws(MartletError) -> TriggerStatus {
        // The sink first: it ends what a former life left open, whose offsets would be uncertain until then.
        let sink = try await opened(TriggerFaults.output) { client throws(StreamError) in
            try await client.open(SinkRequest(transactionalID: self.options.transactionalID))
        }
        do throws(MartletError) {
            let ends = try await opened(TriggerFaults.input) { client throws(StreamError) in
                try await self.endsToReach(client)
            }
            let source = try await opened(TriggerFaults.input) { client throws(StreamError) in
                try await client.open(self.request)
            }
            let writer = TriggerWriter(options, client: client, source: source, sink: sink, time: time)
            let machine = await follow(TriggerMachine(options, ends: ends), source, writer)
            await source.close()
            await writer.close()
            observer.update(machine.status)
            if case .failed(let error)? = machine.ending { throw error }
            return machine.status
        } catch {
            await sink.close()
            throw error
        }
    }

    private var request: SourceRequest {
        SourceRequest(
            group: options.group,
            instance: options.instance,
            assignment: .group(topics: [options.topic]),
            start: options.start,
            batchRecords: min(options.bufferedRecords, Limits.streamBatchRecords)
        )
    }

    private func opened<Value: Sendable>(
        _ fault: (StreamError, EventTriggerOptions) -> MartletError,
        _ body: (any StreamClient) async throws(StreamError) -> Value
    ) async throws(MartletError) -> Value {
        do throws(StreamError) {
            return try await TriggerWriter.again(time) { () async throws(StreamError) in try await body(self.client) }
        } catch {
            throw fault(error, options)
        }
    }

    /// The ends of the partitions that hold something, if it shall end there.
    private func endsToReach(_ client: any StreamClient) async throws(StreamError) -> [TopicPartition: Int64]? {
        guard options.until == .end else { return nil }
        var ends: [TopicPartition: Int64] = [:]
        for partition in try await client.partitions(of: options.topic) {
            let range = try await client.offsets(of: partition)
            if range.high > range.low { ends[partition] = range.high }
        }
        return ends
    }

    // MARK: - Following

    /// What comes back from what was begun.
    private enum Message: Sendable {
        case heard(Result<SourceEvent?, StreamError>)
        case scored(Int, Result<[ScoreAnswer], ScorerFailure>, seconds: Double)
        case wrote(TriggerWriter.Outcome)
        case woke(TriggerMachine.Timer, at: Duration)
        case ends([TopicPartition: Int64])
        case others(Result<[TopicPartition: CommittedOffset], StreamError>)
        case stop
        case cancelled
        /// Nothing of interest.
        case nothing
    }

    private func follow(
        _ start: TriggerMachine,
        _ source: any StreamSource,
        _ writer: TriggerWriter
    ) async -> TriggerMachine {
        var machine = start
        await withTaskGroup(of: Message.self) { group in
            let stops = stopping.stream
            group.addTask {
                for await _ in stops { return .stop }
                return Task.isCancelled ? .cancelled : .nothing
            }
            machine.start(at: time.now())
            while !machine.isFinished {
                for effect in machine.takeEffects() {
                    guard let error = await perform(effect, source, writer, &group) else { continue }
                    observer.notice(error.failure)
                    if error.disposition == .fatal { machine.sourceFailed(error, at: time.now()) }
                }
                observer.update(machine.status)
                guard !machine.isFinished, let message = await group.next() else { break }
                take(message, &machine)
            }
            group.cancelAll()
        }
        return machine
    }

    private func take(_ message: Message, _ machine: inout TriggerMachine) {
        let now = time.now()
        switch message {
        case .heard(.success(let event)): machine.heard(event, at: now)
        case .heard(.failure(let error)): machine.heard(error, at: now)
        case .scored(let number, let result, let seconds):
            machine.scored(number, result, seconds: seconds, restarts: scorer.restarts, at: now)
        case .wrote(.written(let answers, let dead)): machine.wrote(answers: answers, dead: dead, at: now)
        case .wrote(.undone(let committed, let error)):
            observer.notice(error.failure)
            machine.undone(committed, at: now)
        case .wrote(.offsetsLeft(let error)):
            observer.notice(error.failure)
            machine.leftOffsets(at: now)
        case .wrote(.failed(let error)):
            if Task.isCancelled { machine.stop(.cancelled, at: now) }
            machine.writingFailed(error, at: now)
        case .woke(let timer, let at): machine.woke(timer, at: at, now: now)
        case .ends(let ends): machine.read(ends: ends, at: now)
        case .others(.success(let offsets)): machine.read(others: offsets.mapValues(\.offset), at: now)
        case .others(.failure(let error)):
            machine.read(others: [:], at: now)
            if error.disposition == .fatal { machine.sourceFailed(error, at: now) }
        case .stop: machine.stop(.stopped, at: now)
        case .cancelled: machine.stop(.cancelled, at: now)
        case .nothing: break
        }
    }

    /// Does what has to be done, or has it done; returns why the source did not.
    private func perform(
        _ effect: TriggerMachine.Effect,
        _ source: any StreamSource,
        _ writer: TriggerWriter,
        _ group: inout TaskGroup<Message>
    ) async -> StreamError? {
        switch effect {
        case .ask:
            group.addTask {
                do throws(StreamError) {
                    return .heard(.success(try await source.next()))
                } catch {
                    return .heard(.failure(error))
                }
            }
        // A source refuses these when partitions went in between, and tells of that itself.
        case .acceptAssignment:
            return await failure { () throws(StreamError) in try await source.acceptAssignment(startingAt: [:]) }
        case .acceptRevocation:
            return await failure { () throws(StreamError) in try await source.acceptRevocation() }
        case .pause(let partitions):
            return await failure { () throws(StreamError) in try await source.pause(partitions) }
        case .resume(let partitions):
            return await failure { () throws(StreamError) in try await source.resume(partitions) }
        case .score(let number, let inputs):
            let (time, scorer, timeout) = (time, scorer, options.timeout)
            group.addTask {
                let start = time.now()
                let result = await Self.score(inputs, scorer, timeout, time)
                return .scored(number, result, seconds: (time.now() - start).seconds)
            }
        case .write(let cut): group.addTask { .wrote(await writer.write(cut)) }
        case .wake(let timer, let at):
            let time = time
            group.addTask {
                do { try await time.wait(at) } catch { return .cancelled }
                return .woke(timer, at: at)
            }
        case .readEnds(let partitions):
            let client = client
            group.addTask { .ends(await Self.ends(of: partitions, client)) }
        case .readOthers(let partitions):
            group.addTask {
                do throws(StreamError) {
                    return .others(.success(try await source.committed(partitions)))
                } catch {
                    return .others(.failure(error))
                }
            }
        case .notice(let error): observer.notice(error)
        case .finish: break
        }
        return nil
    }

    private func failure(_ body: () async throws(StreamError) -> Void) async -> StreamError? {
        do throws(StreamError) { try await body() } catch { return error }
        return nil
    }

    /// For the lag only: what cannot be read is left out.
    private static func ends(
        of partitions: Set<TopicPartition>,
        _ client: any StreamClient
    ) async -> [TopicPartition: Int64] {
        var ends: [TopicPartition: Int64] = [:]
        for partition in partitions { ends[partition] = try? await client.offsets(of: partition).high }
        return ends
    }

    /// Scores, within a time.
    private static func score(
        _ inputs: [ScoredInput],
        _ scorer: any EventScorer,
        _ timeout: Duration,
        _ time: TriggerTime
    ) async -> Result<[ScoreAnswer], ScorerFailure> {
        await withTaskGroup(of: Result<[ScoreAnswer], ScorerFailure>.self) { group in
            group.addTask {
                do throws(ScorerFailure) {
                    let answers = try await scorer.score(inputs)
                    if answers.count == inputs.count { return .success(answers) }
                    return .failure(
                        TriggerFaults.batch("the scorer gave \(answers.count) answers to \(inputs.count) events")
                    )
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                try? await time.wait(time.now() + timeout)
                return .failure(TriggerFaults.batch("the scorer did not answer within \(timeout)"))
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failure(TriggerFaults.batch("the scorer did not answer"))
        }
    }
}
