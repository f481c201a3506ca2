import Dispatch
import MartletCore
import NIOCore

// What is due from time to time.
extension Broker {
    /// Begins to do it; the tasks end with the timers' thread.
    nonisolated func startUpkeep() {
        repeated(every: .seconds(1)) { $0.flushInterval() }
        repeated(every: .seconds(10)) { broker in
            broker.finishUnfinished()
            broker.abortTimedOut()
        }
        repeated(every: .seconds(60)) { $0.keepLogs() }
        repeated(every: .minutes(10)) { $0.forgetUnused() }
    }

    private nonisolated func repeated(every interval: TimeAmount, _ work: @escaping @Sendable (isolated Broker) -> Void)
    {
        timers.scheduleRepeatedTask(initialDelay: interval, delay: interval) { [self] _ in
            executor.run { self.assumeIsolated { work($0) } }
        }
    }

    /// Makes last what was appended since the last time, for servers that do so by the clock.
    private func flushInterval() {
        guard settings.flush == .interval, !isEnding else { return }
        for topic in topics.values { for partition in topic.partitions { flush(partition) } }
        do throws(MartletError) { try store.sync() } catch { notice(.storageFailed, error.message) }
    }

    /// Removes what the settings no longer keep, and notes how far the logs last.
    func keepLogs() {
        guard !isEnding else { return }
        for topic in topics.values {
            let policy = TopicSettings.list(topic.settings["cleanup.policy"])
            for partition in topic.partitions {
                if policy.contains("delete") {
                    attempt(partition) { log throws(LogError) in _ = try log.retain(at: now) }
                }
                if policy.contains("compact"), partition.log.isWorthCompacting { compact(partition) }
            }
        }
        // Without them the next start after a crash goes through more, that is all.
        do throws(LogError) { try writeCheckpoints() } catch { notice(.storageFailed, error.reason) }
    }

    /// Compacts a partition on a thread of its own, one after the other.
    private func compact(_ partition: Partition) {
        guard !partition.log.isCompacting else { return }
        let pending: PendingCompaction
        do throws(LogError) { pending = try partition.log.prepareCompaction(at: now) } catch {
            return notice(.storageFailed, "\(partition.name): \(error.reason)")
        }
        let place = TopicPartition(partition.name.topic, partition.name.index)
        let log = CompactedLog(partition.log)
        Self.compactions.async { [self] in
            let outcome = pending.perform()
            executor.run {
                self.assumeIsolated { broker in
                    do throws(LogError) { _ = try log.log.finishCompaction(outcome) } catch {
                        broker.notice(.storageFailed, "\(place): \(error.reason)")
                    }
                }
            }
        }
    }

    /// Waits until nothing is being compacted.
    func endCompactions() { Self.compactions.sync {} }

    private static let compactions = DispatchQueue(label: "martlet.compaction", qos: .utility)

    private func attempt(_ partition: Partition, _ work: (PartitionLog) throws(LogError) -> Void) {
        do throws(LogError) { try work(partition.log) } catch {
            notice(.storageFailed, "\(partition.name): \(error.reason)")
        }
    }
}

/// A log on its way through another thread, which does not touch it.
private struct CompactedLog: @unchecked Sendable {
    let log: PartitionLog

    init(_ log: PartitionLog) { self.log = log }
}
