/// The pipelines of a program, found by name.
struct PipelineCatalog: Sendable {
    let pipelines: [Pipeline]

    init(_ pipelines: [Pipeline]) { self.pipelines = pipelines }

    /// Everything wrong with the pipelines, also between them.
    var errors: [MartletError] {
        var errors = pipelines.flatMap { $0.problems.map(\.error) }
        if pipelines.isEmpty {
            errors.append(
                MartletError(.keyMissing, "the program has no pipelines", remedy: "put one into `static let pipelines`")
            )
        }
        var seen: Set<PipelineID> = []
        for pipeline in pipelines where !seen.insert(pipeline.manifest.pipeline).inserted {
            let id = pipeline.manifest.pipeline
            errors.append(MartletError(.nameDuplicate, "two pipelines have the name \(id)", remedy: "rename one"))
        }
        return errors
    }

    /// The pipeline called `name`, or the only one when no name is given.
    ///
    /// - Throws: `MartletError` MT1018 when there is none of that name, or several to choose from.
    func pipeline(_ name: String?) throws(MartletError) -> Pipeline {
        let known = pipelines.map(\.manifest.pipeline.rawValue)
        guard let name else {
            if pipelines.count == 1 { return pipelines[0] }
            throw MartletError(
                .pipelineNotFound,
                "the program has \(known.count) pipelines, and none was named",
                remedy: "name one of \(known.joined(separator: ", "))"
            )
        }
        if let found = pipelines.first(where: { $0.manifest.pipeline.rawValue == name }) { return found }
        throw MartletError(
            .pipelineNotFound,
            "the program has no pipeline \"\(name)\"",
            remedy: NearestName.of(name, among: known).map { "did you mean \($0)?" }
                ?? "it has \(known.joined(separator: ", "))"
        )
    }
}
