import Crypto
import Foundation
import MartletCore
import MartletDuckDB
import MartletQuality
import MartletRuntime

/// Holds the data of one attempt against its suite, puts bad rows aside if asked, and keeps the full result.
struct CheckStep {
    let request: CheckStepRequest
    let engine: DuckDBTables
    private let now: Timestamp

    init(_ request: CheckStepRequest, engine: DuckDBTables, now: Timestamp) {
        self.request = request
        self.engine = engine
        self.now = now
    }

    /// What the engine may use: what does not fit into memory goes to the attempt's own folder.
    var settings: SQLTransform.Settings { SQLTransform.Settings(temporaryDirectory: request.context.workDirectory) }

    /// The verdict; the outputs are written when it has not failed.
    ///
    /// - Throws: `MartletError` when the data or the suite cannot be read, MT5081 when more rows would be put aside
    ///   than is allowed, MT5082 when the suite says nothing of single rows.
    func run(progress: @escaping @Sendable (Double) -> Void) async throws(MartletError) -> CheckVerdict {
        let read = try SuiteFile.checks(of: request.check, root: request.context.project, now: now)
        let session = try await engine.open(.files(input(request.data.rawValue)), settings: settings)
        for name in request.context.inputs.keys.sorted() where name != request.data.rawValue {
            try await session.attach(input(name))
        }
        let semantics = Semantics(rawValue: request.check.semantics) ?? .sql
        let format = ResultFormat(level: ResultFormat.Level(rawValue: request.check.resultFormat) ?? .summary)
        let outcomes = try await QualityRun(session: session)
            .outcomes(read.checks, semantics: semantics, format: format, progress: progress)
        let validation = validation(of: read, outcomes, semantics, session.engine)
        let (document, digest) = try keep(validation, format)
        let results = zip(read.checks, outcomes).map { check, outcome in
            CheckResult(expectation: read.suite.expectations[check.index], check: check, outcome: outcome)
        }
        var quarantine: CheckVerdict.Quarantine?
        var mended: Set<Int> = []
        if let spec = request.check.quarantine {
            (quarantine, mended) = try await split(results, spec, semantics, session)
        }
        var verdict = Gate(blocks: request.check.blocks, masked: Set(request.check.masked)).verdict(
            on: results,
            suite: read.suite.name,
            quarantine: quarantine,
            mended: mended
        ) { ExpectationProse.sentence($0.expectation) }
        verdict.path = document
        verdict.result = digest
        return verdict
    }

    private func input(_ name: String) -> TableInput {
        let dataset = request.context.inputs[name]
        return TableInput(name: name, path: dataset?.path ?? "", format: dataset?.format)
    }

    private func validation(
        of read: (suite: Suite, checks: [Check]),
        _ outcomes: [CheckOutcome],
        _ semantics: Semantics,
        _ engine: String
    ) -> ValidationResult {
        let context = request.context
        let dataset = context.inputs[request.data.rawValue]
        var identifiers: [String: JSONValue] = [:]
        if let version = dataset?.version {
            identifiers = ["commit": .string(version.commit.hex), "digest": .string(version.digest.hex)]
        }
        return ValidationResult(
            suite: read.suite,
            checks: read.checks,
            outcomes: outcomes,
            data: ValidatedData(
                source: dataset?.version == nil ? "files" : "lake",
                asset: dataset?.dataset.rawValue ?? request.data.rawValue,
                identifiers: identifiers,
                spec: ["path": .string(dataset?.path ?? "")]
            ),
            semantics: semantics,
            engine: engine,
            version: MartletVersion.text,
            runName: context.runID.rawValue,
            time: now,
            parameters: request.check.parameters,
            masked: Set(request.check.masked),
            meta: [
                "run_id": .string(context.runID.rawValue),
                "pipeline": .string(context.pipeline.rawValue),
                "step": .string(context.instance.description),
                "attempt": .integer(context.attempt),
            ]
        )
    }

    /// Writes the full result beside the attempt, and for reports among the project's validations.
    private func keep(
        _ validation: ValidationResult,
        _ format: ResultFormat
    ) throws(MartletError) -> (path: String, digest: ObjectID?) {
        let json = validation.json(format: format, shape: .one)
        let bytes = Array(ExactJSON.indented(json).utf8)
        let path = "\(request.folder)/validation.json"
        try FileSystem.write(bytes, to: path)
        let folder = ValidationFolder(layout: ProjectLayout(root: request.context.project))
        try folder.append(validation, json: json)
        return (path, ObjectID(bytes: Array(SHA256.hash(data: Data(bytes)))))
    }
}
