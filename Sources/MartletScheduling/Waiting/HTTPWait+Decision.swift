public import MartletCore

/// What a web server answered.
public struct HTTPAnswer: Hashable, Sendable {
    /// The status, as in 200.
    public var status: Int
    /// The body, as far as it was read.
    public var body: [UInt8]
    /// Whether there was more of it.
    public var isCut: Bool

    /// An answer.
    public init(status: Int, body: [UInt8], isCut: Bool = false) {
        self.status = status
        self.body = body
        self.isCut = isCut
    }
}

extension HTTPWait {
    /// Statuses from 400 to 499 that time may mend; the others of them say that asking again is useless.
    private static let passing: Set<Int> = [404, 408, 409, 423, 425, 429]

    /// What an answer comes to.
    ///
    /// - Parameters:
    ///   - answer: the answer.
    ///   - context: what the attempt is told, for the names in ``json``.
    ///   - settings: the variables and connections that the step asks for.
    ///   - instance: the step that waits.
    /// - Returns: satisfied when status, text and condition fit.
    public func result(
        of answer: HTTPAnswer,
        in context: StepContextDocument,
        settings: ResolvedSettings = ResolvedSettings(),
        for instance: InstanceID
    ) -> WaitResult {
        guard status.contains(answer.status) else {
            if (400...499).contains(answer.status), !Self.passing.contains(answer.status) {
                let error = MartletError(
                    .requestFailed,
                    "step \(instance): \(publicAddress) refuses with status \(answer.status)",
                    remedy: "check url: and headers:; add the status under status: if it is meant"
                )
                return .failed(error, retryable: false)
            }
            return .notYet(reason: "\(publicAddress) answers with status \(answer.status)")
        }
        if let contains, answer.body.firstRange(of: Array(contains.utf8)) == nil {
            return .notYet(reason: "the answer of \(publicAddress) does not contain the text")
        }
        var values: [String: JSONValue] = ["status": .integer(answer.status)]
        guard let json else { return .satisfied(values: values) }
        do throws(TemplateError) {
            let body = try Self.document(answer)
            guard let expression = try Template(json).soleExpression else {
                throw TemplateError(offset: 0, reason: "\(json) is not one expression")
            }
            let holds = try expression.truth { (path: [String]) -> JSONValue? in
                switch path.first {
                case "body": TemplateContext.member(body, path.dropFirst())
                case "status": path.count == 1 ? .integer(answer.status) : nil
                default: TemplateContext.lookup(path, in: context) ?? settings.lookup(path)
                }
            }
            if !holds { return .notYet(reason: "the condition over the answer of \(publicAddress) does not hold") }
            if body.jsonText.utf8.count <= Limits.valueBytes { values["body"] = body }
            return .satisfied(values: values)
        } catch {
            let failure = MartletError(
                .waitAnswerInvalid,
                "step \(instance): the condition over the answer of \(publicAddress) failed",
                reason: error.reason,
                remedy: error.remedy
            )
            // What answers with HTML while it starts may answer with JSON later.
            return .failed(failure, retryable: true)
        }
    }

    private static func document(_ answer: HTTPAnswer) throws(TemplateError) -> JSONValue {
        if answer.isCut {
            throw TemplateError(offset: 0, reason: "the body is larger than \(Limits.bodyBytes >> 20) MiB")
        }
        if let body = try? JSONText.decode(JSONValue.self, from: String(decoding: answer.body, as: UTF8.self)) {
            return body
        }
        let start = String(decoding: answer.body.prefix(40), as: UTF8.self)
        throw TemplateError(
            offset: 0,
            reason: "the body is not JSON; it starts with \(JSONValue.string(start).jsonText)",
            remedy: "use contains: for text"
        )
    }
}
