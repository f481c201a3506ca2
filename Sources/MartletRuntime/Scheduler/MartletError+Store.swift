import MartletCore

extension MartletError {
    /// Whether nothing can be read or written any more, so that the scheduler has to end; what is wrong with one run,
    /// or one record, is not of this kind.
    var isOfTheStore: Bool {
        let one: Set<ErrorCode> = [.storeConflict, .storeDamaged, .recordNotFound, .recordExists]
        return code.number / 1000 == 8 && !one.contains(code)
    }
}
