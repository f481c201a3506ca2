import MartletCore
import MartletStreams
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite(.timeLimit(.minutes(30)))
struct StreamClosingTests {
    /// A place that takes results and never says so.
    private final class SilentStore: StreamResultStore {
        func open() async throws(MartletError) -> StreamCut? { nil }

        func commit(_ results: StreamResults, _ cut: StreamCut) async throws(MartletError) {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                held.hold(continuation)
            }
        }

        func close() async {}

        let held = Held()

        actor Held {
            private var all = [CheckedContinuation<Void, Never>]()

            nonisolated func hold(_ continuation: CheckedContinuation<Void, Never>) {
                Task { await add(continuation) }
            }

            private func add(_ continuation: CheckedContinuation<Void, Never>) { all.append(continuation) }

            func release() {
                for continuation in all { continuation.resume() }
                all = []
            }

            var count: Int { all.count }
        }
    }

    private func runner(
        _ streams: InMemoryStreams,
        _ store: any StreamResultStore,
        _ clock: ManualClock,
        _ witness: StreamWitness
    ) throws -> StreamRunner {
        StreamRunner(
            plan: try StreamPlan(RunnerSamples.definition()),
            topic: "in",
            client: streams,
            store: store,
            options: RunnerSamples.options(.forever),
            timer: RunnerSamples.timer(clock),
            observer: witness
        )
    }

    @Test
    func givesUpAPlaceThatDoesNotAnswer() async throws {
        let streams = InMemoryStreams(now: { 1 })
        streams.makeTopic("in", partitions: 1)
        try await RunnerSamples.send(streams, [(0, RunnerSamples.json(1, "a", 1))])
        let (store, clock, witness) = (SilentStore(), ManualClock(), StreamWitness())
        let runner = try runner(streams, store, clock, witness)
        let run = Task { () -> ErrorCode? in
            do throws(MartletError) {
                _ = try await runner.run()
                return nil
            } catch {
                return error.code
            }
        }
        while witness.statuses.last?.counters.records != 1 {
            clock.advance(by: .milliseconds(200))
            await Task.yield()
        }
        runner.stop()
        while await store.held.count == 0 { await Task.yield() }
        // The cut was begun, and has thirty seconds from there.
        let before = clock.now.offset
        while !run.isCancelled, clock.now.offset < before + .seconds(40) {
            clock.advance(by: .seconds(1))
            for _ in 0..<20 { await Task.yield() }
        }
        #expect(await run.value == .streamCloseTimedOut)
        await store.held.release()
    }

    /// The brokers are told how far a stream is for those who watch; when they do not listen, it goes on.
    @Test
    func doesNotNeedTheGroupsOffsets() async throws {
        let streams = InMemoryStreams(now: { 1 })
        streams.makeTopic("in", partitions: 1)
        try await RunnerSamples.send(streams, [(0, RunnerSamples.json(1, "a", 1))])
        streams.fail(.commit, with: StreamError(.refused, MartletError(.streamRequestRefused, "no")))
        let (contents, clock, witness) = (InMemoryResultStore.Contents(), ManualClock(), StreamWitness())
        let runner = try runner(streams, InMemoryResultStore(contents), clock, witness)
        let run = Task { try await runner.run() }
        while contents.cut == nil {
            clock.advance(by: .milliseconds(200))
            await Task.yield()
        }
        while !witness.notices.contains(where: { if case .offsetsNotTold = $0 { true } else { false } }) {
            await Task.yield()
        }
        runner.stop()
        let summary = try await run.value
        #expect(summary.status.failedOffsetCommits == 1)
        #expect(contents.cut?.offsets == [TopicPartition("in", 0): 1])
    }

    @Test
    func writesNothingWhenNothingHappens() async throws {
        let streams = InMemoryStreams(now: { 1 })
        streams.makeTopic("in", partitions: 2)
        let (contents, clock, witness) = (InMemoryResultStore.Contents(), ManualClock(), StreamWitness())
        let runner = try runner(streams, InMemoryResultStore(contents), clock, witness)
        let run = Task { try await runner.run() }
        while witness.statuses.count < 50 {
            clock.advance(by: .milliseconds(200))
            await Task.yield()
        }
        run.cancel()
        #expect(try await run.value.ending == .stopped)
        #expect(contents.commits == 0)
    }
}
