internal import Foundation
internal import MartletCore

/// Errors of the disk, as people see them.
enum StorageFault {
    /// A call that the system refused.
    static func system(_ what: String, _ path: String, _ number: Int32) -> MartletError {
        let cause = "\(String(cString: strerror(number))) (errno \(number))"
        if number == ENOSPC || number == EDQUOT {
            return MartletError(
                .diskFull,
                "the disk is full: \(path) cannot be written",
                reason: "the log server keeps topics in this folder",
                remedy: "free space, or lower retention.ms or retention.bytes of large topics",
                cause: cause
            )
        }
        return MartletError(
            .streamLogUnusable,
            "\(path) cannot be \(what)",
            reason: "the log server keeps topics in this folder",
            remedy: "check the disk and the rights on the folder, then restart the log server",
            cause: cause
        )
    }

    /// A file that does not hold what it must.
    static func damaged(_ path: String, _ reason: String) -> MartletError {
        MartletError(
            .streamLogDamaged,
            "\(path) is damaged",
            reason: reason,
            remedy: "restore the file from a copy, or move it away and restart the log server"
        )
    }
}
