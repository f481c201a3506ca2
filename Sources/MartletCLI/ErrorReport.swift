import ArgumentParser
import Foundation
import MartletCore

/// The four exit codes of every command.
enum ExitStatus {
    static let done: Int32 = 0
    static let workFailed: Int32 = 1
    static let requestWrong: Int32 = 2
    static let fault: Int32 = 3

    /// The exit code that an error stands for.
    static func of(_ error: MartletError) -> Int32 {
        switch error.code {
        case .runNotFound, .runEnded, .runHeld, .runExists, .nothingToClear, .schedulerHeld, .pipelineUnregistered,
            .requestRefused, .pipelineInUse, .schemeUnknown, .connectionUntestable:
            requestWrong
        case .streamLibraryUnusable, .streamPropertyInvalid, .streamClientMisused, .streamDefinitionInvalid,
            .streamExpressionUnreadable, .streamExpressionInvalid, .featureViewInvalid, .streamAddressUnusable,
            .streamFolderInUse, .streamLoginRequired, .streamSecurityUnusable, .streamTopicMissing,
            .triggerOptionsInvalid,
            .streamResultsMismatched:
            requestWrong
        case .streamLogUnusable, .streamLogDamaged, .streamFolderTooNew, .coordinatorJournalDamaged,
            .coordinatorJournalTooNew, .coordinatorRecordTooLarge:
            fault
        case .sparkURLInvalid, .sparkValueInvalid, .arrowUnsupported, .arrowValueInvalid, .arrowTextInvalid,
            .sparkLogMissing,
            .sparkLogCodecUnsupported, .sparkLogUnreadable, .sparkSizingInvalid, .sparkTemplateUnknown,
            .sparkTemplateParameterUnknown, .sparkTemplateValueInvalid, .sparkNotInstalled, .javaUnusable,
            .sparkPlaceUnfit:
            requestWrong
        case .mergeConflict: workFailed
        case .objectMissing, .objectDamaged, .lakeDamaged, .lakeObjectMalformed, .workspaceDamaged: fault
        default:
            switch error.code.number / 1000 {
            case 1, 3, 5: requestWrong
            case 8, 9: fault
            default: workFailed
            }
        }
    }
}

/// A command that ends without success, and what to say about it.
struct CommandFailure: Error {
    var errors: [MartletError]
    var status: Int32
    /// Errors as people see them, when more than their own text helps (the source line, say).
    var rendered: String?
    init(_ errors: [MartletError], status: Int32? = nil, rendered: String? = nil) {
        self.errors = errors
        self.status = status ?? errors.map(ExitStatus.of).max() ?? ExitStatus.workFailed
        self.rendered = rendered
    }

    /// Ends with a code and without words, because the result said it all.
    static func silent(_ status: Int32) -> CommandFailure { CommandFailure([], status: status, rendered: "") }
}

/// Says why a command failed and gives its exit code.
enum ErrorReport {
    static func print(_ error: any Error) -> Int32 {
        switch error {
        case let failure as CommandFailure:
            show(failure)
            return failure.status
        case let error as MartletError:
            show(CommandFailure([error]))
            return ExitStatus.of(error)
        default:
            return showParserMessage(error)
        }
    }

    private static func show(_ failure: CommandFailure) {
        // Whoever asked for JSON gets it in any case.
        if CommandLine.arguments.contains("--json"), !failure.errors.isEmpty {
            Output.result(JSONValue.object(["errors": .array(failure.errors.map(ErrorJSON.value))]).jsonText)
        }
        let text = failure.rendered ?? failure.errors.map { ErrorText.plain($0) }.joined(separator: "\n")
        if !text.isEmpty { Output.talk(text) }
    }

    /// Help and version go to standard output; complaints to standard error, with exit code 2 and not 64.
    private static func showParserMessage(_ error: any Error) -> Int32 {
        let code = MartletCommand.exitCode(for: error)
        let text = MartletCommand.fullMessage(for: error)
        if code == .success {
            if !text.isEmpty { Output.result(text) }
            return ExitStatus.done
        }
        if code == .validationFailure {
            let error = MartletError(.commandLineInvalid, MartletCommand.message(for: error))
            show(CommandFailure([error], rendered: text))
            return ExitStatus.requestWrong
        }
        Output.talk(
            ErrorText.plain(
                MartletError(
                    .internalFault,
                    "an unexpected fault: \(error)",
                    remedy: "please report this, with what you did"
                )
            )
        )
        return ExitStatus.fault
    }
}

/// Errors as people see them, in colour where the terminal has it.
enum ErrorText {
    static func plain(_ error: MartletError, _ style: Style = .standardError) -> String {
        var lines = DisplayText.lines(error.description).split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init
        )
        lines[0] = lines[0].replacing("error \(error.code):", with: style.bad("error \(error.code):"))
        return lines.joined(separator: "\n")
    }
}

/// Errors as machines see them: the one shape of every command's JSON.
enum ErrorJSON {
    static func value(_ error: MartletError) -> JSONValue {
        .object([
            "code": .string(error.code.description), "message": .string(error.message), "reason": text(error.reason),
            "remedy": text(error.remedy), "cause": text(error.cause), "file": text(error.location?.file),
            "line": error.location?.line.map(JSONValue.integer) ?? .null,
            "column": error.location?.column.map(JSONValue.integer) ?? .null,
        ])
    }

    private static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}
