import MartletCore
import MartletLake
import Testing

struct DatasetKeysTests {
    @Test(arguments: [
        ("flights/raw", DatasetFormat.csv, "/tmp/out", "flights/raw.csv"),
        ("flights/raw", .csv, "x.csv.gz", "flights/raw.csv.gz"),
        ("flights/raw.csv", .csv, "x.csv", "flights/raw.csv"),
        ("model", nil, "/a.b/model.pkl", "model.pkl"),
        ("model", nil, "/a.b/model", "model"),
        ("model", nil, ".hidden", "model"),
        ("model", nil, "x.tar.gz", "model.tar.gz"),
        ("report.html", nil, "out.html", "report.html"),
        ("rows", .parquet, "part-0.parquet", "rows.parquet"),
    ])
    func aFileLiesUnderItsNameAndFormat(dataset: String, format: DatasetFormat?, file: String, key: String) throws {
        #expect(try DatasetKeys.key(of: DatasetID(trusted: dataset), format: format, fileName: file).display == key)
    }

    @Test func aFolderLiesBelowItsName() throws {
        let dataset = DatasetID(trusted: "a/b")
        #expect(try DatasetKeys.key(of: dataset, file: LakePath("c/d")) == LakePath("a/b/c/d"))
        #expect(throws: MartletError.self) { try DatasetKeys.key(of: dataset, file: LakePath("../../x")) }
        #expect(DatasetKeys.relative(LakePath("a/b/c/d"), in: dataset) == Array("c/d".utf8))
        #expect(DatasetKeys.relative(LakePath("a/b.csv"), in: dataset).isEmpty)
    }

    private func tree(_ files: KeyValuePairs<String, String?>, _ objects: InMemoryObjects) throws -> TreeReader {
        let table = Files(uniqueKeysWithValues: files.map { (LakePath($0.key), .sample(1, dataset: $0.value)) })
        return TreeReader(root: try TreeWriter.build(table, objects), objects: objects)
    }

    @Test func aDatasetOwnsWhatSaysSo() throws {
        let objects = InMemoryObjects()
        let tree = try tree(
            [
                "a": "a", "r-1/x": "r-1", "r-2": nil, "r.bin": "r", "r.csv": nil, "r.v2/a": "r.v2", "r.v2/b": "r.v2",
                "r.z": "r", "r/b": "r", "r/c/d": "r", "r/e": nil, "r0": "r0",
            ],
            objects
        )
        var cursor = DatasetCursor(DatasetID(trusted: "r"), in: tree)
        var paths: [String] = []
        while let file = try cursor.next() { paths.append(file.path.display) }
        #expect(paths == ["r.bin", "r.z", "r/b", "r/c/d"])
        #expect(try DatasetDigest.of(DatasetID(trusted: "none"), in: tree) == nil)
        #expect(try DatasetDigest.of(DatasetID(trusted: "r"), in: tree)?.files == 4)
    }

    @Test func aWritingReplacesWhatTheDatasetHad() throws {
        let objects = InMemoryObjects()
        let before = try tree(["r.csv": "r", "r/other": nil, "s/a": "s"], objects)
        let dataset = DatasetID(trusted: "r")
        let edits = try DatasetKeys.edits(
            replacing: dataset,
            with: [(LakePath("r/b"), .sample(3)), (LakePath("r/a"), .sample(2))],
            in: before
        )
        #expect(edits.map(\.path.display) == ["r.csv", "r/a", "r/b"])
        let after = TreeReader(root: try TreeWriter.apply(edits, to: before.root, objects), objects: objects)
        #expect(try after.files().keys.map(\.display).sorted() == ["r/a", "r/b", "r/other", "s/a"])
        #expect(try after.entry(at: LakePath("r/a"))?.dataset == dataset)
    }

    @Test func theDigestIsThatOfPathsContentsAndModes() throws {
        let objects = InMemoryObjects()
        let one = try DatasetDigest.of(DatasetID(trusted: "r"), in: tree(["r/a": "r", "r/b": "r"], objects))
        let moved = try DatasetDigest.of(
            DatasetID(trusted: "x/y"),
            in: tree(["x/y/a": "x/y", "x/y/b": "x/y"], objects)
        )
        #expect(one?.id == moved?.id)
        let other = try DatasetDigest.of(DatasetID(trusted: "r"), in: tree(["r/a": "r", "r/c": "r"], objects))
        #expect(one?.id != other?.id)
        #expect(one?.id.hex == "409780482bb76eb4354193deb56830c85cb7bf1cfe288e5139844ca2a17d2a76")
    }
}
