import GRDB
import MartletCore
import OrderedCollections

/// Writes groups of work, each group in one transaction.
struct StoreWriter: Sendable {
    private var memory = StoreMemory()

    /// Commits `group` and returns the result of each member, in order.
    ///
    /// A member that fails leaves no trace and does not harm the others. The results are only returned when the
    /// transaction is on the disk.
    mutating func commit(_ group: [StoreWork], to db: Database, errors: StoreError) -> [Result<Void, MartletError>] {
        do {
            try run("BEGIN IMMEDIATE TRANSACTION", db)
        } catch {
            return group.map { _ in .failure(errors.explain(error, .write)) }
        }
        var results: [Result<Void, MartletError>] = []
        do {
            for work in group { results.append(try attempt(work, db, errors)) }
            try run("COMMIT TRANSACTION", db)
            return results
        } catch {
            // All is undone, also what is remembered of it.
            memory = StoreMemory()
            if db.isInsideTransaction { try? db.rollback() }
            if group.count > 1, (error as? DatabaseError)?.resultCode == .SQLITE_FULL {
                // What is too large for the rest of the disk is one member of the group, perhaps.
                return group.flatMap { commit([$0], to: db, errors: errors) }
            }
            return group.map { _ in .failure(errors.explain(error, .write)) }
        }
    }

    /// The result of one member; throws when the whole transaction is lost with it.
    private mutating func attempt(
        _ work: StoreWork,
        _ db: Database,
        _ errors: StoreError
    ) throws -> Result<Void, MartletError> {
        try run("SAVEPOINT member", db)
        do {
            switch work {
            case .keep(let manifest): try keep(manifest, db)
            case .append(let append): try self.append(append, db, errors)
            }
        } catch {
            // A full disk and the like end the transaction by themselves.
            guard db.isInsideTransaction else { throw error }
            try run("ROLLBACK TRANSACTION TO SAVEPOINT member", db)
            try run("RELEASE SAVEPOINT member", db)
            return .failure(errors.explain(error, .write))
        }
        try run("RELEASE SAVEPOINT member", db)
        return .success(())
    }

    private mutating func keep(_ manifest: KeptManifest, _ db: Database) throws {
        try run(
            "INSERT INTO manifests (hash, json) VALUES (?, ?) ON CONFLICT DO NOTHING",
            db,
            [
                manifest.hash, manifest.json,
            ]
        )
        // Of two manifests under one hash the first one counts.
        if db.changesCount == 1 { memory.put(manifest.steps, ofManifest: manifest.hash) }
    }

    private mutating func append(_ append: Append, _ db: Database, _ errors: StoreError) throws {
        guard append.isConsecutive else {
            throw MartletError(
                .internalFault,
                "events of run \(append.run) are not numbered one after the other",
                remedy: "please report this"
            )
        }
        let before = try current(append, db)
        let found = before?.run.lastSequence ?? 0
        guard found == append.expected else {
            throw errors.conflict(run: append.run, expected: append.expected, found: found)
        }
        try insertEvents(of: append, db, errors)
        if var projection = before {
            try fold(append.events[...], into: &projection, db)
            memory.put(projection)
        } else {
            memory.put(try create(append, db))
        }
    }

    /// The run as it stands before `append`; what is remembered may be out of date, the tables are not.
    private mutating func current(_ append: Append, _ db: Database) throws -> RunProjection? {
        let remembered = memory.take(append.run)
        if let remembered, remembered.run.lastSequence == append.expected { return remembered }
        return try StoreReader(db: db).projection(of: append.run)
    }

    private func insertEvents(of append: Append, _ db: Database, _ errors: StoreError) throws {
        let insert = try db.cachedStatement(
            sql: "INSERT INTO events (run_id, sequence, at_us, name, payload) VALUES (?, ?, ?, ?, ?)"
        )
        do {
            for (event, payload) in zip(append.events, append.payloads) {
                try insert.execute(arguments: [
                    append.run.rawValue, event.sequence, event.at.microseconds, event.event.name, payload,
                ])
            }
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE {
            // Another process has gone on with a run that is remembered here.
            let last = try db.cachedStatement(sql: "SELECT max(sequence) FROM events WHERE run_id = ?")
            let found = try Int.fetchOne(last, arguments: [append.run.rawValue]) ?? 0
            throw errors.conflict(run: append.run, expected: append.expected, found: found)
        }
    }

    /// Writes the rows of a new run.
    private mutating func create(_ append: Append, _ db: Database) throws -> RunProjection {
        guard let first = append.events.first, case .runCreated(let created) = first.event,
            var projection = RunProjection(id: append.run, first: first, steps: try steps(of: created, append.run, db))
        else {
            throw MartletError(
                .transitionInvalid,
                "the log of run \(append.run) does not begin with its creation",
                remedy: "please report this"
            )
        }
        try run(RunRow.insert, db, RunRow.arguments(projection.run))
        try writeSteps(projection.steps.keys, of: projection, db)
        try fold(append.events.dropFirst(), into: &projection, db)
        return projection
    }

    private mutating func steps(of created: RunCreated, _ run: RunID, _ db: Database) throws -> [StepID] {
        if let steps = memory.steps(ofManifest: created.manifestHash) { return steps }
        guard let manifest = try StoreReader(db: db).manifest(hash: created.manifestHash) else {
            throw MartletError(
                .internalFault,
                "the manifest of run \(run) is not in the store",
                reason: "none is kept under \(created.manifestHash)",
                remedy: "please report this"
            )
        }
        let steps = manifest.steps.map(\.id)
        memory.put(steps, ofManifest: created.manifestHash)
        return steps
    }

    /// Applies `events` and writes the rows they change, each step once.
    private func fold(
        _ events: ArraySlice<RecordedEvent>,
        into projection: inout RunProjection,
        _ db: Database
    ) throws {
        if events.isEmpty { return }
        var before = projection.run
        var changed: OrderedSet<StepID> = []
        for event in events {
            if let step = projection.apply(event) { changed.append(step) }
            try writeAttempt(event, of: before.id, db)
        }
        try writeSteps(changed, of: projection, db)
        let after = projection.run
        before.lastSequence = after.lastSequence
        if after == before {
            // Most events change steps only; the indices of runs need not be touched then.
            try run("UPDATE runs SET last_sequence = ? WHERE id = ?", db, [after.lastSequence, after.id.rawValue])
        } else {
            try run(RunRow.update, db, RunRow.changes(after))
        }
    }

    private func writeSteps(_ steps: OrderedSet<StepID>, of projection: RunProjection, _ db: Database) throws {
        if steps.isEmpty { return }
        let statement = try db.cachedStatement(sql: StepRow.write)
        for id in steps {
            guard let position = projection.steps.index(forKey: id), let step = projection.steps[id] else { continue }
            try statement.execute(arguments: StepRow.arguments(step, at: position, of: projection.run.id))
        }
    }

    private func writeAttempt(_ event: RecordedEvent, of run: RunID, _ db: Database) throws {
        switch event.event {
        case .attemptStarted(let step, let attempt):
            let sql = """
                INSERT OR REPLACE INTO attempts (run_id, step_id, attempt, started_us) VALUES (?, ?, ?, ?)
                """
            try self.run(sql, db, [run.rawValue, step.rawValue, attempt, event.at.microseconds])
        case .attemptFinished(let finished):
            let sql = """
                INSERT INTO attempts
                    (run_id, step_id, attempt, finished_us, result, exit_code, signal, error_code, error_message)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET
                    finished_us = excluded.finished_us, result = excluded.result, exit_code = excluded.exit_code,
                    signal = excluded.signal, error_code = excluded.error_code, error_message = excluded.error_message
                """
            let outcome = finished.outcome
            try self.run(
                sql,
                db,
                [
                    run.rawValue, finished.step.rawValue, finished.attempt, event.at.microseconds,
                    outcome.result.rawValue, outcome.exitCode, outcome.signal, outcome.error?.code.description,
                    column(outcome.error?.message),
                ]
            )
        default:
            break
        }
    }

    /// Runs a statement that is prepared once and used again.
    private func run(_ sql: String, _ db: Database, _ arguments: StatementArguments = []) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
