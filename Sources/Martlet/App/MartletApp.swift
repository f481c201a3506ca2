/// A program that holds pipelines; its `main()` describes and runs them.
///
/// ```swift
/// @main struct FlightDelays: MartletApp {
///     static let pipelines = [
///         Pipeline("flight_delays") { p in … }
///     ]
/// }
/// ```
///
/// The program has the subcommands `run`, `describe`, `graph` and `step`. `run` hands over to `martlet run`, which
/// asks the program to `describe` its pipelines and calls `step` for every attempt of a Swift step.
public protocol MartletApp {
    /// The pipelines of the program.
    static var pipelines: [Pipeline] { get }
}

extension MartletApp {
    /// Runs the subcommand that the program's arguments name, and exits.
    @concurrent
    public static func main() async {
        await AppCommand.run(PipelineCatalog(pipelines), CommandLine.arguments)
    }
}
