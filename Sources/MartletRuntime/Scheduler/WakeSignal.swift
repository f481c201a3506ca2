import CLinux
import Glibc
import MartletCore

/// Tells the scheduler of a project that there is something to do: a named pipe in the project's folder.
///
/// What is to be done stands in the store; the pipe carries nothing but the news that it does.
enum WakeSignal {
    static func path(_ layout: ProjectLayout) -> String { "\(layout.state)/up.wake" }

    /// Wakes whoever listens; does nothing when nobody does.
    static func send(_ layout: ProjectLayout) {
        let descriptor = open(path(layout), O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var byte: UInt8 = 1
        _ = write(descriptor, &byte, 1)
    }

    /// Calls `wake` whenever somebody sends, from a thread of its own, until the listener is closed.
    final class Listener: Sendable {
        private let descriptor: Int32
        private let stop: Int32

        /// - Throws: ``MartletError`` MT8005 when the pipe cannot be made.
        init(_ layout: ProjectLayout, wake: @escaping @Sendable () -> Void) throws(MartletError) {
            let path = WakeSignal.path(layout)
            unlink(path)
            guard mkfifo(path, 0o600) == 0 else { throw FileSystem.unwritable(path, errno) }
            // Opened for writing too, so that it does not end when a sender closes.
            descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileSystem.unwritable(path, errno) }
            stop = clinux_eventfd()
            let (descriptor, stop) = (descriptor, stop)
            _ = BlockingThread.start { Self.listen(descriptor, stop, wake) }
        }

        deinit {
            clinux_eventfd_send(stop)
        }

        private static func listen(_ descriptor: Int32, _ stop: Int32, _ wake: @Sendable () -> Void) {
            var polls = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
            ]
            var buffer = [UInt8](repeating: 0, count: 256)
            while true {
                _ = poll(&polls, 2, -1)
                if polls[1].revents != 0 { break }
                if polls[0].revents == 0 { continue }
                while read(descriptor, &buffer, buffer.count) > 0 {}
                wake()
            }
            close(descriptor)
            close(stop)
        }
    }
}
