public import MartletCore

extension RunMachine {
    /// The effective priority of each step, by its place in the manifest.
    public var priorities: [Int] {
        PriorityWeights.effective(
            graph.edges,
            own: manifest.steps.map(\.limits.priority),
            rules: manifest.steps.map(\.limits.weightRule)
        )
    }

    /// What an instance asks of the planner when it is ready; nil when its step is no more.
    ///
    /// - Parameters:
    ///   - id: the instance.
    ///   - priorities: ``priorities`` of the machine's present manifest.
    /// - Returns: the request, or nil.
    public func admissionRequest(of id: InstanceID, priorities: [Int]) -> AdmissionRequest? {
        guard let position = positions[id], instances[position].step >= 0 else { return nil }
        let place = instances[position].step
        let limits = manifest.steps[place].limits
        return AdmissionRequest(
            AdmissionKey(self.id, id),
            pipeline: manifest.pipeline,
            pool: limits.pool,
            poolSlots: limits.slots,
            priority: priorities.indices.contains(place) ? priorities[place] : limits.priority,
            logicalDate: created.occasion.logicalDate,
            backfillOrdinal: created.occasion.ordinal,
            limits: ConcurrencyLimits(
                pipeline: manifest.policy.maxActiveSteps,
                run: created.slots,
                step: limits.maxActive,
                stepInRun: limits.maxActivePerRun
            )
        )
    }
}
