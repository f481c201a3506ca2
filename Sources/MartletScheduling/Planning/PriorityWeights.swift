public import MartletCore

/// The effective priorities of a pipeline's steps.
public enum PriorityWeights {
    /// The effective weight of every step of `graph`, by position, from the steps' own weights by the rule of each.
    ///
    /// Sums count every step once, however many ways lead to it. Own weights beyond 32 bits count as the greatest
    /// or least number of 32 bits, so that sums are exact: 10,000 of them need 45 bits. Costs one pass over the edges
    /// for every 512 steps. A graph with a cycle, which no valid manifest has, gives the own weights.
    public static func effective(_ graph: PipelineGraph, own: [Int], rules: [WeightRule]) -> [Int] {
        var weights = own.map { Int(Int32(clamping: $0)) }
        guard let order = graph.order, own.count == graph.steps.count, rules.count == own.count else { return weights }
        let single = weights
        if rules.contains(.downstream) {
            let sums = sums(over: graph.downstream, order: order.reversed(), of: single)
            for step in order where rules[step] == .downstream { weights[step] = single[step] + sums[step] }
        }
        if rules.contains(.upstream) {
            let sums = sums(over: graph.upstream, order: order, of: single)
            for step in order where rules[step] == .upstream { weights[step] = single[step] + sums[step] }
        }
        return weights
    }

    /// The effective weights when all steps follow one rule.
    public static func effective(_ graph: PipelineGraph, own: [Int], rule: WeightRule = .downstream) -> [Int] {
        effective(graph, own: own, rules: Array(repeating: rule, count: own.count))
    }

    /// For each step the sum over all that `edges` lead to, in an order in which those come first.
    ///
    /// A set of bits for each step would take n² bits. Only the bits of 512 steps are kept at a time: whether they can
    /// be reached is worked out for all steps, summed, and forgotten.
    private static func sums(over edges: [[Int]], order: [Int], of weights: [Int]) -> [Int] {
        typealias Block = SIMD8<UInt64>
        var sums = [Int](repeating: 0, count: weights.count)
        var reach = [Block](repeating: .zero, count: weights.count)
        for start in stride(from: 0, to: weights.count, by: 512) {
            let block = weights[start..<min(start + 512, weights.count)]
            let table = sumsOfBytes(Array(block))
            for step in order {
                var bits = Block.zero
                for next in edges[step] {
                    bits |= reach[next]
                    let bit = next - start
                    if bit >= 0, bit < 512 { bits[bit / 64] |= 1 << UInt64(bit % 64) }
                }
                reach[step] = bits
                if bits != .zero { sums[step] += sum(bits, table) }
            }
        }
        return sums
    }

    /// For each run of eight weights the sums of its 256 subsets.
    private static func sumsOfBytes(_ weights: [Int]) -> [Int] {
        // Most pipelines are far from the 64 bytes of a whole block.
        let bytes = (weights.count + 7) / 8
        var table = [Int](repeating: 0, count: bytes * 256)
        for byte in 0..<bytes {
            for subset in 1..<256 {
                // The subset without its least member is known already.
                let least = byte * 8 + subset.trailingZeroBitCount
                let rest = table[byte * 256 + (subset & (subset - 1))]
                table[byte * 256 + subset] = rest + (least < weights.count ? weights[least] : 0)
            }
        }
        return table
    }

    private static func sum(_ bits: SIMD8<UInt64>, _ table: [Int]) -> Int {
        var sum = 0
        for word in 0..<8 {
            var rest = bits[word]
            var byte = word * 8
            while rest != 0 {
                sum += table[byte * 256 + Int(rest & 255)]
                rest >>= 8
                byte += 1
            }
        }
        return sum
    }
}
