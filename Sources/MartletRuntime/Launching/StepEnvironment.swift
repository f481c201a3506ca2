import MartletCore

/// The environment variables of an attempt: the documented step protocol.
enum StepEnvironment {
    static func variables(_ context: StepContextDocument, _ layout: AttemptLayout) -> [String: String] {
        var variables = [
            "MARTLET_RUN_ID": context.runID.rawValue,
            "MARTLET_PIPELINE": context.pipeline.rawValue,
            "MARTLET_STEP": context.step.rawValue,
            "MARTLET_ATTEMPT": String(context.attempt),
            "MARTLET_PROJECT": context.project,
            "MARTLET_WORK_DIR": context.workDirectory,
            "MARTLET_CONTEXT": layout.context,
            "MARTLET_MESSAGES": layout.messages,
        ]
        for (name, dataset) in context.inputs { variables["MARTLET_INPUT_\(name.uppercased())"] = dataset.path }
        for (name, dataset) in context.outputs { variables["MARTLET_OUTPUT_\(name.uppercased())"] = dataset.path }
        for (name, value) in context.params { variables["MARTLET_PARAM_\(name.uppercased())"] = value.displayText }
        add(context.occasion, to: &variables)
        if let map = context.map {
            variables["MARTLET_MAP_INDEX"] = String(map.index)
            variables["MARTLET_MAP_COUNT"] = String(map.count)
            variables["MARTLET_MAP_ITEM"] = map.item.displayText
        }
        return variables
    }

    /// The time that the run stands for; what it has none of is not set.
    private static func add(_ occasion: RunOccasion, to variables: inout [String: String]) {
        variables["MARTLET_RUN_KIND"] = occasion.kind.rawValue
        variables["MARTLET_LOGICAL_DATE"] = occasion.logicalDate?.description
        variables["MARTLET_DATA_INTERVAL_START"] = occasion.intervalStart?.description
        variables["MARTLET_DATA_INTERVAL_END"] = occasion.intervalEnd?.description
    }
}
