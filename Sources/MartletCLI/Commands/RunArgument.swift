import MartletCore

/// Finds the run that a user means.
enum RunArgument {
    /// - Throws: ``MartletError`` MT2011 when none or more than one fits.
    static func resolve(_ text: String, in store: any RunStore) async throws(MartletError) -> RunID {
        if text == "latest" {
            if let newest = try await store.runs(RunFilter(limit: 1)).first { return newest.id }
            throw MartletError(.runNotFound, "there are no runs yet", remedy: "start one with `martlet run PIPELINE`")
        }
        let byPrefix = try await store.runs(RunFilter(idPrefix: text, limit: 3))
        if let exact = byPrefix.first(where: { $0.id.rawValue == text }) { return exact.id }
        var found = byPrefix
        if found.isEmpty {
            found = try await store.runs(RunFilter(limit: 10_000)).filter { $0.id.rawValue.hasSuffix(text) }
        }
        if found.count == 1 { return found[0].id }
        throw MartletError(
            .runNotFound,
            found.isEmpty ? "there is no run \"\(text)\"" : "more than one run fits \"\(text)\"",
            reason: found.isEmpty ? nil : "\(found.map(\.id.rawValue).joined(separator: ", ")) do",
            remedy: "see `martlet runs list`"
        )
    }
}
