public import MartletCore

extension SecretMask {
    /// `text` with `***` for each secret in it.
    public func masked(_ text: String) -> String {
        var stream = Stream(self)
        var result: [UInt8] = []
        var copy = text
        copy.withUTF8 { stream.feed(UnsafeRawBufferPointer($0)) { result.append(contentsOf: $0) } }
        stream.finish { result.append(contentsOf: $0) }
        return stream.hasMasked ? String(decoding: result, as: UTF8.self) : text
    }

    /// Whether `text` holds a secret.
    public func finds(in text: String) -> Bool { masked(text) != text }

    /// `value` with `***` for each secret in its texts and keys, and for each number that is one.
    public func masked(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(masked(text))
        case .integer, .number: isSecret(number: value.jsonText) ? .string(SettingRules.mask) : value
        case .array(let elements): .array(elements.map { masked($0) })
        case .object(let members):
            .object(
                Dictionary(members.sorted { $0.key < $1.key }.map { (masked($0.key), masked($0.value)) }) { first, _ in
                    first
                }
            )
        case .null, .bool: value
        }
    }

    /// `error` with `***` for each secret in its texts.
    public func masked(_ error: MartletError) -> MartletError {
        var masked = error
        masked.message = self.masked(error.message)
        masked.reason = error.reason.map { self.masked($0) }
        masked.remedy = error.remedy.map { self.masked($0) }
        masked.cause = error.cause.map { self.masked($0) }
        masked.location?.file = self.masked(error.location?.file ?? "")
        return masked
    }

    /// `outcome` with `***` for each secret in what it says; the paths of outputs stay as they are.
    public func masked(_ outcome: AttemptOutcome) -> AttemptOutcome {
        var masked = outcome
        masked.error = outcome.error.map { self.masked($0) }
        masked.values = outcome.values.mapValues { self.masked($0) }
        masked.verdict = outcome.verdict.map { self.masked($0) }
        return masked
    }

    /// `verdict` with `***` for each secret in what it says of expectations.
    func masked(_ verdict: CheckVerdict) -> CheckVerdict {
        var masked = verdict
        masked.failures = verdict.failures.map { failure in
            var failure = failure
            failure.check = self.masked(failure.check)
            failure.expected = self.masked(failure.expected)
            failure.observed = self.masked(failure.observed)
            return failure
        }
        return masked
    }

    /// `message` with `***` for each secret in it; nil when a name is one, which a name cannot do without.
    ///
    /// A path that holds a secret becomes the failure of its step: masked, it would lead nowhere.
    func masked(_ message: StepMessage) -> StepMessage? {
        switch message {
        case .progress(var progress):
            progress.text = progress.text.map { masked($0) }
            return .progress(progress)
        case .metric(let name, let value):
            let number = JSONValue.number(value).jsonText
            return finds(in: name) || isSecret(number: number) ? nil : message
        case .value(let name, let value):
            return finds(in: name.rawValue) ? nil : .value(name: name, value: masked(value))
        case .output(let name, let path):
            if finds(in: name.rawValue) { return nil }
            guard finds(in: path) else { return message }
            let error = MartletError(
                .secretInPath,
                "output \(name) was written to a path that holds one of the step's secrets",
                remedy: "write it to $MARTLET_OUTPUT_\(name.environmentSuffix), or to a path without secrets"
            )
            return .failure(error: error, retry: false)
        case .log(let level, let text):
            return .log(level: masked(level), text: masked(text))
        case .verdict(let verdict):
            return .verdict(masked(verdict))
        case .skip(let reason):
            return .skip(reason: masked(reason))
        case .failure(let error, let retry):
            return .failure(error: masked(error), retry: retry)
        }
    }
}
