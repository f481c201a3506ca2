import MartletCore

/// Finds where in the files a problem of the manifest stands.
struct ManifestPlaces {
    let root: YAMLNode
    let diagnostics: Diagnostics
    let files: PipelineFiles
    let manifest: PipelineManifest

    /// A place, and whether what stands there was reported already.
    private struct Place {
        var node: YAMLNode
        var key: TextPosition?
        var isReported = false
        var isInherited = false
    }

    /// Adds those problems that do not merely follow from errors of shape.
    func report(_ problems: [ManifestProblem]) {
        // What all steps inherit is wrong once, not once for each.
        var inherited: Set<[SourceLocation?]> = []
        for problem in problems {
            if let missing = problem.missing, diagnostics.incomplete.contains(missing) { continue }
            let place = find(problem.path)
            if place.isReported { continue }
            var error = problem.error
            error.location = location(of: problem, at: place)
            if place.isInherited, !inherited.insert([error.location]).inserted { continue }
            diagnostics.add(error)
        }
    }

    private func location(of problem: ManifestProblem, at place: Place) -> SourceLocation {
        if problem.isAboutKey, let key = place.key { return diagnostics.source.location(key) }
        guard let offset = problem.offset, case .scalar(let scalar) = place.node.content else {
            return diagnostics.source.location(place.node.position)
        }
        if case .index(let index)? = problem.path.dropFirst().first, problem.path.last == "sql",
            manifest.steps.indices.contains(index), case .sql(let action) = manifest.steps[index].action,
            let file = action.file, let text = files.sources[file]
        {
            return text.location(text.position(of: offset))
        }
        let position = ScalarPlaces.position(
            of: offset,
            in: scalar,
            at: place.node.position,
            source: diagnostics.source
        )
        return diagnostics.source.location(position)
    }

    /// Follows a path as far as it leads; a key that a step took from the defaults is found there.
    private func find(_ path: [PathComponent]) -> Place {
        var place = Place(node: root)
        for (index, component) in path.enumerated() {
            guard let next = follow(component, from: place) else {
                if index == 2 || index == 3, let inherited = inherited(path) { return inherited }
                break
            }
            place = next
        }
        return place
    }

    private func follow(_ component: PathComponent, from place: Place) -> Place? {
        var next: Place
        switch component {
        case .key(let key):
            if let entry = place.node.entry(key) ?? jsonEntry(key, in: place.node) {
                next = Place(node: entry.value, key: entry.keyPosition)
            } else if let element = place.node.element(named: key) {
                // A list of a map stands in JSON below its kind.
                next = Place(node: element.child("list")?.entries?.first?.value ?? element)
            } else if let kind = place.node.child("action")?.entry(key) {
                // What YAML writes as the value of the kind's key is a member of it in JSON.
                let members = ["shell", "arguments", "text", "cases", "condition"]
                next = Place(node: members.lazy.compactMap(kind.value.child).first ?? kind.value, key: kind.keyPosition)
            } else if Self.optional.contains(key) {
                // The short form, as `map: [1, 2]` for `map: { over: [1, 2] }`.
                return place
            } else {
                return nil
            }
        case .index(let index):
            if let element = place.node.element(index) {
                next = Place(node: element)
            } else if index == 0, place.node.entries != nil {
                // One alone is written without a list, as `deadline: { within: 15m }`.
                return place
            } else {
                return nil
            }
        }
        next.isReported =
            place.isReported || diagnostics.unreadable.contains(next.node.position)
            || next.key.map(diagnostics.unreadable.contains) ?? false
        return next
    }

    /// Keys that may be left out on the way to what stands below them.
    private static let optional: Set<String> = ["over", "of"]

    /// Where a manifest in JSON keeps what YAML writes as the key `key` of the same mapping.
    private func jsonEntry(_ key: String, in node: YAMLNode) -> YAMLEntry? {
        let parts = ["over": "sources", "of": "setups", "deadline": "deadlines", "paused": "starts_paused"]
        for name in [key, parts[key] ?? "\(key)_seconds"] {
            for home in ["limits", "policy", "role"] {
                if let entry = node.child(home)?.entry(name) { return entry }
            }
            if name != key, let entry = node.entry(name) { return entry }
        }
        return nil
    }

    /// The place of a step's key under `defaults`, or of a variable under `env`.
    private func inherited(_ path: [PathComponent]) -> Place? {
        guard path.first == "steps" else { return nil }
        let rest = Array(path.dropFirst(2))
        for start in [["defaults"], []] as [[PathComponent]] {
            if start.isEmpty, rest.first != "env" { continue }
            var place: Place? = Place(node: root)
            for component in start + rest {
                place = place.flatMap { follow(component, from: $0) }
            }
            place?.isInherited = true
            if let place { return place }
        }
        return nil
    }
}

extension YAMLNode {
    /// The element of a list whose `name` or `dataset` is this: how manifests in JSON write what YAML writes as a key.
    fileprivate func element(named name: String) -> YAMLNode? {
        guard case .list(let elements) = content else { return nil }
        return elements.first { $0.child("name")?.scalarText == name || $0.child("dataset")?.scalarText == name }
    }
}
