public import MartletCore

/// What can keep an instance that is ready from starting, in the order in which it is looked at.
public enum AdmissionGate: Hashable, Sendable {
    /// The pipeline is paused.
    case pipelinePaused
    /// The run is paused.
    case runPaused
    /// Running instances of the run.
    case run
    /// Running instances of all runs of the pipeline.
    case pipeline
    /// Others go first; slots may be kept for one whose turn has come.
    case order
    /// Free slots of the pool.
    case pool(PoolName)
    /// Instances of the step in all runs.
    case step
    /// Instances of the step in the run.
    case stepInRun
    /// Running instances of all pipelines.
    case totalSlots
}

/// How a waiting instance stands at a gate, in numbers of now.
public struct GateReport: Hashable, Sendable {
    /// What the numbers say.
    public enum Verdict: String, Hashable, Sendable {
        /// The gate is open to the instance.
        case passes
        /// The gate opens when others end.
        case blocks
        /// The gate stays closed until someone changes a limit.
        case never
    }

    /// The gate.
    public var gate: AdmissionGate
    /// What the numbers say.
    public var verdict: Verdict
    /// What is taken; at ``AdmissionGate/order`` how many go first.
    public var used: Int
    /// What there is; nil without a limit.
    ///
    /// At ``AdmissionGate/order`` how many wait for the pool.
    public var limit: Int?
    /// What the instance needs.
    public var needed: Int
    /// For whom a place is kept, when that is what blocks.
    public var keptFor: AdmissionKey?

    /// A report with these numbers.
    public init(
        _ gate: AdmissionGate,
        _ verdict: Verdict,
        used: Int = 0,
        limit: Int? = nil,
        needed: Int = 1,
        keptFor: AdmissionKey? = nil
    ) {
        self.gate = gate
        self.verdict = verdict
        self.used = used
        self.limit = limit
        self.needed = needed
        self.keptFor = keptFor
    }
}

extension GateReport: CustomStringConvertible {
    /// The report in a line for people, as in `3 of 4 slots of pool gpu are taken, 2 are needed`.
    public var description: String {
        switch gate {
        case .pipelinePaused: return verdict == .passes ? "the pipeline is not paused" : "the pipeline is paused"
        case .runPaused: return verdict == .passes ? "the run is not paused" : "the run is paused"
        case .run: return count("instances of the run", "run")
        case .pipeline: return count("instances of the pipeline", "run")
        case .step: return count("instances of the step", "run or are deferred")
        case .stepInRun: return count("instances of the step in this run", "run or are deferred")
        case .totalSlots: return count("slots in total", "are taken")
        case .order:
            if let keptFor { return "slots are kept for \(keptFor), which has waited longest" }
            return "\(used) of the \(limit ?? used) that wait for the pool go first"
        case .pool(let name):
            guard verdict == .never else { return "\(count("slots of pool \(name)", "are taken")), needs \(needed)" }
            guard let limit else { return "there is no pool \(name)" }
            return "needs \(needed) slots, and pool \(name) has \(limit)"
        }
    }

    private func count(_ things: String, _ verb: String) -> String {
        guard let limit else { return "\(used) \(things) \(verb), without a limit" }
        let kept = keptFor.map { ", one is kept for \($0), which has waited longest" } ?? ""
        return "\(used) of \(limit) \(things) \(verb)\(kept)"
    }
}
