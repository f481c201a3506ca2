import Dispatch
import MartletCore

// What has to survive of groups and transactions.
extension Broker {
    /// Makes records of the coordinators last, and takes them over; then `done`, with false when they do not last: what
    /// they are about has not happened then.
    ///
    /// Where each answer waits for the disk, everything that is decided while the disk is busy shares the next wait.
    func keep(_ records: [CoordinatorRecord], _ done: @escaping (Bool) -> Void = { _ in }) {
        guard !records.isEmpty else { return done(true) }
        let ticket = nextTicket
        nextTicket += 1
        unkept[ticket] = done
        do throws(MartletError) { try store.hand(records, ticket) } catch {
            notice(.storageFailed, error.message)
            unkept.removeValue(forKey: ticket)?(false)
            return
        }
        if settings.flush == .always {
            waitForJournal()
        } else {
            end(store.flush(isSynced: false))
        }
    }

    private func waitForJournal() {
        guard !isKeeping, store.needsFlush else { return }
        isKeeping = true
        // Behind the requests that have come in already: they share it.
        executor.run { self.assumeIsolated { $0.syncJournal() } }
    }

    private func syncJournal() {
        guard let pending = store.prepareFlush() else {
            isKeeping = false
            return
        }
        DispatchQueue.global(qos: .userInitiated).async(group: background) { [self] in
            let failure = pending.perform()
            executor.run {
                self.assumeIsolated { broker in
                    broker.isKeeping = false
                    broker.end(broker.store.finishFlush(pending, failure: failure))
                    broker.waitForJournal()
                }
            }
        }
    }

    /// Makes all that was decided last, on this thread; before the end.
    func keepAll() {
        guard !isKeeping || store.needsFlush else { return }
        end(store.flush())
        do throws(MartletError) { try store.sync() } catch { notice(.storageFailed, error.message) }
    }

    private func end(_ flush: CoordinatorStore<AnyJournalFile, Int>.Flush) {
        if let error = flush.error { notice(.storageFailed, error.message) }
        for ticket in flush.tickets { unkept.removeValue(forKey: ticket)?(flush.error == nil) }
        // Another time does as well.
        try? store.compactIfWorth()
    }
}
