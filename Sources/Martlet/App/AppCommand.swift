import ArgumentParser
import Foundation

/// The command line of a program that holds pipelines.
struct AppCommand: AsyncParsableCommand {
    /// The program's pipelines; commands are made by the parser, which can hand them nothing.
    @TaskLocal static var catalog = PipelineCatalog([])

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            // The author's program has a name of its own, which only its start tells.
            commandName: CommandLine.arguments.first?.split(separator: "/").last.map(String.init),
            abstract: "Describes and runs the pipelines of this program.",
            subcommands: [RunCommand.self, DescribeCommand.self, GraphCommand.self, StepCommand.self]
        )
    }

    /// Runs the command in `arguments` (the program's name first) and exits.
    ///
    /// Exit codes: 0 done, 1 the work failed, 2 the request or a pipeline was wrong; `step` has its own.
    static func run(_ catalog: PipelineCatalog, _ arguments: [String]) async -> Never {
        let code = await $catalog.withValue(catalog) { await outcome(of: Array(arguments.dropFirst())) }
        Foundation.exit(code)
    }

    /// The exit code that the command in `arguments` comes to.
    static func outcome(of arguments: [String]) async -> Int32 {
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch let error as MartletError {
            Console.complain(error)
            return 2
        } catch {
            let code = exitCode(for: error)
            if code == .success {
                print(fullMessage(for: error))
                return 0
            }
            let message = fullMessage(for: error)
            if !message.isEmpty { Console.say(message) }
            return code == .validationFailure ? 2 : code.rawValue
        }
    }

    /// Refuses to go on with pipelines that are wrong.
    ///
    /// - Throws: `ExitCode` 2, when every problem has been printed.
    static func requireSound(_ errors: [MartletError]) throws {
        if errors.isEmpty { return }
        for error in errors.prefix(Limits.diagnosticsPerFile) { Console.complain(error) }
        throw ExitCode(2)
    }
}

/// What the program says to people, on standard error.
enum Console {
    static func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
    static func complain(_ error: MartletError) { say(error.description) }
}
