import Foundation
import MartletCore

/// Reads a pipeline file: YAML as people write it, or a manifest in JSON.
enum PipelineFile {
    /// The extensions of pipeline files.
    static let extensions: Set<String> = ["yaml", "yml", "json"]

    /// The pipeline in the file at `path`.
    ///
    /// - Parameters:
    ///   - path: The file; absolute.
    ///   - root: The folder that paths in the pipeline start from; absolute.
    ///   - shown: How a path is named in errors.
    /// - Returns: a pipeline with nothing wrong.
    /// - Throws: ``PipelineLoadFailure`` with all that is wrong in the file and in the SQL files it names.
    static func load(
        path: String,
        root: String,
        shown: @escaping (String) -> String
    ) throws(PipelineLoadFailure) -> PipelineManifest {
        let source: SourceText
        do {
            source = try TextFile.read(path, shownAs: shown(path))
        } catch {
            throw PipelineLoadFailure(error)
        }
        return try load(source, files: PipelineFiles(root: root, shown: shown), isJSON: path.hasSuffix(".json"))
    }

    /// The pipeline in `source`.
    static func load(
        _ source: SourceText,
        files: PipelineFiles,
        isJSON: Bool = false
    ) throws(PipelineLoadFailure) -> PipelineManifest {
        let diagnostics = Diagnostics(source)
        let manifest = isJSON ? json(diagnostics, files) : yaml(diagnostics, files)
        guard let manifest, diagnostics.errors.isEmpty else {
            throw PipelineLoadFailure(diagnostics, files: Array(files.sources.values))
        }
        return manifest
    }

    private static func yaml(_ diagnostics: Diagnostics, _ files: PipelineFiles) -> PipelineManifest? {
        let root = YAMLReader.read(diagnostics)
        if case .scalar(let scalar)? = root?.content, scalar.isNull {
            reportEmpty(diagnostics)
            return nil
        }
        guard let root else {
            if diagnostics.errors.isEmpty { reportEmpty(diagnostics) }
            return nil
        }
        var reader = PipelineReader(diagnostics: diagnostics, files: files)
        guard let manifest = reader.manifest(in: root) else { return nil }
        validate(manifest, root, diagnostics, files)
        return manifest
    }

    private static func reportEmpty(_ diagnostics: Diagnostics) {
        diagnostics.report(
            .syntaxInvalid,
            "the file is empty",
            remedy: "write pipeline: NAME and steps:, or start from martlet init",
            at: .start
        )
    }

    private static func validate(
        _ manifest: PipelineManifest,
        _ root: YAMLNode,
        _ diagnostics: Diagnostics,
        _ files: PipelineFiles
    ) {
        let places = ManifestPlaces(root: root, diagnostics: diagnostics, files: files, manifest: manifest)
        places.report(ManifestValidator.problems(in: manifest))
    }

    private static func json(_ diagnostics: Diagnostics, _ files: PipelineFiles) -> PipelineManifest? {
        // JSON is YAML too, which gives the places; what JSON refuses, the decoder reports.
        guard let root = YAMLReader.read(diagnostics) else {
            if diagnostics.errors.isEmpty { reportEmpty(diagnostics) }
            return nil
        }
        let versionNode = root.child("manifest_version")
        guard case .scalar(let scalar)? = versionNode?.content, scalar.integer == PipelineManifest.currentVersion else {
            diagnostics.report(
                versionNode == nil ? .keyMissing : .manifestVersionUnknown,
                versionNode.map { "the manifest has version \($0.scalarText ?? $0.kindName)" }
                    ?? "the manifest has no manifest_version",
                reason: "this Martlet reads version \(PipelineManifest.currentVersion)",
                remedy: "write the manifest again with a matching Martlet",
                at: (versionNode ?? root).position
            )
            return nil
        }
        var manifest: PipelineManifest
        do {
            manifest = try JSONText.decode(PipelineManifest.self, from: Data(diagnostics.source.bytes))
        } catch {
            diagnostics.add(ManifestJSONError.explain(error, in: root, diagnostics.source))
            return nil
        }
        for index in manifest.steps.indices {
            // A manifest that carries its scripts and suites is whole without their files.
            do {
                manifest.steps[index].action = try manifest.steps[index].action.filled(by: files)
            } catch {
                diagnostics.add(error)
            }
        }
        validate(manifest, root, diagnostics, files)
        return manifest
    }
}
