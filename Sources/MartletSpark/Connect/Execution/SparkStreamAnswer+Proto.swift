extension SparkStreamAnswer {
    /// What a message says.
    init(_ message: ProtoStreamingQueryCommandResult) {
        switch message.resultType {
        case .status(let status):
            self = .status(
                message: status.statusMessage,
                isDataAvailable: status.isDataAvailable,
                isTriggerActive: status.isTriggerActive,
                isActive: status.isActive
            )
        case .recentProgress(let progress): self = .progress(progress.recentProgressJson)
        case .exception(let exception):
            self = .failure(
                message: exception.hasExceptionMessage ? exception.exceptionMessage : nil,
                errorClass: exception.hasErrorClass ? exception.errorClass : nil
            )
        case .awaitTermination(let result): self = .terminated(result.terminated)
        case nil: self = .done
        }
    }
}
