internal import Foundation
package import MartletCore
package import MartletLake

/// What people have set for a lake: the file `config` in its folder.
///
/// What it has besides is kept.
package struct LakeSettings: Hashable, Sendable {
    /// Branches that take merges only, or forms of their names, as in `release/*`.
    package var protected: Set<String> = []
    private var others: [String: JSONValue] = [:]

    /// Settings of a new lake.
    package init() {}

    /// What may be done to branches.
    package var protection: BranchProtection {
        BranchProtection(protected.sorted().map { BranchProtection.Rule(BranchPattern($0)) })
    }
}

extension Lake {
    /// The lake's settings.
    ///
    /// - Throws: ``MartletError`` MT3057 when the file is damaged.
    package func settings() throws(MartletError) -> LakeSettings {
        guard let bytes = try Folder.read("\(folder)/config") else { return LakeSettings() }
        if let settings = try? JSONText.decode(LakeSettings.self, from: Data(bytes)) { return settings }
        throw damagedFile("config")
    }

    /// Keeps settings.
    package func save(_ settings: LakeSettings) throws(MartletError) {
        try Folder.replace("\(folder)/config", with: Array(JSONText.data(settings)) + [10], syncing: folder)
    }

    /// Names of remotes and where they are.
    package func remotes() throws(MartletError) -> [String: String] {
        guard let bytes = try Folder.read("\(folder)/remotes") else { return [:] }
        if let remotes = try? JSONText.decode([String: String].self, from: Data(bytes)) { return remotes }
        throw damagedFile("remotes")
    }

    /// Keeps names of remotes.
    package func save(remotes: [String: String]) throws(MartletError) {
        try Folder.replace("\(folder)/remotes", with: Array(JSONText.data(remotes)) + [10], syncing: folder)
    }

    private func damagedFile(_ name: String) -> MartletError {
        MartletError(
            .workspaceDamaged,
            "\(folder)/\(name) cannot be read",
            reason: "it is not the JSON that Martlet writes",
            remedy: "mend the file, or remove it to begin with none"
        )
    }
}

extension LakeSettings: Codable {
    /// Decodes the file.
    package init(from decoder: any Decoder) throws {
        others = try [String: JSONValue](from: decoder)
        if case .array(let names) = others.removeValue(forKey: "protected") {
            protected = Set(names.compactMap(\.stringValue))
        }
    }

    /// Encodes the file.
    package func encode(to encoder: any Encoder) throws {
        var all = others
        all["protected"] = .array(protected.sorted().map(JSONValue.string))
        try all.encode(to: encoder)
    }
}
