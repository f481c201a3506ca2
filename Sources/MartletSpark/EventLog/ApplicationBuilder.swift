internal import Foundation
internal import MartletCore

/// Builds the model of an application from the lines of its log, one after another.
struct ApplicationBuilder {
    var app = SparkApplication()
    /// Values and plans beyond the limits.
    var dropped = 0
    /// Places of stages in the list, by number and attempt.
    private var stageIndex: [StageKey: Int] = [:]
    var jobIndex: [Int: Int] = [:]
    var queryIndex: [Int: Int] = [:]
    var operationIndex: [String: Int] = [:]
    var executorIndex: [String: Int] = [:]
    /// The job that first named a stage.
    var jobOfStage: [Int: Int] = [:]
    var planNodes = Limits.sparkPlanNodesTotal
    /// How many numbers of stages and accumulators may still be kept in lists.
    var roomForIDs = Limits.sparkKeptIDs
    private var keptTasks = 0
    /// The stage of the line before: tasks come in runs of the same one.
    private var lastKey = StageKey(id: -1, attempt: -1)
    private var lastIndex = 0
    private var lastExecutor = (id: "", index: -1)

    private struct StageKey: Hashable {
        var id: Int
        var attempt: Int
    }

    /// What is no time any more, in milliseconds since 1970: the year 5138, so that differences never overflow.
    static let endOfTime = 100_000_000_000_000

    /// Takes a line.
    ///
    /// - Returns: false when it is no event.
    mutating func take(_ line: UnsafeRawBufferPointer, _ notes: inout EventLogNotes) -> Bool {
        guard let name = EventName.find(line) else { return false }
        switch name {
        case "SparkListenerTaskEnd":
            guard let task = TaskEndLine(line) else { return false }
            add(task)
        case "SparkListenerTaskStart", "SparkListenerTaskGettingResult", "SparkListenerBlockUpdated",
            "SparkListenerUnpersistRDD":
            // Known, frequent and not needed.
            break
        default:
            // A line that breaks off must change nothing: half of a number is a number too.
            var whole = JSONScanner(line)
            whole.skipValue()
            guard !whole.failed, whole.isAtEnd() else { return false }
            var scanner = JSONScanner(line)
            guard let known = read(name, &scanner) else { return false }
            if !known, notes.unknown[name] != nil || notes.unknown.count < Limits.sparkUnknownEvents {
                notes.unknown[name, default: 0] += 1
            }
        }
        return true
    }

    /// The application as far as it is known.
    mutating func finished() -> SparkApplication {
        if app.start == 0 {
            // A log without its beginning.
            app.start = [app.jobs.first?.submitted, app.stages.compactMap(\.begin).min()].compactMap(\.self).min() ?? 0
        }
        return app
    }

    // MARK: - Tasks and stages

    private mutating func add(_ task: TaskEndLine) {
        guard let index = stage(task.stage, task.attempt) else { return }
        app.lastTime = max(app.lastTime, task.finish)
        keptTasks += app.stages[index].tasks.add(task, origin: app.start)
        if keptTasks > Limits.sparkTaskSamples { thin() }
        let place: Int
        if task.executor == lastExecutor.id, lastExecutor.index >= 0 {
            place = lastExecutor.index
        } else {
            guard let found = executorIndex[task.executor] else { return }
            place = found
            lastExecutor = (task.executor, found)
        }
        app.executors[place].tasks += 1
        app.executors[place].runTime.add(bounded: task.runTime)
        app.executors[place].gcTime.add(bounded: task.gcTime)
        app.executors[place].peaks.merge(task.peaks)
    }

    /// Keeps every second task time of all stages.
    private mutating func thin() {
        keptTasks = 0
        for index in app.stages.indices {
            if app.stages[index].tasks.samples.count > 1 { app.stages[index].tasks.thin() }
            keptTasks += app.stages[index].tasks.samples.count
        }
    }

    /// The place of an attempt of a stage, made when it is new; nil when there are too many.
    mutating func stage(_ id: Int, _ attempt: Int) -> Int? {
        let key = StageKey(id: id, attempt: attempt)
        if key == lastKey { return lastIndex }
        if let index = stageIndex[key] {
            (lastKey, lastIndex) = (key, index)
            return index
        }
        guard app.stages.count < Limits.sparkStages else {
            dropped += 1
            return nil
        }
        var stage = SparkStage(id: id, attempt: attempt)
        stage.job = jobOfStage[id]
        app.stages.append(stage)
        stageIndex[key] = app.stages.count - 1
        (lastKey, lastIndex) = (key, app.stages.count - 1)
        return lastIndex
    }
}

/// Finds the name of an event.
enum EventName {
    private static let prefix: StaticString = "{\"Event\":\""

    /// The last part of the name of a line's event; nil when the line is no event.
    static func find(_ line: UnsafeRawBufferPointer) -> String? {
        // Spark writes the name first, without blanks.
        let count = prefix.utf8CodeUnitCount
        if line.count > count, let base = line.baseAddress, memcmp(base, prefix.utf8Start, count) == 0 {
            var end = count
            var start = count
            while end < line.count, line[end] != 0x22, line[end] != 0x5C {
                if line[end] == 0x2E { start = end + 1 }
                end += 1
            }
            if end < line.count, line[end] == 0x22 {
                return String(decoding: UnsafeRawBufferPointer(rebasing: line[start..<end]), as: UTF8.self)
            }
        }
        var scanner = JSONScanner(line)
        var name: String?
        scanner.object { scanner, key in
            if case "Event" = key { name = scanner.string(limit: 300) }
        }
        guard !scanner.failed, let name else { return nil }
        return name.split(separator: ".").last.map(String.init)
    }
}
