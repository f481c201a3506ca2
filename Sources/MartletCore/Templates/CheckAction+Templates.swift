extension CheckAction {
    /// The suite's parameters with their templates filled in; a text that is one template and nothing else takes the
    /// value as it is, a number as a number.
    ///
    /// - Throws: ``TemplateError`` when a template fails.
    public func rendered(_ lookup: ([String]) -> JSONValue?) throws(TemplateError) -> [String: JSONValue] {
        var rendered = parameters
        for (name, value) in parameters {
            guard let text = value.stringValue, text.contains("{{") else { continue }
            let template = try Template(text)
            if let expression = template.soleExpression {
                rendered[name] = try expression.evaluate(lookup)
            } else {
                rendered[name] = .string(try template.render(.none, lookup).text)
            }
        }
        return rendered
    }
}
