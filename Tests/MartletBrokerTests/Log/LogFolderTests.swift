import Foundation
import MartletCore
import Testing

@testable import MartletBroker

@Suite("Data folder")
struct LogFolderTests {
    private func open(_ files: any LogFiles, _ path: String) throws -> LogFolder {
        try LogFolder(path, files: files, newClusterID: "cluster-\(UInt8.random(in: 0...255))")
    }

    @Test("Keeps its id, its partitions and their offsets, clean or not", arguments: [true, false], [true, false])
    func restart(isReal: Bool, isClean: Bool) throws {
        try Storage.with(isReal: isReal) { files, path in
            let name = PartitionName("orders-eu.v1", 3)
            let configuration = LogConfiguration(segmentBytes: 200)
            var id = ""
            do {
                let folder = try open(files, path)
                id = folder.clusterID
                #expect(!folder.wasClosed)
                try folder.createPartition(name, topicID: "abc_-4")
                let log = try folder.openLog(name, configuration: configuration, at: 0).log
                for number in 0..<6 { _ = try log.append(LogBench.batch(["v\(number)"]), rules: BatchRules(), at: 1) }
                _ = try log.deleteRecords(before: 2)
                try log.flush()
                if isClean { try folder.close([(name, log)]) } else { try folder.writeCheckpoints([(name, log)]) }
            }
            (files as? SimulatedFiles).map { _ = $0.restarted() }
            let folder = try open(files, path)
            #expect(folder.clusterID == id && folder.wasClosed == isClean)
            #expect(try folder.partitions().map(\.name) == [name])
            #expect(try folder.partitions().first?.topicID == "abc_-4")
            let (log, report) = try folder.openLog(name, configuration: configuration, at: 0)
            #expect(log.logStartOffset == 2 && log.endOffset == 6)
            #expect((report.checkedBytes == 0) == isClean)
            #expect(try files.list(path).contains("clean-shutdown") == false)
            let checkpoint = try files.contents(of: "log-start-offset-checkpoint", in: path, limit: 1_000)
            #expect(checkpoint == Array("0\n1\norders-eu.v1 3 2\n".utf8))
        }
    }

    @Test("A topic that is made after a clean start lasts as any other", arguments: 0..<20 as Range<UInt64>)
    func newPartition(seed: UInt64) throws {
        let files = SimulatedFiles()
        let path = "data"
        try open(files, path).close([])
        try files.syncFolder(".")
        let folder = try open(files.restarted(), path)
        #expect(folder.wasClosed)
        let name = PartitionName("new", 0)
        try folder.createPartition(name, topicID: "x")
        let log = try folder.openLog(name, configuration: LogConfiguration(flush: .always), at: 0).log
        _ = try log.append(LogBench.batch(["a"]), rules: BatchRules(), at: 1)
        try log.flush()
        let next = try open(files.crashed(seed: seed), path)
        #expect(!next.wasClosed && next.clusterID == folder.clusterID)
        let (again, report) = try next.openLog(name, configuration: LogConfiguration(), at: 0)
        #expect(again.endOffset == 1 && report.checkedBytes > 0)
    }

    @Test("A log that is opened a second time is recovered, however clean the start was")
    func reopening() throws {
        let files = SimulatedFiles()
        let name = PartitionName("t", 0)
        let first = try open(files, "data")
        try first.createPartition(name, topicID: "x")
        try first.close([(name, first.openLog(name, configuration: LogConfiguration(), at: 0).log)])
        let folder = try open(files.restarted(), "data")
        let log = try folder.openLog(name, configuration: LogConfiguration(), at: 0).log
        _ = try log.append(LogBench.batch(["a"]), rules: BatchRules(), at: 1)
        let (again, report) = try folder.openLog(name, configuration: LogConfiguration(), at: 0)
        #expect(again.endOffset == 1 && report.checkedBytes > 0)
    }

    @Test("Removes partitions, also when that was cut short", arguments: [true, false])
    func deletion(isReal: Bool) throws {
        try Storage.with(isReal: isReal) { files, path in
            do {
                let folder = try open(files, path)
                for index in 0..<3 as Range<Int32> {
                    try folder.createPartition(PartitionName("t", index), topicID: "x")
                    _ = try folder.openLog(PartitionName("t", index), configuration: LogConfiguration(), at: 0)
                }
                try folder.deletePartition(PartitionName("t", 1), tag: "x")
                #expect(try folder.partitions().map(\.name.index) == [0, 2])
                try files.rename("\(path)/t-2", to: "\(path)/t-2.x.deleted")
            }
            (files as? SimulatedFiles).map { _ = $0.restarted() }
            let folder = try open(files, path)
            #expect(try folder.partitions().map(\.name.index) == [0])
            #expect(try files.list(path).filter { $0.hasPrefix("t-") } == ["t-0"])
        }
    }

    @Test("Is for one server, and not for an older one", arguments: [true, false])
    func refusals(isReal: Bool) throws {
        try Storage.with(isReal: isReal) { files, path in
            do {
                let folder = try open(files, path)
                let error = #expect(throws: LogError.self) { try open(files, path) }
                #expect(error?.cause?.code == .streamFolderInUse)
                _ = folder
            }
            for (text, code) in [("version=2\ncluster.id=x\n", 6013), ("version=1\n", 6011), ("", 6011)] {
                (files as? SimulatedFiles).map { _ = $0.restarted() }
                try files.replace("meta.properties", in: path, with: Array(text.utf8))
                let error = #expect(throws: LogError.self) { try open(files, path) }
                #expect(error?.cause?.code.number == code)
            }
        }
    }

    @Test(
        "Names of topics and folders",
        arguments: [
            ("a-0", "a", 0), ("a-b-12", "a-b", 12), ("a", nil, 0), ("-1", nil, 0), ("a-01", nil, 0), ("a--1", "a-", 1),
            ("..-0", nil, 0), ("a b-0", nil, 0), ("a-2147483648", nil, 0), ("a-0.x.deleted", nil, 0),
        ] as [(String, String?, Int32)]
    )
    func names(folder: String, topic: String?, index: Int32) {
        let name = PartitionName(folder: folder)
        #expect(name?.topic == topic)
        if topic != nil { #expect(name?.index == index && name?.description == folder) }
    }

    @Test(
        "Damaged checkpoints say nothing",
        arguments: ["", "1\n0\n", "0\n2\na 0 1\n", "0\n1\na 0\n", "0\n1\na -1 5\n"]
    )
    func checkpoints(text: String) {
        #expect(LogCheckpoint.parse(text) == nil)
        #expect(LogCheckpoint.parse("0\n1\na 0 5\n") == [PartitionName("a", 0): 5])
    }
}
