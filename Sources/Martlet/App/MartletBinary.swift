import Foundation

/// Finds `martlet` and becomes it.
enum MartletBinary {
    /// The path of this very program.
    ///
    /// - Throws: `MartletError` MT1001 when the system does not tell.
    static func ownPath() throws(MartletError) -> String {
        guard let path = Bundle.main.executablePath else {
            throw MartletError(
                .fileUnreadable,
                "cannot find out where this program is",
                remedy: "run it as `martlet run PATH/OF/THIS/PROGRAM`"
            )
        }
        return path
    }

    /// The path of `martlet`: `$MARTLET`, then the folders of `PATH`, then beside `program`.
    ///
    /// - Throws: `MartletError` MT1001 when it is nowhere.
    static func find(
        environment: [String: String],
        beside program: String,
        isExecutable: (String) -> Bool = isExecutableFile
    ) throws(MartletError) -> String {
        if let named = environment["MARTLET"], !named.isEmpty {
            if isExecutable(named) { return named }
            throw MartletError(
                .fileUnreadable,
                "there is no program at \(named), which the variable MARTLET names",
                remedy: "correct it, or unset it to search PATH"
            )
        }
        let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        let own = URL(filePath: program).deletingLastPathComponent().path(percentEncoded: false)
        for folder in folders + [own] {
            let candidate = URL(filePath: folder).appending(path: "martlet").path(percentEncoded: false)
            if isExecutable(candidate) { return candidate }
        }
        throw MartletError(
            .fileUnreadable,
            "cannot find martlet, which runs pipelines",
            reason: "it is neither in a folder of PATH nor in \(own)",
            remedy: "install it, or set MARTLET to its path"
        )
    }

    private static func isExecutableFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
            && FileManager.default.isExecutableFile(atPath: path)
    }

    /// Replaces this process by another program, whose path is the first of `arguments`.
    ///
    /// - Throws: `MartletError` MT2004 when that fails; otherwise it does not return.
    static func become(_ arguments: [String]) throws(MartletError) {
        let strings = arguments.map { strdup($0) }
        defer { for string in strings { free(string) } }
        execv(arguments[0], strings + [nil])
        throw MartletError(
            .launchFailed,
            "cannot start \(arguments[0])",
            cause: String(cString: strerror(errno))
        )
    }
}
