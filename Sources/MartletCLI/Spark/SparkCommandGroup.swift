import ArgumentParser

/// `martlet spark`.
struct SparkCommandGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spark",
        abstract: "Run SQL and programs on Spark, start jobs from templates, size clusters.",
        discussion: """
            Where Spark runs is one text, in martlet.yaml (spark: local[*]) or --on:
            a Spark Connect server, this machine, or a cluster that spark-submit knows.

              martlet spark sql "SELECT count(*) FROM parquet.`flights.parquet`" --on local[2]
              martlet spark sql --file report.sql --on sc://spark.example:15002 -o report.parquet
              martlet spark submit jobs/features.py --on yarn -- --day 2026-01-01
            """,
        subcommands: [
            SparkSQLCommand.self, SparkSubmitProgramCommand.self, TemplateCommand.self, AdviseCommand.self,
        ]
    )
}
