import ArgumentParser
import MartletCore

/// `martlet completion`.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completion script of a shell.",
        discussion: """
            Put it where the shell looks for completions:

              bash   ~/.local/share/bash-completion/completions/martlet
              zsh    ~/.zfunc/_martlet, with ~/.zfunc in fpath
              fish   ~/.config/fish/completions/martlet.fish

              martlet completion zsh > ~/.zfunc/_martlet
            """
    )

    @Argument(help: "bash, zsh or fish.")
    var shell: String

    func run() throws {
        guard let known = CompletionShell(rawValue: shell) else {
            throw MartletError(
                .commandLineInvalid,
                "there is no completion for \"\(shell)\"",
                remedy: "use bash, zsh or fish"
            )
        }
        Output.result(MartletCommand.completionScript(for: known))
    }
}
