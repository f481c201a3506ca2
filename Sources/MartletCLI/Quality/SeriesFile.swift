import Foundation
import Glibc
import MartletCore
import MartletQuality
import MartletRuntime

/// A CSV file with a series, read in large pieces; `-` is standard input.
struct SeriesFile {
    let path: String

    init(_ path: String) { self.path = path }

    /// Gives all of the file to `stream`, and what that writes to standard output.
    ///
    /// - Throws: ``MartletError`` MT5041 when the file cannot be read, MT5042 when it is not CSV, MT5040 for a column that
    ///   it does not have. Lines for the rows before the fault have been written then.
    func read(into stream: inout SeriesStream) throws(MartletError) {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        if FileSystem.isFolder(descriptor) { throw unreadable(EISDIR) }
        let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Limits.seriesRecordBytes)
        defer { buffer.deallocate() }
        var held = 0
        var isLast = false
        while !isLast {
            let count = Glibc.read(descriptor, buffer.baseAddress.map { $0 + held }, buffer.count - held)
            if count < 0 {
                if errno == EINTR { continue }
                throw unreadable(errno)
            }
            isLast = count == 0
            held += count
            let bytes = UnsafeBufferPointer(rebasing: buffer[..<held])
            let taken: Int
            do throws(MartletError) {
                taken = try stream.take(bytes, isLast: isLast)
            } catch {
                _ = write(&stream)
                throw error
            }
            guard write(&stream) else { return }
            held -= taken
            if held > 0, taken > 0, let start = buffer.baseAddress { memmove(start, start + taken, held) }
            if held == buffer.count { throw tooLong(stream.summary.rows) }
        }
    }

    /// Writes the lines so far; false when no one reads them any more.
    private func write(_ stream: inout SeriesStream) -> Bool {
        var isRead = true
        stream.takeOutput { bytes in
            if !bytes.isEmpty { isRead = Output.write(bytes, to: STDOUT_FILENO) }
        }
        return isRead
    }

    private func unreadable(_ number: Int32) -> MartletError {
        MartletError(
            .seriesFileUnreadable,
            path == "-" ? "standard input cannot be read" : "\(path) cannot be read",
            reason: String(cString: strerror(number)),
            remedy: number == ENOENT ? "check the path; it is taken from the folder you are in" : "give a CSV file",
            cause: "errno \(number)"
        )
    }

    private func tooLong(_ rows: Int) -> MartletError {
        MartletError(
            .seriesFileBroken,
            "\(path == "-" ? "standard input" : path) is broken: row \(rows + 1) is longer than "
                + "\(Limits.seriesRecordBytes >> 20) MB",
            remedy: "look for a double quote there that is opened and never closed"
        )
    }
}
