/// Finds the known name that a mistyped one was meant to be.
public enum NearestName {
    /// The candidate with the fewest edits from `name`, when it is near enough to be worth offering.
    ///
    /// Edits are insertions, deletions, substitutions and swaps of neighbours (optimal string alignment distance).
    public static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased())
        let limit = max(2, wanted.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            // The lengths alone tell that most candidates are too far.
            guard abs(candidate.count - wanted.count) <= limit else { continue }
            let distance = editDistance(wanted, Array(candidate.lowercased()))
            guard distance <= limit, distance < max(wanted.count, candidate.count) else { continue }
            if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
        }
        return best?.name
    }

    private static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var beforePrevious = [Int]()
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                var distance = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    distance = min(distance, beforePrevious[column - 2] + 1)
                }
                current.append(distance)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
