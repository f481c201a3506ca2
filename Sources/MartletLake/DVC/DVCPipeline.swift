public import MartletCore

/// A `dvc.yaml`: stages with their commands, what they read and what they make; templates are written out.
public struct DVCPipeline: Hashable, Sendable {
    /// The file of parameters unless a stage names another.
    public static let defaultParams = "params.yaml"

    /// The stages, in the file's order; those of one template follow each other.
    public var stages: [Stage]
    /// What is said besides stages that Martlet cannot carry over, in words.
    public var remarks: [String]

    /// A stage.
    public struct Stage: Hashable, Sendable {
        /// The name; `name@item` for one of several that a template makes.
        public var name: String
        /// The commands, run one after the other.
        public var commands: [String]
        /// The folder they run in, relative to the file's.
        public var workingFolder: String
        /// Paths that it reads, relative to `workingFolder`.
        public var deps: [String]
        /// The keys of parameters by file; no keys for all of a file.
        public var params: [Params]
        /// What it makes.
        public var outs: [Out]
        /// What the stage does, for people.
        public var summary: String?
        /// Whether it is kept from running.
        public var isFrozen: Bool
        /// Whether it runs even when nothing changed.
        public var alwaysChanges: Bool
    }

    /// Parameters of one file.
    public struct Params: Hashable, Sendable {
        /// The file.
        public var file: String
        /// Their names, with dots; empty for the whole file.
        public var keys: [String]
    }

    /// Something that a stage makes.
    public struct Out: Hashable, Sendable {
        /// What it is for.
        public enum Role: Hashable, Sendable {
            case data, metric, plot
        }

        /// The path, relative to the stage's folder.
        public var path: String
        /// What it is for.
        public var role: Role
        /// Whether DVC keeps it; otherwise it is git's.
        public var isCached: Bool
        /// Whether it is still there when the stage starts again.
        public var persists: Bool
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: the bytes of the file.
    ///   - file: its name, for messages.
    ///   - read: the bytes of a file beside it, such as `params.yaml`; nil when there is none.
    /// - Throws: `MartletError` MT3070 when it is not what DVC reads.
    public init(_ bytes: [UInt8], file: String, read: @escaping (String) -> [UInt8]?) throws(MartletError) {
        var reader = DVCPipelineReader(file: file, read: read)
        (stages, remarks) = try reader.pipeline(try DVCYAMLReader.value(of: bytes, file: file))
    }
}
