import ArgumentParser
import Foundation
import MartletCore

/// The command line's entry: parses, runs, and turns every ending into one of the four exit codes.
@main
struct Main {
    static func main() async {
        // A reader that closes our output early (`| head`) must not end us by signal.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try MartletCommand.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Foundation.exit(ErrorReport.print(error))
        }
    }
}

/// `martlet`.
struct MartletCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Runs machine-learning data pipelines.",
        discussion: """
            A project is a folder with martlet.yaml. Pipelines are YAML files in its
            pipelines/ folder, or Swift programs that import Martlet. Everything that
            Martlet writes is under .martlet/ in the project.

              martlet init hello && cd hello       start a small project that works
              martlet run hello                    run its pipeline, here and now
              martlet runs show latest             see what happened

            Exit codes: 0 done, 1 the work failed, 2 the request was wrong, 3 a fault.
            Most commands take --json. Colours go away with NO_COLOR=1, and where the
            output is not a terminal.
            """,
        version: MartletVersion.text,
        subcommands: [
            InitCommand.self, ValidateCommand.self, TestCommand.self, RunCommand.self, RunsCommand.self,
            ExplainCommand.self, UpCommand.self, PipelinesCommand.self, TriggerCommand.self, PauseCommand.self,
            UnpauseCommand.self, BackfillCommand.self, ScheduleCommand.self, DatasetsCommand.self, RequestsCommand.self,
            VariablesCommand.self, ConnectionsCommand.self, PoolsCommand.self, SecretsCommand.self, LakeCommand.self,
            QualityCommand.self, IncidentsCommand.self, StreamCommand.self, SparkCommandGroup.self,
            FeaturesCommand.self, DoctorCommand.self,
            CompletionCommand.self, SQLStepCommand.self, CheckStepCommand.self, StreamStepCommand.self,
            SparkStepCommand.self,
        ]
    )
}

/// The version of this Martlet.
enum MartletVersion {
    static let text = "0.1.0"
}
