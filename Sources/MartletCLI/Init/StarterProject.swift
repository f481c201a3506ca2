/// The files of `martlet init`: small, and using one of each thing a newcomer meets first.
enum StarterProject {
    struct File {
        var path: String
        var purpose: String
        var text: String
    }

    static func files(name: String) -> [File] {
        [
            File(path: "martlet.yaml", purpose: "the project", text: project(name)),
            File(
                path: "pipelines/penguins.yaml",
                purpose: "a pipeline: source -> SQL -> Python -> branch",
                text: pipeline
            ),
            File(path: "data/penguins.csv", purpose: "its data, made up for this example", text: data),
            File(path: "sql/species.sql", purpose: "an SQL step", text: sql),
            File(path: "steps/judge.py", purpose: "a Python step that reports a value", text: python),
            File(path: ".gitignore", purpose: "keeps Martlet's own files out of git", text: ".martlet/\n"),
        ]
    }

    private static func project(_ name: String) -> String {
        """
        project: \(name)
        # pipelines: [pipelines/*.yaml]        where pipelines are
        # state: sqlite:.martlet/martlet.db    where runs are recorded
        # python: python3                      the interpreter of Python steps

        """
    }

    private static let pipeline = """
        pipeline: penguins
        description: Mean weight by species, and a word on whether there is enough data
        params:
          min_rows: { type: integer, default: 10, minimum: 1, description: fewer rows are not enough }
        sources:
          penguins/raw: data/penguins.csv
        steps:
          - id: species
            sql: sql/species.sql
            inputs: { penguins: penguins/raw }
            outputs: { species: penguins/species.csv }
          - id: judge
            python: steps/judge.py
            inputs: { species: penguins/species.csv }
            values: [rows]
            retries: 1
            retry_delay: 1s
            timeout: 1m
          - id: enough
            branch:
              - when: "{{ steps.judge.values.rows >= params.min_rows }}"
                follow: [celebrate]
              - follow: [collect_more]
          - id: celebrate
            command: echo "{{ steps.judge.values.rows }} penguins are enough"
            after: [judge]
          - id: collect_more
            command: echo "only {{ steps.judge.values.rows }} penguins; collect more"
            after: [judge]

        """

    private static let data = """
        id,species,weight_g
        1,Adelie,3700
        2,Adelie,3850
        3,Adelie,
        4,Gentoo,5100
        5,Gentoo,4950
        6,Gentoo,5300
        7,Chinstrap,3600
        8,Chinstrap,3720
        9,Adelie,3900
        10,Gentoo,5050
        11,Chinstrap,3680
        12,Adelie,3650

        """

    private static let sql = """
        -- The rows of the last SELECT are the step's output.
        SELECT species, count(*) AS penguins, round(avg(weight_g)) AS mean_weight_g
        FROM penguins
        WHERE weight_g IS NOT NULL
        GROUP BY species
        ORDER BY species

        """

    private static let python = """
        \"\"\"Counts the penguins. A step needs no library: its inputs are files named in the environment.\"\"\"
        import csv
        import json
        import os

        with open(os.environ["MARTLET_INPUT_SPECIES"]) as file:
            species = list(csv.DictReader(file))
        rows = sum(int(row["penguins"]) for row in species)
        for row in species:
            print(f"{row['species']:<12}{row['penguins']:>4}{row['mean_weight_g']:>8} g")

        with open(os.environ["MARTLET_MESSAGES"], "a") as messages:
            print(json.dumps({"type": "value", "name": "rows", "value": rows}), file=messages)

        """
}
