// What a pipeline says of its data.
extension ManifestValidator {
    mutating func checkData() {
        if manifest.policy.publish.target.rawValue.hasPrefix("run/") {
            report(
                ["publish", "to"],
                .valueInvalid,
                "\(manifest.policy.publish.target) is the branch of a run",
                remedy: "publish to main, or to a branch of another name"
            )
        }
        for source in manifest.sources where source.path == "lake:" {
            report(
                ["sources", .key(source.dataset.rawValue)],
                .valueInvalid,
                "the source says lake: and no branch, tag or commit",
                remedy: "write lake:main"
            )
        }
        let names = Set(manifest.params.map(\.name.rawValue))
        for (index, step) in manifest.steps.enumerated() where !isFull {
            for (position, name) in (step.cache?.params ?? []).enumerated() where !names.contains(name) {
                report(
                    ["steps", .index(index), "cache", "params", .index(position)],
                    .referenceUnknown,
                    "the pipeline has no parameter \(name)",
                    remedy: offer(name, among: Array(names))
                )
            }
        }
    }
}
