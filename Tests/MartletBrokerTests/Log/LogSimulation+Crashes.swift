import MartletTestKit
import Testing

@testable import MartletBroker

extension LogSimulation {
    mutating func restart() throws {
        try log.close()
        files = files.restarted()
        let opened = try open(isClean: true)
        #expect(opened.checkedBytes == 0, "seed \(seed): a clean start goes through nothing")
        #expect(log.endOffset == model.end)
        model.flushed = model.end
        count("clean restart")
    }

    /// The power goes, or the process is killed; perhaps again during recovery.
    mutating func crash() throws {
        for _ in 0..<10 {
            let isPower = Int.random(in: 0..<4, using: &random) > 0
            files = isPower ? files.crashed(seed: random.next()) : files.restarted()
            if Int.random(in: 0..<4, using: &random) == 0 {
                files.set(.crash(atChange: files.changes + Int.random(in: 0...12, using: &random)))
            }
            do {
                try open(isClean: false)
                files.set(nil)
                return try checkSurvivors()
            } catch let error as LogError where error.code == 56 {
                count("crash in recovery")
            }
        }
        files.set(nil)
        files = files.crashed(seed: seed)
        try open(isClean: false)
        try checkSurvivors()
    }

    @discardableResult
    private mutating func open(isClean: Bool) throws -> RecoveryReport {
        let (opened, report) = try PartitionLog.open(
            Self.folder,
            files: files,
            configuration: configuration,
            logStart: model.start,
            recoveryPoint: Bool.random(using: &random) ? checkpoint : nil,
            isClean: isClean,
            at: now
        )
        log = opened
        if report.cutBytes > 0 { count("cut") }
        return report
    }

    private mutating func checkSurvivors() throws {
        count("crash")
        let end = log.endOffset
        #expect(end >= model.flushed, "seed \(seed): flushed up to \(model.flushed), and there up to \(end)")
        let survivors = model.batches.filter { $0.lastOffset < end }
        #expect(
            survivors.last.map { $0.lastOffset + 1 } ?? model.start == end || end == log.logStartOffset,
            "seed \(seed): the log ends within a batch"
        )
        if survivors.count < model.batches.count { count("lost") }
        model.batches = survivors
        #expect(log.logStartOffset >= model.start)
        model.start = log.logStartOffset
        // Recovery makes what is there last.
        model.flushed = end
        checkpoint = min(checkpoint ?? 0, end)
        try retry()
    }
}
