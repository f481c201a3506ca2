import MartletCore
import MartletLake
import Testing

struct DVCPipelineTests {
    private static let files = [
        "params.yaml": "lr: 0.1\nnames: [a, b]\nmodel: {kind: tree, deep: true, sizes: [1, 2]}\n",
        "more.json": #"{"extra": {"folder": "raw"}, "unused": 1}"#,
    ]

    private func pipeline(_ text: String) throws -> DVCPipeline {
        try DVCPipeline(Array(text.utf8), file: "dvc.yaml") { Self.files[$0].map { Array($0.utf8) } }
    }

    @Test func templatesAreWrittenOut() throws {
        let pipeline = try pipeline(
            """
            vars:
            - more.json:extra
            - local: 7
            stages:
              plain:
                cmd: ['echo ${lr} ${model.sizes[1]}', 'echo \\${kept}']
                wdir: ${extra.folder}
                deps: [in.csv]
                params: [lr, {other.yaml: [a.b]}, {whole.yaml: null}]
                outs:
                - out.csv: {persist: true}
                metrics:
                - m.json: {cache: false}
              each:
                foreach: ${names}
                do:
                  cmd: make ${item}
                  outs: ['${item}.txt']
              keyed:
                foreach: {x: {n: 1}, y: {n: 2}}
                do: {cmd: 'run ${key} ${item.n}'}
              grid:
                matrix: {n: '${names}', s: [[1], 2]}
                cmd: go ${item.n} ${key}
              options:
                cmd: train ${model}
            """
        )
        #expect(
            pipeline.stages.map(\.name) == [
                "plain", "each@a", "each@b", "keyed@x", "keyed@y", "grid@a-s0", "grid@a-2", "grid@b-s0", "grid@b-2",
                "options",
            ]
        )
        let plain = pipeline.stages[0]
        #expect(plain.commands == ["echo 0.1 2", "echo ${kept}"])
        #expect(plain.workingFolder == "raw")
        #expect(plain.params.map(\.file) == ["params.yaml", "other.yaml", "whole.yaml"])
        #expect(plain.params.map(\.keys) == [["lr"], ["a.b"], []])
        #expect(plain.outs.map(\.persists) == [true, false])
        #expect(plain.outs.map(\.isCached) == [true, false])
        #expect(pipeline.stages[1].outs.map(\.path) == ["a.txt"])
        #expect(pipeline.stages[4].commands == ["run y 2"])
        #expect(pipeline.stages[8].commands == ["go b b-2"])
        // As `dvc stage list` and `dvc repro --dry` of dvc 3.67.1 show it.
        #expect(pipeline.stages[9].commands == ["train --kind tree --deep --sizes 1 2"])
    }

    @Test(arguments: [
        "stages: {a: {cmd: 'x ${gone}'}}", "stages: {a: {deps: [b]}}", "vars: [gone.yaml]\nstages: {}",
        "stages: {a: {foreach: 1, do: {cmd: x}}}",
        "stages: {a: {cmd: x, outs: ['${names}']}}", "stages: []\nstages: {}",
    ]) func whatStandsForNothingIsAnError(_ text: String) {
        #expect(throws: MartletError.self) { try pipeline(text) }
    }

    @Test func stagesBecomeSteps() throws {
        let pipeline = try pipeline(
            """
            stages:
              prepare:
                cmd: [mkdir -p clean, ./prepare.sh raw/a.csv clean/a.csv]
                deps: [raw, prepare.sh]
                outs: [clean/a.csv]
              train@1:
                cmd: python train.py --in=clean/a.csv
                deps: [clean/a.csv]
                params: [lr]
                outs: [model]
            """
        )
        let manifest = DVCPipelineManifest(pipeline, name: "my models", folder: "", file: "dvc.yaml", tracked: ["raw"])
        {
            Self.files[$0].map { Array($0.utf8) }
        }
        #expect(
            manifest.text == """
                pipeline: my-models
                params:
                  lr:
                    type: number
                    default: 0.1
                    description: lr of params.yaml; commands read it there
                sources:
                  raw: raw
                steps:
                - id: prepare
                  command: |-
                    set -e
                    mkdir -p clean
                    ./prepare.sh {{ inputs.raw }}/a.csv {{ outputs.a_csv }}
                  inputs:
                    raw: raw
                  outputs:
                    a_csv: clean/a.csv
                - id: train-1
                  command: |-
                    python train.py --in={{ inputs.a_csv }}
                    cp -R "model" {{ outputs.model }}
                  inputs:
                    a_csv: clean/a.csv
                  outputs:
                    model: model

                """
        )
        #expect(manifest.remarks.count == 2)
    }
}
