/// Something to sample again and again: the subject, its floor, or a variation of it.
struct Part {
    let name: PartName
    let sample: () throws -> Sample
}

/// The role of a part in its benchmark.
enum PartName: Hashable {
    /// What is measured.
    case subject
    /// The least the machine could do for the same work.
    case floor
    /// The subject in other circumstances.
    case variation(String)
}

/// Takes samples in rounds: every part once a round, so that whatever slows the machine down hits all of them alike.
struct Rounds {
    let count: Int
    /// Whether a first round does not count.
    var warmsUp = true

    /// The samples of every part, in the order they were taken, without those of a round that warms up.
    func take(_ parts: [Part]) throws -> [PartName: Samples] {
        var taken: [PartName: [Sample]] = [:]
        for round in (warmsUp ? 0 : 1)...count {
            // In turns forward and backward, so that no part always follows the same one.
            for part in round.isMultiple(of: 2) ? parts : parts.reversed() {
                let sample = try part.sample()
                try Interruption.check()
                if round > 0 { taken[part.name, default: []].append(sample) }
            }
        }
        return taken.mapValues(Samples.init)
    }
}
