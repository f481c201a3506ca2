public import MartletCore

/// Files of a dataset that a map is over; somebody has to look, because decisions do not read disks.
public struct ListingRequest: Hashable, Sendable {
    /// The steps that are mapped together, as ``RunCommand/list(domain:_:)`` names them.
    public let domain: Int
    /// A step that has the dataset among its inputs.
    public let step: InstanceID
    /// The files.
    public let files: MapFiles
}

// One step, or a group of steps, run once for each item of a list.
extension RunMachine {
    /// Listings that maps wait for.
    public var listings: [ListingRequest] {
        if askedDomains.isEmpty { return [] }
        return askedDomains.sorted().flatMap { domain -> [ListingRequest] in
            guard let step = graph.domains[domain].steps.first else { return [] }
            return graph.domains[domain].map.sources.compactMap { source in
                guard case .files(let files) = source.list else { return nil }
                return ListingRequest(domain: domain, step: instances[members[step][0]].id, files: files)
            }
        }
    }

    /// Gives the steps of a domain their items, once all that the lists are made of has ended.
    mutating func map(_ domain: Int, at now: Timestamp) {
        guard !domains[domain].isReady else { return }
        let (steps, sources) = (graph.domains[domain].steps, graph.domains[domain].sources)
        guard sources.allSatisfy({ open[$0].unfinished == 0 }) else { return }
        // What runs or is about to does so with the items it has; new ones wait until it has ended.
        guard steps.contains(where: { open[$0].waiting > 0 }),
            steps.allSatisfy({ open[$0].unfinished == open[$0].waiting })
        else { return }
        if let missing = sources.flatMap({ members[$0] }).first(where: { isMissing($0) }) {
            return refuseMap(domain, because: instances[missing], at: now)
        }
        do throws(MapFailure) {
            guard let items = try items(of: domain) else { return }
            let labels = try labels(of: items, domain)
            let names = steps.map { graph.edges.steps[$0] }
            emit(.stepsMapped(MappedSteps(steps: names, items: items, labels: labels)), at: now)
            if items.isEmpty { skipEmpty(domain, at: now) }
        } catch {
            failMap(domain, error.reason, at: now)
        }
    }

    private func isMissing(_ source: Int) -> Bool { ![.success, .removed].contains(instances[source].state) }

    /// Fails the steps of a domain that no other of its steps stands before; the rest follow by their trigger rules.
    private mutating func failMap(_ domain: Int, _ reason: String, at now: Timestamp) {
        let waiting = Set(graph.domains[domain].steps.filter { open[$0].waiting > 0 })
        for step in graph.domains[domain].steps where waiting.isDisjoint(with: graph.edges.upstream[step]) {
            for member in members[step] where instances[member].state == .none {
                fail(member, "its map failed: \(reason)", at: now)
            }
        }
    }

    /// A list that will never be there: as its trigger rule says, but never a start.
    private mutating func refuseMap(_ domain: Int, because source: StepInstance, at now: Timestamp) {
        let state: StepState = source.state == .skipped ? .skipped : .upstreamFailed
        for step in graph.domains[domain].steps where graph.edges.upstream[step].contains(source.step) {
            for member in members[step] where instances[member].state == .none {
                let reason = "its list is missing: step \(source.id) is \(source.state.rawValue)"
                emit(.stepResolved(step: instances[member].id, state: state, reason: reason), at: now)
            }
        }
    }

    mutating func skipEmpty(_ domain: Int, at now: Timestamp) {
        for step in graph.domains[domain].steps {
            for member in members[step] where instances[member].state == .none {
                emit(.stepResolved(step: instances[member].id, state: .skipped, reason: "its list is empty"), at: now)
            }
        }
    }

    mutating func list(_ domain: Int, _ result: Result<[JSONValue], MartletError>, at now: Timestamp) {
        guard domains.indices.contains(domain), case .asked = domains[domain].listing else { return }
        askedDomains.remove(domain)
        switch result {
        case .success(let files):
            domains[domain].listing = .known(files)
            map(domain, at: now)
        case .failure(let error):
            domains[domain].listing = .none
            failMap(domain, error.message, at: now)
        }
    }

    private struct MapFailure: Error {
        var reason: String
    }

    /// The items of a domain; nil when files have to be listed first.
    private mutating func items(of domain: Int) throws(MapFailure) -> [JSONValue]? {
        let map = graph.domains[domain].map
        let member = members[graph.domains[domain].steps[0]][0]
        var lists: [(name: PortName?, elements: [JSONValue])] = []
        for source in map.sources {
            switch source.list {
            case .values(let values): lists.append((source.name, values))
            case .expression(let text): lists.append((source.name, try elements(of: text, for: member)))
            case .files:
                guard case .known(let files) = domains[domain].listing else {
                    domains[domain].listing = .asked
                    askedDomains.insert(domain)
                    return nil
                }
                lists.append((source.name, files))
            }
        }
        var items = try combine(lists, map)
        if let filter = map.filter { items = try keep(items, filter, member) }
        if items.count > map.limit {
            throw MapFailure(reason: "it has \(items.count) items; the limit is \(map.limit) (limit: in its map)")
        }
        let others = instances.count - graph.domains[domain].steps.reduce(0) { $0 + members[$1].count }
        if others + items.count * graph.domains[domain].steps.count > Limits.instancesPerRun {
            throw MapFailure(reason: "the run would have more than \(Limits.instancesPerRun) instances of steps")
        }
        return items
    }

    private func elements(of text: String, for member: Int) throws(MapFailure) -> [JSONValue] {
        let context = context(for: member, attempt: 0, project: created.projectRoot, work: "")
        let value: JSONValue
        do throws(TemplateError) {
            guard let expression = try Template(text).soleExpression else {
                throw TemplateError(offset: 0, reason: "\(text) is not one expression")
            }
            value = try expression.evaluate { TemplateContext.lookup($0, in: context) }
        } catch {
            throw MapFailure(reason: error.reason)
        }
        switch value {
        case .array(let elements): return elements
        case .object(let members):
            return members.sorted { $0.key < $1.key }.map { .object(["key": .string($0.key), "value": $0.value]) }
        default: throw MapFailure(reason: "\(text) is \(value.jsonText.prefix(60)), not a list or an object")
        }
    }

    private func combine(
        _ lists: [(name: PortName?, elements: [JSONValue])],
        _ map: MapSpec
    ) throws(MapFailure) -> [JSONValue] {
        if lists.count == 1, lists[0].name == nil { return lists[0].elements }
        func item(_ parts: [JSONValue]) -> JSONValue {
            let pairs = zip(lists, parts).map { ($0.name?.rawValue ?? "item", $1) }
            return .object(Dictionary(pairs, uniquingKeysWith: { $1 }))
        }
        switch map.combine {
        case .zip:
            let count = lists.first?.elements.count ?? 0
            if let other = lists.first(where: { $0.elements.count != count }) {
                let name = other.name?.rawValue ?? "another"
                throw MapFailure(
                    reason: "zip needs lists of one length; \(name) has \(other.elements.count), not \(count)"
                )
            }
            return (0..<count).map { index in item(lists.map { $0.elements[index] }) }
        case .product:
            var rows: [[JSONValue]] = [[]]
            for list in lists {
                // Checked before it is built: a product of long lists would not fit in memory.
                if rows.count * list.elements.count > Limits.mapItemsAtMost {
                    throw MapFailure(reason: "the product of its lists has more than \(Limits.mapItemsAtMost) items")
                }
                rows = rows.flatMap { row in list.elements.map { row + [$0] } }
            }
            return rows.map(item)
        }
    }

    private func keep(_ items: [JSONValue], _ filter: String, _ member: Int) throws(MapFailure) -> [JSONValue] {
        var context = context(for: member, attempt: 0, project: created.projectRoot, work: "")
        do throws(TemplateError) {
            guard let expression = try Template(filter).soleExpression else {
                throw TemplateError(offset: 0, reason: "\(filter) is not one expression")
            }
            var kept: [JSONValue] = []
            for (index, item) in items.enumerated() {
                context.map = MapPlace(index: index, count: items.count, item: item, label: "")
                if try expression.truth({ TemplateContext.lookup($0, in: context) }) { kept.append(item) }
            }
            return kept
        } catch {
            throw MapFailure(reason: "its filter failed: \(error.reason)")
        }
    }

    private func labels(of items: [JSONValue], _ domain: Int) throws(MapFailure) -> [String]? {
        guard let label = graph.domains[domain].map.label else { return nil }
        let member = members[graph.domains[domain].steps[0]][0]
        var context = context(for: member, attempt: 0, project: created.projectRoot, work: "")
        do {
            let template = try Template(label)
            var labels: [String] = []
            for (index, item) in items.enumerated() {
                context.map = MapPlace(index: index, count: items.count, item: item, label: "")
                labels.append(
                    String(try template.render(.none) { TemplateContext.lookup($0, in: context) }.text.prefix(200))
                )
            }
            return labels
        } catch {
            throw MapFailure(reason: "its label failed: \(error.reason)")
        }
    }
}

extension RunMachine {
    /// Makes the instances: the unexpanded one becomes index 0, a list that became longer adds, one that became
    /// shorter removes.
    mutating func expand(_ mapped: MappedSteps, at now: Timestamp) {
        var touched: Set<Int> = []
        for name in mapped.steps {
            guard let step = graph.place[name] else { continue }
            touched.formUnion([step] + graph.edges.downstream[step])
            if let domain = graph.domain[step] {
                domains[domain].items = mapped.items
                domains[domain].labels = mapped.labels
                domains[domain].isStale = false
                domains[domain].listing = .none
                askedDomains.remove(domain)
            }
            if !mapped.items.isEmpty, instances[members[step][0]].id.index == nil {
                let first = members[step][0]
                positions[instances[first].id] = nil
                instances[first].id = InstanceID(name, 0)
                positions[instances[first].id] = first
            }
            for index in members[step].count..<max(members[step].count, mapped.items.count) {
                let id = InstanceID(name, index)
                positions[id] = instances.count
                members[step].append(instances.count)
                instances.append(StepInstance(id, step: step))
                unfinishedCount += 1
                open[step].unfinished += 1
                open[step].waiting += 1
            }
            for (index, member) in members[step].enumerated() {
                if index >= max(1, mapped.items.count) {
                    move(member, to: .removed, at: now)
                } else if instances[member].state == .removed {
                    forget(member)
                    move(member, to: .none, at: now)
                }
            }
        }
        // Also who waits for whom has changed.
        for step in touched.sorted() { recount(step) }
    }
}
