import Foundation
import MartletCore
import MartletKafka
import MartletRuntime

/// The cluster that a command or a step works with, and the clients of it.
struct StreamCluster {
    let library: KafkaLibrary
    let configuration: KafkaConfiguration
    /// The log server that runs in this process because no other did.
    let embedded: EmbeddedLog?

    /// Finds the cluster: what is asked for, else what the project says, else the project's own log server, which is
    /// started within this process when no other process runs it.
    ///
    /// - Parameters:
    ///   - broker: a URL such as `kafka://host:9092`.
    ///   - workspace: the project.
    /// - Returns: the cluster, and the log server if this process runs it.
    /// - Throws: ``MartletError`` MT6020 without librdkafka, MT8006 for another scheme.
    static func open(_ broker: String?, in workspace: Workspace) async throws -> StreamCluster {
        let library = try KafkaLibrary.load(environment: ProcessInfo.processInfo.environment)
        if let url = broker ?? workspace.project.streams {
            return StreamCluster(library: library, configuration: try BrokerURL(url).configuration, embedded: nil)
        }
        let folder = EmbeddedLog.folder(workspace.layout)
        if let address = EmbeddedLog.address(ofServing: folder) {
            return local(library, address, nil)
        }
        guard let own = try await EmbeddedLog.start(folder: folder, EmbeddedLog.Options()) else {
            // Another process has begun to serve it just now.
            for _ in 0..<50 {
                if let address = EmbeddedLog.address(ofServing: folder) { return local(library, address, nil) }
                try await Task.sleep(for: .milliseconds(100))
            }
            throw MartletError(
                .streamUnreachable,
                "the project's log server does not say where it listens",
                reason: "process \(EmbeddedLog.holder(of: folder).pid.map(String.init) ?? "?") holds \(folder)",
                remedy: "end that process, and try again"
            )
        }
        return local(library, own.address, own)
    }

    private static func local(_ library: KafkaLibrary, _ address: String, _ embedded: EmbeddedLog?) -> StreamCluster {
        var configuration = KafkaConfiguration(bootstrapServers: address)
        configuration.identify(as: "martlet")
        // The log server listens on one kind of address.
        configuration["broker.address.family"] = "v4"
        return StreamCluster(library: library, configuration: configuration, embedded: embedded)
    }

    /// Reads and writes streams.
    ///
    /// - Throws: ``MartletError`` for a property that the library does not take.
    func client() throws(MartletError) -> KafkaStreamClient {
        do {
            return try KafkaStreamClient(library, configuration)
        } catch {
            throw error.failure
        }
    }

    /// Administers topics and groups.
    ///
    /// - Throws: ``MartletError`` for a property that the library does not take.
    func admin() throws(MartletError) -> KafkaAdmin {
        do {
            return try KafkaAdmin(library, configuration)
        } catch {
            throw error.failure
        }
    }

    /// Ends the log server of this process, if there is one.
    func close() async { try? await embedded?.stop() }
}

/// Where a cluster is, and how it is spoken to: `kafka://[user:password@]host:port[,host:port...][?property=value&...]`.
///
/// `kafkas://` is the same over TLS. Properties are those of librdkafka.
struct BrokerURL {
    let configuration: KafkaConfiguration

    /// Reads a URL.
    ///
    /// - Throws: ``MartletError`` MT8006 for another scheme, MT1005 when it has no host; neither shows a password.
    init(_ text: String) throws(MartletError) {
        guard let separator = text.range(of: "://"), ["kafka", "kafkas"].contains(text[..<separator.lowerBound]) else {
            let scheme = text.prefix { $0 != ":" }
            throw MartletError(
                .schemeUnknown,
                "no adapter reads streams at \"\(scheme):\"",
                remedy: "write kafka://host:9092"
            )
        }
        let usesTLS = text[..<separator.lowerBound] == "kafkas"
        var rest = text[separator.upperBound...]
        var properties: [(String, String)] = []
        if let question = rest.firstIndex(of: "?") {
            for pair in rest[rest.index(after: question)...].split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                properties.append((Self.plain(parts[0]), parts.count > 1 ? Self.plain(parts[1]) : ""))
            }
            rest = rest[..<question]
        }
        var user: (name: String, password: String)?
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = (Self.plain(parts[0]), parts.count > 1 ? Self.plain(parts[1]) : "")
            rest = rest[rest.index(after: at)...]
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.isEmpty else {
            throw MartletError(
                .valueInvalid,
                "the URL of the cluster has no host",
                remedy: "write kafka://host:9092"
            )
        }
        var made = KafkaConfiguration(bootstrapServers: String(rest))
        made.identify(as: "martlet")
        if usesTLS { made.encrypt() }
        if let user { made.authenticate(.plain, user: user.name, password: user.password, usesTLS: usesTLS) }
        for (name, value) in properties { made[name] = value }
        configuration = made
    }

    private static func plain(_ text: Substring) -> String { text.removingPercentEncoding ?? String(text) }
}
