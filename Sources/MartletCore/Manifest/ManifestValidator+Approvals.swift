// What must hold for steps that ask a person.
extension ManifestValidator {
    mutating func checkApproval(_ action: ApproveAction, of step: StepManifest, at base: [PathComponent]) {
        let place = base + ["approve"]
        func need(_ path: [PathComponent], _ holds: Bool, _ message: String, _ remedy: String) {
            if !holds { report(place + path, .valueInvalid, "step \(step.id): \(message)", remedy: remedy) }
        }
        need(["message"], !action.message.isEmpty, "there is no question", "write what is asked")
        need(
            ["options"],
            (1...Limits.answerOptions).contains(action.options.count),
            "there are \(action.options.count) answers to choose from",
            "use 1 to \(Limits.answerOptions)"
        )
        for (index, option) in action.options.enumerated() {
            let isName = option.utf8.count <= Limits.nameBytes && !option.isEmpty && !option.contains { $0.isNewline }
            need(["options", .index(index)], isName, "\"\(option)\" is not an answer", "write a word or two")
            need(
                ["options", .index(index)],
                action.options.firstIndex(of: option) == index,
                "answer \(option) is there twice",
                "remove one"
            )
        }
        let remedy = "choose from \(action.options.prefix(Limits.answerOptions).joined(separator: ", "))"
        for (index, option) in action.refusals.enumerated() {
            need(
                ["refusals", .index(index)],
                action.options.contains(option),
                "\"\(option)\" is not one of the answers",
                remedy
            )
        }
        if let option = action.defaultOption {
            need(["default"], action.options.contains(option), "\"\(option)\" is not one of the answers", remedy)
            need(
                ["default"],
                action.timeoutSeconds != nil,
                "the default is never taken without a timeout",
                "add timeout: 4h, or remove default"
            )
        }
        if let timeout = action.timeoutSeconds {
            need(
                ["timeout"],
                timeout > 0 && timeout <= Double(Limits.waitSeconds),
                "the timeout is zero or longer than a year",
                "use a duration such as 4h"
            )
        }
        checkNoDatasets(of: step, at: base, allowsInputs: false)
    }
}
