public import MartletCore

extension RunMachine {
    /// What an attempt of the instance at `position` is told, but for its datasets.
    ///
    /// Values and states are those of the steps directly before it: what a step sees never depends on how fast
    /// unrelated steps are. Of a mapped step it sees a list, one element for each instance; of one that it is mapped
    /// together with, the instance with its own index.
    public func context(for position: Int, attempt: Int, project: String, work: String) -> StepContextDocument {
        let instance = instances[position]
        var context = StepContextDocument(
            runID: id,
            pipeline: manifest.pipeline,
            step: instance.id.step,
            attempt: attempt,
            startedAt: startedAt ?? Timestamp(microseconds: 0),
            project: project,
            workDirectory: work,
            params: created.params,
            occasion: created.reproduction?.occasion ?? created.occasion,
            map: place(of: instance)
        )
        guard instance.step >= 0 else { return context }
        for upstream in graph.edges.upstream[instance.step] {
            let name = graph.edges.steps[upstream].rawValue
            if graph.domain[upstream] == nil || partner(of: instance, in: upstream) != nil {
                guard let only = partner(of: instance, in: upstream) ?? members[upstream].first else { continue }
                context.states[name] = instances[only].state
                if !instances[only].values.isEmpty { context.values[name] = instances[only].values }
            } else {
                let relevant = relevantMembers(of: upstream, to: instance)
                context.states[name] = state(of: relevant)
                if let values = values(of: relevant) { context.values[name] = values }
            }
        }
        return context
    }

    private func place(of instance: StepInstance) -> MapPlace? {
        guard instance.step >= 0, let index = instance.id.index, let domain = graph.domain[instance.step],
            let items = domains[domain].items, items.indices.contains(index)
        else { return nil }
        let label = domains[domain].labels?[index] ?? String(index)
        return MapPlace(index: index, count: items.count, item: items[index], label: label)
    }

    /// The instances of a step that one of another step has to do with.
    func relevantMembers(of step: Int, to instance: StepInstance) -> [Int] {
        if let partner = partner(of: instance, in: step) { return [partner] }
        return members[step].filter { instances[$0].state != .removed }
    }

    /// The one instance of `step` that has to do with `instance`: that with its index, where both are mapped together;
    /// nil when all have.
    func partner(of instance: StepInstance, in step: Int) -> Int? {
        guard let index = instance.id.index, instance.step >= 0, let domain = graph.domain[step],
            domain == graph.domain[instance.step], members[step].count > index
        else { return nil }
        let partner = members[step][index]
        return instances[partner].id.index == index ? partner : nil
    }

    /// One state for several instances: the worst of those that have ended, once all have.
    private func state(of members: [Int]) -> StepState {
        let states = Set(members.map { instances[$0].state })
        let order: [StepState] = [
            .running, .deferred, .awaitingInput, .restarting, .upForRetry, .scheduled, .none, .failed, .upstreamFailed,
            .cancelled, .success, .skipped,
        ]
        return order.first(where: states.contains) ?? .removed
    }

    /// A list for each name that one of them reported; nil when none reported anything.
    private func values(of members: [Int]) -> [String: JSONValue]? {
        let names = members.reduce(into: Set<String>()) { $0.formUnion(instances[$1].values.keys) }
        if names.isEmpty { return nil }
        return Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, JSONValue.array(members.map { instances[$0].values[name] ?? .null }))
            }
        )
    }

    /// Where a dataset that steps of this run write is, as the instance at `position` sees it: one writing, or for a
    /// mapped step's output one of each instance, in the order of their indices; nil when no step writes it.
    public func writings(of dataset: DatasetID, for position: Int) -> [(index: Int?, output: DatasetOutput)]? {
        guard let writer = graph.writer[dataset] else { return nil }
        return relevantMembers(of: writer, to: instances[position]).flatMap { member in
            instances[member].outputs.filter { $0.dataset == dataset }.map { output in
                (graph.domain[writer] == nil ? nil : instances[member].id.index, output)
            }
        }
    }

    /// Whether the instance at `position` and the writer of `dataset` are mapped together, so that it sees one writing.
    public func sharesIndex(_ position: Int, with dataset: DatasetID) -> Bool {
        guard let writer = graph.writer[dataset] else { return false }
        return partner(of: instances[position], in: writer) != nil
    }
}
