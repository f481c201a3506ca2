import Foundation
import MartletCore

/// A stream's definition in a file.
enum StreamFile {
    /// The definition in the file at `path`, called as the file is unless it says so itself.
    ///
    /// - Throws: ``CommandFailure`` with all that is wrong in it, ``MartletError`` MT1001 when there is no such file.
    static func read(_ path: String, shownAs shown: String) throws -> StreamDefinition {
        let diagnostics = Diagnostics(try TextFile.read(path, shownAs: shown))
        let definition = definition(diagnostics, name: name(of: path))
        guard let definition, diagnostics.errors.isEmpty else {
            throw CommandFailure(PipelineLoadFailure(diagnostics))
        }
        return definition
    }

    /// The definition in a source; nil when something is wrong, which is among the diagnostics.
    static func definition(_ diagnostics: Diagnostics, name: String) -> StreamDefinition? {
        guard let root = YAMLReader.read(diagnostics) else { return nil }
        return StreamDefinitionReader(diagnostics).definition(root, name: name)
    }

    /// What the definition in a file is called unless it says so itself.
    static func name(of path: String) -> String {
        URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }
}
