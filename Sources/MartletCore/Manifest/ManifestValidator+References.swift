// What must hold between steps: writers, references and cycles.
extension ManifestValidator {
    mutating func checkWriters() {
        var writer: [DatasetID: StepID] = [:]
        let sources = Set(manifest.sources.map(\.dataset))
        for (index, step) in manifest.steps.enumerated() {
            for output in step.outputs {
                let path: [PathComponent] = ["steps", .index(index), "outputs", .key(output.name.rawValue)]
                if let other = writer[output.dataset] {
                    report(
                        path,
                        .datasetWrittenTwice,
                        other == step.id
                            ? "step \(step.id) writes dataset \(output.dataset) twice"
                            : "steps \(other) and \(step.id) both write dataset \(output.dataset)",
                        reason: "a reader could not know which it gets",
                        remedy: "write two datasets and combine them in a third step"
                    )
                } else if sources.contains(output.dataset) {
                    report(
                        path,
                        .datasetWrittenTwice,
                        "step \(step.id) writes dataset \(output.dataset), which is a source",
                        reason: "sources come from outside and are only read",
                        remedy: "write another dataset, or remove the source"
                    )
                } else {
                    writer[output.dataset] = step.id
                }
            }
        }
    }

    mutating func checkReferences() {
        let written = Set(manifest.steps.flatMap(\.outputs).map(\.dataset)).union(manifest.sources.map(\.dataset))
        let names = TemplateNames(manifest)
        for (index, step) in manifest.steps.enumerated() where !isFull {
            let base: [PathComponent] = ["steps", .index(index)]
            for input in step.inputs where !written.contains(input.dataset) {
                report(
                    base + ["inputs", .key(input.name.rawValue)],
                    .referenceUnknown,
                    "no step writes dataset \(input.dataset) and no source has it",
                    remedy: offer(input.dataset.rawValue, among: written.map(\.rawValue))
                        ?? "add it to sources: { \(input.dataset): path/to/file }, or as an output of a step",
                    missing: .datasets
                )
            }
            for (position, id) in step.after.enumerated() {
                checkStep(id, at: base + ["after", .index(position)], from: step)
            }
            if case .branch(let action) = step.action {
                for (choice, branchCase) in action.cases.enumerated() {
                    for (position, id) in branchCase.follow.enumerated() {
                        checkStep(id, at: base + ["branch", .index(choice), "follow", .index(position)], from: step)
                    }
                }
            }
            if case .swift(let action) = step.action {
                for (position, reference) in action.valueInputs.enumerated() {
                    checkStep(reference.step, at: base + ["swift", "value_inputs", .index(position)], from: step)
                }
            }
            checkTemplates(of: step, at: base, names)
        }
    }

    mutating func checkStep(_ id: StepID, at path: [PathComponent], from step: StepManifest) {
        if id == step.id {
            report(path, .cycle, "step \(id) waits for itself", remedy: "remove it here")
        } else if !knownSteps.contains(id) {
            report(
                path,
                .referenceUnknown,
                "there is no step \(id)",
                remedy: offer(id.rawValue, among: stepIDs.map(\.rawValue))
                    ?? "steps are \(stepIDs.prefix(20).map(\.rawValue).joined(separator: ", "))",
                missing: .steps
            )
        }
    }

    mutating func checkTemplates(of step: StepManifest, at base: [PathComponent], _ names: TemplateNames) {
        for template in step.templates {
            for finding in names.findings(in: template, of: step) {
                report(
                    base + template.path,
                    .templateInvalid,
                    finding.error.reason,
                    remedy: finding.error.remedy,
                    offset: finding.error.offset,
                    missing: finding.missing
                )
            }
        }
    }

    mutating func checkCycle() {
        guard let cycle = PipelineGraph(manifest).cycle, let first = cycle.first,
            cycle.count > 1 || !problemsNameSelfLoop
        else { return }
        let index = stepIDs.firstIndex(of: first) ?? 0
        report(
            ["steps", .index(index), "id"],
            .cycle,
            "steps wait for each other in a circle: \((cycle + [first]).map(\.rawValue).joined(separator: " -> "))",
            remedy: "remove one of these dependencies"
        )
    }

    var problemsNameSelfLoop: Bool { problems.contains { $0.error.code == .cycle } }
}
