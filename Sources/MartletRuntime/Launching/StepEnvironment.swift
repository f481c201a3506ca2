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
        return variables
    }
}
