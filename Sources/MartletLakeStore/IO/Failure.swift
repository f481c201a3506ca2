internal import Foundation
package import MartletCore

/// Errors of the operating system, as people see them.
package enum Failure {
    /// The error for something that cannot be written.
    ///
    /// - Returns: ``MartletError`` MT8004 when the disk is full, else MT8005.
    package static func writing(_ path: String, _ number: Int32) -> MartletError {
        switch number {
        case ENOSPC, EDQUOT:
            MartletError(
                .diskFull,
                "the disk is full: cannot write \(path)",
                reason: text(number),
                remedy: "free some space and try again; what the lake held before is safe"
            )
        case EMFILE, ENFILE:
            MartletError(
                .fileUnwritable,
                "cannot write \(path): too many files are open",
                reason: text(number),
                remedy: "raise the limit (ulimit -n)"
            )
        default:
            MartletError(
                .fileUnwritable,
                "cannot write \(path)",
                reason: text(number),
                remedy: "make the folder writable, or work in another one"
            )
        }
    }

    /// The error for something that cannot be read: ``MartletError`` MT3037.
    package static func reading(_ path: String, _ number: Int32) -> MartletError {
        MartletError(
            .sourceUnreadable,
            "cannot read \(path)",
            reason: text(number),
            remedy: number == ENOENT ? "name a file that exists" : "make it readable"
        )
    }

    private static func text(_ number: Int32) -> String { String(cString: strerror(number)) }
}
