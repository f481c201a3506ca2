import MartletCore
import OrderedCollections

/// What is remembered of manifests, by their hashes: only a saving, as no hash ever gets another manifest.
struct ManifestMemory<Value: Sendable>: Sendable {
    private var values: OrderedDictionary<String, (value: Value, steps: Int)> = [:]
    /// The steps of all of them together.
    private var size = 0

    subscript(hash: String) -> Value? { values[hash]?.value }

    /// Remembers what there is of a manifest with so many steps; the ones that came first are forgotten for it.
    mutating func put(_ value: Value, of hash: String, steps: Int) {
        if let known = values.removeValue(forKey: hash) { size -= known.steps }
        values[hash] = (value, steps)
        size += steps
        while values.count > StoreLimits.rememberedManifests || size > StoreLimits.rememberedManifestSteps {
            size -= values.removeFirst().value.steps
        }
    }
}
