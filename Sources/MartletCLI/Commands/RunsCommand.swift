import ArgumentParser

/// `martlet runs`.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "Look at past and present runs; resume, cancel, rerun and mark them.",
        discussion: """
            RUN is a run's id, the beginning or end of one, or `latest`.

              martlet runs list --pipeline flight_delays
              martlet runs show latest
              martlet runs log latest train
              martlet runs resume latest
              martlet runs rerun latest --from train
              martlet runs reproduce latest
            """,
        subcommands: [
            RunsListCommand.self, RunsShowCommand.self, RunsLogCommand.self, RunsResumeCommand.self,
            RunsCancelCommand.self, RunsRerunCommand.self, RunsMarkCommand.self, RunsAnswerCommand.self,
            RunsReproduceCommand.self,
        ],
        defaultSubcommand: RunsListCommand.self
    )
}
