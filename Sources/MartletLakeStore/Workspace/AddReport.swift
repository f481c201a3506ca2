package import MartletCore
package import MartletLake

/// What `add` did.
package struct AddReport: Hashable, Sendable {
    /// Files that were new, had changed, were gone, and were as before.
    package var added = 0, modified = 0, removed = 0, unchanged = 0
    /// The bytes of what was read.
    package var bytes = 0
    /// What the lake has stored of them, compressed, without what it had before.
    package var storedBytes = 0
    /// What cannot be in the lake; nothing is staged when there is any.
    package var problems: [WorkProblem] = []
}

/// Something in the working tree that cannot be added.
package struct WorkProblem: Hashable, Sendable {
    /// What it is.
    package var path: LakePath
    /// Why, and how to mend it.
    package var error: MartletError
}

extension FolderWalk.Refusal {
    /// The refusal as an error that names what is refused.
    func error(_ path: [UInt8]) -> MartletError {
        let (reason, remedy) = words
        return MartletError(
            .pathUnaddable,
            "\(DisplayBytes.text(of: path)) cannot be in the lake",
            reason: reason,
            remedy: "\(remedy), or name it in .martletignore"
        )
    }

    private var words: (reason: String, remedy: String) {
        switch self {
        case .brokenLink: ("it is a link that leads nowhere", "mend or remove the link")
        case .linkToFolder: ("it is a link to a folder", "add the folder itself")
        case .linkOutside: ("it is a link that leads out of the project's data", "copy the file into the project")
        case .notAFile: ("it is neither a file nor a folder", "remove it")
        case .unreadable(let number): (SystemFault(number: number).text, "make it readable")
        case .pathTooLong: ("its path has more than 4,095 bytes", "shorten it")
        }
    }
}

/// How far a command has come.
package struct WorkProgress: Hashable, Sendable {
    /// Files looked at, and how many there are when that is known.
    package var files = 0, totalFiles: Int?
    /// Bytes read or written.
    package var bytes = 0
}
