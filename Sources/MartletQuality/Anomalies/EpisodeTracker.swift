/// Gathers anomalous rows into episodes: one alarm for each.
struct EpisodeTracker: Sendable {
    let closeAfter: Int
    let cooldown: Int
    /// The number of the last episode.
    private(set) var number = 0
    private var isOpen = false
    private var normal = 0
    private var closedAt = Int64.min

    init(closeAfter: Int, cooldown: Int) {
        self.closeAfter = closeAfter
        self.cooldown = cooldown
    }

    /// The episode of an anomalous row.
    mutating func anomaly(at time: Int64, step: Int64) -> Int {
        normal = 0
        if isOpen { return number }
        isOpen = true
        let isSoon = number > 0 && time &- closedAt <= Int64(cooldown) &* step
        if !isSoon { number += 1 }
        return number
    }

    /// Takes a normal row.
    mutating func normal(at time: Int64) {
        guard isOpen else { return }
        normal += 1
        guard normal >= closeAfter else { return }
        (isOpen, closedAt) = (false, time)
    }

    /// Ends the episode.
    mutating func close() { isOpen = false }
}
