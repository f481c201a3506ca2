/// The steps of a pipeline nested in their groups, for languages that draw boxes around nodes.
struct GroupedSteps {
    private let table: GroupTable
    private let manifest: PipelineManifest

    init(_ manifest: PipelineManifest) {
        self.manifest = manifest
        table = GroupTable(manifest)
    }

    /// Lines that draw every step, those of a group between the lines that open and close it.
    func lines(
        node: (Int, StepManifest) -> String,
        open: (Int, GroupSpec) -> [String],
        close: String
    ) -> [String] {
        var groups = [[Int]](repeating: [], count: table.groups.count)
        var lines: [String] = []
        for (group, lineage) in table.lineages.enumerated() where lineage.count > 1 { groups[lineage[1]].append(group) }
        func draw(_ group: Int, _ indentation: String) {
            lines += open(group, table.groups[group]).map { indentation + $0 }
            let inside = indentation + "  "
            for step in table.members[group] where table.groupOfStep[step] == group {
                lines.append(inside + node(step, manifest.steps[step]))
            }
            for inner in groups[group] { draw(inner, inside) }
            lines.append(indentation + close)
        }
        for group in table.groups.indices where table.lineages[group].count == 1 { draw(group, "  ") }
        for (step, spec) in manifest.steps.enumerated() where table.groupOfStep[step] == nil {
            lines.append("  " + node(step, spec))
        }
        return lines
    }
}

extension StepManifest {
    /// What a drawing says of the step beside its id.
    var drawnKind: String { map == nil ? action.kind : "\(action.kind), mapped" }
}

extension GroupSpec {
    /// What a drawing calls the group.
    var drawnName: String { map == nil ? id.rawValue : "\(id), mapped" }
}
