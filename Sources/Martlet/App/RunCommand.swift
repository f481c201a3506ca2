import ArgumentParser
import Foundation

/// Hands the program over to `martlet run`.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a pipeline with martlet.",
        usage: "run [PIPELINE] [ARGUMENTS OF martlet run ...]",
        discussion: """
            The pipeline's name may be left out when the program has only one. Everything after it is passed to \
            `martlet run`. `martlet` is looked for in $MARTLET, in the folders of PATH and beside this program.
            """
    )

    @Argument(parsing: .captureForPassthrough)
    var arguments: [String] = []

    func run() throws {
        let name = arguments.first.flatMap { $0.hasPrefix("-") ? nil : $0 }
        if arguments.first == "--help" || arguments.first == "-h" {
            throw CleanExit.helpRequest(self)
        }
        let catalog = AppCommand.catalog
        let pipeline = try catalog.pipeline(name)
        try AppCommand.requireSound(pipeline.problems.map(\.error))
        let program = try MartletBinary.ownPath()
        let martlet = try MartletBinary.find(environment: ProcessInfo.processInfo.environment, beside: program)
        let rest = name == nil ? arguments : Array(arguments.dropFirst())
        try MartletBinary.become(
            [martlet, "run", program, "--pipeline", pipeline.manifest.pipeline.rawValue] + rest
        )
    }
}
