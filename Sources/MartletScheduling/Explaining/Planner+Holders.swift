public import MartletCore

extension Planner {
    /// The instances that hold what a waiting request needs at a gate, by run and name.
    ///
    /// It looks at all requests: for people who ask.
    public func holders(at gate: AdmissionGate, for key: AdmissionKey) -> [AdmissionKey] {
        guard let number = numbers[key] else { return [] }
        let own = entries[number].gates
        return numbers.filter { _, other in
            let entry = entries[other]
            let (isRunning, isSuspended) =
                switch entry.phase {
                case .waiting: (false, false)
                case .running: (true, false)
                case .suspended: (false, true)
                }
            switch gate {
            case .pool(let name):
                let pool = pools[entry.pool]
                let keepsSlots = isSuspended && pool.setting?.includesDeferred == true && entry.holdsPool
                return pool.name == name && (isRunning || keepsSlots)
            case .run: return isRunning && entry.gates.run == own.run
            case .pipeline: return isRunning && entry.gates.pipeline == own.pipeline
            case .step: return (isRunning || isSuspended) && entry.gates.step == own.step
            case .stepInRun: return (isRunning || isSuspended) && entry.gates.stepInRun == own.stepInRun
            case .totalSlots: return isRunning
            case .pipelinePaused, .runPaused, .order: return false
            }
        }.keys.sorted { ($0.run, $0.instance) < ($1.run, $1.instance) }
    }

    /// A planner as the one of a process must stand that executes these runs, rebuilt from their logs.
    ///
    /// Who was let past whom so far is not in the logs; that may change whose turn it is, not what is taken.
    public init(limits: PlannerLimits, executing runs: [RunMachine], paused pipelines: Set<PipelineID>) {
        self.init(limits: limits)
        var waiting: [(since: Timestamp?, request: AdmissionRequest)] = []
        for run in runs where !run.state.isTerminal {
            let priorities = run.priorities
            for instance in run.instances {
                guard instance.state == .scheduled || instance.state.isActive,
                    let request = run.admissionRequest(of: instance.id, priorities: priorities)
                else { continue }
                switch instance.state {
                case .scheduled:
                    waiting.append((instance.scheduledAt, request))
                case .deferred, .awaitingInput:
                    adopt(request)
                    suspend(request.key, holdsPool: instance.state == .deferred)
                default:
                    adopt(request)
                }
            }
        }
        for pipeline in pipelines { setPaused(true, pipeline: pipeline) }
        let start = Timestamp(microseconds: 0)
        for entry in waiting.sorted(by: { ($0.since ?? start) < ($1.since ?? start) }) { offer(entry.request) }
    }
}

extension Entry {
    fileprivate var holdsPool: Bool { if case .suspended(let holdsPool) = phase { holdsPool } else { false } }
}
