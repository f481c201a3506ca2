public import MartletCore

// What a wait step becomes when its attempt starts: templates filled in, times worked out.
extension WaitRequest {
    /// The request of an attempt that waits for the world.
    ///
    /// - Parameters:
    ///   - action: the step's action.
    ///   - instance: the step, or the copy of a mapped one.
    ///   - context: what the attempt is told; the values of templates come from it.
    ///   - settings: the variables and connections that the step asks for; what comes of the wait has to be masked.
    ///   - times: those of the run.
    ///   - startedAt: when the attempt began to wait; the same again after a restart.
    /// - Throws: ``MartletError`` MT2008 when a template fails, MT2046 when the condition makes no sense in this run.
    public init(
        _ action: WaitAction,
        of instance: InstanceID,
        in context: StepContextDocument,
        settings: ResolvedSettings = ResolvedSettings(),
        times: WaitTimes,
        startedAt: Timestamp
    ) throws(MartletError) {
        let rendering = WaitRendering(instance: instance, context: context, settings: settings)
        let subject: WaitSubject
        switch action.condition {
        case .file(var wait):
            wait.path = try rendering.pattern(wait.path)
            subject = .file(wait)
        case .dataset(let wait):
            let since: Timestamp? =
                switch wait.since {
                case .intervalStart: times.intervalStart ?? startedAt
                case .stepStart: startedAt
                case .ever: nil
                }
            subject = .dataset(wait.dataset, since: since)
        case .until(let wait):
            subject = .instant(try rendering.instant(wait, times: times, startedAt: startedAt))
        case .step(let wait):
            subject = .step(wait, logicalDate: try rendering.logicalDate(wait, times: times))
        case .http(var wait):
            wait.url = try rendering.address(wait.url)
            for (name, value) in wait.headers { wait.headers[name] = try rendering.headerValue(value, of: name) }
            wait.contains = try wait.contains.map { text throws(MartletError) in try rendering.text(text) }
            subject = .http(wait)
        case .sql(let wait):
            subject = .sql(SQLWait(statement: try rendering.text(wait.statement, .sql)))
        }
        self.init(
            key: WaitKey(context.runID, instance, attempt: context.attempt),
            subject: subject,
            policy: action.policy,
            context: context,
            settings: settings,
            startedAt: startedAt
        )
    }

    /// The request of an attempt that waits for a person.
    ///
    /// - Parameters:
    ///   - action: the step's action.
    ///   - instance: the step, or the copy of a mapped one.
    ///   - context: what the attempt is told; the values of templates come from it.
    ///   - settings: the variables and connections that the step asks for.
    ///   - startedAt: when the attempt began to wait; the same again after a restart.
    /// - Throws: ``MartletError`` MT2008 when the message's template fails.
    public init(
        _ action: ApproveAction,
        of instance: InstanceID,
        in context: StepContextDocument,
        settings: ResolvedSettings = ResolvedSettings(),
        startedAt: Timestamp
    ) throws(MartletError) {
        var asked = action
        asked.message = try WaitRendering(instance: instance, context: context, settings: settings).text(action.message)
        self.init(
            key: WaitKey(context.runID, instance, attempt: context.attempt),
            subject: .answer(asked),
            policy: WaitPolicy(onTimeout: action.onTimeout),
            context: context,
            settings: settings,
            startedAt: startedAt
        )
    }
}
