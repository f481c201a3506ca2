import Foundation
import MartletCore
import MartletQuality

// Suites as steps of pipelines have them: part of the manifest, in the JSON of Great Expectations 1.x.
extension SuiteFile {
    /// The suite in one of a pipeline's files, as JSON.
    ///
    /// - Throws: ``MartletError`` for the first of what is wrong with it.
    static func json(_ path: String, in files: PipelineFiles) throws(MartletError) -> JSONValue {
        let source = try files.read(path)
        let suite = try first { try read(source, isJSON: path.hasSuffix(".json"), name: name(of: path)) }
        return SuiteWriter.json(suite.converted(to: .one).suite)
    }

    /// A suite that is written in a pipeline, as JSON.
    ///
    /// - Throws: all that is wrong with it.
    static func json(inline node: JSONValue, columnOrder: [String]) throws(SuiteProblems) -> JSONValue {
        let suite = try SuiteReader.suite(node, name: "inline", columnOrder: columnOrder)
        return SuiteWriter.json(suite.converted(to: .one).suite)
    }

    /// What is wrong with the suite of a check; what depends on templates is known only in a run.
    static func problems(of action: CheckAction) -> [MartletError] {
        guard let json = action.suite else { return [] }
        let isOpen = action.parameters.values.contains { $0.stringValue?.contains("{{") == true }
        let parameters = isOpen ? [:] : action.parameters
        do throws(SuiteProblems) {
            let suite = try SuiteReader.suite(json, name: action.file.map(name) ?? "inline")
            _ = try CheckReader.checks(of: suite, parameters: parameters, now: Timestamp(microseconds: 0))
            return []
        } catch {
            return isOpen ? error.problems.filter { $0.code != .suiteParameterInvalid } : error.problems
        }
    }

    /// The suite of a check, with the values of its parameters in their places, and what it means.
    ///
    /// - Throws: ``MartletError`` for all that is wrong with it.
    static func checks(
        of action: CheckAction,
        root: String,
        now: Timestamp
    ) throws(MartletError) -> (suite: Suite, checks: [Check]) {
        let json: JSONValue
        if let suite = action.suite {
            json = suite
        } else {
            json = try self.json(action.file ?? "", in: PipelineFiles(root: root) { $0 })
        }
        do throws(SuiteProblems) {
            let suite = try SuiteReader.suite(json, name: action.file.map(name) ?? "inline")
            return try CheckReader.read(suite, parameters: action.parameters, now: now)
        } catch {
            throw error.error
        }
    }

    private static func name(of path: String) -> String {
        URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    }

    private static func first(_ body: () throws -> Suite) throws(MartletError) -> Suite {
        do {
            return try body()
        } catch let problems as SuiteProblems {
            throw problems.error
        } catch let failure as CommandFailure {
            throw failure.errors.first ?? MartletError(.suiteUnreadable, "the suite cannot be read")
        } catch let error as MartletError {
            throw error
        } catch {
            throw MartletError(.suiteUnreadable, "the suite cannot be read", reason: "\(error)")
        }
    }
}
