/// Something wrong in a schedule.
public struct ScheduleProblem: Hashable, Sendable {
    /// The way to it from the schedule, in the words of YAML: `["cron", 1]`.
    public var path: [PathComponent]
    /// What is wrong; without a location yet.
    public var error: MartletError

    /// A problem at `path`.
    public init(_ path: [PathComponent], _ error: MartletError) {
        self.path = path
        self.error = error
    }
}

extension ScheduleSpec {
    /// Everything that is wrong in it.
    ///
    /// - Parameter seed: the pipeline's name, which `H` and `R` in cron expressions depend on.
    /// - Returns: at most ``Limits/diagnosticsPerFile`` problems; none when it is sound.
    public func problems(seed: String) -> [ScheduleProblem] {
        var found = ruleProblems(seed: seed)
        do {
            _ = try zone()
        } catch {
            found.append(ScheduleProblem(["timezone"], error))
        }
        if let start, let end, end < start {
            found.append(Self.invalid(["end"], "the schedule ends before it starts", "\(end) is before \(start)"))
        }
        found += intervalProblems + calendarProblems + datasetProblems
        return Array(found.prefix(Limits.diagnosticsPerFile))
    }

    private func ruleProblems(seed: String) -> [ScheduleProblem] {
        switch rule {
        case .cron(let texts):
            return Self.size(texts.count, ["cron"], "cron expressions")
                + texts.prefix(Limits.scheduleParts).enumerated().compactMap { index, text -> ScheduleProblem? in
                    do throws(InvalidCron) {
                        _ = try CronExpression(text, seed: seed)
                        return nil
                    } catch {
                        return ScheduleProblem(["cron", .index(index)], MartletError(cron: text, error))
                    }
                }
        case .every(let seconds) where !(seconds >= 1 && seconds <= 3_650 * 86_400):
            return [Self.invalid(["every"], "every must be between a second and ten years; it is \(seconds) seconds")]
        case .everyMonths(let months) where !(1...120).contains(months):
            return [Self.invalid(["every"], "every must be between a month and ten years; it is \(months) months")]
        case .instants(let instants): return Self.size(instants.count, ["at"], "instants")
        default: return []
        }
    }

    private var intervalProblems: [ScheduleProblem] {
        var found: [ScheduleProblem] = []
        let recurs =
            switch rule {
            case .cron, .every, .everyMonths: true
            default: false
            }
        if dataIntervals, !recurs {
            found.append(Self.invalid(["data_intervals"], "data_intervals needs cron or every", nil, "remove it"))
        }
        if intervalSeconds != 0, dataIntervals || !recurs {
            let why = dataIntervals ? "with data_intervals each run is for the time between two ticks" : nil
            found.append(Self.invalid(["interval"], "interval does not fit this schedule", why, "remove it"))
        }
        if !(intervalSeconds >= 0 && intervalSeconds <= 3_650 * 86_400) {
            found.append(Self.invalid(["interval"], "interval must be between nothing and ten years"))
        }
        if case .within(let seconds) = firstRun, !(seconds >= 0 && seconds <= 3_650 * 86_400) {
            found.append(Self.invalid(["run_immediately"], "run_immediately must be between nothing and ten years"))
        }
        if daylight != nil {
            if case .cron = rule { return found }
            found.append(Self.invalid(["dst"], "dst needs cron", "only cron expressions name local times", "remove it"))
        }
        return found
    }

    private var calendarProblems: [ScheduleProblem] {
        guard let calendar else { return [] }
        switch rule {
        case .cron, .every, .everyMonths, .instants: break
        case .once, .continuous, nil:
            return [Self.invalid(["calendar"], "calendar needs cron, every or at", nil, "remove it")]
        }
        if calendar.holidays.isEmpty { return [] }
        return Self.size(calendar.holidays.count, ["calendar", "holidays"], "holidays")
    }

    private var datasetProblems: [ScheduleProblem] {
        var found: [ScheduleProblem] = []
        if let datasets {
            if datasets.hasEmptyPart {
                found.append(Self.invalid(["datasets"], "a condition on datasets lists none", nil, "name at least one"))
            }
            if datasets.depth > Limits.nestingDepth {
                found.append(Self.invalid(["datasets"], "conditions are nested more than \(Limits.nestingDepth) deep"))
            } else if !datasets.hasEmptyPart {
                found += Self.size(datasets.datasets.count, ["datasets"], "datasets")
            }
        } else if datasetPolicy != nil {
            found.append(Self.invalid(["dataset_policy"], "dataset_policy needs datasets", nil, "add datasets: [name]"))
        }
        guard case .window(let window) = datasetPolicy else { return found }
        let bounds = [window.durationSeconds, window.quietSeconds, window.count.map(Double.init)].compactMap(\.self)
        if bounds.isEmpty {
            found.append(
                Self.invalid(
                    ["dataset_policy", "window"],
                    "nothing ever closes the window",
                    "it has neither duration, count nor quiet",
                    "write window: { duration: 10m }"
                )
            )
        }
        if bounds.contains(where: { !($0 > 0 && $0 <= 3_650 * 86_400) }) {
            found.append(Self.invalid(["dataset_policy", "window"], "a bound of the window must be above nothing"))
        }
        return found
    }

    private static func size(_ count: Int, _ path: [PathComponent], _ noun: String) -> [ScheduleProblem] {
        if count == 0 { return [invalid(path, "the schedule lists no \(noun)", nil, "name at least one")] }
        if count <= Limits.scheduleParts { return [] }
        let message = "the schedule lists \(count) \(noun); it may list \(Limits.scheduleParts)"
        return [ScheduleProblem(path, MartletError(.limitExceeded, message, remedy: "split the pipeline"))]
    }

    private static func invalid(
        _ path: [PathComponent],
        _ message: String,
        _ reason: String? = nil,
        _ remedy: String? = nil
    ) -> ScheduleProblem {
        ScheduleProblem(path, MartletError(.scheduleInvalid, message, reason: reason, remedy: remedy))
    }
}

extension MartletError {
    /// That a text is not a cron expression.
    package init(cron text: String, _ error: InvalidCron) {
        self.init(.cronInvalid, "\"\(text)\" is not a cron expression: \(error)", remedy: error.remedy)
    }
}
