// What must hold for groups, and for references to them.
extension ManifestValidator {
    mutating func checkGroups() {
        if manifest.groups.count > Limits.groupsPerPipeline {
            report(
                ["groups"],
                .limitExceeded,
                "there are \(manifest.groups.count) groups; a pipeline may have \(Limits.groupsPerPipeline)",
                remedy: "split the pipeline, or make larger groups"
            )
            return
        }
        var first: [GroupID: Int] = [:]
        let entangled = Set(groups.entangled)
        for (index, group) in manifest.groups.enumerated() where !isFull {
            let base: [PathComponent] = ["groups", .index(index)]
            if let earlier = first[group.id] {
                report(
                    base + ["id"],
                    .nameDuplicate,
                    "two groups have the id \(group.id)",
                    reason: "group \(earlier + 1) has it already",
                    remedy: "give one of them another id"
                )
            } else if knownSteps.contains(StepID(trusted: group.id.rawValue)) {
                report(
                    base + ["id"],
                    .nameDuplicate,
                    "a step and a group have the id \(group.id)",
                    reason: "after: names both, so neither could be told",
                    remedy: "give one of them another id"
                )
            }
            first[group.id] = first[group.id] ?? index
            checkParent(of: group, isEntangled: entangled.contains(index), at: base)
            checkMap(of: group, at: base)
        }
    }

    private mutating func checkParent(of group: GroupSpec, isEntangled: Bool, at base: [PathComponent]) {
        guard let parent = group.parent else { return }
        if groups.position(parent) == nil {
            reportUnknownGroup(parent, at: base + ["parent"])
        } else if isEntangled {
            let circle = circle(of: group)
            report(
                base + ["parent"],
                .groupInvalid,
                circle.map { "groups lie in each other in a circle: \($0.joined(separator: " in "))" }
                    ?? "group \(group.id) lies more than \(Limits.groupDepth) deep",
                remedy: circle == nil ? "nest groups less" : "remove one of these parents"
            )
        }
    }

    /// The ids from `group` to itself along its parents; nil when there is no such way.
    private func circle(of group: GroupSpec) -> [String]? {
        var path = [group.id.rawValue]
        var next = group.parent
        while let id = next, path.count <= manifest.groups.count {
            path.append(id.rawValue)
            if id == group.id { return path }
            next = groups.position(id).flatMap { groups.groups[$0].parent }
        }
        return nil
    }

    mutating func reportUnknownGroup(_ id: GroupID, at path: [PathComponent]) {
        let known = manifest.groups.map(\.id.rawValue)
        report(
            path,
            .referenceUnknown,
            "there is no group \(id)",
            remedy: offer(id.rawValue, among: known)
                ?? (known.isEmpty
                    ? "add it to groups: [{ id: \(id) }]" : "groups are \(known.prefix(20).joined(separator: ", "))"),
            missing: .groups
        )
    }

    /// What a step says of groups, and what groups wait for.
    mutating func checkGroupReferences() {
        for (index, step) in manifest.steps.enumerated() where !isFull {
            if let group = step.group, groups.position(group) == nil {
                reportUnknownGroup(group, at: ["steps", .index(index), "group"])
            }
        }
        for (index, group) in manifest.groups.enumerated() where !isFull {
            let own = groups.position(group.id)
            for (position, id) in group.after.enumerated() {
                let path: [PathComponent] = ["groups", .index(index), "after", .index(position)]
                let target = groups.position(GroupID(trusted: id.rawValue))
                guard knownSteps.contains(id) || target != nil else {
                    reportUnknownStep(id, at: path)
                    continue
                }
                guard let own else { continue }
                let container = target ?? stepPositions[id].flatMap { groups.groupOfStep[$0] }
                if let container, groups.lies(container, in: own) {
                    report(
                        path,
                        .groupInvalid,
                        id.rawValue == group.id.rawValue
                            ? "group \(id) waits for itself"
                            : "group \(group.id) waits for \(id), which is part of it",
                        remedy: "remove it here; steps within a group wait for each other by their own after:"
                    )
                } else if let target, groups.lies(own, in: target) {
                    reportWaitForOwnGroup("group \(group.id)", id, at: path)
                }
            }
        }
    }

    /// Reports a wait of step or group `owner` for a group around it.
    mutating func reportWaitForOwnGroup(_ owner: String, _ id: StepID, at path: [PathComponent]) {
        report(
            path,
            .groupInvalid,
            "\(owner) waits for group \(id), which it is part of",
            reason: "the group is not done before \(owner) is",
            remedy: "name the steps in it that are to come first"
        )
    }

    /// A branch chooses among the steps right after it, and a group is none.
    mutating func checkFollowed(_ id: StepID, at path: [PathComponent], from step: StepManifest) {
        guard !knownSteps.contains(id), let group = groups.position(GroupID(trusted: id.rawValue)) else {
            return checkStep(id, at: path, from: step)
        }
        let members = Set(groups.members[group])
        let first = graph.steps.indices.filter { members.contains($0) && members.isDisjoint(with: graph.upstream[$0]) }
        report(
            path,
            .groupInvalid,
            "branch \(step.id) follows group \(id)",
            reason: "a branch chooses among steps",
            remedy: first.isEmpty
                ? "give the group steps, and follow those"
                : "name its first steps: \(first.prefix(20).map { graph.steps[$0].rawValue }.joined(separator: ", "))"
        )
    }
}
