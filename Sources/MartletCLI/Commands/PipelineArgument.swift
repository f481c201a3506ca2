import MartletCore

/// Turns what a user names on the command line into a pipeline.
enum PipelineArgument {
    /// The pipeline; `name` chooses one of a program's.
    ///
    /// - Throws: ``CommandFailure`` with every error of the file, each with its source line.
    static func load(_ argument: String, named name: String? = nil, in directory: String) throws -> LoadedPipeline {
        let describe: (String) throws(MartletError) -> PipelineManifest = { program throws(MartletError) in
            try PipelineProgram.describe(program, pipeline: name)
        }
        do {
            return try PipelineLoader.load(argument, in: directory, describe: describe)
        } catch {
            throw CommandFailure(error)
        }
    }
}

extension CommandFailure {
    /// A pipeline or project that is not sound; the request that names it is wrong.
    init(_ failure: PipelineLoadFailure) {
        self.init(
            failure.errors,
            status: ExitStatus.requestWrong,
            rendered: ErrorListing.text(failure, style: Style.standardError.listing)
        )
    }
}

extension Style {
    /// How the parts of an error listing are painted.
    var listing: (ErrorListing.Part, String) -> String {
        { part, text in
            switch part {
            case .severity: bad(text)
            case .location, .message: bold(text)
            case .lineNumber, .label: faint(text)
            case .caret: bad(text)
            case .source, .text: text
            }
        }
    }
}
