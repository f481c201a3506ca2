import ArgumentParser

/// `martlet features`.
struct FeaturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Make training sets of what was known at the time.",
        subcommands: [FeaturesJoinCommand.self]
    )
}
