// What must hold within a Spark step.
extension ManifestValidator {
    mutating func checkSpark(_ action: SparkAction, of step: StepManifest, at base: [PathComponent]) {
        let programs = [action.text ?? action.file, action.script, action.jar].compactMap(\.self)
        if programs.count != 1 || programs.contains("") {
            report(
                base,
                .valueInvalid,
                "spark step \(step.id) runs one thing: SQL, a script or a jar",
                remedy: "set one of sql, script and jar"
            )
        }
        if action.mainClass != nil, action.jar == nil {
            report(
                base + ["class"],
                .valueInvalid,
                "spark step \(step.id) names a class, and no jar that it is in",
                remedy: "add jar: FILE, or remove class",
                isAboutKey: true
            )
        }
        if action.isSQL, !action.arguments.isEmpty {
            report(
                base + ["args"],
                .valueInvalid,
                "spark step \(step.id) gives arguments to SQL",
                remedy: "use templates in the SQL, as in {{ params.day }}",
                isAboutKey: true
            )
        }
        checkPlace(action, of: step, at: base)
    }

    private mutating func checkPlace(_ action: SparkAction, of step: StepManifest, at base: [PathComponent]) {
        guard let text = action.place, !text.contains("{{") else { return }
        do throws(MartletError) {
            let place = try SparkPlace(text)
            if action.isSQL, case .cluster = place {
                report(
                    base + ["on"],
                    .valueInvalid,
                    "spark step \(step.id): SQL cannot be handed to \(text)",
                    reason: "spark-submit takes programs",
                    remedy: "start a Spark Connect server on that cluster, and write on: sc://HOST:15002"
                )
            }
            if action.jar != nil, case .connect = place {
                report(
                    base + ["on"],
                    .valueInvalid,
                    "spark step \(step.id): a jar cannot be run by a Spark Connect server",
                    remedy: "name the master of its cluster, as in spark://HOST:7077"
                )
            }
            if action.runsDriverInCluster, case .cluster = place {
            } else if action.runsDriverInCluster {
                report(
                    base + ["cluster_driver"],
                    .valueInvalid,
                    "spark step \(step.id): \(text) has no cluster for the driver",
                    remedy: "remove cluster_driver",
                    isAboutKey: true
                )
            }
        } catch {
            report(base + ["on"], .valueInvalid, error.message, remedy: error.remedy)
        }
    }
}
