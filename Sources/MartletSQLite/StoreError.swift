import Foundation
import GRDB
import MartletCore

/// Turns what GRDB and SQLite throw into errors for people.
struct StoreError {
    /// The database file, as the user named it.
    let path: String

    /// What Martlet was about to do with the database.
    enum Action: String {
        case open, read, write
    }

    /// The error to show for `error`.
    func explain(_ error: any Error, _ action: Action) -> MartletError {
        switch error {
        case let error as MartletError: error
        case let error as DatabaseError: explain(error, action)
        case let error as DecodingError: damaged(cause: text(of: error))
        default: MartletError(.storeUnavailable, "cannot \(action) \(path)", cause: String(describing: error))
        }
    }

    /// The error for a run whose log does not end where the caller believes.
    func conflict(run: RunID, expected: Int, found: Int) -> MartletError {
        MartletError(
            .storeConflict,
            "the log of run \(run) was written by someone else",
            reason: "its last event should be number \(expected) and is number \(found)",
            remedy: "only one process may execute a run; follow it with `martlet runs show \(run)`"
        )
    }

    /// The error for a second run of a pipeline for one date.
    func exists(_ run: RunSummary) -> MartletError {
        let date = run.occasion.logicalDate.map(\.description) ?? "this date"
        return MartletError(
            .runExists,
            "pipeline \(run.pipeline) has a run for \(date) already: \(run.id)",
            reason: "a date stands for one run, which may run again but has no second beside it",
            remedy: "run it again with `martlet runs rerun \(run.id)`, or name another date"
        )
    }

    /// The error for a log whose first event creates no run.
    func uncreated(run: RunID) -> MartletError {
        MartletError(
            .transitionInvalid,
            "the log of run \(run) does not begin with its creation",
            remedy: "please report this"
        )
    }

    /// The error for a manifest that was to be kept before it is named.
    func unkept(manifest hash: String, of owner: String) -> MartletError {
        MartletError(
            .internalFault,
            "the manifest of \(owner) is not in the store",
            reason: "none is kept under \(hash)",
            remedy: "please report this"
        )
    }

    /// The error for a pipeline that the scheduler has not seen.
    func unknown(pipeline: PipelineID) -> MartletError {
        MartletError(
            .pipelineUnregistered,
            "the scheduler knows no pipeline \(pipeline)",
            reason: "it was never registered, or has been forgotten",
            remedy: "list those it knows with `martlet pipelines list`"
        )
    }

    /// The error for a record that is changed and not there.
    func unknown(_ noun: String, _ id: String) -> MartletError {
        MartletError(
            .recordNotFound,
            "there is no \(noun) \(id)",
            reason: "the store has none of that name, or dropped it after it was done",
            remedy: "check the name"
        )
    }

    /// The error for a record whose name is taken.
    func taken(_ noun: String, _ id: String) -> MartletError {
        MartletError(
            .recordExists,
            "there is a \(noun) \(id) already",
            reason: "names are never given twice",
            remedy: "try again: the next name is another one"
        )
    }

    /// The error for a store that is used after it was closed.
    var closed: MartletError {
        MartletError(.internalFault, "\(path) is used after it was closed", remedy: "please report this")
    }

    private func explain(_ error: DatabaseError, _ action: Action) -> MartletError {
        let cause = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")"
        switch error.resultCode {
        case .SQLITE_FULL:
            return full(cause: cause)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN:
            if freeBytes == 0 { return full(cause: cause) }
            return unavailable(action, cause: cause)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return unwritable(cause: cause)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return MartletError(
                .storeUnavailable,
                "cannot \(action) \(path)",
                reason: "another process has held its lock for too long",
                remedy: "find it with `fuser \(path)`, let it finish or stop it, and try again",
                cause: cause
            )
        case .SQLITE_NOTADB where action == .open:
            return foreign(reason: "the file is not an SQLite database", cause: cause)
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            return damaged(cause: cause)
        default:
            return MartletError(
                .internalFault,
                "cannot \(action) \(path)",
                reason: "the database refused a statement",
                remedy: "please report this",
                cause: cause
            )
        }
    }

    /// The error for a file that is something else than Martlet's database.
    func foreign(reason: String, cause: String? = nil) -> MartletError {
        MartletError(
            .storeUnavailable,
            "\(path) is not a Martlet database",
            reason: reason,
            remedy: "name another file as `state:` in martlet.yaml, or move this one away",
            cause: cause
        )
    }

    /// The error for a folder that cannot be made.
    func uncreatable(folder: String, cause: any Error) -> MartletError {
        MartletError(
            .fileUnwritable,
            "cannot make the folder \(folder)",
            reason: "a folder above it is read-only for this user, or a file stands in its way",
            remedy: "make the folder above it writable, or name another file as `state:` in martlet.yaml",
            cause: (cause as NSError).localizedDescription
        )
    }

    /// The error for a database with migrations that this Martlet has not heard of.
    func tooNew(_ migrations: [String]) -> MartletError {
        MartletError(
            .storeTooNew,
            "\(path) was written by a newer Martlet",
            reason: "its tables have changes that this version does not know: \(migrations.joined(separator: "; "))",
            remedy: "use that version, or name another file as `state:` in martlet.yaml"
        )
    }

    private func full(cause: String) -> MartletError {
        MartletError(
            .diskFull,
            "cannot write \(path): the disk is full",
            reason: "what was recorded before is safe; the last change was not recorded",
            remedy: "free some space, then go on with `martlet runs resume`",
            cause: cause
        )
    }

    private func damaged(cause: String) -> MartletError {
        MartletError(
            .storeDamaged,
            "\(path) is damaged",
            reason: "its content does not have the shape that Martlet wrote",
            remedy: """
                keep a copy of it; `sqlite3 \(path) .recover` saves what can be read, \
                and moving it away lets Martlet start afresh
                """,
            cause: cause
        )
    }

    private func unwritable(cause: String) -> MartletError {
        MartletError(
            .fileUnwritable,
            "cannot write \(path)",
            reason: "the file or its folder is read-only for this user",
            remedy: "make \(folder) writable, or name another file as `state:` in martlet.yaml",
            cause: cause
        )
    }

    private func unavailable(_ action: Action, cause: String) -> MartletError {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        let reason: String
        if manager.fileExists(atPath: path, isDirectory: &isFolder) {
            if isFolder.boolValue {
                reason = "it is a folder"
            } else if !manager.isReadableFile(atPath: path) {
                reason = "this user may not read it"
            } else if !manager.isWritableFile(atPath: folder) {
                return unwritable(cause: cause)
            } else {
                reason = "the system reported an error"
            }
        } else if !manager.isWritableFile(atPath: folder) {
            return unwritable(cause: cause)
        } else {
            reason = "the file cannot be created"
        }
        return MartletError(
            .storeUnavailable,
            "cannot \(action) \(path)",
            reason: reason,
            remedy: "check the file and its permissions, or name another file as `state:` in martlet.yaml",
            cause: cause
        )
    }

    private var folder: String { StoreFolder(containing: path).path }

    private var freeBytes: Int? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
    }

    private func text(of error: DecodingError) -> String {
        let context: DecodingError.Context? =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context
            @unknown default: nil
            }
        guard let context else { return String(describing: error) }
        let place = context.codingPath.map(\.stringValue).joined(separator: ".")
        return place.isEmpty ? context.debugDescription : "\(place): \(context.debugDescription)"
    }
}
