// What must hold for setups and teardowns.
extension ManifestValidator {
    mutating func checkRole(of step: StepManifest, at base: [PathComponent]) {
        guard let teardown = step.role.teardown else { return }
        for (position, id) in teardown.setups.enumerated() {
            let path = base + ["teardown", "of", .index(position)]
            guard let index = stepPositions[id] else {
                reportUnknownStep(id, at: path)
                continue
            }
            if id == step.id {
                report(
                    path,
                    .teardownInvalid,
                    "step \(id) tidies up after itself",
                    reason: "a step is a setup or a teardown, never both",
                    remedy: "name the setup whose work it takes away"
                )
            } else if manifest.steps[index].role != .setup {
                report(
                    path,
                    .teardownInvalid,
                    "step \(step.id) tidies up after \(id), which is not a setup",
                    reason: "a teardown runs when one of its setups succeeded; \(id) is an ordinary step",
                    remedy: "add setup: true to \(id), or wait for it with after:"
                )
            }
        }
    }

    /// What makes a circle of a teardown that comes before its setup; nil when the circle has no such part.
    func teardown(in cycle: [StepID]) -> (setup: StepID, teardown: StepID)? {
        for (setup, next) in zip(cycle, cycle.dropFirst() + cycle.prefix(1)) {
            guard let index = stepPositions[next], let spec = manifest.steps[index].role.teardown else { continue }
            if spec.setups.contains(setup) { return (setup, next) }
        }
        return nil
    }
}
