import MartletCore
import MartletLake
import Testing

/// A merge takes the files of a dataset from one writer.
struct DatasetMergeTests {
    /// Files as `path: content dataset`.
    private func files(_ lines: [String]) -> Files {
        lines.reduce(into: Files()) { files, line in
            let words = line.split(separator: " ").map(String.init)
            files[LakePath(words[0])] = .sample(Int(words[1]) ?? 0, dataset: words.count > 2 ? words[2] : nil)
        }
    }

    private struct Sides {
        let objects = InMemoryObjects()
        var base: ObjectID
        var ours: ObjectID
        var theirs: ObjectID

        init(_ base: Files, _ ours: Files, _ theirs: Files) throws {
            self.base = try TreeWriter.build(base, objects)
            self.ours = try TreeWriter.build(ours, objects)
            self.theirs = try TreeWriter.build(theirs, objects)
        }

        func merge(_ strategy: MergeStrategy) throws -> TreeMergeResult {
            try TreeMerge.merge(
                base: base,
                ours: ours,
                theirs: theirs,
                strategy: strategy,
                scope: .datasets,
                objects
            )
        }
    }

    @Test func writersOfDifferentDatasetsDoNotMeet() throws {
        let sides = try Sides(
            files(["d/a 1 d", "e/a 1 e"]),
            files(["d/a 2 d", "d/b 3 d", "e/a 1 e"]),
            files(["d/a 1 d", "e/b 5 e"])
        )
        let merged = try TreeWriter.build(files(["d/a 2 d", "d/b 3 d", "e/b 5 e"]), sides.objects)
        #expect(try sides.merge(.fail).root == merged)
    }

    @Test func writersOfOneDatasetAreNeverMixed() throws {
        let ours = files(["d/a 2 d", "d/b 1 d", "x 1"])
        let theirs = files(["d/a 1 d", "d/b 3 d", "d/c 4 d", "x 9"])
        let sides = try Sides(files(["d/a 1 d", "d/b 1 d", "x 1"]), ours, theirs)
        let result = try sides.merge(.fail)
        #expect(result.root == nil)
        #expect(result.conflicts.map(\.dataset) == [DatasetID(trusted: "d")])
        #expect(result.conflicts.first?.kind == .dataset)
        // Files of no dataset are merged as ever.
        let forOurs = try TreeWriter.build(files(["d/a 2 d", "d/b 1 d", "x 9"]), sides.objects)
        #expect(try sides.merge(.ours).root == forOurs)
        #expect(try sides.merge(.theirs).root == TreeWriter.build(theirs, sides.objects))
    }

    @Test func theSameWritingTwiceIsNoConflict() throws {
        let written = files(["d/a 2 d", "d/b 3 d"])
        let sides = try Sides(files(["d/a 1 d"]), written, written.merging(files(["y 1"])) { $1 })
        #expect(try sides.merge(.fail).isClean)
    }

    @Test func datasetsThatAFileMovesBetweenGoTogether() throws {
        let ours = files(["d/a 1 e", "d/b 1 d", "e/x 2 e"])
        let theirs = files(["d/a 1 d", "d/b 7 d", "e/x 1 e"])
        let sides = try Sides(files(["d/a 1 d", "d/b 1 d", "e/x 1 e"]), ours, theirs)
        #expect(try sides.merge(.fail).conflicts.map(\.dataset?.rawValue) == ["d", "e"])
        #expect(try sides.merge(.ours).root == TreeWriter.build(ours, sides.objects))
        #expect(try sides.merge(.theirs).root == TreeWriter.build(theirs, sides.objects))
    }

    @Test func aFileInTheWayOfAFolderTakesItsDatasetAlong() throws {
        let ours = files(["d 2 d", "e 1"])
        let theirs = files(["d/a 1 d", "d/b 2 d", "e 2"])
        let sides = try Sides(files(["e 1"]), ours, theirs)
        let result = try sides.merge(.fail)
        #expect(result.root == nil)
        #expect(try sides.merge(.ours).root == TreeWriter.build(files(["d 2 d", "e 2"]), sides.objects))
        #expect(try sides.merge(.theirs).root == TreeWriter.build(theirs, sides.objects))
    }

    /// Random writings of datasets: after a merge each dataset is whole as one of the sides had it.
    @Test(arguments: 0..<30) func eachDatasetIsThatOfOneSide(seed: Int) throws {
        var maker = FileMaker(seed: seed)
        func write(_ files: Files) -> Files {
            var files = files
            for dataset in ["d", "e", "f", "g"] where maker.number(0..<2) == 0 {
                files = files.filter { $0.value.dataset?.rawValue != dataset }
                for _ in 0..<maker.number(0..<4) {
                    let path = LakePath("\(dataset)/\(maker.number(0..<5))")
                    files[path] = .sample(maker.number(0..<3), dataset: dataset)
                }
            }
            return files
        }
        let base = write([:])
        let (ours, theirs) = (write(base), write(base))
        let sides = try Sides(base, ours, theirs)
        func owned(_ files: Files, _ dataset: String) -> Files {
            files.filter { $0.value.dataset?.rawValue == dataset }
        }
        for strategy in [MergeStrategy.ours, .theirs] {
            let root = try #require(try sides.merge(strategy).root)
            let merged = try TreeReader(root: root, objects: sides.objects).files()
            for dataset in ["d", "e", "f", "g"] {
                let (old, our, their) = (owned(base, dataset), owned(ours, dataset), owned(theirs, dataset))
                let expected = old == our ? their : old == their ? our : strategy == .ours ? our : their
                #expect(owned(merged, dataset) == expected)
            }
        }
    }
}
