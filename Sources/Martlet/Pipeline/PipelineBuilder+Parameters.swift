extension PipelineBuilder {
    /// Declares a parameter that a run may set: `p.parameter("source", default: "pypi")`.
    @discardableResult
    public func parameter<Content: ParameterValue>(
        _ name: String,
        default value: Content,
        description: String? = nil,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Parameter<Content> {
        declare(name, default: value, description, SourceLocation(file: fileID, line: line))
    }

    /// Declares a number that a run may set, with limits: `p.parameter("month", default: 1, in: 1...12)`.
    @discardableResult
    public func parameter<Content: ParameterNumber>(
        _ name: String,
        default value: Content,
        in range: some ParameterRange<Content>,
        description: String? = nil,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Parameter<Content> {
        declare(
            name,
            default: value,
            minimum: range.lowestAllowed?.limit,
            maximum: range.highestAllowed?.limit,
            description,
            SourceLocation(file: fileID, line: line)
        )
    }

    /// Declares a parameter that every run must set: `p.parameter("day", String.self)`.
    @discardableResult
    public func parameter<Content: ParameterValue>(
        _ name: String,
        _ type: Content.Type,
        description: String? = nil,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Parameter<Content> {
        declare(name, default: nil, description, SourceLocation(file: fileID, line: line))
    }

    /// Declares a number that every run must set, with limits.
    @discardableResult
    public func parameter<Content: ParameterNumber>(
        _ name: String,
        _ type: Content.Type,
        in range: some ParameterRange<Content>,
        description: String? = nil,
        fileID: String = #fileID,
        line: Int = #line
    ) -> Parameter<Content> {
        declare(
            name,
            default: nil,
            minimum: range.lowestAllowed?.limit,
            maximum: range.highestAllowed?.limit,
            description,
            SourceLocation(file: fileID, line: line)
        )
    }

    private func declare<Content: ParameterValue>(
        _ name: String,
        default value: Content?,
        minimum: Double? = nil,
        maximum: Double? = nil,
        _ description: String?,
        _ place: SourceLocation
    ) -> Parameter<Content> {
        let name: PortName = self.name(name, at: place, path: ["params", .key(name)])
        add(
            ParameterSpec(
                name: name,
                type: Content.parameterKind,
                description: description,
                defaultValue: value?.scalarValue,
                minimum: minimum,
                maximum: maximum,
                choices: Content.parameterChoices
            )
        )
        return Parameter(name: name)
    }
}
