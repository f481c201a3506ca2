import MartletCore

/// A distribution that a column is compared with.
enum Partition: Hashable, Sendable {
    case categorical(values: [JSONValue], weights: [Double])
    /// `bins` are the ends as they are written; `edges` what they mean.
    case continuous(bins: [JSONValue], edges: [Double], weights: [Double], tails: [Double]?)

    /// Reads `{values, weights}` or `{bins, weights, tail_weights}`; nil when the parts do not fit each other.
    init?(_ json: JSONValue) {
        guard case .array(let given)? = json["weights"] else { return nil }
        let weights = given.compactMap(Self.number)
        guard weights.count == given.count else { return nil }
        if case .array(let values)? = json["values"] {
            guard values.count == weights.count, Self.isOne(weights) else { return nil }
            self = .categorical(values: values, weights: weights)
            return
        }
        guard case .array(let bins)? = json["bins"] else { return nil }
        let edges = bins.compactMap(Self.number)
        var tails: [Double]?
        if case .array(let given)? = json["tail_weights"] {
            tails = given.compactMap(Self.number)
            guard tails?.count == 2 else { return nil }
        }
        let isRising = zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }
        guard edges.count == bins.count, edges.count == weights.count + 1, isRising, Self.isOne((tails ?? []) + weights)
        else { return nil }
        self = .continuous(bins: bins, edges: edges, weights: weights, tails: tails)
    }

    private static func number(_ json: JSONValue) -> Double? {
        if let text = json.stringValue {
            return ["inf": .infinity, "Infinity": .infinity, "-inf": -.infinity, "-Infinity": -.infinity][text]
        }
        return json.doubleValue
    }

    private static func isOne(_ weights: [Double]) -> Bool {
        abs(weights.reduce(0, +) - 1) <= 1e-8 + 1e-5
    }
}
