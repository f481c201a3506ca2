import MartletCore

// What pipelines say of their data.
extension Diagnostics {
    /// Whether a step's results are used again, `true` or `false`, or a mapping that says what they depend on.
    func cache(_ entry: YAMLEntry?) -> CacheSpec? {
        guard let entry else { return nil }
        let node = entry.value
        guard let entries = node.entries else { return CacheSpec(isEnabled: bool(entry)) }
        KnownKeys.cache.check(entries, self)
        return CacheSpec(
            isEnabled: bool(node.entry("enabled")),
            code: texts(node.entry("code")),
            params: texts(node.entry("params"))
        )
    }

    /// The branch that takes a run's data, or a mapping with it.
    func publish(_ entry: YAMLEntry?) -> PublishSpec? {
        guard let entry else { return nil }
        let node = entry.value
        var spec = PublishSpec()
        guard let entries = node.entries else {
            spec.target = name(entry, as: BranchName.self) ?? spec.target
            return spec
        }
        KnownKeys.publish.check(entries, self)
        spec.target = name(node.entry("to"), as: BranchName.self) ?? spec.target
        spec.conflicts = choice(node.entry("conflicts"), "way to meet conflicts") ?? spec.conflicts
        return spec
    }
}
