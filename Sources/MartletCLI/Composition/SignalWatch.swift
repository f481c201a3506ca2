import Dispatch
import Glibc

/// Calls a closure when the user or the system asks this process to stop: SIGINT, SIGTERM, SIGHUP.
final class SignalWatch {
    private let sources: [any DispatchSourceSignal]

    init(_ handler: @escaping @Sendable (_ name: String) -> Void) {
        let names = [
            (SIGINT, "interrupted from the terminal"), (SIGTERM, "asked to end"), (SIGHUP, "the terminal closed"),
        ]
        // A signal that was ignored from the start stays so: that is what `nohup` and `&` mean.
        sources = names.filter { !Self.isIgnored($0.0) }.map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { handler(name) }
            source.resume()
            return source
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    deinit { for source in sources { source.cancel() } }
}
