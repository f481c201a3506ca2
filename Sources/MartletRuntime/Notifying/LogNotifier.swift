import Foundation
import Glibc
public import MartletCore
import Synchronization

/// Appends each alert to a file of JSON lines, and says it on a line for people.
///
/// A file that has become large is put aside under its name with `.1`, in place of the one before.
public final class LogNotifier: Notifier {
    /// A disk that is full stays so for a while.
    public let retries = 0

    private let path: String
    private let say: @Sendable (String) -> Void
    /// One line at a time, so that no two put the file aside.
    private let turn = Mutex(())

    /// A notifier that writes to the file at `path` and tells people by `say`.
    public init(path: String, say: @escaping @Sendable (String) -> Void = { _ in }) {
        self.path = path
        self.say = say
    }

    /// Writes the line.
    ///
    /// - Throws: ``MartletError`` MT2050 when it cannot be written; it was said all the same.
    public func deliver(_ alert: Alert) async throws(MartletError) {
        say("alert \(alert.kind.rawValue): \(alert.text)")
        do throws(MartletError) {
            try turn.withLock { _ throws(MartletError) in try append(JSONText.data(alert) + [UInt8(ascii: "\n")]) }
        } catch {
            throw MartletError(
                .notifierFailed,
                "an alert could not be written to \(path)",
                reason: [error.message, error.reason].compactMap(\.self).joined(separator: ": "),
                remedy: error.remedy
            )
        }
    }

    private func append(_ line: Data) throws(MartletError) {
        try FileSystem.makeFolder((path as NSString).deletingLastPathComponent)
        var info = stat()
        if stat(path, &info) == 0, Int(info.st_size) + line.count > Limits.alertLogBytes { rename(path, "\(path).1") }
        guard let file = OwnedDescriptor(open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)) else {
            throw FileSystem.unwritable(path, errno)
        }
        let error = line.withUnsafeBytes { file.write($0) }
        if error != 0 { throw FileSystem.unwritable(path, error) }
    }
}
