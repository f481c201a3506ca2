import MartletCore

extension SecretMask {
    /// `result` with `***` for each secret in it.
    func masked(_ result: WaitResult) -> WaitResult {
        switch result {
        case .satisfied(let values): .satisfied(values: values.mapValues { masked($0) })
        case .notYet(let reason, let again): .notYet(reason: masked(reason), again: again)
        case .skip(let reason): .skip(reason: masked(reason))
        case .failed(let error, let retryable): .failed(masked(error), retryable: retryable)
        }
    }

    /// `resolution` with `***` for each secret in it.
    func masked(_ resolution: WaitResolution) -> WaitResolution {
        switch resolution {
        case .satisfied(let values): .satisfied(values: values.mapValues { masked($0) })
        case .skipped(let error): .skipped(masked(error))
        case .failed(let error, let retryable): .failed(masked(error), retryable: retryable)
        }
    }
}
