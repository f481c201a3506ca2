import ArgumentParser

/// Prints manifests for `martlet`.
struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Print a pipeline's manifest as JSON; without a name a list of all.",
        discussion: "What is wrong with the pipelines goes to standard error, with exit code 2."
    )

    @Argument(help: "The pipeline's name.")
    var pipeline: String?

    func run() throws {
        let catalog = AppCommand.catalog
        guard let pipeline else {
            try AppCommand.requireSound(catalog.errors)
            return print(JSONText.pretty(catalog.pipelines.map(\.manifest)))
        }
        let found = try catalog.pipeline(pipeline)
        try AppCommand.requireSound(found.problems.map(\.error))
        print(JSONText.pretty(found.manifest))
    }
}
