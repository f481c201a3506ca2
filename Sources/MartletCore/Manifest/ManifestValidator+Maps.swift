// What must hold for maps of steps and of groups.
extension ManifestValidator {
    mutating func checkMap(of step: StepManifest, at base: [PathComponent]) {
        let owner = "step \(step.id)"
        let domain = step.group.flatMap(groups.mapDomain)
        if step.action.isDecision, let domain {
            report(
                base + ["group"],
                .mapInvalid,
                "\(owner) is a \(step.action.kind) and lies in group \(domain.id), which is mapped",
                reason: "it decides once for a run what comes after it, not once for each item",
                remedy: "decide before the group, or give the group's steps a when: with item"
            )
        }
        guard let map = step.map else { return }
        if step.action.isDecision {
            report(
                base + ["map"],
                .mapInvalid,
                "\(owner) is a \(step.action.kind) and is mapped",
                reason: "it decides once for a run what comes after it, not once for each item",
                remedy: "decide before the map, or give the mapped steps a when: with item"
            )
        } else if let domain {
            report(
                base + ["map"],
                .mapInvalid,
                "\(owner) is mapped and lies in group \(domain.id), which is mapped",
                reason: "an instance has one index",
                remedy: "map over both lists at once: over: { first: ..., second: ... }"
            )
        }
        checkParts(of: map, owner, at: base + ["map"])
        checkWritersOfFiles(of: map, owner, at: base)
        let inputs = Set(step.inputs.map(\.dataset))
        for (source, files) in map.files where !inputs.contains(files.dataset) {
            let known = step.inputs.map(\.dataset.rawValue)
            report(
                base + place(of: source) + ["files"],
                .mapInvalid,
                "\(owner) is mapped over the files of dataset \(files.dataset), which it does not read",
                remedy: offer(files.dataset.rawValue, among: known)
                    ?? "add it to inputs: { name: \(files.dataset) }",
                missing: .inputs
            )
        }
    }

    mutating func checkMap(of group: GroupSpec, at base: [PathComponent]) {
        guard let map = group.map else { return }
        let owner = "group \(group.id)"
        if let parent = group.parent, let domain = groups.mapDomain(of: parent), domain.id != group.id {
            report(
                base + ["map"],
                .mapInvalid,
                "\(owner) is mapped and lies in group \(domain.id), which is mapped",
                reason: "an instance has one index",
                remedy: "map over both lists at once: over: { first: ..., second: ... }"
            )
        }
        checkParts(of: map, owner, at: base + ["map"])
        let members = Set(groups.steps(in: group.id))
        checkWritersOfFiles(of: map, owner, besides: members, at: base)
        for (source, files) in map.files {
            let path = base + place(of: source) + ["files"]
            if let writer = writers[files.dataset], members.contains(writer) {
                report(
                    path,
                    .mapInvalid,
                    "\(owner) is mapped over the files of dataset \(files.dataset), which a step in it writes",
                    reason: "the files must be there before the group starts",
                    remedy: "move step \(stepIDs[writer]) out of the group"
                )
            } else if writers[files.dataset] == nil, !sourceDatasets.contains(files.dataset) {
                reportUnknownDataset(files.dataset, at: path)
            }
        }
        for template in map.templates {
            for (id, _) in StepTemplate.references(in: [template]) {
                guard let index = stepPositions[id], members.contains(index) else { continue }
                report(
                    base + template.path,
                    .mapInvalid,
                    "\(owner) is mapped over a value of step \(id), which is part of it",
                    reason: "the items must be known before the group starts",
                    remedy: "move step \(id) out of the group"
                )
            }
        }
    }

    /// What instances write is a folder only for those who read all of it.
    private mutating func checkWritersOfFiles(
        of map: MapSpec,
        _ owner: String,
        besides members: Set<Int> = [],
        at base: [PathComponent]
    ) {
        for (source, files) in map.files {
            guard let writer = writers[files.dataset], !members.contains(writer) else { continue }
            let step = manifest.steps[writer]
            guard step.map != nil || step.group.flatMap(groups.mapDomain) != nil else { continue }
            report(
                base + place(of: source) + ["files"],
                .mapInvalid,
                "\(owner) is mapped over the files of dataset \(files.dataset), which mapped step \(step.id) writes",
                reason: "each of its instances writes a file of its own",
                remedy: "put both into one mapped group, so that each instance reads the file of its own item"
            )
        }
    }

    /// What is wrong in a map whatever is mapped.
    private mutating func checkParts(of map: MapSpec, _ owner: String, at base: [PathComponent]) {
        func object(_ path: [PathComponent], _ message: String, reason: String? = nil, _ remedy: String) {
            report(base + path, .mapInvalid, "\(owner): \(message)", reason: reason, remedy: remedy)
        }
        checkRange("limit", map.limit, 1...Limits.mapItemsAtMost, of: owner, at: base)
        if map.sources.isEmpty {
            object([], "the map has no list", "write map: [a, b], or map: \"{{ steps.ID.values.NAME }}\"")
        }
        if map.sources.count > Limits.mapSources {
            object(
                ["over"],
                "the map combines \(map.sources.count) lists; it may combine \(Limits.mapSources)",
                "let a step make one list of them"
            )
            return
        }
        var seen: Set<PortName> = []
        for source in map.sources {
            if let name = source.name {
                checkName(name, at: base + ["over", .key(name.rawValue)])
                if !seen.insert(name).inserted {
                    object(["over", .key(name.rawValue)], "two lists have the name \(name)", "rename one of them")
                }
            }
        }
        if map.sources.count > 1, map.sources.contains(where: { $0.name == nil }) {
            object(
                ["over"],
                "one of several lists has no name",
                reason: "an item has a member for each list",
                "name every list, as in over: { first: ..., second: ... }"
            )
        }
        checkLengths(of: map, owner, at: base)
    }

    /// Compares what is known of the lists' lengths before a run.
    private mutating func checkLengths(of map: MapSpec, _ owner: String, at base: [PathComponent]) {
        let lengths = map.sources.map { source -> (name: PortName?, length: Int)? in
            if case .values(let values) = source.list { (source.name, values.count) } else { nil }
        }
        let known = lengths.compactMap(\.self)
        if map.combine == .zip, let first = known.first, let other = known.first(where: { $0.length != first.length }) {
            report(
                base + ["over"] + (other.name.map { [.key($0.rawValue)] } ?? []),
                .mapInvalid,
                "\(owner): zip takes lists of one length, and these have \(first.length) and \(other.length) elements",
                remedy: "make them equal, or write combine: product"
            )
            return
        }
        // Lists that a step makes may have any length, so nothing is known of their product but that it may be 0.
        guard known.count == lengths.count, !known.isEmpty, map.filter == nil, map.limit > 0 else { return }
        let isZip = map.combine == .zip
        var items = 1
        for (_, length) in known {
            let (product, overflow) = items.multipliedReportingOverflow(by: length)
            items = isZip ? length : overflow ? Int.max : product
        }
        if items > map.limit {
            report(
                base + ["over"],
                .mapInvalid,
                "\(owner): the map has \(items) items; its limit is \(map.limit)",
                remedy: map.limit < Limits.mapItemsAtMost
                    ? "add limit: \(min(items, Limits.mapItemsAtMost)) to the map, or make the list shorter"
                    : "make the list shorter"
            )
        }
    }

    private func place(of source: MapSource) -> [PathComponent] {
        ["map"] + (source.name.map { ["over", .key($0.rawValue)] } ?? [])
    }
}

extension MapSpec {
    /// The sources that are files of datasets.
    var files: [(source: MapSource, files: MapFiles)] {
        sources.compactMap { if case .files(let files) = $0.list { ($0, files) } else { nil } }
    }
}
