extension PipelineBuilder {
    /// Adds a step that chooses between parts of the pipeline.
    ///
    /// ```swift
    /// p.branch(
    ///     "route",
    ///     .when(auc >= 0.7) { p.step("publish", model) { context, model in … } },
    ///     .otherwise { p.command("retrain", "./retrain.sh") }
    /// )
    /// ```
    ///
    /// The first choice whose condition holds is followed. The steps added inside the others are skipped, and so is
    /// what waits for them; a later step that joins the parts again needs a rule such as
    /// `.triggerRule(.noneFailedMinOneSuccess)`.
    ///
    /// Conditions are given before any choice's steps exist, so that none can depend on them.
    ///
    /// - Returns: what each choice's closure returns, so that handles can be used after the branch.
    @discardableResult
    public func branch<each Outcome>(
        _ id: String,
        _ choices: repeat BranchChoice<each Outcome>,
        options: [StepOption] = [],
        fileID: String = #fileID,
        line: Int = #line
    ) -> (repeat each Outcome) {
        let place = SourceLocation(file: fileID, line: line)
        let index = steps.count
        let _: Step<> = add(id, .branch(BranchAction(cases: [])), options: options, at: place)
        var cases: [BranchCase] = []
        func follow<One>(_ choice: BranchChoice<One>) -> One {
            if let last = cases.last, last.when == nil {
                report(
                    ["steps", .index(index), "branch", .index(cases.count)],
                    at: place,
                    .valueInvalid,
                    "branch \(id) has a choice that can never be made",
                    reason: "the one before it is .otherwise",
                    remedy: "let .otherwise stand last"
                )
            }
            let first = steps.count
            let outcome = choice.build()
            cases.append(BranchCase(when: choice.condition, follow: roots(from: first)))
            setCases(cases, ofStepAt: index)
            return outcome
        }
        return (repeat follow(each choices))
    }
}

/// One choice of a branch: a condition, and the steps that run when it holds.
public struct BranchChoice<Outcome> {
    let condition: String?
    let build: () -> Outcome

    /// Steps that run when `condition` holds and no choice before did.
    public static func when(_ condition: some ConditionTerm<Bool>, _ steps: @escaping () -> Outcome) -> Self {
        Self(condition: condition.template, build: steps)
    }

    /// Steps that run when no choice before did.
    public static func otherwise(_ steps: @escaping () -> Outcome) -> Self {
        Self(condition: nil, build: steps)
    }
}
