package import MartletCore

extension SparkTemplate {
    /// The files with values filled in: the given ones, and defaults for the rest.
    ///
    /// - Parameter settings: Names and values, each name once.
    /// - Returns: The files in the template's order, ready to be written.
    /// - Throws: ``MartletError`` MT7041 for a name that is no parameter, MT7042 for a value that does not fit.
    package func rendered(settings: [(name: String, value: String)] = []) throws(MartletError) -> [File] {
        var values = defaults
        var given: Set<String> = []
        for (name, value) in settings {
            guard let parameter = parameters.first(where: { $0.name == Self.plain(name) }) else {
                let known = parameters.map(\.name)
                throw MartletError(
                    .sparkTemplateParameterUnknown,
                    "\(self.name) has no parameter \"\(name)\"",
                    remedy: NearestName.of(name, among: known).map { "did you mean \($0)?" }
                        ?? "it has \(known.joined(separator: ", "))"
                )
            }
            guard given.insert(parameter.name).inserted else {
                throw MartletError(
                    .sparkTemplateValueInvalid,
                    "\(parameter.name) is set twice",
                    remedy: "set it once"
                )
            }
            values[parameter.name] = try parameter.checked(value)
        }
        return files.map { file in
            File(path: file.path, purpose: file.purpose, text: Self.fill(file.text, with: values))
        }
    }

    /// `text` with each `@{name}` replaced by that name's value; an unknown name is left as it is.
    static func fill(_ text: String, with values: [String: String]) -> String {
        var result = ""
        var rest = text[...]
        while let sign = rest.firstRange(of: "@{") {
            result += rest[..<sign.lowerBound]
            rest = rest[sign.lowerBound...]
            guard let end = rest.firstIndex(of: "}") else { break }
            let name = String(rest[sign.upperBound..<end])
            let after = rest.index(after: end)
            result += values[name] ?? String(rest[..<after])
            rest = rest[after...]
        }
        return result + rest
    }

    /// A name with `-` as `_`: both are commonly typed.
    static func plain(_ name: String) -> String { String(name.map { $0 == "-" ? "_" : $0 }) }
}
