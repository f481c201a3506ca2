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
    ///   - inputs: datasets, values and parameters; the body is given what they stand for, in this order.
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
    ///   - inputs: datasets, values and parameters; the body is given what they stand for, in this order.
    ///   - body: runs in a process of its own for every attempt.
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
            options: options,
            at: SourceLocation(file: fileID, line: line),
            body: StepBody { context in
                try await body(context, repeat try (each resolvers)(context.document))
                return .nothing
            }
        )
    }

    /// Adds a step that writes datasets in Swift.
    ///
    /// ```swift
    /// let top = p.step("top", features, writes: Top.to("flights/top")) { context, top, features in
    ///     try top.write(rows: features.rows().prefix(10))
    /// }.outputs
    /// ```
    ///
    /// - Parameters:
    ///   - inputs: datasets, values and parameters; the body is given what they stand for, in this order.
    ///   - writes: the datasets it writes.
    ///   - body: runs in a process of its own for every attempt; between the context and the inputs it is given
    ///     the file to write, or a tuple of several.
    @discardableResult
    public func step<each Input: StepInput, each Content: DatasetContent>(
        _ id: String,
        _ inputs: repeat each Input,
        writes: repeat OutputPort<each Content>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line,
        body:
            @escaping @Sendable (
                StepContext, (repeat OutputFile<each Content>), repeat (each Input).Resolved
            ) async throws -> Void
    ) -> Step<repeat each Content> {
        var wiring = StepWiring()
        let resolvers = (repeat (each inputs).wire(&wiring))
        let files = (repeat OutputFile<each Content>.resolver((each writes).name))
        return add(
            id,
            .swift(SwiftAction(valueInputs: wiring.values)),
            inputs: wiring.inputs,
            outputs: repeat each writes,
            options: options,
            at: SourceLocation(file: fileID, line: line),
            body: StepBody { context in
                try await body(
                    context,
                    (repeat try (each files)(context.document)),
                    repeat try (each resolvers)(context.document)
                )
                return .nothing
            }
        )
    }
}
