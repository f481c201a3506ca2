import MartletCore

/// The keys at hand: the first seals, all of them open.
struct SecretKeyRing: Sendable {
    let current: SecretKey
    let former: [SecretKey]
    /// Where they come from, for messages.
    let source: String

    var all: [SecretKey] { [current] + former }
    var ids: [String] { all.map(\.id) }

    /// - Throws: ``MartletError`` MT9002 when the cipher refuses.
    func seal(_ secret: String, for place: SecretPlace) throws(MartletError) -> String {
        if let sealed = SealedText.seal(secret, for: place, with: current) { return sealed }
        throw MartletError(.internalFault, "\(place.name) cannot be sealed", remedy: "please report this")
    }

    /// The secret that was sealed for `place`.
    ///
    /// - Throws: ``MartletError`` MT1042 when it was sealed with a key that is not here, MT1044 when it was changed or
    ///   sealed for another place.
    func open(_ text: String, for place: SecretPlace) throws(MartletError) -> String {
        guard let sealed = SealedText(text) else { throw damaged(place, "it does not have the form of one") }
        guard let key = all.first(where: { $0.id == sealed.keyID }) else {
            throw Self.unknown(key: sealed.keyID, of: place.name, atHand: ids, source: source)
        }
        if let secret = sealed.open(for: place, with: key) { return secret }
        throw damaged(place, "it was changed since it was sealed, or was sealed for another name")
    }

    static func unknown(key: String, of what: String, atHand: [String], source: String) -> MartletError {
        MartletError(
            .secretKeyWrong,
            "\(what) was sealed with another key",
            reason: "it needs key \(key); at hand is \(atHand.joined(separator: ", ")), from \(source)",
            remedy: """
                give back key \(key): as a further key after a comma in MARTLET_SECRET_KEY, or as a line of the key file
                """
        )
    }

    private func damaged(_ place: SecretPlace, _ reason: String) -> MartletError {
        MartletError(
            .secretDamaged,
            "the sealed value of \(place.name) is damaged",
            reason: reason,
            remedy: "set it again with `\(place.command)`"
        )
    }
}
