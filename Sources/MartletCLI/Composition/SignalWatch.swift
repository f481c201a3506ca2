import Dispatch
import Glibc

/// Calls a closure when the user or the system asks this process to stop: SIGINT, SIGTERM, SIGHUP.
final class SignalWatch {
    private let sources: [any DispatchSourceSignal]

    init(_ handler: @escaping @Sendable (_ name: String) -> Void) {
        sources = [
            (SIGINT, "interrupted from the terminal"), (SIGTERM, "asked to end"), (SIGHUP, "the terminal closed"),
        ]
        .map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { handler(name) }
            source.resume()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }
}
