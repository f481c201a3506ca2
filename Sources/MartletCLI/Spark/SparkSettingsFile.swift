import Foundation
import MartletCore
import MartletRuntime
import MartletSpark

/// The settings of a program of Spark's, in a file that only this user can read, for as long as the program runs.
struct SparkSettingsFile: Sendable {
    private let path: String
    private let settings: [String: String]
    /// The installation's own settings, if it has such a file.
    private let defaults: String

    /// The file that `command` names.
    ///
    /// - Parameters:
    ///   - command: the command line.
    ///   - installation: the Spark that reads it.
    ///   - folders: where the file goes.
    ///   - environment: where another folder with Spark's own settings may be named.
    init(
        _ command: SparkSubmitCommand,
        _ installation: SparkInstallation,
        _ folders: SparkSubmitCommand.Folders,
        _ environment: [String: String]
    ) {
        path = folders.settings
        settings = command.settings
        let own = environment["SPARK_CONF_DIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(installation.home)/conf"
        defaults = "\(own)/spark-defaults.conf"
    }

    /// Writes it; without settings there is none.
    ///
    /// - Throws: ``MartletError`` MT8005 when it cannot be written.
    func write() throws(MartletError) {
        if settings.isEmpty { return }
        let before = (try? String(contentsOfFile: defaults, encoding: .utf8)) ?? ""
        let text = SparkSubmitCommand.properties(settings, after: before)
        try FileSystem.makeFolder((path as NSString).deletingLastPathComponent)
        let isWritten = FileManager.default.createFile(
            atPath: path,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard isWritten else {
            throw MartletError(.fileUnwritable, "cannot write \(path)", remedy: "check the folder's space and rights")
        }
    }

    /// Takes it away.
    func remove() {
        if !settings.isEmpty { try? FileManager.default.removeItem(atPath: path) }
    }
}
