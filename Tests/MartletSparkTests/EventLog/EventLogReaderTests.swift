import Foundation
import MartletCore
import Testing

@testable import MartletSpark

@Suite struct EventLogReaderTests {
    /// The rolled log of a clean run, against what the job does: 12 tasks of 4 s, then 8 after a shuffle.
    @Test func rolledLog() throws {
        let reading = try SparkFixture.read("clean")
        let app = reading.application
        #expect(reading.notes.isWhole)
        #expect(reading.notes.files.count == 1)
        #expect(reading.notes.unknown.isEmpty)
        #expect(app.name == "clean")
        #expect(app.sparkVersion == "4.2.1")
        #expect(app.property("spark.master") == "local[2]")
        #expect(app.executors.map(\.id) == ["driver"])
        #expect(app.executors.first?.cores == 2)
        let ran = app.stages.filter { $0.tasks.count > 0 }
        #expect(ran.map(\.tasks.count) == [12, 8])
        #expect(ran[0].tasks.totals.runTime >= 48_000)
        #expect(ran[0].tasks.totals.shuffleWriteRecords == 12)
        #expect(ran[1].tasks.totals.shuffleReadRecords == 12)
        #expect(ran[0].tasks.totals.shuffleWriteBytes == ran[1].tasks.totals.shuffleReadBytes)
        #expect(app.queries.count == 1)
        #expect(app.jobs.allSatisfy { $0.succeeded == true && $0.query == 0 })
        #expect(app.end != nil)
    }

    /// The same lines in every codec that Spark has, as Spark's own codec classes write them.
    @Test(arguments: ["zstd", "lz4", "snappy"])
    func codecs(_ name: String) throws {
        let reading = try EventLogReader.read("\(SparkFixture.folder)/\(name).log.\(name)")
        #expect(reading.notes.isWhole)
        #expect(reading.application.stages.reduce(0) { $0 + $1.tasks.count } == 5)
        #expect(reading.application.name == name)
        let plain = try EventLogReader.read("\(SparkFixture.folder)/plain.log")
        #expect(reading.notes.events == plain.notes.events)
        #expect(reading.application.queries.map(\.plan) == plain.application.queries.map(\.plan))
    }

    @Test func lzfIsNamed() throws {
        let error = try #require(throws: MartletError.self) {
            try EventLogReader.read("\(SparkFixture.folder)/lzf.log.lzf")
        }
        #expect(error.code == .sparkLogCodecUnsupported)
        #expect(error.message.contains("lzf"))
    }

    /// A log cut anywhere is read up to there, and said to be cut.
    @Test(arguments: ["smallfiles.log.zstd", "lz4.log.lz4", "snappy.log.snappy", "plain.log"])
    func truncation(_ name: String) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(SparkFixture.folder)/\(name)"))
        let whole = try EventLogReader.read("\(SparkFixture.folder)/\(name)").notes.events
        try SparkFixture.withFolder { folder in
            var before = 0
            for count in stride(from: 1, to: bytes.count, by: max(1, bytes.count / 29)) {
                let path = "\(folder)/\(name)"
                try bytes.prefix(count).write(to: URL(fileURLWithPath: path))
                guard let reading = try? EventLogReader.read(path) else { continue }
                #expect(reading.notes.events <= whole)
                #expect(reading.notes.events >= before)
                #expect(reading.notes.corruptLines == 0)
                #expect(reading.notes.damagedFiles.isEmpty)
                if reading.notes.events < whole {
                    let isCut = !reading.notes.truncatedFiles.isEmpty || reading.application.end == nil
                    #expect(isCut, "\(count) of \(bytes.count)")
                }
                before = reading.notes.events
            }
            #expect(before > 0)
        }
    }

    /// Damaged compressed bytes: what comes before is read, the place is told, nothing traps.
    @Test(arguments: ["zstd.log.zstd", "lz4.log.lz4", "snappy.log.snappy"])
    func damage(_ name: String) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(SparkFixture.folder)/\(name)"))
        var random = SeededRandom(seed: 11)
        var told = 0
        try SparkFixture.withFolder { folder in
            for _ in 0..<200 {
                var damaged = bytes
                let place = damaged.startIndex + Int.random(in: 0..<damaged.count, using: &random)
                damaged[place] ^= UInt8.random(in: 1...255, using: &random)
                let path = "\(folder)/\(name)"
                try damaged.write(to: URL(fileURLWithPath: path))
                guard let notes = try? EventLogReader.read(path).notes else {
                    told += 1
                    continue
                }
                if !notes.isWhole { told += 1 }
            }
        }
        // Blocks of lz4 have a checksum; the other two may change a letter without anyone noticing.
        #expect(told > (name.hasPrefix("lz4") ? 190 : 60))
    }

    @Test func corruptLinesAreCountedWithTheirPlaces() throws {
        var log = SyntheticLog()
        log.job([[.init(milliseconds: 10)]])
        var lines = log.ended()
        lines.insert(#"{"Event":"SparkListenerTaskEnd","Stage ID":"#, at: 4)
        lines.insert("not json at all", at: 2)
        lines.insert(#"{"Event":"SparkListenerFutureThing","x":[1,{"y":"z"}]}"#, at: 1)
        let offset = lines[..<3].reduce(0) { $0 + $1.utf8.count + 1 }
        let notes = try SparkFixture.read(lines: lines).notes
        #expect(notes.corruptLines == 2)
        #expect(notes.corruptPlaces.first == .init(file: "app-1", offset: offset))
        #expect(notes.unknown == ["SparkListenerFutureThing": 1])
        #expect(notes.events == lines.count - 2)
        #expect(!notes.isWhole)
    }

    @Test func compactedLogAndLastLineCutOff() throws {
        var log = SyntheticLog()
        log.job([[.init(milliseconds: 10), .init(milliseconds: 20)]])
        let lines = log.ended()
        try SparkFixture.withFolder { folder in
            func write(_ name: String, _ text: String) throws {
                try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
            }
            try write("events_1_app-1", "this was compacted\n")
            try write("events_1_app-1.compact", lines[..<6].joined(separator: "\n") + "\n")
            try write("events_2_app-1", lines[6...].joined(separator: "\n").dropLast(9) + "")
            try write("appstatus_app-1.inprogress", "")
            let reading = try EventLogReader.read(folder)
            #expect(reading.notes.files == ["events_1_app-1.compact", "events_2_app-1"])
            #expect(reading.notes.truncatedFiles == ["events_2_app-1"])
            #expect(reading.notes.isInProgress)
            #expect(reading.notes.corruptLines == 0)
            #expect(reading.application.end == nil)
            #expect(reading.application.stages.first?.tasks.count == 2)
        }
    }

    @Test(arguments: [
        "", "\n\n\n", "hello\nworld\n", #"{"Event":"Other"}"#, "\u{0}\u{1}", "{\"Event\":\"SparkListenerLogStart\"}\n",
    ])
    func noLogAtAll(_ text: String) throws {
        try SparkFixture.withFolder { folder in
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/app"))
            let error = try #require(throws: MartletError.self) { try EventLogReader.read("\(folder)/app") }
            #expect(error.code == .sparkLogUnreadable)
        }
    }

    /// Operations of Spark Connect find their jobs and queries by their tag.
    @Test func connectOperations() throws {
        let app = try SparkFixture.read("connect").application
        let finished = try #require(app.operations.first { $0.state == "finished" && $0.rows == 3 })
        #expect(finished.id.count == 36)
        #expect(finished.jobTag.hasSuffix("Operation_\(finished.id)"))
        #expect(finished.jobTag.hasPrefix("SparkConnect_OperationTag_User_someone_"))
        #expect(finished.ended != nil)
        #expect(app.jobs.contains { $0.tags.contains(finished.jobTag) })
        #expect(app.queries.contains { $0.tags.contains(finished.jobTag) })
        #expect(app.operations.contains { $0.state == "failed" && $0.error?.contains("no such carrier") == true })
    }

    /// Two executors of a standalone master.
    @Test func cluster() throws {
        let app = try SparkFixture.read("cluster").application
        #expect(app.executors.map(\.id).sorted() == ["0", "1"])
        #expect(app.executors.allSatisfy { $0.cores == 2 && $0.tasks > 0 && $0.maximumMemory > 100 << 20 })
        #expect(ClusterShape(of: app) == ClusterShape(executors: 2, cores: 2))
    }

    /// Metrics of plan nodes: values of tasks and of the driver, joined by accumulator.
    @Test func metricsOfPlans() throws {
        let app = try SparkFixture.read("smallfiles").application
        var written: Int?
        var read: (files: Int?, bytes: Int?, rows: Int?) = (nil, nil, nil)
        for query in app.queries {
            query.plan?.visit { node in
                written = written ?? app.metric("number of written files", of: node)
                if node.name.hasPrefix("Scan parquet") {
                    read = (
                        app.metric("number of files read", of: node), app.metric("size of files read", of: node),
                        app.metric("number of output rows", of: node)
                    )
                }
            }
        }
        #expect(written == 40)
        #expect(read.files == 40)
        #expect(read.rows == 40_000)
        #expect((read.bytes ?? 0) > 40 * 1000)
    }

    /// Lists of stages and accumulators share a limit; what is beyond it is counted.
    @Test func keptNumbersAreBounded() throws {
        var builder = ApplicationBuilder()
        var notes = EventLogNotes()
        builder.roomForIDs = 5
        let job = #"{"Event":"SparkListenerJobStart","Job ID":0,"Submission Time":1,"Stage IDs":[1,2,3]}"#
        let stage =
            #"{"Event":"SparkListenerStageCompleted","Stage Info":{"Stage ID":3,"Stage Attempt ID":0,"#
            + #""Parent IDs":[1,2,4],"Completion Time":9,"Accumulables":[{"ID":7,"Value":"1","Metadata":"sql"}]}}"#
        for line in [job, stage, stage] {
            let isEvent = Array(line.utf8).withUnsafeBytes { builder.take($0, &notes) }
            #expect(isEvent)
        }
        #expect(builder.app.jobs.map(\.stages) == [[1, 2, 3]])
        #expect(builder.app.stages.map(\.job) == [0])
        #expect(builder.app.stages.map(\.parents) == [[1, 2]])
        #expect(builder.app.stages.map(\.accumulators) == [[]])
        // A parent and an accumulator, twice: the second line stands in place of the first.
        #expect(builder.dropped == 4)
        #expect(builder.roomForIDs == 0)
    }

    @Test func sumsEndAtABound() throws {
        let line = SyntheticLog.taskLine(stage: 0, task: 0, launch: 1000, finish: 1100)
        var task = try #require(Array(line.utf8).withUnsafeBytes { TaskEndLine($0) })
        task.runTime = 1 << 50
        var totals = TaskTotals()
        for _ in 0..<200 { totals.add(task) }
        #expect(totals.runTime == Int.largestSum)
        #expect(totals.duration == 20_000)
        #expect(Array(repeating: Int.largestSum, count: 1000).boundedSum == Int.largestSum)
    }

    /// Beyond the limit every second task time is dropped; sums and extremes stay exact.
    @Test func keptTasksAreBounded() throws {
        var tasks = StageTasks()
        let count = 3 * Limits.sparkStageTaskSamples
        let line = SyntheticLog.taskLine(stage: 0, task: 0, launch: 1000, finish: 1100)
        var task = try #require(Array(line.utf8).withUnsafeBytes { TaskEndLine($0) })
        for index in 0..<count {
            task.launch = 1000 + index
            task.finish = 1100 + index
            _ = tasks.add(task, origin: 1000)
        }
        #expect(tasks.count == count)
        #expect(tasks.samples.count <= Limits.sparkStageTaskSamples)
        #expect(tasks.stride == 4)
        #expect(tasks.samples.count * tasks.stride == count)
        #expect(tasks.totals.duration == 100 * count)
        #expect(tasks.lastFinish == 1099 + count)
    }
}
