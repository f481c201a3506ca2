import MartletCore
import Testing

@testable import MartletSpark

@Suite("Submitting to Spark")
struct SparkSubmitTests {
    private let folders = SparkSubmitCommand.Folders(
        project: "/p",
        events: "/a b/events",
        warehouse: "/a/warehouse",
        settings: "/a/settings"
    )

    @Test("a script on this machine is reached from this machine only")
    func localScript() throws {
        let action = SparkAction(script: "jobs/x.py", arguments: ["--day", "1 2"], jars: ["lib/a.jar", "/b.jar"])
        let command = SparkSubmitCommand(
            action,
            on: try SparkPlace("local[2]"),
            name: "p.s",
            configuration: ["spark.ui.port": "7", "spark.sql.shuffle.partitions": "4"],
            uiPort: 4_041,
            folders: folders
        )
        #expect(
            command.arguments == [
                "--master", "local[2]", "--name", "p.s", "--properties-file", "/a/settings",
                "--conf", "spark.driver.bindAddress=127.0.0.1", "--conf", "spark.driver.host=127.0.0.1",
                "--conf", "spark.eventLog.dir=/a b/events", "--conf", "spark.eventLog.enabled=true",
                "--conf", "spark.sql.warehouse.dir=file:/a/warehouse", "--conf", "spark.ui.showConsoleProgress=true",
                "--jars", "/p/lib/a.jar,/b.jar", "/p/jobs/x.py", "--day", "1 2",
            ]
        )
        // No user of the machine sees these on the command line.
        #expect(command.settings == ["spark.ui.port": "7", "spark.sql.shuffle.partitions": "4"])
    }

    @Test("settings become a file that Java reads back, after the installation's own")
    func properties() {
        let text = SparkSubmitCommand.properties(
            ["a.b": "1 = 2: #x", "c": " two\nlines \\", "k y=": "!"],
            after: "spark.own 1"
        )
        #expect(
            text == """
                spark.own 1
                a.b=1 = 2: #x
                c=\\ two\\nlines \\\\
                k\\ y\\==\\!

                """
        )
        #expect(SparkSubmitCommand.properties([:], after: "") == "")
    }

    @Test("a jar for a cluster says its class, and a driver there logs nothing here")
    func clusterJar() throws {
        let action = SparkAction(
            jar: "s3a://b/app.jar",
            mainClass: "org.x.Main",
            packages: ["g:a:1"],
            pythonFiles: ["lib/u.py"],
            files: ["conf/x.json"],
            runsDriverInCluster: true
        )
        let command = SparkSubmitCommand(
            action,
            on: try SparkPlace("k8s://https://h:6443"),
            name: "n",
            configuration: [:],
            uiPort: nil,
            folders: folders
        )
        #expect(
            command.arguments == [
                "--master", "k8s://https://h:6443", "--name", "n", "--deploy-mode", "cluster", "--packages", "g:a:1",
                "--py-files", "/p/lib/u.py", "--files", "/p/conf/x.json", "--class", "org.x.Main", "s3a://b/app.jar",
            ]
        )
    }

    @Test(
        "places are told by their form",
        arguments: [
            ("sc://h:15002/;token=x", SparkPlace.connect("sc://h:15002/;token=x")), ("local", .local("local")),
            ("local[*]", .local("local[*]")), ("local[2, 3]", .local("local[2, 3]")),
            ("local-cluster[2,1,1024]", .local("local-cluster[2,1,1024]")), ("yarn", .cluster("yarn")),
            ("spark://h:7077", .cluster("spark://h:7077")), ("k8s://https://h", .cluster("k8s://https://h")),
        ]
    )
    func places(text: String, place: SparkPlace) throws {
        #expect(try SparkPlace(text) == place)
    }

    @Test(
        "other texts are no places",
        arguments: ["", "sc://", "local[]", "local[x]", "localhost", "yarn-client", "h:1"]
    )
    func noPlaces(text: String) {
        #expect(throws: MartletError.self) { try SparkPlace(text) }
    }

    // Lines that Spark 4.2.1 printed.
    @Test(
        "the driver's lines tell how far it is",
        arguments: [
            (
                "[Stage 3:=====>                       (5 + 2) / 20]",
                SparkDriverLine.progress(stage: 3, done: 5, total: 20)
            ),
            ("[Stage 1:>   (0 + 2) / 4][Stage 2:>   (0 + 0) / 8]", .progress(stage: 1, done: 0, total: 4)),
            (
                "26/11/23 20:24:03 INFO TaskSetManager: Finished task 3.0 in stage 7.0 (TID 3) in 413 ms on 127.0.0.1"
                    + " (executor driver) (4/20)",
                .progress(stage: 7, done: 4, total: 20)
            ),
            (
                "26/11/23 20:23:56 INFO RollingEventLogFilesWriter: Logging events to "
                    + "file:/e/eventlog_v2_local-1795465435565/events_1_local-1795465435565.zstd",
                .application("local-1795465435565")
            ),
            (
                "26/11/23 20:00:00 INFO YarnClientImpl: Submitted application application_1700000000000_0042",
                .application("application_1700000000000_0042")
            ),
            (
                "26/11/23 20:00:00 INFO StandaloneSchedulerBackend: Connected to Spark cluster with app ID "
                    + "app-20261123200000-0001",
                .application("app-20261123200000-0001")
            ),
            (
                "    tracking URL: http://rm:8088/proxy/application_1_2/",
                .pages("http://rm:8088/proxy/application_1_2/")
            ),
            ("                              ", .blank), ("[Stage x]", .blank), ("count 40", .other),
            ("Finished task (9/2)", .other),
        ]
    )
    func lines(line: String, told: SparkDriverLine) {
        #expect(SparkDriverLine(line) == told)
    }
}
