import MartletCore

/// Everything that is wrong with a pipeline or project, and the texts that the errors point into.
struct PipelineLoadFailure: Error {
    /// The errors, in the order of their files; at most ``Limits/diagnosticsPerFile``.
    var errors: [MartletError]
    /// How many errors there are beyond these.
    var omitted = 0
    /// The texts, by the names that locations use.
    var sources: [String: SourceText] = [:]

    /// A failure of a single error.
    init(_ error: MartletError) { errors = [error] }

    /// What `diagnostics` collected.
    init(_ diagnostics: Diagnostics, files: [SourceText] = []) {
        let all = diagnostics.sorted
        errors = Array(all.prefix(Limits.diagnosticsPerFile))
        omitted = all.count - errors.count
        sources[diagnostics.source.file] = diagnostics.source
        for file in files { sources[file.file] = file }
    }
}
