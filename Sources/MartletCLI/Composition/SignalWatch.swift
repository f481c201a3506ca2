import Dispatch
import Glibc
import Synchronization

/// A signal that came before its source was ready; 0 when none did.
private let early = Atomic<Int32>(0)

/// Calls a closure when the user or the system asks this process to stop: SIGINT, SIGTERM, SIGHUP.
final class SignalWatch {
    private let sources: [any DispatchSourceSignal]

    init(_ handler: @escaping @Sendable (_ name: String) -> Void) {
        let names = [
            (SIGINT, "interrupted from the terminal"), (SIGTERM, "asked to end"), (SIGHUP, "the terminal closed"),
        ]
        // A signal that was ignored from the start stays so: that is what `nohup` and `&` mean.
        sources = names.filter { !Self.isIgnored($0.0) }.map { number, name in
            // A signal that comes before the source is ready is only noted, and told once it is.
            signal(number) { early.store($0, ordering: .sequentiallyConsistent) }
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { handler(name) }
            source.setRegistrationHandler {
                if early.load(ordering: .sequentiallyConsistent) == number { handler(name) }
            }
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
