import Foundation

// What must hold for steps that wait.
extension ManifestValidator {
    mutating func checkWait(_ action: WaitAction, of step: StepManifest, at base: [PathComponent]) {
        let place = base + ["wait", .key(action.condition.kind)]
        func need(_ key: PathComponent, _ holds: Bool, _ message: String, _ remedy: String) {
            if !holds { report(place + [key], .valueInvalid, "step \(step.id): \(message)", remedy: remedy) }
        }
        let longest = Double(Limits.waitSeconds)
        switch action.condition {
        case .file(let wait):
            need("path", !wait.path.isEmpty, "the file has no name", "name a file, or a pattern such as data/*.csv")
            need("min_bytes", wait.minBytes >= 0, "min_bytes is \(wait.minBytes)", "use 0 or more")
            need(
                "settled_for",
                (0...longest).contains(wait.settledSeconds),
                "settled_for is negative or longer than a year",
                "use a duration such as 30s"
            )
        case .dataset(let wait):
            need(
                "name",
                DatasetID.objection(to: wait.dataset.rawValue) == nil,
                "\"\(wait.dataset)\" is not a dataset",
                "name a dataset, as in flights/raw"
            )
        case .until(let wait):
            checkUntil(wait, of: step, at: place)
        case .step(let wait):
            checkStepWait(wait, of: step, at: place)
        case .http(let wait):
            checkHTTP(wait, of: step, at: place)
        case .sql(let wait):
            need("statement", !wait.statement.isEmpty, "there is no SQL", "give it a statement")
        }
        checkWaitPolicy(action.policy, of: step, at: base + ["wait"])
        var isSQL = false
        if case .sql = action.condition { isSQL = true }
        checkNoDatasets(of: step, at: base, allowsInputs: isSQL)
    }

    private mutating func checkWaitPolicy(_ policy: WaitPolicy, of step: StepManifest, at place: [PathComponent]) {
        func range(_ key: PathComponent, _ holds: Bool, _ message: String, _ remedy: String) {
            if !holds { report(place + [key], .valueInvalid, "step \(step.id): \(message)", remedy: remedy) }
        }
        let shortest = Double(Limits.pollMilliseconds) / 1000
        let longest = Double(Limits.waitSeconds)
        range(
            "poll_interval",
            (shortest...Double(Limits.retryDelaySeconds)).contains(policy.pollSeconds),
            "poll_interval is shorter than \(Limits.pollMilliseconds)ms or longer than a day",
            "use a duration such as 60s"
        )
        range(
            "max_wait",
            policy.maxPollSeconds.map { (shortest...Double(Limits.retryDelaySeconds)).contains($0) } ?? true,
            "max_wait is shorter than \(Limits.pollMilliseconds)ms or longer than a day",
            "use the longest time between two looks, as in 10m"
        )
        range(
            "backoff",
            policy.backoff >= 0 && policy.backoff <= 100,
            "backoff is \(JSONValue.number(policy.backoff).jsonText)",
            "use a factor from 0 to 100; 0 and 1 keep the time between looks constant"
        )
        range(
            "timeout",
            policy.timeoutSeconds > 0 && policy.timeoutSeconds <= longest,
            "the timeout is zero or longer than a year",
            "use a duration such as 2h; 7d is the default"
        )
    }

    private mutating func checkUntil(_ wait: UntilWait, of step: StepManifest, at place: [PathComponent]) {
        switch wait {
        case .instant(let text):
            // What has templates in it is known only when it is worked out.
            guard !text.contains("{{"), Timestamp(rfc3339: text) == nil else { return }
            report(
                place + ["at"],
                .valueInvalid,
                "step \(step.id): \"\(text)\" is not an instant",
                remedy: "write it in UTC, as in 2026-01-31T06:30:00Z, or a time of day, as in \"06:30\""
            )
        case .timeOfDay(let time, let timezone):
            if UntilWait.seconds(ofTime: time) == nil {
                report(
                    place + ["time"],
                    .valueInvalid,
                    "step \(step.id): \"\(time)\" is not a time of day",
                    remedy: "write it as in \"06:30\" or \"06:30:15\""
                )
            }
            if let timezone { checkTimeZone(timezone, at: place + ["timezone"]) }
        case .delta(let seconds, _):
            if abs(seconds) > Double(Limits.waitSeconds) {
                report(
                    place + ["delta"],
                    .valueInvalid,
                    "step \(step.id): the delta is longer than a year",
                    remedy: "use a duration such as 2h"
                )
            }
        }
    }

    private mutating func checkStepWait(_ wait: StepWait, of step: StepManifest, at place: [PathComponent]) {
        if wait.pipeline == manifest.pipeline, wait.run == .sameDate, wait.offsetSeconds == 0 {
            report(
                place + ["pipeline"],
                .valueInvalid,
                "step \(step.id) waits for a run of its own pipeline and logical date: for itself",
                remedy: "use after: to wait for a step of the same run, or give an offset"
            )
        }
        if wait.run == .latest, wait.offsetSeconds != 0 {
            report(
                place + ["run"],
                .valueInvalid,
                "step \(step.id): the latest run has no offset",
                remedy: "leave one of them out"
            )
        }
        let known = wait.step == nil ? RunState.allCases.map(\.rawValue) : StepState.allCases.map(\.rawValue)
        var seen: Set<String> = []
        for (key, states) in [
            ("states", wait.states), ("failed_states", wait.failedStates), ("skipped_states", wait.skippedStates),
        ] {
            for (index, state) in states.enumerated() {
                let path = place + [.key(key), .index(index)]
                if !known.contains(state) {
                    report(
                        path,
                        .valueInvalid,
                        "step \(step.id): \"\(state)\" is not a state of a \(wait.step == nil ? "run" : "step")",
                        remedy: offer(state, among: known) ?? "choose from \(known.joined(separator: ", "))"
                    )
                } else if !seen.insert(state).inserted {
                    report(
                        path,
                        .valueInvalid,
                        "step \(step.id): state \(state) is named twice",
                        remedy: "name it in one of states, failed_states and skipped_states"
                    )
                }
            }
        }
        if wait.states.isEmpty {
            report(place + ["states"], .valueInvalid, "step \(step.id) waits for no state", remedy: "name one")
        }
    }

    private mutating func checkHTTP(_ wait: HTTPWait, of step: StepManifest, at place: [PathComponent]) {
        func need(_ path: [PathComponent], _ holds: Bool, _ message: String, _ remedy: String) {
            if !holds { report(place + path, .valueInvalid, "step \(step.id): \(message)", remedy: remedy) }
        }
        let hasScheme = ["http://", "https://", "{{"].contains { wait.url.lowercased().hasPrefix($0) }
        need(["url"], hasScheme, "\"\(wait.publicAddress)\" is not a web address", "start it with https:// or http://")
        let isPlainMethod = !wait.method.isEmpty && wait.method.utf8.allSatisfy { (65...90).contains($0) }
        need(["method"], isPlainMethod, "\"\(wait.method)\" is not a method", "use GET, HEAD or POST")
        need(["status"], !wait.status.isEmpty, "no status counts", "name one, as in [200]")
        for (index, status) in wait.status.enumerated() {
            need(
                ["status", .index(index)],
                (100...599).contains(status),
                "\(status) is not a status",
                "use 100 to 599"
            )
        }
        for name in wait.headers.keys.sorted() {
            let isToken =
                !name.isEmpty
                && name.utf8.allSatisfy { $0 > 32 && $0 < 127 && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
            need(["headers", .key(name)], isToken, "\"\(name)\" is not the name of a header", "write it as in Accept")
        }
    }

    /// Steps that wait run nothing that could write a dataset, and only SQL can read one.
    mutating func checkNoDatasets(of step: StepManifest, at base: [PathComponent], allowsInputs: Bool) {
        for (key, names) in [("inputs", step.inputs.map(\.name)), ("outputs", step.outputs.map(\.name))]
        where !names.isEmpty && !(allowsInputs && key == "inputs") {
            report(
                base + [.key(key)],
                .valueInvalid,
                "step \(step.id): \(step.action.kind) steps have no \(key)",
                reason: "no process of theirs could \(key == "inputs" ? "read" : "write") them",
                remedy: "use after: to wait for other steps",
                isAboutKey: true
            )
        }
    }
}

extension UntilWait {
    /// The seconds since midnight of `06:30` or `06:30:15`; nil when `text` is no time of day.
    public static func seconds(ofTime text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.allSatisfy({ $0.utf8.count == 2 }) else { return nil }
        let numbers = parts.compactMap { part in part.utf8.allSatisfy(NameRules.isDigit) ? Int(part) : nil }
        guard numbers.count == parts.count, numbers[0] < 24, numbers.dropFirst().allSatisfy({ $0 < 60 }) else {
            return nil
        }
        return numbers.reversed().enumerated().reduce(0) { sum, part in
            sum + part.element * (parts.count == 3 ? [1, 60, 3600] : [60, 3600])[part.offset]
        }
    }
}
