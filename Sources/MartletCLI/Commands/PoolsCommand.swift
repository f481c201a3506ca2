import ArgumentParser
import MartletCore
import MartletRuntime

/// `martlet pools`.
struct PoolsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pools",
        abstract: "List, make and change pools of slots that steps share.",
        discussion: """
            A step takes slots of its pool while it runs, across all pipelines. Steps
            that name no pool use default_pool.

              martlet pools set gpu 2 --description "the two cards"
              martlet pools set api unlimited
            """,
        subcommands: [PoolsListCommand.self, PoolsSetCommand.self, PoolsDeleteCommand.self],
        defaultSubcommand: PoolsListCommand.self
    )
}

/// `martlet pools list`.
struct PoolsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all pools.")

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let pools = try await options.withSettings { try await $0.store.pools() }
        if json { return Output.result(JSONValue.array(pools.map(PoolText.json)).jsonText) }
        let style = Style.standardOutput
        let header = ["POOL", "SLOTS", "WAITING STEPS", "DESCRIPTION"].map {
            TextTable.Cell(text: $0, paint: style.faint)
        }
        var table = TextTable([.left, .right, .left, .left], header: header)
        for pool in pools {
            table.add([
                TextTable.Cell(text: pool.name.rawValue),
                TextTable.Cell(text: pool.isUnlimited ? "unlimited" : NumberText.grouped(pool.slots)),
                TextTable.Cell(text: pool.includesDeferred ? "hold slots" : ""),
                TextTable.Cell(text: VariableText.short(pool.description ?? ""), paint: style.faint),
            ])
        }
        Output.result(table.lines(indent: "").joined(separator: "\n"))
    }
}

/// `martlet pools set`.
struct PoolsSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Make a pool, or change one.",
        discussion: "0 slots let no step start. What is not given stays as it was."
    )

    @Argument(help: "The pool.")
    var name: String

    // All that is not an option, so that -1 is taken for a number.
    @Argument(parsing: .allUnrecognized, help: "How many slots it has: a number, or unlimited (-1).")
    var slots: [String]

    @Option(help: ArgumentHelp("What the pool is for.", valueName: "text"))
    var description: String?

    @Flag(inversion: .prefixedNo, help: "Whether steps that wait without a process hold their slots.")
    var includeDeferred: Bool?

    @Flag(help: "Print the pool as one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        let name: PoolName = try NameArgument.read(name)
        guard slots.count == 1, let count = slots[0] == "unlimited" ? Pool.unlimited : Int(slots[0]) else {
            throw MartletError(
                .commandLineInvalid,
                "\"\(slots.joined(separator: " "))\" is not a number of slots",
                remedy: "use 0 to \(Limits.poolSlots), or unlimited"
            )
        }
        let pool = try await options.withSettings { settings in
            let former = try await settings.store.pool(name)
            let pool = Pool(
                name: name,
                slots: count,
                description: description ?? former?.description,
                includesDeferred: includeDeferred ?? former?.includesDeferred ?? false
            )
            try pool.validate()
            try await settings.store.apply([.setPool(pool)])
            return pool
        }
        if json { return Output.result(PoolText.json(pool).jsonText) }
        Output.talk("pool \(name) has \(pool.isUnlimited ? "unlimited" : NumberText.grouped(count)) slots")
    }
}

/// `martlet pools delete`.
struct PoolsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete pools.")

    @Argument(help: "The pools.")
    var names: [String]

    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var options: ProjectOptions

    func run() async throws {
        try await options.withSettings { settings in
            let known = try await settings.store.pools().map(\.name.rawValue)
            try NameArgument.check(names, among: known, "pool", .poolUnknown)
            try await settings.store.apply(names.map { .deletePool(PoolName(trusted: $0)) })
        }
        if json { return Output.result(JSONValue.object(["deleted": .array(names.map(JSONValue.string))]).jsonText) }
        Output.talk("deleted \(names.joined(separator: ", "))")
    }
}

/// Pools as machines see them.
enum PoolText {
    static func json(_ pool: Pool) -> JSONValue {
        .object([
            "name": .string(pool.name.rawValue), "slots": .integer(pool.slots),
            "description": pool.description.map(JSONValue.string) ?? .null,
            "include_deferred": .bool(pool.includesDeferred),
        ])
    }
}
