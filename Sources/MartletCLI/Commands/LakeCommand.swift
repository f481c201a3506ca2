import ArgumentParser

/// `martlet lake`.
struct LakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lake",
        abstract: "Version data as git versions code.",
        discussion: """
            The lake keeps every version of the project's data once, in .martlet/lake.
            Runs write to it as well: each on a branch of its own, merged when it
            succeeds.

              martlet lake add data                stage files, and follow them
              martlet lake status                  what changed since
              martlet lake commit -m "January"     keep it
              martlet lake log                     how it came about
              martlet lake checkout main~1         go back to what was

            A commit is named by HEAD, a branch, a tag, an id or its first digits, and
            steps back from there: main~2, v1^2. Exit codes: 0 done, 1 conflicts or
            damage found, 2 the request was wrong, 3 a fault.
            """,
        subcommands: [],
        groupedSubcommands: [
            CommandGroup(
                name: "Files",
                subcommands: [
                    LakeAddCommand.self, LakeStatusCommand.self, LakeRestoreCommand.self, LakeRemoveCommand.self,
                    LakeMoveCommand.self, LakeListCommand.self, LakeCatCommand.self,
                ]
            ),
            CommandGroup(
                name: "Versions",
                subcommands: [
                    LakeCommitCommand.self, LakeLogCommand.self, LakeDiffCommand.self, LakeCheckoutCommand.self,
                    LakeBranchCommand.self, LakeTagCommand.self, LakeMergeCommand.self, LakeRevertCommand.self,
                    LakeCherryPickCommand.self, LakeResetCommand.self,
                ]
            ),
            CommandGroup(
                name: "Copies",
                subcommands: [
                    LakeCloneCommand.self, LakePushCommand.self, LakePullCommand.self, LakeFetchCommand.self,
                    LakeRemoteCommand.self,
                ]
            ),
            CommandGroup(name: "Upkeep", subcommands: [LakeVerifyCommand.self, LakeCollectCommand.self]),
            CommandGroup(
                name: "Other tools",
                subcommands: [LakeImportCommand.self, LakeExportCommand.self]
            ),
        ]
    )
}
