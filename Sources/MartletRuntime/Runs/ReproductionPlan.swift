public import MartletCore
public import MartletScheduling
import OrderedCollections

/// Works out what a run that has ended takes to be reproduced, and compares what came of it.
public struct ReproductionPlan: Sendable {
    private let machine: RunMachine

    /// A plan for the run as its log has left it.
    public init(_ machine: RunMachine) { self.machine = machine }

    /// The sources as the run read them.
    ///
    /// The branch of a run has a source from the moment the first step asked for it; so the commit of a step that read it
    /// has the state that was read.
    ///
    /// - Throws: ``MartletError`` MT2023 when the run has not ended, or has left nothing in the lake to compare with.
    public func reproduction() throws(MartletError) -> Reproduction {
        let id = machine.id
        guard machine.state.isTerminal else {
            throw MartletError(
                .requestRefused,
                "run \(id) has not ended",
                remedy: "wait for its end: `martlet runs show \(id)`"
            )
        }
        var sources: [DatasetID: ObjectID] = [:]
        var last: ObjectID?
        for instance in machine.instances {
            guard let commit = instance.outputs.lazy.compactMap(\.commit).first else { continue }
            last = commit
            guard let position = machine.position(of: instance.id), let step = machine.step(at: position) else {
                continue
            }
            for input in step.inputs { sources[input.dataset] = commit }
        }
        guard let last else {
            throw MartletError(
                .requestRefused,
                "run \(id) has left no data in the lake to compare with",
                remedy: "choose a run whose steps have written datasets: `martlet runs list`"
            )
        }
        var read: [DatasetID: ObjectID] = [:]
        // One that only steps without outputs have read is on the branch as well by the end.
        for source in machine.manifest.sources { read[source.dataset] = sources[source.dataset] ?? last }
        let occasion = machine.created.reproduction?.occasion ?? machine.created.occasion
        return Reproduction(of: id, sources: read, occasion: occasion)
    }

    /// What the run needs to be done once more.
    ///
    /// - Throws: ``MartletError`` as ``reproduction()``.
    public func request(martletVersion: String) throws(MartletError) -> RunService.Request {
        RunService.Request(
            manifest: machine.manifest,
            program: machine.created.program,
            params: machine.created.params,
            slots: machine.created.slots,
            martletVersion: martletVersion,
            usesCache: false,
            reproduction: try reproduction()
        )
    }

    /// An output of the run beside that of the run that reproduces it.
    public struct Comparison: Hashable, Sendable {
        /// The step instance.
        public var step: InstanceID
        /// What it wrote.
        public var dataset: DatasetID
        /// The SHA-256 that stands for its files; nil where the run has none.
        public var before: ObjectID?
        /// The same, of the later run.
        public var after: ObjectID?

        /// Whether both have the same files.
        public var isSame: Bool { before != nil && before == after }
    }

    /// All outputs of both runs, in the order of the steps.
    public func compare(with later: RunProjection) -> [Comparison] {
        var found: [Comparison] = []
        var seen: Set<InstanceID> = []
        for instance in machine.instances {
            seen.insert(instance.id)
            let after = later.steps[instance.id]?.outcome?.outputs ?? []
            for output in instance.outputs {
                let other = after.first { $0.dataset == output.dataset }
                found.append(
                    Comparison(step: instance.id, dataset: output.dataset, before: output.digest, after: other?.digest)
                )
            }
        }
        // A map may have had more items this time.
        for row in later.steps.values where !seen.contains(row.id) {
            for output in row.outcome?.outputs ?? [] {
                found.append(Comparison(step: row.id, dataset: output.dataset, before: nil, after: output.digest))
            }
        }
        return found
    }
}
