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
        let names = TemplateNames(manifest, groups)
        for (index, step) in manifest.steps.enumerated() where !isFull {
            let base: [PathComponent] = ["steps", .index(index)]
            for input in step.inputs where !isWritten(input.dataset) {
                reportUnknownDataset(input.dataset, at: base + ["inputs", .key(input.name.rawValue)])
            }
            for (position, id) in step.after.enumerated() {
                checkAfter(id, at: base + ["after", .index(position)], from: step)
            }
            if case .branch(let action) = step.action {
                for (choice, branchCase) in action.cases.enumerated() {
                    for (position, id) in branchCase.follow.enumerated() {
                        checkFollowed(
                            id,
                            at: base + ["branch", .index(choice), "follow", .index(position)],
                            from: step
                        )
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
        for (index, group) in manifest.groups.enumerated() where !isFull {
            guard let map = group.map else { continue }
            // Stands for any step of the group, which may use what the map may.
            let step = StepManifest(
                id: StepID(trusted: group.id.rawValue),
                action: .command(CommandAction(shell: "true")),
                map: map
            )
            checkTemplates(of: step, at: ["groups", .index(index)], names)
        }
    }

    private func isWritten(_ dataset: DatasetID) -> Bool {
        writers[dataset] != nil || sourceDatasets.contains(dataset)
    }

    mutating func reportUnknownDataset(_ dataset: DatasetID, at path: [PathComponent]) {
        let known = writers.keys.map(\.rawValue) + sourceDatasets.map(\.rawValue)
        report(
            path,
            .referenceUnknown,
            "no step writes dataset \(dataset) and no source has it",
            remedy: offer(dataset.rawValue, among: known)
                ?? "add it to sources: { \(dataset): path/to/file }, or as an output of a step",
            missing: .datasets
        )
    }

    /// What a step waits for: another step, or a group that it is no part of.
    mutating func checkAfter(_ id: StepID, at path: [PathComponent], from step: StepManifest) {
        guard !knownSteps.contains(id), let group = groups.position(GroupID(trusted: id.rawValue)) else {
            return checkStep(id, at: path, from: step)
        }
        if let own = step.group.flatMap(groups.position), groups.lies(own, in: group) {
            reportWaitForOwnGroup("step \(step.id)", id, at: path)
        }
    }

    mutating func checkStep(_ id: StepID, at path: [PathComponent], from step: StepManifest) {
        if id == step.id {
            report(path, .cycle, "step \(id) waits for itself", remedy: "remove it here")
        } else if !knownSteps.contains(id) {
            reportUnknownStep(id, at: path)
        }
    }

    mutating func reportUnknownStep(_ id: StepID, at path: [PathComponent]) {
        report(
            path,
            .referenceUnknown,
            "there is no step \(id)",
            remedy: nearestStep(to: id.rawValue).map { "did you mean \($0)?" }
                ?? "steps are \(stepIDs.prefix(20).map(\.rawValue).joined(separator: ", "))",
            missing: .steps
        )
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

    mutating func checkGraph() {
        if graph.edgeCount > Limits.dependenciesPerPipeline {
            report(
                ["steps"],
                .limitExceeded,
                "steps wait for each other in more than \(Limits.dependenciesPerPipeline) ways",
                reason: "of two groups, every first step of one waits for every last step of the other",
                remedy: "put a step between large groups, that waits for one and that the other waits for"
            )
        }
        guard let cycle = graph.cycle, let first = cycle.first, cycle.count > 1 || !problemsNameSelfLoop
        else { return }
        let index = stepPositions[first] ?? 0
        let tidying = teardown(in: cycle)
        report(
            ["steps", .index(index), "id"],
            .cycle,
            "steps wait for each other in a circle: \((cycle + [first]).map(\.rawValue).joined(separator: " -> "))",
            reason: tidying.map { "teardown \($0.teardown) waits for its setup \($0.setup), which comes after it" },
            remedy: "remove one of these dependencies"
        )
    }

    var problemsNameSelfLoop: Bool { problems.contains { $0.error.code == .cycle } }
}
