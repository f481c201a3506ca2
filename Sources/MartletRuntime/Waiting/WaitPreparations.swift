import MartletCore

/// Waits that are to begin once their settings are known: a value without effects.
struct WaitPreparations {
    /// What has to happen before a wait can begin.
    struct Job: Sendable {
        var key: WaitKey
        var number: Int
        var prepare: @Sendable () async throws(MartletError) -> WaitRequest
        var resolve: @Sendable (WaitResolution) -> Void
    }

    private var wanted: [WaitKey: Int] = [:]
    private var queue = Queue<Job>()
    private var running = 0
    private var lastNumber = 0

    /// How many waits have not begun.
    var count: Int { wanted.count }

    /// The keys of the waits that have not begun, in no order.
    var keys: [WaitKey] { Array(wanted.keys) }

    /// Adds a wait; an earlier one of the same key is forgotten.
    mutating func add(
        _ key: WaitKey,
        prepare: @escaping @Sendable () async throws(MartletError) -> WaitRequest,
        resolve: @escaping @Sendable (WaitResolution) -> Void
    ) {
        lastNumber += 1
        wanted[key] = lastNumber
        queue.append(Job(key: key, number: lastNumber, prepare: prepare, resolve: resolve))
    }

    /// Forgets a wait; its preparation may go on, but leads to nothing.
    mutating func remove(_ key: WaitKey) { wanted[key] = nil }

    /// What is to be prepared now.
    mutating func turn() -> [Job] {
        var jobs: [Job] = []
        while running < Limits.looksAtOnce, let job = queue.popFirst() {
            guard wanted[job.key] == job.number else { continue }
            running += 1
            jobs.append(job)
        }
        return jobs
    }

    /// Takes note that a preparation has ended; false when nobody wants the wait any more.
    mutating func finish(_ job: Job) -> Bool {
        running -= 1
        guard wanted[job.key] == job.number else { return false }
        wanted[job.key] = nil
        return true
    }
}
