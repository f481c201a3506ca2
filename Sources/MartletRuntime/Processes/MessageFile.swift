import Dispatch
import Foundation
import Glibc
import MartletCore

/// Follows the file that a step appends JSON lines to; once watched, inotify(7) tells when there is more.
///
/// Most steps end before anyone could look, and giving up a watch costs milliseconds in the kernel, so watching begins
/// only when it is asked for, and ends on another thread.
final class MessageFile {
    /// The open file, never blocking (a step may have put a pipe in its place); -1 while no one has needed it.
    private var file: Int32 = -1
    /// Becomes readable when the file grows; -1 while it is not watched.
    private(set) var descriptor: Int32 = -1
    private let path: String
    private var partial: [UInt8] = []
    private var skippingLine = false
    private var readBytes = 0
    private var lineNumber = 0
    /// Lines that could not be understood.
    private(set) var rejected = 0
    /// The first of them and why.
    private(set) var firstRejection: String?

    /// A file that may not be there yet: the step, or the watch, makes it.
    init(path: String) { self.path = path }

    deinit {
        if file >= 0 { close(file) }
        guard descriptor >= 0 else { return }
        DispatchQueue.global(qos: .utility).async { [descriptor] in close(descriptor) }
    }

    /// Begins to watch.
    ///
    /// Without a watch (their number is limited) messages are read when the step ends.
    func watch() {
        guard descriptor < 0 else { return }
        file = open(path, O_RDONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0o644)
        descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        if descriptor >= 0 { inotify_add_watch(descriptor, path, UInt32(IN_MODIFY)) }
    }

    /// The messages appended since the last call; `atEnd` also takes a last line without a line break.
    func read(atEnd: Bool) -> [StepMessage] {
        var found: [StepMessage] = []
        if file < 0 { file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
        if file < 0 { return [] }
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            if descriptor >= 0 { while Glibc.read(descriptor, buffer.baseAddress, buffer.count) > 0 {} }
            while readBytes < Limits.messagesBytesPerAttempt {
                let count = Glibc.read(file, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { break }
                readBytes += count
                for byte in buffer[..<count] { take(byte, &found) }
            }
        }
        if atEnd {
            if !partial.isEmpty { finishLine(&found) }
            if readBytes >= Limits.messagesBytesPerAttempt {
                reject("the file is longer than \(Limits.messagesBytesPerAttempt >> 20) MiB; the rest was not read")
            }
        }
        return found
    }

    private func take(_ byte: UInt8, _ found: inout [StepMessage]) {
        if byte == UInt8(ascii: "\n") {
            finishLine(&found)
        } else if partial.count >= Limits.messageBytes {
            skippingLine = true
        } else {
            partial.append(byte)
        }
    }

    private func finishLine(_ found: inout [StepMessage]) {
        lineNumber += 1
        defer {
            partial.removeAll(keepingCapacity: true)
            skippingLine = false
        }
        if skippingLine { return reject("line \(lineNumber) is longer than \(Limits.messageBytes >> 20) MiB") }
        if partial.allSatisfy({ $0 == 32 || $0 == 13 || $0 == 9 }) { return }
        do throws(UnreadableMessage) {
            found.append(try StepMessage(reading: partial))
        } catch {
            reject("line \(lineNumber) \(error.reason)")
        }
    }

    private func reject(_ reason: String) {
        rejected += 1
        firstRejection = firstRejection ?? reason
    }
}
