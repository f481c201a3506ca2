import CLinux
import Foundation
import Glibc
import MartletCore

/// Wakes a session's `poll(2)` from any thread.
final class StopSignal: Sendable {
    let descriptor: Int32

    /// - Throws: ``MartletError`` MT2004 when the process has no descriptors left.
    init() throws(MartletError) {
        descriptor = clinux_eventfd()
        if descriptor < 0 {
            throw MartletError(.launchFailed, "cannot start a step: no descriptors left", reason: systemMessage(errno))
        }
    }

    deinit { close(descriptor) }

    func send() { clinux_eventfd_send(descriptor) }
}

/// Strings as a C array that ends in NULL.
final class CStrings {
    let pointers: [UnsafeMutablePointer<CChar>?]

    init(_ strings: [String]) { pointers = strings.map { strdup($0) } + [nil] }

    deinit { for pointer in pointers { free(pointer) } }
}

/// The last bytes of a stream.
struct LastBytes {
    let limit: Int
    private var bytes: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    mutating func append(_ new: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: new.suffix(limit))
        if bytes.count > limit { bytes.removeFirst(bytes.count - limit) }
    }

    /// The last lines, what is not UTF-8 replaced.
    var text: String {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(5).joined(separator: "\n")
    }
}

/// Looks at processes through /proc.
enum ProcessTable {
    /// Whether the group of `leader`, a child that has ended and is not reaped, has other members.
    static func hasMembers(of leader: pid_t) -> Bool {
        processes().contains { $0 != leader && getpgid($0) == leader }
    }

    /// The ids of all processes.
    static func processes() -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { pid_t(String(cString: $0)) }
            }
            if let name { found.append(name) }
        }
        return found
    }
}
