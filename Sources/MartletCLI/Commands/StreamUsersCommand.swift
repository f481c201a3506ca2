import ArgumentParser
import MartletBroker
import MartletCore
import MartletRuntime

/// `martlet stream users`.
struct StreamUsersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "Say who may use the log server.",
        discussion: """
            The file has keys made of passwords, never a password. The server reads it
            when it starts: martlet stream serve --users FILE.

              martlet stream users add alice < password.txt
              martlet stream users list
            """,
        subcommands: [StreamUsersListCommand.self, StreamUsersAddCommand.self, StreamUsersRemoveCommand.self],
        defaultSubcommand: StreamUsersListCommand.self
    )
}

/// Where the file of users is.
struct UsersFileOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The file of users; .martlet/streams-users.json by default.", valueName: "file"))
    var users: String?

    @OptionGroup var project: ProjectOptions

    /// The file.
    var file: UsersFile {
        get throws {
            if let users { return UsersFile(try CurrentFolder.resolve(users)) }
            return UsersFile("\(try project.workspace().layout.state)/streams-users.json")
        }
    }
}

/// `martlet stream users list`.
struct StreamUsersListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List all users.")

    @Flag(help: "Print a JSON array.")
    var json = false

    @OptionGroup var options: UsersFileOptions

    func run() throws {
        let names = try options.file.read().names
        if json { return Output.result(JSONValue.array(names.map(JSONValue.string)).jsonText) }
        if !names.isEmpty { Output.result(names.joined(separator: "\n")) }
    }
}

/// `martlet stream users add`.
struct StreamUsersAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a user, or give one another password, which is read from standard input."
    )

    @Argument(help: "The user.")
    var name: String

    @OptionGroup var options: UsersFileOptions

    func run() throws {
        guard let password = readLine(strippingNewline: true) else {
            throw MartletError(
                .commandLineInvalid,
                "there is no password on standard input",
                remedy: "write it into a file, and: martlet stream users add \(name) < file"
            )
        }
        try options.file.change { try $0.set(name, password: password, salt: UsersFile.random(16)) }
        Output.talk("added \(name)")
    }
}

/// `martlet stream users remove`.
struct StreamUsersRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Remove a user.")

    @Argument(help: "The user.")
    var name: String

    @OptionGroup var options: UsersFileOptions

    func run() throws {
        try options.file.change { users in
            guard users.remove(name) else {
                throw MartletError(.commandLineInvalid, "there is no user \(name)", remedy: "see stream users list")
            }
        }
        Output.talk("removed \(name)")
    }
}
