extension PipelineBuilder {
    /// Adds a step that computes a value in Swift once for each item.
    ///
    /// ```swift
    /// let sizes = p.step("measure", map: names) { context, name in name.count }
    /// ```
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - source: what the items are.
    ///   - inputs: datasets, values and parameters; the body is given what they stand for, after the item.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - body: runs in a process of its own for every attempt of every instance.
    /// - Returns: the values that the instances return, in the order of their items; those that are skipped are left out.
    @discardableResult
    public func step<Source: ItemSource, each Input: StepInput, Content: Codable & Sendable>(
        _ id: String,
        map source: Source,
        _ inputs: repeat each Input,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        body:
            @escaping @Sendable (StepContext, Source.Element, repeat (each Input).Resolved) async throws -> Content
    ) -> Value<[Content]>
    where Source.Element: Sendable {
        var wiring = StepWiring()
        let item = Item<Source.Element>().wire(&wiring)
        let resolvers = (repeat (each inputs).wire(&wiring))
        let step: Step<> = add(
            id,
            .swift(SwiftAction(valueInputs: wiring.values)),
            inputs: wiring.inputs,
            values: [.result],
            mapping: Mapping(source.items),
            usesItem: true,
            options: options,
            at: SourceLocation(file: fileID, line: line),
            body: StepBody { context in
                let element = try item(context.document)
                return .value(
                    try JSONValue(
                        encoding: await body(context, element, repeat try (each resolvers)(context.document))
                    )
                )
            }
        )
        return Value<Content>(step: step.id, name: .result).gathered
    }

    /// Adds a step that does something in Swift once for each item and computes no value.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - source: what the items are.
    ///   - inputs: datasets, values and parameters; the body is given what they stand for, after the item.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - body: runs in a process of its own for every attempt of every instance.
    /// - Returns: the step.
    @discardableResult
    public func step<Source: ItemSource, each Input: StepInput>(
        _ id: String,
        map source: Source,
        _ inputs: repeat each Input,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        body: @escaping @Sendable (StepContext, Source.Element, repeat (each Input).Resolved) async throws -> Void
    ) -> MappedStep<>
    where Source.Element: Sendable {
        var wiring = StepWiring()
        let item = Item<Source.Element>().wire(&wiring)
        let resolvers = (repeat (each inputs).wire(&wiring))
        let step: Step<> = add(
            id,
            .swift(SwiftAction(valueInputs: wiring.values)),
            inputs: wiring.inputs,
            mapping: Mapping(source.items),
            usesItem: true,
            options: options,
            at: SourceLocation(file: fileID, line: line),
            body: StepBody { context in
                let element = try item(context.document)
                try await body(context, element, repeat try (each resolvers)(context.document))
                return .nothing
            }
        )
        return MappedStep(step)
    }

    /// Adds a step that writes a dataset in Swift, a file of it for each item.
    ///
    /// ```swift
    /// let days = p.step("load", map: dates, writes: Day.to("days")) { context, day, date in
    ///     try day.write(rows: load(date))
    /// }.outputs
    /// ```
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - source: what the items are.
    ///   - inputs: datasets, values and parameters; the body is given what they stand for, after the item.
    ///   - output: the dataset; it becomes a folder with a file of each instance.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - body: runs in a process of its own for every attempt of every instance; it is given the file to write
    ///     before the item.
    /// - Returns: the step, with the handle of what all instances write.
    @discardableResult
    public func step<Source: ItemSource, each Input: StepInput, Content: DatasetContent>(
        _ id: String,
        map source: Source,
        _ inputs: repeat each Input,
        writes output: OutputPort<Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        body:
            @escaping @Sendable (
                StepContext, OutputFile<Content>, Source.Element, repeat (each Input).Resolved
            ) async throws -> Void
    ) -> MappedStep<Content>
    where Source.Element: Sendable {
        var wiring = StepWiring()
        let item = Item<Source.Element>().wire(&wiring)
        let resolvers = (repeat (each inputs).wire(&wiring))
        let file = OutputFile<Content>.resolver(output.name)
        let step = add(
            id,
            .swift(SwiftAction(valueInputs: wiring.values)),
            inputs: wiring.inputs,
            outputs: output,
            mapping: Mapping(source.items),
            usesItem: true,
            options: options,
            at: SourceLocation(file: fileID, line: line),
            body: StepBody { context in
                let element = try item(context.document)
                let target = try file(context.document)
                try await body(context, target, element, repeat try (each resolvers)(context.document))
                return .nothing
            }
        )
        return MappedStep(step)
    }
}
