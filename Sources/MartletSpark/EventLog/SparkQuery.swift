internal import MartletCore

/// A SQL execution: one query or command with its plan.
package struct SparkQuery: Sendable, Equatable {
    /// Its number.
    package var id: Int
    /// The execution it was started by.
    package var root: Int?
    /// What it is described as.
    package var description = ""
    /// When it started, in milliseconds since 1970.
    package var started: Int
    /// When it ended.
    package var ended: Int?
    /// What it failed with; nil when it did not.
    package var error: String?
    /// The tags of its thread, those of Connect operations among them.
    package var tags: [String] = []
    /// The last plan: with adaptive execution the one that ran.
    package var plan: PlanNode?

    /// A query that just started.
    package init(id: Int, started: Int) {
        self.id = id
        self.started = started
    }
}

/// A node of a SQL plan.
package struct PlanNode: Sendable, Equatable {
    /// What it is, as `SortMergeJoin`.
    package var name: String
    /// The node with its arguments, cut short.
    package var text: String
    /// Details, such as where a scan reads.
    package var metadata: [String: String] = [:]
    /// Its metrics.
    package var metrics: [Metric]
    /// The nodes it takes its rows from.
    package var children: [PlanNode]

    /// A metric, whose values are found by its accumulator.
    package struct Metric: Sendable, Equatable {
        /// As `number of files read`.
        package var name: String
        /// The accumulator.
        package var accumulator: Int
        /// `sum`, `size`, `timing`, `nsTiming` or `average`.
        package var kind: String

        /// A metric of that name.
        package init(name: String, accumulator: Int, kind: String) {
            self.name = name
            self.accumulator = accumulator
            self.kind = kind
        }
    }

    /// A node with its parts.
    package init(name: String, text: String = "", metrics: [Metric] = [], children: [PlanNode] = []) {
        self.name = name
        self.text = text
        self.metrics = metrics
        self.children = children
    }

    /// Visits this node and all beneath it, parents first.
    package func visit(_ body: (PlanNode) -> Void) {
        var open = [self]
        while let node = open.popLast() {
            body(node)
            open.append(contentsOf: node.children.reversed())
        }
    }

    /// Reads `sparkPlanInfo`.
    ///
    /// - Parameters:
    ///   - scanner: where the plan begins.
    ///   - depth: how deep this node is.
    ///   - nodes: how many nodes may still be kept; what is beyond is passed over.
    /// - Returns: the node, or nil when it is beyond the limits.
    static func read(_ scanner: inout JSONScanner, depth: Int = 0, nodes: inout Int) -> PlanNode? {
        guard depth < Limits.sparkPlanDepth, nodes > 0 else {
            scanner.skipValue()
            return nil
        }
        nodes -= 1
        var node = PlanNode(name: "")
        scanner.object { scanner, key in
            switch key {
            case "nodeName": node.name = scanner.string(limit: Limits.sparkTextBytes) ?? ""
            case "simpleString": node.text = scanner.string(limit: Limits.sparkTextBytes) ?? ""
            case "children":
                scanner.array { scanner in
                    if let child = read(&scanner, depth: depth + 1, nodes: &nodes) { node.children.append(child) }
                }
            case "metadata":
                scanner.object { scanner, key in
                    if node.metadata.count < 20 {
                        node.metadata[key.text] = scanner.string(limit: Limits.sparkTextBytes)
                    }
                }
            case "metrics":
                scanner.array { scanner in
                    if let metric = readMetric(&scanner), node.metrics.count < 200 { node.metrics.append(metric) }
                }
            default: break
            }
        }
        return node
    }

    private static func readMetric(_ scanner: inout JSONScanner) -> Metric? {
        var metric = Metric(name: "", accumulator: -1, kind: "")
        scanner.object { scanner, key in
            switch key {
            case "name": metric.name = scanner.string(limit: 200) ?? ""
            case "accumulatorId": metric.accumulator = scanner.integer() ?? -1
            case "metricType": metric.kind = scanner.string(limit: 50) ?? ""
            default: break
            }
        }
        return metric.accumulator >= 0 ? metric : nil
    }
}
