import Foundation
import MartletCore

/// Holds a pipeline to the rules of its project.
struct RuleTests {
    let loaded: LoadedPipeline
    /// The folder that the user is in; absolute.
    let directory: String

    /// A result for each name of a rule.
    func results(_ rules: PipelineRules) -> [TestResult] {
        var names: [String] = []
        for rule in rules.rules where !names.contains(rule.name) { names.append(rule.name) }
        return names.map { name in
            let own = PipelineRules(rules.rules.filter { $0.name == name })
            let problems = own.problems(in: loaded.manifest)
            let (errors, source) = located(problems.filter { $0.severity == .error })
            let (warnings, other) = located(problems.filter { $0.severity == .warn })
            return TestResult(
                name: "rule \(name)",
                outcome: errors.isEmpty ? .passed : .failed(errors),
                warnings: warnings,
                sources: source.merging(other) { first, _ in first },
                file: loaded.file
            )
        }
    }

    /// The errors with their places in the pipeline's file; those of a Swift program with their places in its manifest.
    private func located(_ problems: [RuleProblem]) -> (errors: [MartletError], sources: [String: SourceText]) {
        if problems.isEmpty { return ([], [:]) }
        let plain = problems.map { ManifestProblem($0.path, $0.error) }
        let path = loaded.file.hasPrefix("/") ? loaded.file : "\(directory)/\(loaded.file)"
        guard loaded.program == nil, let source = try? TextFile.read(path, shownAs: loaded.file) else {
            let errors = plain.map { problem in
                var error = problem.error
                error.message += " (at \(problem.pathText))"
                error.location = SourceLocation(file: loaded.file)
                return error
            }
            return (errors, [:])
        }
        let diagnostics = Diagnostics(source)
        guard let root = YAMLReader.read(diagnostics) else { return (plain.map(\.error), [:]) }
        let files = PipelineFiles(root: loaded.projectRoot) { PipelineLoader.shown($0, from: directory) }
        ManifestPlaces(root: root, diagnostics: diagnostics, files: files, manifest: loaded.manifest).report(plain)
        return (diagnostics.sorted, [source.file: source])
    }
}
