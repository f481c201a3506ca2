internal import MartletCore

// The events of Spark SQL (`org.apache.spark.sql.execution.ui`) and of Spark Connect.
extension ApplicationBuilder {
    mutating func readQueryStart(_ scanner: inout JSONScanner) {
        var query = SparkQuery(id: -1, started: 0)
        scanner.object { scanner, key in
            switch key {
            case "executionId": query.id = scanner.integer() ?? -1
            case "rootExecutionId": query.root = scanner.integer()
            case "description": query.description = scanner.string(limit: Limits.sparkTextBytes) ?? ""
            case "time": query.started = time(&scanner) ?? 0
            case "sparkPlanInfo": query.plan = readPlan(&scanner)
            case "jobTags": query.tags = strings(&scanner)
            default: break
            }
        }
        guard !scanner.failed, query.id >= 0 else { return }
        guard app.queries.count < Limits.sparkQueries else {
            dropped += 1
            return
        }
        queryIndex[query.id] = app.queries.count
        app.queries.append(query)
    }

    mutating func readAdaptiveUpdate(_ scanner: inout JSONScanner) {
        var id: Int?
        var plan: PlanNode?
        scanner.object { scanner, key in
            switch key {
            case "executionId": id = scanner.integer()
            case "sparkPlanInfo": plan = readPlan(&scanner)
            default: break
            }
        }
        guard let id, let plan, let index = queryIndex[id] else { return }
        // The plan before is replaced, and its nodes are free again.
        app.queries[index].plan?.visit { _ in planNodes += 1 }
        app.queries[index].plan = plan
    }

    mutating func readDriverUpdates(_ scanner: inout JSONScanner) {
        scanner.object { scanner, key in
            guard case "accumUpdates" = key else { return }
            scanner.array { scanner in
                var pair: [Int] = []
                scanner.array { scanner in
                    if let value = scanner.integer(), pair.count < 2 { pair.append(value) }
                }
                if pair.count == 2 { set(pair[0], pair[1]) }
            }
        }
    }

    mutating func readQueryEnd(_ scanner: inout JSONScanner) {
        var id: Int?
        var ended: Int?
        var error: String?
        scanner.object { scanner, key in
            switch key {
            case "executionId": id = scanner.integer()
            case "time": ended = time(&scanner)
            case "errorMessage": error = scanner.string(limit: Limits.sparkTextBytes)
            default: break
            }
        }
        guard let id, let index = queryIndex[id] else { return }
        app.queries[index].ended = ended
        app.queries[index].error = error.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The events of an operation: started, analysed, ready, finished, failed, cancelled, closed.
    mutating func readOperation(_ name: String, _ scanner: inout JSONScanner) {
        var found = ConnectOperation(id: "", started: 0)
        var eventTime = 0
        scanner.object { scanner, key in
            switch key {
            case "operationId": found.id = scanner.string(limit: 100) ?? ""
            case "sessionId": found.session = scanner.string(limit: 100) ?? ""
            case "jobTag": found.jobTag = scanner.string(limit: 500) ?? ""
            case "statementText": found.statement = scanner.string(limit: Limits.sparkTextBytes) ?? ""
            case "sparkSessionTags": found.tags = strings(&scanner)
            case "eventTime": eventTime = time(&scanner) ?? 0
            case "errorMessage": found.error = scanner.string(limit: Limits.sparkTextBytes)
            case "producedRowCount": found.rows = scanner.integer()
            default: break
            }
        }
        guard !scanner.failed, !found.id.isEmpty else { return }
        if name.hasSuffix("Started") {
            found.started = eventTime
            guard app.operations.count < Limits.sparkQueries else {
                dropped += 1
                return
            }
            operationIndex[found.id] = app.operations.count
            app.operations.append(found)
            return
        }
        guard let index = operationIndex[found.id] else { return }
        if let rows = found.rows { app.operations[index].rows = rows }
        for (suffix, state) in [("Finished", "finished"), ("Failed", "failed"), ("Canceled", "canceled")]
        where name.hasSuffix(suffix) {
            app.operations[index].state = state
            app.operations[index].ended = eventTime
            app.operations[index].error = found.error
        }
    }

    private mutating func readPlan(_ scanner: inout JSONScanner) -> PlanNode? {
        var left = min(Limits.sparkPlanNodes, planNodes)
        let before = left
        let plan = PlanNode.read(&scanner, nodes: &left)
        planNodes -= before - left
        if left == 0 { dropped += 1 }
        return plan
    }

    private func strings(_ scanner: inout JSONScanner) -> [String] {
        var result: [String] = []
        scanner.array { scanner in
            if let text = scanner.string(limit: 500), result.count < 200 { result.append(text) }
        }
        return result
    }
}
