import Foundation
import MartletCore
import MartletQuality

/// A suite in a file.
struct SuiteFile {
    /// The file as the user knows it.
    let path: String
    let suite: Suite

    /// Endings of files that hold suites.
    static let extensions = ["yaml", "yml", "json"]

    /// The suite that is called `name` or stands in the file of that name.
    ///
    /// A name is looked for in `quality/` of the project, and in the folders of Great Expectations beside it.
    ///
    /// - Throws: ``CommandFailure`` with all that is wrong in the file, or MT5008.
    static func load(_ name: String, from directory: String) throws -> SuiteFile {
        try read(find(name, from: directory), shownAs: name)
    }

    /// Where a suite is.
    ///
    /// - Throws: ``MartletError`` MT5008 when there is none.
    static func find(_ name: String, from directory: String) throws(MartletError) -> String {
        let direct = name.hasPrefix("/") ? name : "\(directory)/\(name)"
        if isFile(direct) { return direct }
        let root = ProjectFile.root(above: directory) ?? directory
        for folder in folders {
            for ending in extensions where isFile("\(root)/\(folder)/\(name).\(ending)") {
                return "\(root)/\(folder)/\(name).\(ending)"
            }
        }
        let known = names(root: root)
        let nearest = NearestName.of(name, among: known)
        throw MartletError(
            .suiteNotFound,
            "there is no suite \(name)",
            reason: "it is no file, and nothing in \(folders.joined(separator: ", ")) has that name",
            remedy: nearest.map { "did you mean \($0)?" } ?? "write one with `martlet quality suite new \(name)`"
        )
    }

    /// The names of the suites of a project.
    static func names(root: String) -> [String] {
        let names = folders.flatMap { folder in
            ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? [])
                .map { URL(fileURLWithPath: $0) }
                .filter { extensions.contains($0.pathExtension) }.map { $0.deletingPathExtension().lastPathComponent }
        }
        return Set(names).sorted()
    }

    private static let folders = ["quality", "gx/expectations", "great_expectations/expectations"]

    private static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
    }

    // MARK: - Reading

    /// The suite in the file at `path`.
    ///
    /// - Throws: ``CommandFailure`` with all that is wrong in it.
    static func read(_ path: String, shownAs shown: String) throws -> SuiteFile {
        let source = try TextFile.read(path, shownAs: shown, limit: Limits.suiteFileBytes)
        let fallback = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        do {
            let suite = try read(source, isJSON: path.hasSuffix(".json"), name: fallback)
            return SuiteFile(path: shown, suite: suite)
        } catch let problems as SuiteProblems {
            throw failure(problems, shown)
        }
    }

    /// The suite in a text, called `fallback` unless it says its own name.
    ///
    /// - Throws: ``SuiteProblems``, or ``CommandFailure`` where it is no YAML.
    static func read(_ source: SourceText, isJSON: Bool, name fallback: String) throws -> Suite {
        let first = source.bytes.first { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }
        guard isJSON, first == UInt8(ascii: "{") else { return try yaml(source, fallback) }
        return try SuiteReader.suite(text: String(decoding: source.bytes, as: UTF8.self), name: fallback)
    }

    private static func yaml(_ source: SourceText, _ fallback: String) throws -> Suite {
        let diagnostics = Diagnostics(source)
        let root = YAMLReader.read(diagnostics)
        if !diagnostics.errors.isEmpty { throw CommandFailure(PipelineLoadFailure(diagnostics)) }
        let order = root?.child("columns")?.entries?.map(\.key) ?? []
        return try SuiteReader.suite(root?.json ?? .null, name: fallback, columnOrder: order)
    }

    /// All that is wrong with a suite, with its file.
    static func failure(_ problems: SuiteProblems, _ file: String) -> CommandFailure {
        CommandFailure(
            problems.problems.map { problem in
                var problem = problem
                problem.location = problem.location ?? SourceLocation(file: file)
                return problem
            }
        )
    }
}
