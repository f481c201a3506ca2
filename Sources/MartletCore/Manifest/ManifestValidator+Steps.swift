// What must hold within one step.
extension ManifestValidator {
    /// What a front end's own reading makes sure of, but a manifest in JSON may break.
    mutating func checkAction(of step: StepManifest, at base: [PathComponent]) {
        func need(_ path: [PathComponent], _ holds: Bool, _ message: String, _ remedy: String) {
            if !holds { report(base + path, .valueInvalid, "step \(step.id): \(message)", remedy: remedy) }
        }
        switch step.action {
        case .command(let action):
            need(
                ["command"],
                (action.shell == nil) != (action.arguments == nil),
                "a command is either a line for the shell or a list",
                "set one of shell and arguments"
            )
            need(
                ["command"],
                action.shell?.isEmpty != true && action.arguments?.first?.isEmpty != true
                    && action.arguments?.isEmpty != true,
                "the command is empty",
                "name a program"
            )
        case .python(let action):
            need(["python"], !action.script.isEmpty, "the script has no name", "name a file")
        case .sql(let action):
            need(["sql"], action.file != nil || action.text != nil, "there is no SQL", "give it a file or text")
        case .wait(let action):
            checkWait(action, of: step, at: base)
        case .approve(let action):
            checkApproval(action, of: step, at: base)
        case .check(let action):
            checkCheck(action, of: step, at: base)
        case .stream(let action):
            checkStream(action, of: step, at: base + ["stream"])
        case .spark(let action):
            checkSpark(action, of: step, at: base + ["spark"])
        case .swift, .branch, .shortCircuit:
            break
        }
    }

    mutating func checkPorts(of step: StepManifest, at base: [PathComponent]) {
        for (key, names) in [("inputs", step.inputs.map(\.name)), ("outputs", step.outputs.map(\.name))] {
            // Names meet in upper case in the environment, so they must differ there too.
            var seen: [String: PortName] = [:]
            for name in names {
                if let other = seen.updateValue(name, forKey: name.environmentSuffix) {
                    report(
                        base + [.key(key), .key(name.rawValue)],
                        .nameDuplicate,
                        "\(key) \(other) and \(name) have the same environment variable",
                        remedy: "choose names that differ in more than case",
                        isAboutKey: true
                    )
                }
            }
        }
        if case .sql = step.action, step.outputs.isEmpty {
            report(
                base + ["sql"],
                .keyMissing,
                "SQL step \(step.id) writes no output",
                remedy: "add outputs: { name: some/dataset }",
                isAboutKey: true,
                missing: .outputs
            )
        }
        if step.action.isDecision, !(step.inputs.isEmpty && step.outputs.isEmpty) {
            report(
                base + [step.inputs.isEmpty ? "outputs" : "inputs"],
                .valueInvalid,
                "\(step.action.kind) step \(step.id) neither reads nor writes datasets",
                reason: "it decides before anything runs",
                remedy: "use after: to wait for steps, and values to decide by",
                isAboutKey: true
            )
        }
    }

    mutating func checkPolicy(of step: StepManifest, at base: [PathComponent]) {
        func range(_ key: PathComponent, _ holds: Bool, _ message: String, _ remedy: String) {
            if !holds { report(base + [key], .valueInvalid, "step \(step.id): \(message)", remedy: remedy) }
        }
        range(
            "retries",
            (0...Limits.retries).contains(step.retry.retries),
            "retries is \(step.retry.retries)",
            "use 0 to \(Limits.retries)"
        )
        range(
            "retry_backoff",
            step.retry.backoff >= 0 && step.retry.backoff <= 100,
            "retry_backoff is \(JSONValue.number(step.retry.backoff).jsonText)",
            "use a factor from 0 to 100; 0 and 1 keep the delay constant"
        )
        for (key, delay) in [("retry_delay", step.retry.delaySeconds), ("max_retry_delay", step.retry.maxDelaySeconds)]
        {
            guard let delay else { continue }
            range(
                .key(key),
                delay >= 0 && delay <= Double(Limits.retryDelaySeconds),
                "\(key) is longer than a day, or negative",
                "use 0s to 24h"
            )
        }
        if let timeout = step.timeoutSeconds {
            range("timeout", timeout > 0, "the timeout is zero", "use a duration above 0, as in 10m")
        }
        for code in step.skipExitCodes {
            range("skip_exit_codes", (1...255).contains(code), "\(code) is no exit code to skip by", "use 1 to 255")
        }
        for key in step.env.keys.sorted() where !isEnvironmentName(key) {
            report(
                base + ["env", .key(key)],
                .nameInvalid,
                "\"\(key)\" is not the name of an environment variable",
                remedy: "use letters, digits and _, no digit first",
                isAboutKey: true
            )
        }
    }

    func isEnvironmentName(_ name: String) -> Bool { PortName.objection(to: name) == nil }
}
