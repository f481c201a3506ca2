import Foundation
import MartletCore

/// Finds the pipelines of a project by name.
struct PipelineFinder {
    /// A pipeline file and the name in it.
    struct Found: Hashable, Sendable {
        /// The pipeline's name; that of the file when the file cannot be read.
        var name: String
        /// The file; absolute.
        var path: String
    }

    let project: ProjectFile
    /// How a path is named in errors.
    let shown: (String) -> String

    /// All pipelines of the project, in the order of its patterns, then of file names.
    func all() -> [Found] {
        var seen: Set<String> = []
        return project.pipelines.flatMap { FilePattern($0).files(in: project.root) }
            .filter { seen.insert($0).inserted }
            .map { file in
                let path = "\(project.root)/\(file)"
                return Found(name: Self.name(inFileAt: path), path: path)
            }
    }

    /// The file of the pipeline `name`.
    ///
    /// - Throws: ``MartletError`` MT1018 when there is none, MT1007 when there are several.
    func path(of name: String) throws(MartletError) -> String {
        let all = all()
        let matches = all.filter { $0.name == name }
        if let first = matches.first {
            guard matches.count > 1 else { return first.path }
            throw MartletError(
                .nameDuplicate,
                "\(matches.count) files define pipeline \(name)",
                reason: matches.map { shown($0.path) }.joined(separator: ", "),
                remedy: "rename one, or name the file instead"
            )
        }
        let names = all.map(\.name)
        let patterns = project.pipelines.joined(separator: ", ")
        let listed = names.prefix(20).joined(separator: ", ")
        throw MartletError(
            .pipelineNotFound,
            "there is no pipeline \"\(name)\" in project \(project.project)",
            reason: names.isEmpty
                ? "no file matches \(patterns)"
                : "it has \(listed)\(names.count > 20 ? " and \(names.count - 20) more" : "")",
            remedy: NearestName.of(name, among: names).map { "did you mean \($0)?" }
                ?? (names.isEmpty ? "write \(shown(project.root + "/pipelines"))/\(name).yaml" : "name one of these")
        )
    }

    /// The name that a pipeline file gives its pipeline.
    private static func name(inFileAt path: String) -> String {
        if let source = try? TextFile.read(path, shownAs: path),
            let name = YAMLReader.read(Diagnostics(source))?.child("pipeline")?.scalarText, !name.isEmpty
        {
            return name
        }
        return URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }
}
