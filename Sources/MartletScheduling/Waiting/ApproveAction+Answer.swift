public import MartletCore

extension ApproveAction {
    /// What becomes of the step when `option` is the answer.
    ///
    /// - Parameters:
    ///   - option: the answer.
    ///   - person: who gave it; nil when it is the default.
    ///   - instance: the step that asks.
    /// - Returns: success with the answer as the values `answer` and `answered_by`, or what a refusal comes to.
    /// - Throws: ``MartletError`` MT2052 when the answer is not offered.
    public func answer(
        _ option: String,
        by person: String?,
        for instance: InstanceID
    ) throws(MartletError) -> WaitResolution {
        guard options.contains(option) else {
            throw MartletError(
                .approvalRefused,
                "step \(instance) does not offer the answer \"\(option.prefix(100))\"",
                remedy: NearestName.of(option, among: options).map { "did you mean \($0)?" }
                    ?? "choose from \(options.joined(separator: ", "))"
            )
        }
        return resolution(of: option, by: person, for: instance)
    }

    /// The same for an answer that is known to be offered.
    func resolution(of option: String, by person: String?, for instance: InstanceID) -> WaitResolution {
        guard refusals.contains(option) else {
            var values: [String: JSONValue] = ["answer": .string(option)]
            if let person { values["answered_by"] = .string(person) }
            return .satisfied(values: values)
        }
        let error = MartletError(
            .approvalRefused,
            "step \(instance) was refused: \(option)",
            reason: person.map { "answered by \($0)" } ?? "nobody answered in time, and this is the default",
            remedy: "run the step again to ask anew"
        )
        return onRefusal == .fail ? .failed(error, retryable: false) : .skipped(error)
    }
}
