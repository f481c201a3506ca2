/// What a step is mapped over, its type forgotten.
struct Mapping {
    var spec: MapSpec
    /// The datasets whose files are items.
    var reads: [any DatasetReference]
    /// Why it cannot be written into the manifest.
    var failure: String?

    init(_ items: Items<some Codable>) {
        spec = items.spec
        reads = items.reads
        failure = items.failure
    }
}

/// Where steps are being added.
struct BuilderScope {
    /// The group they belong to.
    var group: GroupID?
    /// Whether they prepare or tidy up.
    var role = StepRole.work
    /// Whether a group around them is mapped, so that they have items.
    var isMapped = false
}
