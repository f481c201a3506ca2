/// Which outcomes of the steps before it let a step start: Airflow's thirteen rules by their names.
public enum TriggerRule: String, Codable, Hashable, Sendable, CaseIterable {
    case allSuccess = "all_success"
    case allFailed = "all_failed"
    case allDone = "all_done"
    case allDoneMinOneSuccess = "all_done_min_one_success"
    case allDoneSetupSuccess = "all_done_setup_success"
    case oneSuccess = "one_success"
    case oneFailed = "one_failed"
    case oneDone = "one_done"
    case noneFailed = "none_failed"
    case noneFailedMinOneSuccess = "none_failed_min_one_success"
    case noneSkipped = "none_skipped"
    case allSkipped = "all_skipped"
    case always
}
