extension PipelineBuilder {
    /// Adds a step that computes a value in Swift.
    ///
    /// ```swift
    /// let stats = p.step("stats", features) { context, features in
    ///     Stats(rows: try features.rows().count)
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - inputs: datasets, values and parameters; the body is given what they stand for, in this order.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - body: runs in a process of its own for every attempt.
    /// - Returns: the value that the body returns.
    @discardableResult
    public func step<each Input: StepInput, Content: Codable & Sendable>(
        _ id: String,
        _ inputs: repeat each Input,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        body: @escaping @Sendable (StepContext, repeat (each Input).Resolved) async throws -> Content
    ) -> Value<Content> {
        var wiring = StepWiring()
        let resolvers = (repeat (each inputs).wire(&wiring))
        let step: Step<> = add(
            id,
            .swift(SwiftAction(valueInputs: wiring.values)),
            inputs: wiring.inputs,
            values: [.result],
            usesItem: wiring.usesItem,
            options: options,
            at: SourceLocation(file: fileID, line: line),
            body: StepBody { context in
                .value(try JSONValue(encoding: await body(context, repeat try (each resolvers)(context.document))))
            }
        )
        return Value(step: step.id, name: .result)
    }

    /// Adds a step that does something in Swift and computes no value.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - inputs: datasets, values and parameters; the body is given what they stand for, in this order.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - body: runs in a process of its own for every attempt.
    /// - Returns: the step, with the handles of what it writes.
    @discardableResult
    public func step<each Input: StepInput>(
        _ id: String,
        _ inputs: repeat each Input,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        body: @escaping @Sendable (StepContext, repeat (each Input).Resolved) async throws -> Void
    ) -> Step<> {
        var wiring = StepWiring()
        let resolvers = (repeat (each inputs).wire(&wiring))
        return add(
            id,
            .swift(SwiftAction(valueInputs: wiring.values)),
            inputs: wiring.inputs,
            usesItem: wiring.usesItem,
            options: options,
            at: SourceLocation(file: fileID, line: line),
            body: StepBody { context in
                try await body(context, repeat try (each resolvers)(context.document))
                return .nothing
            }
        )
    }

    /// Adds a step that writes a dataset in Swift.
    ///
    /// ```swift
    /// let top = p.step("top", features, writes: Top.to("flights/top")) { context, top, features in
    ///     try top.write(rows: features.rows().prefix(10))
    /// }.outputs
    /// ```
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - inputs: datasets, values and parameters; the body is given what they stand for, in this order.
    ///   - output: the dataset it writes.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - body: runs in a process of its own for every attempt; it is given the file to write before its inputs.
    /// - Returns: the step, with the handles of what it writes.
    @discardableResult
    public func step<each Input: StepInput, Content: DatasetContent>(
        _ id: String,
        _ inputs: repeat each Input,
        writes output: OutputPort<Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        body: @escaping @Sendable (StepContext, OutputFile<Content>, repeat (each Input).Resolved) async throws -> Void
    ) -> Step<Content> {
        var wiring = StepWiring()
        let resolvers = (repeat (each inputs).wire(&wiring))
        let file = OutputFile<Content>.resolver(output.name)
        return add(
            id,
            .swift(SwiftAction(valueInputs: wiring.values)),
            inputs: wiring.inputs,
            outputs: output,
            usesItem: wiring.usesItem,
            options: options,
            at: SourceLocation(file: fileID, line: line),
            body: StepBody { context in
                try await body(context, try file(context.document), repeat try (each resolvers)(context.document))
                return .nothing
            }
        )
    }

    /// Adds a step that writes several datasets in Swift.
    ///
    /// - Parameters:
    ///   - id: the step's id.
    ///   - inputs: datasets, values and parameters; the body is given what they stand for, in this order.
    ///   - first: the first dataset it writes.
    ///   - second: the second.
    ///   - others: those after it.
    ///   - options: how the step is treated.
    ///   - fileID: the file of the call, for messages about mistakes.
    ///   - line: the line of the call.
    ///   - body: runs in a process of its own for every attempt; it is given the files to write, a tuple, before its
    ///     inputs.
    /// - Returns: the step, with the handles of what it writes.
    @discardableResult
    public func step<
        each Input: StepInput,
        First: DatasetContent,
        Second: DatasetContent,
        each Other: DatasetContent
    >(
        _ id: String,
        _ inputs: repeat each Input,
        writes first: OutputPort<First>,
        _ second: OutputPort<Second>,
        _ others: repeat OutputPort<each Other>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        body:
            @escaping @Sendable (
                StepContext,
                (OutputFile<First>, OutputFile<Second>, repeat OutputFile<each Other>),
                repeat (each Input).Resolved
            ) async throws -> Void
    ) -> Step<First, Second, repeat each Other> {
        // Two outputs are named because the compiler (6.3) fails on a closure whose parameter is a pack as a tuple of one.
        var wiring = StepWiring()
        let resolvers = (repeat (each inputs).wire(&wiring))
        let files = (
            OutputFile<First>.resolver(first.name),
            OutputFile<Second>.resolver(second.name)
        )
        let otherFiles = (repeat OutputFile<each Other>.resolver((each others).name))
        return add(
            id,
            .swift(SwiftAction(valueInputs: wiring.values)),
            inputs: wiring.inputs,
            outputs: first,
            second,
            repeat each others,
            usesItem: wiring.usesItem,
            options: options,
            at: SourceLocation(file: fileID, line: line),
            body: StepBody { context in
                let document = context.document
                try await body(
                    context,
                    (try files.0(document), try files.1(document), repeat try (each otherFiles)(document)),
                    repeat try (each resolvers)(document)
                )
                return .nothing
            }
        )
    }
}
