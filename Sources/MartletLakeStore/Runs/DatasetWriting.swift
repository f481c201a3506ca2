internal import Foundation
internal import MartletCore
internal import MartletLake

/// A writing of a dataset whose files are in the lake: what is left is to put them into a tree.
struct DatasetWriting {
    private let dataset: DatasetID
    private let part: Int?
    private let files: [(path: LakePath, entry: FileEntry)]

    /// Adds the files of a writing to the lake.
    ///
    /// - Throws: ``MartletError`` MT3102 when a commit lacks the dataset, MT3037 or MT3033 for files that cannot be read.
    init(_ writing: LakeWriting, by writer: LakeWriter, _ lake: Lake, _ sources: SourceTable) throws(MartletError) {
        dataset = writing.dataset
        part = writing.part
        switch writing.source {
        case .commit(let commit):
            files = try Self.files(of: writing, at: commit, writer, lake)
        case .path(let path):
            files = try Self.files(of: writing, from: path, writer, lake, sources)
        }
    }

    /// The tree with the dataset, or the part, replaced.
    ///
    /// - Throws: ``MartletError`` MT3103 when files of another dataset are in the way.
    func apply(to root: ObjectID, _ writer: LakeWriter) throws(MartletError) -> ObjectID {
        let tree = TreeReader(root: root, objects: writer)
        var edits: [TreeEdit]
        if let part {
            let old = try DatasetFiles(dataset, part: part, in: tree)
            edits = old.paths.map { TreeEdit(path: $0, entry: nil) }
            // A dataset that was one file, or a folder without files, is one with parts from now on.
            edits += try DatasetFiles(dataset, part: nil, in: tree).pathsOfNoPart.map { TreeEdit(path: $0, entry: nil) }
            let own = Dictionary(files.map { ($0.path, $0.entry) }) { $1 }
            edits.removeAll { own[$0.path] != nil }
            edits += files.map { file in
                var entry = file.entry
                entry.dataset = dataset
                return TreeEdit(path: file.path, entry: entry)
            }
            edits.sort { $0.path < $1.path }
        } else {
            edits = try DatasetKeys.edits(replacing: dataset, with: files, in: tree)
        }
        for edit in edits where edit.entry != nil {
            if let other = try tree.entry(at: edit.path)?.dataset, other != dataset {
                throw overlap(with: other, at: edit.path)
            }
        }
        do throws(MartletError) {
            return try TreeWriter.apply(edits, to: root, writer)
        } catch  where error.code == .fileAndFolder {
            throw MartletError(
                .datasetsOverlap,
                "dataset \(dataset) cannot be written: \(error.message)",
                reason: error.reason,
                remedy: "give one of the datasets another name"
            )
        }
    }

    private func overlap(with other: DatasetID, at path: LakePath) -> MartletError {
        MartletError(
            .datasetsOverlap,
            "dataset \(dataset) cannot be written: \(path) belongs to dataset \(other)",
            remedy: "give one of them another name"
        )
    }

    private static func files(
        of writing: LakeWriting,
        at commit: ObjectID,
        _ writer: LakeWriter,
        _ lake: Lake
    ) throws(MartletError) -> [(path: LakePath, entry: FileEntry)] {
        let record = try CommitHistory(objects: lake.objects).record(commit)
        let tree = TreeReader(root: record.root, objects: lake.objects)
        let found = try DatasetFiles(writing.dataset, part: writing.part, in: tree)
        if found.isEmpty {
            throw MartletError(
                .datasetNotInLake,
                "commit \(commit.short) has no dataset \(writing.dataset)",
                remedy: "run the pipeline that writes it first; `martlet lake ls` shows what there is"
            )
        }
        // A commit that no branch holds any more may have lost some of its files.
        for file in found.entries where !writer.hasAll(of: file.entry) {
            throw MartletError(
                .objectMissing,
                "the lake does not have \(file.path.display) of commit \(commit.short) any more",
                remedy: "run the pipeline that writes \(writing.dataset) again"
            )
        }
        return found.entries
    }

    private static func files(
        of writing: LakeWriting,
        from path: String,
        _ writer: LakeWriter,
        _ lake: Lake,
        _ sources: SourceTable
    ) throws(MartletError) -> [(path: LakePath, entry: FileEntry)] {
        // A source is often a link to where the data is.
        let real = realpath(path, nil)
        defer { free(real) }
        let place = real.map { String(cString: $0) } ?? path
        var base = writing.dataset.rawValue
        if let part = writing.part { base += "/\(DatasetFiles.name(ofPart: part))" }
        guard PathStamp.isFolder(place) else {
            let entry = try sources.entry(of: place, by: writer) { () throws(MartletError) in
                try writer.add(fileAt: place)
            }
            let key = try DatasetKeys.key(of: DatasetID(trusted: base), format: writing.format, fileName: path)
            return [(key, entry)]
        }
        let names = try OutputFolder.files(below: place)
        if names.isEmpty {
            let marker = try writer.put([], as: .data)
            let entry = FileEntry(content: marker, md5: .ofNothing, size: 0)
            return [(try LakePath(validating: Array("\(base)/".utf8) + DatasetFiles.emptyMarker), entry)]
        }
        var files: [(path: LakePath, entry: FileEntry)] = []
        files.reserveCapacity(names.count)
        for (name, added) in zip(names, try writer.add(filesAt: names, in: place)) {
            files.append((try DatasetKeys.key(of: DatasetID(trusted: base), file: name), added.entry))
        }
        return files
    }
}

extension MD5Digest {
    fileprivate static let ofNothing = [UInt8]().withUnsafeBytes { MD5Digest(hashing: $0) }
}
