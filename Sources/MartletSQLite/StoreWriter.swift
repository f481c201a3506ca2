import GRDB
import MartletCore
import OrderedCollections

/// Writes groups of work, each group in one transaction.
struct StoreWriter: Sendable {
    private var memory: StoreMemory

    init(memory: StoreMemory = StoreMemory(limit: StoreLimits.rememberedSteps)) { self.memory = memory }

    /// Commits `group` and returns the result of each member, in order.
    ///
    /// A member that fails leaves no trace and does not harm the others. The results are only returned when the
    /// transaction is on the disk.
    mutating func commit(_ group: [StoreWork], to db: Database, errors: StoreError) -> [Result<Void, MartletError>] {
        do {
            try db.run("BEGIN IMMEDIATE TRANSACTION")
        } catch {
            return group.map { _ in .failure(errors.explain(error, .write)) }
        }
        var results: [Result<Void, MartletError>] = []
        do {
            for work in group { results.append(try attempt(work, db, errors)) }
            try db.run("COMMIT TRANSACTION")
            return results
        } catch {
            // All is undone, also what is remembered of it.
            memory.clear()
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
        try db.run("SAVEPOINT member")
        do {
            switch work {
            case .keep(let manifest): try keep(manifest, db)
            case .append(let append): try self.append(append, db, errors)
            case .change(let change): try change(db)
            }
        } catch {
            // A full disk and the like end the transaction by themselves.
            guard db.isInsideTransaction else { throw error }
            try db.run("ROLLBACK TRANSACTION TO SAVEPOINT member")
            try db.run("RELEASE SAVEPOINT member")
            return .failure(errors.explain(error, .write))
        }
        try db.run("RELEASE SAVEPOINT member")
        return .success(())
    }

    private mutating func keep(_ manifest: KeptManifest, _ db: Database) throws {
        let sql = "INSERT INTO manifests (hash, json) VALUES (?, ?) ON CONFLICT DO NOTHING"
        try db.run(sql, [manifest.hash, manifest.json])
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
        // Bound once and changed in place: a second reference would copy all steps of the run.
        if var projection = try current(append, db) {
            let found = projection.run.lastSequence
            guard found == append.expected else {
                throw errors.conflict(run: append.run, expected: append.expected, found: found)
            }
            try insertEvents(of: append, db, errors)
            try fold(append.events[...], of: append, into: &projection, db, errors)
            memory.put(projection)
        } else {
            guard append.expected == 0 else {
                throw errors.conflict(run: append.run, expected: append.expected, found: 0)
            }
            try insertEvents(of: append, db, errors)
            memory.put(try create(append, db, errors))
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
    private mutating func create(_ append: Append, _ db: Database, _ errors: StoreError) throws -> RunProjection {
        guard let first = append.events.first, case .runCreated(let created) = first.event,
            var projection = RunProjection(
                id: append.run,
                first: first,
                steps: try steps(of: created, append.run, db, errors)
            )
        else { throw errors.uncreated(run: append.run) }
        let occasion = created.occasion
        if let date = occasion.logicalDate,
            let existing = try StoreReader(db: db).run(of: created.pipeline, for: date)
        {
            throw errors.exists(existing)
        }
        try db.run(RunRow.insert, RunRow.arguments(projection.run))
        if let backfill = occasion.backfill, let ordinal = occasion.ordinal {
            try BackfillTable(db: db).set(append.run, at: ordinal, of: backfill)
        }
        try writeSteps(projection.steps.keys, of: projection, append.outcomes, db)
        try fold(append.events.dropFirst(), of: append, into: &projection, db, errors)
        return projection
    }

    private mutating func steps(
        of created: RunCreated,
        _ run: RunID,
        _ db: Database,
        _ errors: StoreError
    ) throws -> [StepID] {
        if let steps = memory.steps(ofManifest: created.manifestHash) { return steps }
        guard let manifest = try StoreReader(db: db).manifest(hash: created.manifestHash) else {
            throw errors.unkept(manifest: created.manifestHash, of: "run \(run)")
        }
        let steps = manifest.steps.map(\.id)
        memory.put(steps, ofManifest: created.manifestHash)
        return steps
    }

    /// Applies `events` and writes the rows they change, each step once.
    private func fold(
        _ events: ArraySlice<RecordedEvent>,
        of append: Append,
        into projection: inout RunProjection,
        _ db: Database,
        _ errors: StoreError
    ) throws {
        if events.isEmpty { return }
        var before = projection.run
        var changed: OrderedSet<InstanceID> = []
        for event in events {
            changed.append(contentsOf: projection.apply(event))
            try project(event, of: projection.run, db, errors)
        }
        try writeSteps(changed, of: projection, append.outcomes, db)
        let after = projection.run
        before.lastSequence = after.lastSequence
        if after == before {
            // Most events change steps only; the indices of runs need not be touched then.
            try db.run("UPDATE runs SET last_sequence = ? WHERE id = ?", [after.lastSequence, after.id.rawValue])
        } else {
            try db.run(RunRow.update, RunRow.changes(after))
        }
    }

    /// Writes what follows from one event for tables other than those of runs and steps.
    private func project(_ recorded: RecordedEvent, of run: RunSummary, _ db: Database, _ errors: StoreError) throws {
        switch recorded.event {
        case .attemptStarted(let step, let attempt), .attemptDeferred(let step, let attempt, _):
            try AttemptRow.start(attempt, of: step, run.id, at: recorded.at, db)
        case .attemptFinished(let finished):
            try AttemptRow.finish(finished, of: run.id, at: recorded.at, db)
            try DatasetEventTable(db: db).add(finished, of: run, at: recorded.at)
            try StepResultTable(db: db).add(finished, of: run, sequence: recorded.sequence)
        case .published(let publication):
            try DatasetEventTable(db: db).add(publication, of: run, at: recorded.at)
        case .datasetsTaken(let events):
            try DatasetEventTable(db: db).take(events, by: run.id)
        case .cleared(let cleared):
            if let hash = cleared.manifestHash, try !StoreReader(db: db).hasManifest(hash) {
                throw errors.unkept(manifest: hash, of: "run \(run.id)")
            }
        default:
            break
        }
    }

    private func writeSteps(
        _ steps: OrderedSet<InstanceID>,
        of projection: RunProjection,
        _ outcomes: [InstanceID: String],
        _ db: Database
    ) throws {
        for id in steps {
            // An unexpanded step is no row any more once it is mapped.
            guard let position = projection.steps.index(forKey: id) else { continue }
            let step = projection.steps.values[position]
            let row = StepRow.arguments(step, at: position, of: projection.run.id, outcome: outcomes[id])
            try db.run(StepRow.write, row)
        }
    }
}
