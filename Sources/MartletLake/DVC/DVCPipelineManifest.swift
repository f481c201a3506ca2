public import MartletCore

/// A pipeline of Martlet made from a `dvc.yaml`, as a YAML file.
public struct DVCPipelineManifest: Hashable, Codable, Sendable {
    /// The `dvc.yaml` it was made from, below the repository's root.
    public var file: String
    /// The pipeline's name; nil when nothing could be made.
    public var name: String?
    /// The YAML; nil when nothing could be made.
    public var text: String?
    /// What could not be carried over, or needs a look, in words.
    public var remarks: [String]

    /// Says why nothing was made of a file.
    public init(unreadable file: String, because error: MartletError) {
        self.file = file
        name = nil
        text = nil
        remarks = [[error.message, error.reason].compactMap(\.self).joined(separator: ": ")]
    }

    /// Carries a pipeline over: a step for each stage, a dataset for each out, a source for each other dependency that is
    /// tracked.
    ///
    /// Paths of deps and outs that stand in a command become `{{ inputs.x }}` and `{{ outputs.x }}`.
    /// - Parameters:
    ///   - pipeline: the stages.
    ///   - name: what the pipeline is to be called; characters that may not stand in a name become `-`.
    ///   - folder: the folder of the `dvc.yaml`, below the repository's root.
    ///   - file: the `dvc.yaml`, below the repository's root.
    ///   - tracked: every path that the repository tracks.
    ///   - params: the bytes of any file of the repository, for values of parameters.
    public init(
        _ pipeline: DVCPipeline,
        name: String,
        folder: String,
        file: String,
        tracked: [String],
        params: @escaping (String) -> [UInt8]?
    ) {
        var builder = DVCPipelineBuilder(pipeline, folder: folder, tracked: tracked, params: params)
        self.file = file
        self.name = Self.word(name)
        text = DVCYAMLWriter.textForPeople(builder.manifest(name: Self.word(name)))
        remarks = pipeline.remarks + builder.remarks
    }

    /// A name with every character that may not stand in it made `-`.
    static func word(_ text: String) -> String {
        let word = String(
            decoding: text.utf8.map { byte in
                let isAllowed =
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
                return isAllowed ? byte : 45
            },
            as: UTF8.self
        ).drop { $0 == "-" || $0 == "_" }
        return word.isEmpty ? "pipeline" : String(word.prefix(Limits.nameBytes))
    }
}
