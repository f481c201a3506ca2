extension PipelineBuilder {
    /// Adds a group with the steps that `steps` adds.
    ///
    /// - Parameters:
    ///   - id: the group's id, which no step has.
    ///   - description: what it is for.
    ///   - after: what its first steps wait for.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - steps: adds the steps, and groups within the group.
    /// - Returns: the group, with what `steps` returns.
    @discardableResult
    public func group<Outcome>(
        _ id: String,
        description: String? = nil,
        after: [any Predecessor] = [],
        fileID: String = #fileID,
        line: Int = #line,
        _ steps: () -> Outcome
    ) -> StepGroup<Outcome> {
        let place = SourceLocation(file: fileID, line: line)
        let id = open(id, description, after, at: place)
        return StepGroup(id: id, outcome: within({ $0.group = id }, steps))
    }

    /// Adds a group whose steps all run once for each item, each instance beside the others of its item.
    ///
    /// ```swift
    /// let sizes = p.group("per_city", map: cities) { city in
    ///     let file = p.command("fetch", "./fetch.sh \(city)", writes: Raw.to("raw")).outputs
    ///     return p.step("count", file, city) { context, file, city in try file.data().count }
    /// }.outcome
    /// ```
    ///
    /// Within the group a handle stands for what the instance of the same item makes; what the closure returns stands
    /// for that of all instances, outside.
    ///
    /// - Parameters:
    ///   - id: the group's id, which no step has.
    ///   - source: what the items are.
    ///   - description: what it is for.
    ///   - after: what its first steps wait for.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - steps: adds the steps; it is given the handle of the item.
    /// - Returns: the group, with what `steps` returns of all instances.
    @discardableResult
    public func group<Source: ItemSource, Outcome: Gatherable>(
        _ id: String,
        map source: Source,
        description: String? = nil,
        after: [any Predecessor] = [],
        fileID: String = #fileID,
        line: Int = #line,
        _ steps: (Item<Source.Element>) -> Outcome
    ) -> StepGroup<Outcome.Gathered>
    where Source.Element: Sendable {
        let place = SourceLocation(file: fileID, line: line)
        let id = open(id, description, after, Mapping(source.items), at: place)
        let outcome = within({ ($0.group, $0.isMapped) = (id, true) }, { steps(Item()) })
        return StepGroup(id: id, outcome: outcome.gathered)
    }

    /// Adds a group whose steps all run once for each item, and of which nothing is used outside.
    ///
    /// - Parameters:
    ///   - id: the group's id, which no step has.
    ///   - source: what the items are.
    ///   - description: what it is for.
    ///   - after: what its first steps wait for.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - steps: adds the steps; it is given the handle of the item.
    /// - Returns: the group.
    @discardableResult
    public func group<Source: ItemSource>(
        _ id: String,
        map source: Source,
        description: String? = nil,
        after: [any Predecessor] = [],
        fileID: String = #fileID,
        line: Int = #line,
        _ steps: (Item<Source.Element>) -> Void
    ) -> StepGroup<Void>
    where Source.Element: Sendable {
        let place = SourceLocation(file: fileID, line: line)
        let id = open(id, description, after, Mapping(source.items), at: place)
        within({ ($0.group, $0.isMapped) = (id, true) }, { steps(Item()) })
        return StepGroup(id: id, outcome: ())
    }

    private func open(
        _ raw: String,
        _ description: String?,
        _ after: [any Predecessor],
        _ mapping: Mapping? = nil,
        at place: SourceLocation
    ) -> GroupID {
        let path: [PathComponent] = ["groups", .index(groups.count)]
        let id: GroupID = name(raw, at: place, path: path + ["id"])
        if let mapping { check(mapping, at: place, path: path + ["map"]) }
        add(
            GroupSpec(
                id: id,
                description: description,
                parent: scope.group,
                after: after.flatMap(\.predecessors),
                map: mapping?.spec
            ),
            at: place
        )
        return id
    }
}
