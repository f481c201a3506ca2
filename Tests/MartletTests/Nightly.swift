import Martlet

enum Days: CSVContent {}
enum Report: DatasetContent {}

struct Trial: Codable, Equatable {
    var rate: Double
    var depth: Int
}

/// A pipeline that uses every setting of groups, maps, setups, limits and runs.
enum Nightly {
    static let pipeline = Pipeline(
        "nightly",
        schedule: ScheduleSpec(cron: "0 2 * * *"),
        runs: [
            .maxActive(2), .maxActiveSteps(40), .timeout(.seconds(21_600)), .failFast, .startsPaused,
            .pauses(afterFailures: 3), .rerunsWithLatestVersion, .notifyOnFailure("on-call"),
            .deadline(.seconds(7200), after: .schedule, notify: "on-call", "mail"), .deadline(.seconds(1800)),
            .deadline(.seconds(2700), after: .queued), .deadline(at: Timestamp(seconds: 0)),
            .deadline(afterAverageOf: 2, plus: .seconds(60)),
        ],
        defaults: [
            .pool("batch"), .priority(2, .upstream), .dependsOnPast, .triggerRule(.noneFailed), .variables("region"),
        ],
        build: build
    )

    private static func build(_ p: PipelineBuilder) {
        let raw = p.source("days/raw", Days.self, at: "data/days")
        let cluster = p.setup { p.command("create", "./create.sh") }
        let prepare = p.group("prepare", description: "All that has to be there first") {
            let cities = p.step("cities", options: [.after(cluster), .waitForDownstream]) { _ in ["bern", "basel"] }
            p.group("inner", after: [cities]) { p.command("warm_up", "./warm_up.sh") }
            return cities
        }
        let cities = prepare.outcome
        let gate = p.shortCircuit("any", unless: cities.state == .success, respectingTriggerRules: true)

        let sizes = p.group("per_city", map: cities.items.where { $0 != "basel" }, after: [prepare, gate]) { city in
            let day = p.command("fetch", "./fetch.sh \(city)", writes: Days.to("days/city")).outputs
            return p.step("size", day, city) { context, day, city in "\(city) \(day.path)".count }
        }.outcome
        p.group("aside", map: ["a", "b"]) { letter in
            p.command("left", "echo \(letter)")
            p.command("right", "echo \(letter)")
        }
        let total = p.step("total", sizes) { context, sizes in sizes.reduce(0, +) }

        let trials = Items<Trial>.product(["rate": [0.1, 0.2], "depth": [3, 5]])
            .where { $0.member("depth", \.depth) > 3 }.labelled { "rate \($0.member("rate", \.rate))" }.limited(to: 8)
        let aucs = p.python(
            "fit",
            map: trials,
            script: "fit.py",
            options: [
                .pool("gpu", slots: 2), .maxActive(4, perRun: 2), .queueTimeout(.seconds(300)), .connections("lake"),
            ]
        ) { trial in ["--rate", "\(trial.member("rate", \.rate))"] }.value("auc", as: Double.self)
        let best = p.step("best", aucs, total) { context, aucs, total in aucs.max() ?? Double(total) }

        let files = p.command("clean", map: raw.files("*.csv"), reads: [raw], writes: Days.to("days/clean")) { file in
            ["./clean.sh", "\(file.path)"]
        }.outputs
        p.sql("rows", map: Items.zip(cities, [1, 2]), reads: [files], writes: Days.to("days/rows")) { pair in
            "SELECT * FROM clean WHERE city = \(pair.first) AND n = \(pair.second)"
        }
        p.sql("all", map: [1, 2], file: "all.sql", reads: [files], writes: Days.to("days/all"))
        let reports = p.step("report", map: ["x", "y"], best, writes: Report.to("reports")) { _, report, name, best in
            try report.write("\(name) \(best)")
        }
        let told = p.step("tell", map: raw.files(), options: [.slots(3), .heartbeat(.seconds(60))]) { context, file in
            context.log(file.name)
        }
        p.teardown(of: cluster, failsRun: true) {
            p.command("delete", "./delete.sh", options: [.after(told, reports)])
        }
        p.teardown { p.command("sweep", "./sweep.sh", options: [.after(told), .triggerRule(.always)]) }
    }
}
