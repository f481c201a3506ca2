import MartletCore

/// How far all checks are, and what is known.
struct CheckBoard: Sendable {
    let facts: FooterFacts
    private(set) var steps: [CheckStep]
    /// What is known of the data.
    var answers = Answers()
    /// By check: whether statistics of files answered any of its needs.
    private(set) var factsUsed: [[Need]]

    init(scope: CheckScope, steps: [CheckStep]) {
        facts = FooterFacts(statistics: scope.statistics)
        self.steps = steps
        factsUsed = steps.map { _ in [] }
    }

    /// Takes each check as far as it gets, with what statistics of files tell; what is needed then, each once.
    mutating func advance() -> [Need] {
        var seen: Set<Need> = []
        var open: [Need] = []
        for index in steps.indices {
            advance(index)
            guard case .needs(let needs, _) = steps[index] else { continue }
            for need in needs where !answers.has(need) && seen.insert(need).inserted { open.append(need) }
        }
        return open
    }

    private mutating func advance(_ index: Int) {
        while case .needs(let needs, _) = steps[index] {
            for need in needs {
                guard let fact = facts.answer(need) else { continue }
                factsUsed[index].append(need)
                if !answers.has(need) { answers.set(need, .value(fact)) }
            }
            guard let next = steps[index].advanced(answers) else { return }
            steps[index] = next
        }
    }

    /// The needs of a check that are not met yet.
    func open(_ index: Int) -> [Need] {
        guard case .needs(let needs, _) = steps[index] else { return [] }
        return needs.filter { !answers.has($0) }
    }

    /// What came of each check; all have to be done.
    var outcomes: [CheckOutcome] {
        steps.map { step in
            if case .done(let outcome) = step { return outcome }
            return CheckOutcome(success: false, observation: .nothing)
        }
    }
}
