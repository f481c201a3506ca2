import Foundation
public import MartletCore
import Testing

/// What every lake does for runs.
///
/// Each case is one behaviour; a test runs them all on the fake and on each adapter.
public enum RunLakeConformance: String, CaseIterable, Sendable {
    case aBranchStartsAtItsTarget
    case filesAndFoldersComeBack
    case nothingNewIsNoCommit
    case partsAreReplacedOneByOne
    case resultsAreTakenFromOtherCommits
    case aPublicationIsSeenWhole
    case twoRunsWithDifferentDatasetsBothPublish
    case theLoserPublishesNothing
    case aReplacingRunTakesItsDatasetsWhole
    case publishingTwiceIsPublishingOnce
    case partsThatAreNoMoreAreDropped
    case stampsChangeWithFiles
    case datasetsThatAreNotThereAreNamed

    /// Checks the behaviour of a new, empty lake; files are written below the folder `scratch`.
    ///
    /// - Throws: when something that the check itself needs fails.
    public func check(_ lake: some RunLake, scratch: String) async throws {
        let bench = RunLakeBench(lake: lake, scratch: scratch)
        switch self {
        case .aBranchStartsAtItsTarget: try await bench.branches()
        case .filesAndFoldersComeBack: try await bench.comesBack()
        case .nothingNewIsNoCommit: try await bench.nothingNew()
        case .partsAreReplacedOneByOne: try await bench.parts()
        case .resultsAreTakenFromOtherCommits: try await bench.reuse()
        case .aPublicationIsSeenWhole: try await bench.publication()
        case .twoRunsWithDifferentDatasetsBothPublish: try await bench.bothPublish()
        case .theLoserPublishesNothing: try await bench.loser()
        case .aReplacingRunTakesItsDatasetsWhole: try await bench.replacing()
        case .publishingTwiceIsPublishingOnce: try await bench.twice()
        case .partsThatAreNoMoreAreDropped: try await bench.droppedParts()
        case .stampsChangeWithFiles: try await bench.stamps()
        case .datasetsThatAreNotThereAreNamed: try await bench.missing()
        }
    }
}

/// A lake with what the checks need around it.
struct RunLakeBench<Lake: RunLake> {
    let lake: Lake
    let scratch: String
    private let now = Timestamp(microseconds: 1_767_225_600_000_000)
    private let raw = DatasetID(trusted: "flights/raw")
    private let features = DatasetID(trusted: "flights/features")
    private let first = RunID(trusted: "etl-1")
    private let second = RunID(trusted: "etl-2")

    init(lake: Lake, scratch: String) {
        self.lake = lake
        self.scratch = scratch
    }

    func branches() async throws {
        #expect(try await lake.open(first, from: .main) == nil)
        let head = try await write(raw, "one", by: first)
        // Where it is now does not change where it began.
        #expect(try await lake.open(first, from: .main) == nil)
        let published = try await publish(first)
        #expect(published != head)
        #expect(try await lake.open(second, from: .main) == published)
        #expect(try await lake.commit(named: "main") == published)
    }

    func comesBack() async throws {
        _ = try await lake.open(first, from: .main)
        let folder = try files(["a.csv": "1", "deep/b.csv": "22", "deep/empty": ""], in: "many")
        let file = try file("x,y\n1,2\n", "one.csv")
        let done = try await commit(
            [.init(dataset: raw, source: .path(folder)), .init(dataset: features, source: .path(file), format: .csv)],
            by: first
        )
        #expect(done.datasets.map(\.files) == [3, 1])
        #expect(done.datasets.map(\.bytes) == [3, 8])
        let many = try await lake.checkOut(raw, part: nil, at: done.head, into: "\(scratch)/out1")
        #expect(try text("\(many)/deep/b.csv") == "22")
        #expect(try text("\(many)/deep/empty") == "")
        let one = try await lake.checkOut(features, part: nil, at: done.head, into: "\(scratch)/out2")
        #expect(try text(one) == "x,y\n1,2\n")
        #expect(one.hasSuffix(".csv"))
        #expect(try await lake.version(of: raw, part: nil, at: done.head) == done.datasets[0])
    }

    func nothingNew() async throws {
        _ = try await lake.open(first, from: .main)
        let head = try await write(raw, "same", by: first)
        #expect(try await write(raw, "same", by: first) == head)
        let other = try await write(raw, "another", by: first)
        #expect(other != head)
        let digests = [
            try await lake.version(of: raw, part: nil, at: head)?.digest,
            try await lake.version(of: raw, part: nil, at: other)?.digest,
        ]
        #expect(digests[0] != digests[1])
    }

    func parts() async throws {
        _ = try await lake.open(first, from: .main)
        var digests: [ObjectID] = []
        var head = ObjectID.zero
        for part in 0..<3 {
            let path = try file("part \(part)", "p\(part).csv")
            let done = try await commit([.init(dataset: raw, source: .path(path), format: .csv, part: part)], by: first)
            digests.append(done.datasets[0].digest)
            head = done.head
        }
        #expect(Set(digests).count == 3)
        #expect(try await lake.version(of: raw, part: nil, at: head)?.files == 3)
        #expect(try await lake.version(of: raw, part: 1, at: head)?.digest == digests[1])
        let again = try file("part one anew", "again.csv")
        head = try await commit([.init(dataset: raw, source: .path(again), format: .csv, part: 1)], by: first).head
        let path = try await lake.checkOut(raw, part: 1, at: head, into: "\(scratch)/out")
        #expect(try text(path) == "part one anew")
        #expect(try await lake.version(of: raw, part: 2, at: head)?.digest == digests[2])
    }

    func reuse() async throws {
        _ = try await lake.open(first, from: .main)
        let head = try await write(raw, "kept", by: first)
        _ = try await lake.open(second, from: .main)
        let done = try await commit([.init(dataset: raw, source: .commit(head), format: .csv)], by: second)
        let kept = try await lake.version(of: raw, part: nil, at: head)
        #expect(done.datasets.first == kept)
        let path = try await lake.checkOut(raw, part: nil, at: done.head, into: "\(scratch)/out")
        #expect(try text(path) == "kept")
    }

    func publication() async throws {
        _ = try await lake.open(first, from: .main)
        _ = try await write(raw, "1", by: first)
        let head = try await write(features, "2", by: first)
        await #expect(throws: MartletError.self) { try await lake.commit(named: "main") }
        let published = try await publish(first)
        #expect(try await lake.commit(named: "main") == published)
        for dataset in [raw, features] {
            let there = try await lake.version(of: dataset, part: nil, at: published)
            let made = try await lake.version(of: dataset, part: nil, at: head)
            #expect(there != nil)
            #expect(there == made)
        }
        try await lake.close(first)
        #expect(try await lake.version(of: raw, part: nil, at: head) != nil)
    }

    func bothPublish() async throws {
        _ = try await lake.open(first, from: .main)
        _ = try await lake.open(second, from: .main)
        _ = try await write(raw, "of the first", by: first)
        _ = try await write(features, "of the second", by: second)
        _ = try await publish(first)
        let head = try await publish(second)
        #expect(try await lake.version(of: raw, part: nil, at: head) != nil)
        #expect(try await lake.version(of: features, part: nil, at: head) != nil)
    }

    func loser() async throws {
        let (winner, loser) = try await race()
        let head = try await publish(winner)
        let error = await #expect(throws: MartletError.self) { try await publish(loser) }
        #expect(error?.code == .publishConflict)
        #expect(error?.message.contains("flights/raw") == true)
        #expect(try await lake.commit(named: "main") == head)
        let path = try await lake.checkOut(raw, part: nil, at: head, into: "\(scratch)/out")
        #expect(try text("\(path)/a") == "etl-1")
        #expect(try await lake.version(of: features, part: nil, at: head) == nil)
        // Nor does another try change anything.
        await #expect(throws: MartletError.self) { try await publish(loser) }
    }

    func replacing() async throws {
        let (winner, loser) = try await race()
        _ = try await publish(winner)
        let head = try await publish(loser, replacing: true)
        // Only its own files: those of the other run in the same dataset are gone.
        let path = try await lake.checkOut(raw, part: nil, at: head, into: "\(scratch)/out")
        #expect(try text("\(path)/a") == "etl-2")
        #expect(try await lake.version(of: raw, part: nil, at: head)?.files == 2)
        #expect(!FileManager.default.fileExists(atPath: "\(path)/of etl-1"))
    }

    func twice() async throws {
        _ = try await lake.open(first, from: .main)
        _ = try await write(raw, "1", by: first)
        let published = try await publish(first)
        #expect(try await publish(first) == published)
        _ = try await lake.open(second, from: .main)
        _ = try await write(raw, "2", by: second)
        let later = try await publish(second)
        #expect(try await publish(first) == published)
        #expect(try await lake.commit(named: "main") == later)
    }

    func droppedParts() async throws {
        _ = try await lake.open(first, from: .main)
        for part in 0..<3 {
            let path = try file("part \(part)", "p\(part).csv")
            _ = try await commit([.init(dataset: raw, source: .path(path), format: .csv, part: part)], by: first)
        }
        _ = try await publish(first, parts: [raw: [0, 1, 2]])
        _ = try await lake.open(second, from: .main)
        let path = try file("part 0 anew", "p.csv")
        _ = try await commit([.init(dataset: raw, source: .path(path), format: .csv, part: 0)], by: second)
        let head = try await publish(second, parts: [raw: [0]])
        #expect(try await lake.version(of: raw, part: nil, at: head)?.files == 1)
    }

    func stamps() async throws {
        let path = try file("before", "file")
        let stamp = await lake.stamp(of: path)
        #expect(stamp != nil)
        #expect(await lake.stamp(of: path) == stamp)
        _ = try file("and after", "file")
        #expect(await lake.stamp(of: path) != stamp)
        let folder = try files(["a": "1", "b": "2"], in: "folder")
        let whole = await lake.stamp(of: folder)
        try FileManager.default.removeItem(atPath: "\(folder)/b")
        #expect(await lake.stamp(of: folder) != whole)
        #expect(await lake.stamp(of: "\(scratch)/nothing") == nil)
    }

    func missing() async throws {
        _ = try await lake.open(first, from: .main)
        let head = try await write(raw, "1", by: first)
        #expect(try await lake.version(of: features, part: nil, at: head) == nil)
        let error = await #expect(throws: MartletError.self) {
            try await lake.checkOut(features, part: nil, at: head, into: "\(scratch)/out")
        }
        #expect(error?.code == .datasetNotInLake)
        await #expect(throws: MartletError.self) { try await lake.commit(named: "nowhere") }
    }
}

extension RunLakeBench {
    /// Two runs that write one dataset of several files differently.
    private func race() async throws -> (RunID, RunID) {
        for run in [first, second] {
            _ = try await lake.open(run, from: .main)
            let folder = try files(["a": run.rawValue, "of \(run)": "x"], in: "by \(run)")
            _ = try await commit([.init(dataset: raw, source: .path(folder))], by: run)
        }
        _ = try await write(features, "only by the loser", by: second)
        return (first, second)
    }

    private func write(_ dataset: DatasetID, _ text: String, by run: RunID) async throws -> ObjectID {
        let path = try file(text, "\(run)-\(dataset.rawValue.replacingOccurrences(of: "/", with: "-")).csv")
        return try await commit([.init(dataset: dataset, source: .path(path), format: .csv)], by: run).head
    }

    private func commit(
        _ writings: [LakeWriting],
        by run: RunID
    ) async throws -> (head: ObjectID, datasets: [LakeDataset]) {
        try await lake.commit(writings, to: run, message: "write", origin: origin(run), at: now)
    }

    private func publish(
        _ run: RunID,
        replacing: Bool = false,
        parts: [DatasetID: Set<Int>] = [:]
    ) async throws(MartletError) -> ObjectID {
        try await lake.publish(
            run,
            to: .main,
            replacing: replacing,
            parts: parts,
            message: "publish \(run)",
            origin: origin(run),
            at: now
        )
    }

    private func origin(_ run: RunID) -> RunOrigin {
        RunOrigin(id: run, pipeline: PipelineID(trusted: "etl"), code: CodeVersion(manifest: "m"))
    }

    private func file(_ text: String, _ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(scratch)/\(name)"))
        return "\(scratch)/\(name)"
    }

    private func files(_ files: [String: String], in folder: String) throws -> String {
        for (name, text) in files {
            let path = "\(scratch)/\(folder)/\(name)"
            let parent = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
        return "\(scratch)/\(folder)"
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}
