import Foundation
import MartletCore

/// The files of a project that a pipeline names: scripts and SQL.
final class PipelineFiles {
    /// The folder that relative paths start from; absolute.
    let root: String
    /// How a path is shown to the user.
    private let shown: (String) -> String
    /// The files that were read, by their path in the pipeline.
    private(set) var sources: [String: SourceText] = [:]

    init(root: String, shown: @escaping (String) -> String) {
        self.root = root
        self.shown = shown
    }

    /// The place of a path of a pipeline; absolute.
    func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : URL(fileURLWithPath: root).appendingPathComponent(path).path
    }

    /// What is wrong when there is no file at `path`; without a location yet.
    func missing(_ path: String, noun: String) -> MartletError? {
        let place = absolute(path)
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: place, isDirectory: &isFolder), !isFolder.boolValue { return nil }
        if isFolder.boolValue {
            return MartletError(.fileUnreadable, "\(path) is a folder", remedy: "name a \(noun) in it")
        }
        let folder = (path as NSString).deletingLastPathComponent
        let nearest = TextFile.nearestFile(to: place).map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
        return MartletError(
            .fileUnreadable,
            "there is no \(noun) \(path)",
            reason: "paths start from the project's folder, \(shown(root))",
            remedy: nearest.map { "did you mean \($0)?" } ?? "create it, or correct the path"
        )
    }

    /// The text of a file, read once.
    func read(_ path: String) throws(MartletError) -> SourceText {
        if let known = sources[path] { return known }
        let text = try TextFile.read(absolute(path), shownAs: shown(absolute(path)))
        sources[path] = text
        return text
    }
}

extension StepAction {
    /// The same action with the content of its file among `files`.
    ///
    /// - Throws: ``MartletError`` when the file is missing, unreadable or no suite.
    func filled(by files: PipelineFiles) throws(MartletError) -> StepAction {
        let action = choosingFile(among: files)
        if let file = action.unreadFile, let missing = files.missing(file, noun: kind == "sql" ? "SQL file" : "suite") {
            throw missing
        }
        return try action.filled(
            script: { file throws(MartletError) in String(decoding: try files.read(file).bytes, as: UTF8.self) },
            suite: { file throws(MartletError) in try SuiteFile.json(file, in: files) }
        )
    }

    /// The same action with the file that its engine takes in place of the one that is named, where there is one.
    private func choosingFile(among files: PipelineFiles) -> StepAction {
        guard case .sql(var action) = self, action.text == nil, let file = action.file, let engine = action.engine
        else {
            return self
        }
        action.file = engine.file(for: file) { files.missing($0, noun: "file") == nil }
        return .sql(action)
    }
}
