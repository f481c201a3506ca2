import Foundation
import GRDB
import MartletCore

/// Errors of a table of results, for people.
struct ResultStoreError: Sendable {
    let path: String
    let stream: String

    var takenOver: MartletError {
        MartletError(
            .streamTakenOver,
            "another run has taken over stream \(stream)",
            reason: "a stream has one writer: whoever opened \(path) for it last",
            remedy: "stop one of them; what this run had not committed, the other one does again"
        )
    }

    var unreadable: MartletError {
        MartletError(
            .streamCutUnreadable,
            "the state of stream \(stream) in \(path) cannot be read",
            reason: "its row in martlet_streams is not as Martlet writes it",
            remedy: "restore the database from a copy; to begin anew, delete that row and the results"
        )
    }

    func outOfTurn(_ number: Int64, after last: Int64) -> MartletError {
        MartletError(
            .internalFault,
            "cut \(number) of stream \(stream) does not follow cut \(last)",
            remedy: "please report this"
        )
    }

    func mismatched(_ reason: String, _ remedy: String) -> MartletError {
        MartletError(
            .streamResultsMismatched,
            "\(path) does not fit the results of stream \(stream)",
            reason: reason,
            remedy: remedy
        )
    }

    /// The error to show for `error`.
    func explain(_ error: any Error) -> MartletError {
        if let error = error as? MartletError { return error }
        var reason = "the file or its folder cannot be written, or another program holds its lock"
        var remedy =
            "see that the disk and the folder can be written, then start the stream again: "
            + "it goes on from its last cut"
        if let error = error as? DatabaseError {
            switch error.resultCode {
            case .SQLITE_FULL: reason = "the disk is full"
            case .SQLITE_BUSY, .SQLITE_LOCKED: reason = "another program has held its lock for too long"
            case .SQLITE_NOTADB, .SQLITE_CORRUPT:
                reason = "the file is not an SQLite database, or is damaged"
                remedy = "name another file, or restore it from a copy"
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: reason = "this user may not write the file"
            default: break
            }
        }
        return MartletError(
            .streamResultsUnwritable,
            "the results of stream \(stream) cannot be written to \(path)",
            reason: reason,
            remedy: remedy,
            cause: (error as? DatabaseError).map { "SQLite \($0.extendedResultCode.rawValue): \($0.message ?? "")" }
                ?? (error as NSError).localizedDescription
        )
    }
}
