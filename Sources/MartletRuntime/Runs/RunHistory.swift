public import MartletCore
public import MartletScheduling

/// Runs rebuilt from their logs.
public enum RunHistory {
    /// A run as its log has left it, and that log.
    ///
    /// - Throws: ``MartletError`` MT2011 when there is no such run, MT8007 when a manifest is missing.
    public static func load(
        _ id: RunID,
        from store: any RunStore
    ) async throws(MartletError) -> (machine: RunMachine, log: [RecordedEvent]) {
        let log = try await store.events(of: id)
        guard let first = log.first, case .runCreated(let created) = first.event else { throw RunService.unknown(id) }
        var manifests: [String: PipelineManifest] = [:]
        var hashes = [created.manifestHash]
        for entry in log {
            if case .cleared(let cleared) = entry.event, let hash = cleared.manifestHash { hashes.append(hash) }
        }
        for hash in hashes where manifests[hash] == nil {
            guard let manifest = try await store.manifest(hash: hash) else {
                throw MartletError(.storeDamaged, "a manifest of run \(id) is missing", remedy: "start a new run")
            }
            manifests[hash] = manifest
        }
        guard let manifest = manifests[created.manifestHash] else { throw RunService.unknown(id) }
        return (RunService.machine(id, manifest, created, log, manifests), log)
    }
}
