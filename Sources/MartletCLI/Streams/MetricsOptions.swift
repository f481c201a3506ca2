import ArgumentParser
import MartletBroker
import MartletCore
import MartletRuntime
import Synchronization

/// `--metrics`: where a command that runs for long serves its metrics.
struct MetricsOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Serve metrics to Prometheus, as at 127.0.0.1:9308.", valueName: "host:port"))
    var metrics: String?

    /// Serves metrics, if that was asked for.
    ///
    /// - Parameter text: the metrics, in the text format of Prometheus; asked once for each request.
    /// - Returns: the server; nil when nobody asked for metrics.
    /// - Throws: ``MartletError`` MT0002 when the address cannot be read, MT6014 when it cannot be listened on.
    func start(_ text: @escaping @Sendable () async -> String) async throws(MartletError) -> MetricsServer? {
        guard let metrics else { return nil }
        let place = try ListenAddress(metrics, of: "--metrics", example: "127.0.0.1:9308")
        return try await MetricsServer.start(host: place.host, port: place.port) {
            // Never empty, so that whoever asks sees that it is alive.
            let help = "# HELP martlet_build_info The version that runs.\n# TYPE martlet_build_info gauge\n"
            return "\(help)martlet_build_info{version=\"\(MartletVersion.text)\"} 1\n" + (await text())
        }
    }
}

/// An address to listen on, `HOST:PORT`.
struct ListenAddress: Hashable {
    let host: String
    let port: Int

    /// Reads what an option says.
    ///
    /// - Parameters:
    ///   - text: `HOST:PORT`.
    ///   - option: the option, for the error.
    ///   - example: what could be written, for the error.
    /// - Throws: ``MartletError`` when it is no address.
    init(_ text: String, of option: String, example: String) throws(MartletError) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port), colon > text.startIndex
        else {
            throw MartletError(.commandLineInvalid, "\(option) \(text) is no address", remedy: "write \(example)")
        }
        host = String(text[..<colon])
        self.port = port
    }
}

/// How a stream stands, for whoever asks: passes on what it is told, and keeps the last.
final class StreamMeter: StreamWorkObserver {
    private let next: any StreamWorkObserver
    private let last = Mutex<StreamRunStatus?>(nil)

    init(_ next: any StreamWorkObserver) { self.next = next }

    /// The metrics of the stream, by the name that it has for people.
    func text(_ name: String, now: Timestamp) -> String {
        guard let status = last.withLock({ $0 }) else { return "" }
        return StreamMetricsText.text([StreamMetricsText.Stream(name, status)], now: now)
    }

    func stands(_ status: StreamRunStatus) {
        last.withLock { $0 = status }
        next.stands(status)
    }

    func notices(_ notice: StreamRunNotice) { next.notices(notice) }
    func update(_ status: TriggerStatus) { next.update(status) }
    func notice(_ error: MartletError) { next.notice(error) }
    func reads(_ records: Int64) { next.reads(records) }
}
