package import MartletCore
package import MartletStreams
import Synchronization

/// Runs one stream: reads all partitions of a topic, feeds the event-time engine, and commits results with the place in
/// the input that they belong to, so that each record counts exactly once whatever happens in between.
///
/// Nothing is shown outside before it is part of a committed cut. One run has all partitions; a second run of the same
/// stream takes it over, and the first ends with MT6062 at its next cut.
///
/// Records without a value (tombstones) say nothing about a stream's columns: they are skipped and counted. Records that
/// cannot be read, have no usable time, or are late go to the results' rejected ones, with their bytes.
package final class StreamRunner: Sendable {
    private let plan: StreamPlan
    private let topic: String
    private let client: any StreamClient
    private let store: any StreamResultStore
    private let options: StreamRunnerOptions
    private let timer: StreamTimer
    private let observer: any StreamRunObserver
    private let inbox = StreamInbox()

    /// A runner of one run.
    ///
    /// - Parameters:
    ///   - plan: what is computed.
    ///   - topic: the input.
    ///   - client: where the topic is.
    ///   - store: where results and cuts go.
    ///   - options: how it is run.
    ///   - timer: the clocks.
    ///   - observer: is told how it goes.
    package init(
        plan: StreamPlan,
        topic: String,
        client: any StreamClient,
        store: any StreamResultStore,
        options: StreamRunnerOptions,
        timer: StreamTimer,
        observer: any StreamRunObserver = NoStreamRunObserver()
    ) {
        self.plan = plan
        self.topic = topic
        self.client = client
        self.store = store
        self.options = options
        self.timer = timer
        self.observer = observer
    }

    /// Lets the run end after a last cut.
    package func stop() { inbox.stop() }

    /// Runs until the end of the input, until it is stopped, or until its task is cancelled; both commit what is done.
    ///
    /// - Returns: what was done.
    /// - Throws: ``MartletError``: MT6060 without the topic, MT6061 when records since the last cut are gone, MT6062 when
    ///   another run has taken over, MT6040 and MT6041 for a state that cannot be restored, MT6066 when the last cut takes
    ///   too long, and those of the client and the store.
    @concurrent
    package func run() async throws(MartletError) -> StreamRunSummary {
        let result: Result<StreamRunSummary, MartletError> = await withTaskCancellationHandler {
            let result = await Result { () async throws(MartletError) in try await begin() }
            await store.close()
            return result
        } onCancel: {
            inbox.stop()
        }
        return try result.get()
    }

    private func begin() async throws(MartletError) -> StreamRunSummary {
        let started = timer.elapsed()
        let opening = StreamOpening(plan: plan, topic: topic, client: client, options: options, timer: timer)
        let task: StreamTask
        let cut: StreamCut?
        let source: any StreamSource
        let ranges: [TopicPartition: OffsetRange]
        let offsets: [TopicPartition: Int64]
        do throws(MartletError) {
            cut = try await store.open()
            ranges = try await opening.ranges()
            offsets = try opening.offsets(cut, ranges)
            task = try opening.task(cut, offsets, ranges)
            source = try await opening.source(offsets)
        } catch {
            // A call that was given up because the run is to stop has not failed.
            guard inbox.isStopped, error.code == .streamClientMisused else { throw error }
            return StreamRunSummary(ending: .stopped, status: StreamRunStatus())
        }
        let seconds = (timer.elapsed() - started).seconds
        observer.notices(.started(cut: cut?.number, partitions: offsets.count, restoreSeconds: seconds))
        let loop = StreamLoop(
            task: task,
            store: store,
            source: source,
            options: options,
            timer: timer,
            observer: observer,
            inbox: inbox
        )
        loop.begin(cut, offsets, ranges)
        let result = await run(loop, source, Array(offsets.keys))
        await source.close()
        return try result.get()
    }

    /// The loop, with what fills its inbox beside it.
    private func run(
        _ loop: StreamLoop,
        _ source: any StreamSource,
        _ partitions: [TopicPartition]
    ) async -> Result<StreamRunSummary, MartletError> {
        let (inbox, timer, options, observer, client) = (inbox, timer, options, observer, client)
        let feed = StreamFeed(inbox: inbox, timer: timer, options: options, observer: observer)
        let (offsets, told) = AsyncStream.makeStream(
            of: [TopicPartition: Int64].self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let (topic, tellings) = (topic, loop.tellings)
        // A question that nobody answers does not hold up the end.
        let watch = Task { await feed.watch(client, topic, partitions) }
        defer { watch.cancel() }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await feed.read(source) }
            group.addTask { await feed.tick() }
            group.addTask {
                for await offsets in offsets { await tellings.tell(offsets, to: source, observer) }
            }
            let result = await Result { () async throws(MartletError) in try await loop.run(told) }
            told.finish()
            inbox.stop()
            group.cancelAll()
            // Its reader gets nothing more, and ends.
            await source.close()
            return result
        }
    }
}
