// expect: cannot assign value of type 'DatasetFile<Events>' to type 'DatasetFile<Features>'
import Martlet

enum Events: CSVContent {}
enum Features: ParquetContent {}

func build(_ p: PipelineBuilder) {
    let events = p.source("events", Events.self, at: "events.csv")
    p.step("train", events) { context, features in
        let file: DatasetFile<Features> = features
        context.log(file.path)
    }
}
