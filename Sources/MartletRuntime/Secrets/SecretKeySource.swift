import Foundation
import MartletCore

/// Where the keys are that secrets are sealed with.
///
/// `MARTLET_SECRET_KEY` holds keys in base64, separated by commas. Without it, the file that `MARTLET_SECRET_KEY_FILE`
/// names holds them, or the project's own file. The first key is the current one.
public struct SecretKeySource: Sendable {
    /// The environment variable that holds keys.
    public static let keyVariable = "MARTLET_SECRET_KEY"
    /// The environment variable that names a file of keys.
    public static let fileVariable = "MARTLET_SECRET_KEY_FILE"

    private enum Place {
        case environment(String)
        case file(SecretKeyFile)
    }

    private let place: Place

    /// The keys that `environment` gives or names, or those in the file `projectFile`.
    public init(environment: [String: String], projectFile: String) {
        if let text = environment[Self.keyVariable], !text.isEmpty {
            place = .environment(text)
        } else if let path = environment[Self.fileVariable], !path.isEmpty {
            let folder = FileManager.default.currentDirectoryPath
            place = .file(SecretKeyFile(path: path.hasPrefix("/") ? path : "\(folder)/\(path)"))
        } else {
            place = .file(SecretKeyFile(path: projectFile))
        }
    }

    /// Where the keys are, for people.
    public var description: String {
        switch place {
        case .environment: Self.keyVariable
        case .file(let file): file.path
        }
    }

    /// The file of the keys; nil when the environment itself holds them.
    var file: SecretKeyFile? { if case .file(let file) = place { file } else { nil } }

    /// The keys; nil when there is no file of them yet.
    ///
    /// - Throws: ``MartletError`` MT1040, MT1043 or MT1001 when what is there cannot be used.
    func load() throws(MartletError) -> SecretKeyRing? {
        let keys: [SecretKey]
        switch place {
        case .environment(let text):
            keys = try Self.keys(text.split(separator: ",").map { $0.filter { !$0.isWhitespace } }, from: description)
        case .file(let file):
            guard let found = try file.read() else { return nil }
            keys = found
        }
        return SecretKeyRing(current: keys[0], former: Array(keys.dropFirst()), source: description)
    }

    /// The keys; makes a file with a new one where there is none.
    ///
    /// - Throws: ``MartletError`` as ``load()`` does, MT8004 or MT8005 when the file cannot be made.
    func loadOrCreate() throws(MartletError) -> SecretKeyRing {
        if let ring = try load() { return ring }
        if let file { _ = try file.create(.random()) }
        // Another process may have made it first; its key counts.
        if let ring = try load() { return ring }
        throw MartletError(.secretKeyMissing, "the secret key vanished from \(description)", remedy: "try again")
    }

    /// The keys that `texts` are; at least one.
    ///
    /// - Throws: ``MartletError`` MT1040 when one is none.
    static func keys(_ texts: [String], from source: String) throws(MartletError) -> [SecretKey] {
        func invalid(_ reason: String) -> MartletError {
            MartletError(
                .secretKeyInvalid,
                "\(source) holds no secret key",
                reason: reason,
                remedy: "make one with `martlet secrets key --new`"
            )
        }
        var keys: [SecretKey] = []
        for (index, text) in texts.enumerated() {
            guard let key = SecretKey(base64: text) else {
                throw invalid("key \(index + 1) of \(texts.count) is not 32 bytes in base64")
            }
            if !keys.contains(where: { $0.id == key.id }) { keys.append(key) }
        }
        if keys.isEmpty { throw invalid("it is empty") }
        return keys
    }
}
