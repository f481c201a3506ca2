import MartletCore

/// Turns the tree of a pipeline file into a manifest, reporting all that does not fit.
///
/// It always makes a manifest, filling in where something could not be read, so that the rest can be checked too.
struct PipelineReader {
    let diagnostics: Diagnostics
    let files: PipelineFiles
    /// For each step of the manifest the node it was read from.
    var stepNodes: [YAMLNode] = []
    var defaults = StepDefaults()

    /// The manifest in `root`, or nil when `root` is no mapping.
    mutating func manifest(in root: YAMLNode) -> PipelineManifest? {
        guard let entries = root.entries else {
            diagnostics.reject(
                root,
                "a pipeline file is a mapping; this is \(root.kindName)",
                remedy: "start it with pipeline: NAME and steps:"
            )
            return nil
        }
        if root.entry("pipeline") == nil, root.entry("project") != nil, root.entry("steps") == nil {
            diagnostics.report(
                .keyMissing,
                "this is a project file, not a pipeline",
                remedy: "name a pipeline, or a file under pipelines/",
                at: root.position
            )
            return nil
        }
        KnownKeys.pipeline.check(entries, diagnostics)
        let id = diagnostics.name(root.entry("pipeline"), as: PipelineID.self)
        if root.entry("pipeline") == nil {
            diagnostics.report(
                .keyMissing,
                "the pipeline has no name",
                remedy: "add pipeline: NAME",
                at: root.position
            )
        }
        defaults = StepDefaults(diagnostics, defaults: root.entry("defaults"), env: root.entry("env"))
        let params = parameters(root.entry("params"))
        let sources = sources(root.entry("sources"))
        return PipelineManifest(
            pipeline: id ?? PipelineID(trusted: ""),
            description: diagnostics.text(root.entry("description")),
            owner: diagnostics.text(root.entry("owner")),
            tags: diagnostics.texts(root.entry("tags")) ?? [],
            schedule: schedule(root.entry("schedule")),
            params: params,
            sources: sources,
            maxParallelSteps: diagnostics.integer(root.entry("max_parallel_steps")),
            policy: policy(root),
            groups: groups(root.entry("groups")),
            steps: steps(root)
        )
    }

    private func sources(_ entry: YAMLEntry?) -> [SourceSpec] {
        guard let entries = diagnostics.mapping(entry, form: "flights/raw: data/flights.csv") else {
            if entry != nil { diagnostics.incomplete.insert(.datasets) }
            return []
        }
        return entries.map { entry in
            let dataset = diagnostics.name(entry.key, as: DatasetID.self, at: entry.keyPosition)
            var path = ""
            var format: DatasetFormat?
            if let parts = entry.value.entries {
                KnownKeys.source.check(parts, diagnostics)
                format = diagnostics.choice(entry.value.entry("format"), "format")
                if let part = entry.value.entry("path") {
                    path = diagnostics.text(part) ?? ""
                } else {
                    diagnostics.report(
                        .keyMissing,
                        "source \(dataset) has no path",
                        remedy: "add path: data/file.csv",
                        at: entry.value.position
                    )
                }
            } else {
                path = diagnostics.text(entry) ?? ""
            }
            return SourceSpec(
                dataset: dataset,
                path: path,
                format: format ?? DatasetFormat(fileName: path) ?? DatasetFormat(fileName: dataset.rawValue)
            )
        }
    }

    private mutating func steps(_ root: YAMLNode) -> [StepManifest] {
        guard let entry = root.entry("steps") else {
            // The validator says that a pipeline without steps lacks them.
            return []
        }
        guard case .list(let elements) = entry.value.content else {
            diagnostics.reject(
                entry.value,
                "steps must be a list; it is \(entry.value.kindName)",
                remedy: "start each step with \"- id: NAME\""
            )
            diagnostics.incomplete.formUnion([.steps, .datasets])
            return []
        }
        if elements.count > Limits.stepsPerPipeline {
            diagnostics.reject(
                entry.value,
                "there are \(elements.count) steps; a pipeline may have \(Limits.stepsPerPipeline)",
                .limitExceeded,
                remedy: "split the pipeline, or map one step over many items"
            )
            diagnostics.incomplete.formUnion([.steps, .datasets])
            return []
        }
        return elements.map { element in
            stepNodes.append(element)
            return step(element, number: stepNodes.count)
        }
    }
}
