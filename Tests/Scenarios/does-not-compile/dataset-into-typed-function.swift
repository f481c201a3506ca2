// expect: cannot convert value of type 'Dataset<Events>' to expected argument type 'Dataset<Features>'
import Martlet

enum Events: CSVContent {}
enum Features: ParquetContent {}

func train(_ p: PipelineBuilder, on features: Dataset<Features>) {
    p.python("train", script: "train.py", reads: [features])
}

func build(_ p: PipelineBuilder) {
    train(p, on: p.source("events", Events.self, at: "events.csv"))
}
