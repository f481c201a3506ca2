extension ManifestValidator {
    mutating func checkSchedule() {
        guard let schedule = manifest.schedule else { return }
        for problem in schedule.problems(seed: manifest.pipeline.rawValue) {
            let error = problem.error
            report(["schedule"] + problem.path, error.code, error.message, reason: error.reason, remedy: error.remedy)
        }
        for id in schedule.datasets?.datasets ?? [] {
            guard let objection = DatasetID.objection(to: id.rawValue) else { continue }
            report(["schedule", "datasets"], .nameInvalid, "\"\(id)\" is not a valid dataset name", reason: objection)
        }
    }
}
