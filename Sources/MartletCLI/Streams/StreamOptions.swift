import ArgumentParser
import MartletCore
import MartletKafka

/// Options of every command that uses a cluster.
struct StreamOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The cluster, as in kafka://host:9092; the project's own log server by default.",
            valueName: "url"
        )
    )
    var broker: String?

    @OptionGroup var project: ProjectOptions

    /// Works with the cluster; a log server that has to run within this process ends after it.
    func withCluster<Result>(_ body: (StreamCluster) async throws -> Result) async throws -> Result {
        let cluster = try await StreamCluster.open(broker, in: project.workspace())
        do {
            let result = try await body(cluster)
            await cluster.close()
            return result
        } catch {
            await cluster.close()
            if let error = error as? StreamError { throw error.failure }
            throw error
        }
    }
}

/// Where a stream starts, as the command line names it.
enum StreamStart: String, CaseIterable, ExpressibleByArgument {
    case earliest, latest

    var place: StreamAction.Start { self == .earliest ? .earliest : .latest }
}

/// When a stream ends, as the command line names it.
enum StreamEnd: String, CaseIterable, ExpressibleByArgument {
    case end, forever

    var time: StreamAction.Until { self == .end ? .end : .forever }
}
