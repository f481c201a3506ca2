// What must hold within a check. Whether its suite makes sense is for who knows expectations.
extension ManifestValidator {
    mutating func checkCheck(_ action: CheckAction, of step: StepManifest, at base: [PathComponent]) {
        if action.file == nil, action.suite == nil {
            report(
                base + ["check"],
                .valueInvalid,
                "step \(step.id): the check names no suite",
                remedy: "name a file, as in check: quality/flights.yaml"
            )
        }
        if step.inputs.isEmpty {
            report(
                base + ["check"],
                .keyMissing,
                "check \(step.id) reads no dataset",
                remedy: "add inputs: { data: some/dataset }",
                isAboutKey: true
            )
        } else if step.inputs.count > 1, action.data(of: step) == nil {
            report(
                base + ["inputs"],
                .keyMissing,
                "check \(step.id) reads \(step.inputs.count) datasets, and does not say which its suite is about",
                remedy: "call that one data; queries of the suite read the others by their names",
                isAboutKey: true
            )
        }
        let outputs = Set(step.outputs.map(\.name))
        let split: Set<PortName> = [QuarantineSpec.good, QuarantineSpec.bad]
        if let quarantine = action.quarantine {
            if outputs != split {
                report(
                    base + ["quarantine"],
                    .valueInvalid,
                    "check \(step.id) puts rows aside, and needs an output for either kind",
                    remedy: "write outputs: { good: some/dataset, bad: some/quarantine }",
                    isAboutKey: true
                )
            }
            checkLimits(quarantine, of: step, at: base + ["quarantine"])
        } else if !outputs.isEmpty {
            report(
                base + ["outputs"],
                .valueInvalid,
                "check \(step.id) writes nothing",
                reason: "it only looks at its data",
                remedy: "remove outputs, or add quarantine: 1% and outputs good and bad",
                isAboutKey: true
            )
        }
    }

    private mutating func checkLimits(_ quarantine: QuarantineSpec, of step: StepManifest, at base: [PathComponent]) {
        if let share = quarantine.share, !(0...1).contains(share) {
            report(
                base,
                .valueInvalid,
                "step \(step.id): the share of rows that may be put aside is not from 0% to 100%",
                remedy: "write quarantine: 1%"
            )
        }
        if let rows = quarantine.rows, rows < 0 {
            report(base, .valueInvalid, "step \(step.id): the number of rows is negative", remedy: "write rows: 100")
        }
    }
}

extension CheckAction {
    /// The name of the input that the suite is about: the one called `data`, or the only one.
    public func data(of step: StepManifest) -> PortName? {
        if step.inputs.count == 1 { return step.inputs[0].name }
        return step.inputs.map(\.name).first { $0.rawValue == "data" }
    }
}
