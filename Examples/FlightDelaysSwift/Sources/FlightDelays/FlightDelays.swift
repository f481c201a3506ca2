import Martlet

@main struct FlightDelays: MartletApp {
    static let pipelines = [
        Pipeline(
            "flight_delays",
            description: "Predict which flights out of New York will leave 15 minutes late or more",
            owner: "ml-platform",
            tags: ["example"],
            build: flightDelays
        )
    ]
}

/// The scripts and queries are those of the YAML example beside this one.
private let shared = "../flight_delays"
private let learning = ["duckdb==2.0.0", "numpy==2.3.5", "scikit-learn==1.7.2", "scipy==1.16.3"]

private func flightDelays(_ p: PipelineBuilder) {
    p.parameter("source", default: "pypi", description: "\"pypi\", or a folder that holds the raw files")
    p.parameter("horizon_minutes", default: 60, in: 15...720, description: "How long before departure to judge")
    p.parameter("test_from_month", default: 10, in: 2...12, description: "Train before this month, judge from it on")
    p.parameter("seed", default: 7, in: 0..., description: "Seed of the training")
    let leastAUC = p.parameter("min_auc", default: 0.70, in: 0.5...1, description: "The least AUC that is good enough")

    let (rawFlights, rawWeather, rawPlanes, airlines) = p.python(
        "ingest",
        script: "\(shared)/steps/ingest.py",
        writes: RawFlights.to("flights/raw", as: "flights"),
        RawWeather.to("weather/raw", as: "weather"),
        RawPlanes.to("planes/raw", as: "planes"),
        Airlines.to("airlines"),
        options: [.retries(2, delay: .seconds(5), backoff: 2), .timeout(.seconds(600))]
    ).outputs

    let checked = p.check("check_raw", suite: "\(shared)/quality/flights.yaml", of: rawFlights)

    let (flights, weather, planes) = p.sql(
        "clean",
        file: "\(shared)/sql/clean.sql",
        reads: ["raw_flights": rawFlights, "raw_weather": rawWeather, "raw_planes": rawPlanes],
        writes: Flights.to("flights/clean", as: "flights"),
        Weather.to("weather/clean", as: "weather"),
        Planes.to("planes/clean", as: "planes"),
        options: [.after(checked)]
    ).outputs

    let features = p.sql(
        "features",
        file: "\(shared)/sql/features.sql",
        reads: [flights, weather, planes],
        writes: Features.to("flights/features")
    ).outputs

    let model = p.python(
        "train",
        script: "\(shared)/steps/train.py",
        requirements: learning,
        reads: [features],
        writes: Model.to("models/delay", as: "model"),
        options: [.timeout(.seconds(600))]
    ).outputs

    let evaluate = p.python(
        "evaluate",
        script: "\(shared)/steps/evaluate.py",
        requirements: learning,
        reads: [features, model],
        writes: Evaluation.to("evaluation/metrics", as: "evaluation"),
        Predictions.to("evaluation/predictions"),
        options: [.timeout(.seconds(600))]
    )
    let auc = evaluate.value("auc", as: Double.self)
    let (evaluation, _) = evaluate.outputs

    // Stricter than the floor that evaluate.py holds the AUC to: the chances must also be worth believing.
    let verdict = p.step("gate", evaluation, auc, leastAUC) { context, evaluation, auc, leastAUC in
        guard let measured = try evaluation.rows().first else { throw PermanentFailure("the evaluation is empty") }
        let skill = 1 - measured.brier / measured.brierOfBaseRate
        context.metric("skill", skill)
        guard auc >= leastAUC, skill > 0, measured.calibrationError < 0.1 else {
            throw PermanentFailure(
                "the model is not good enough: AUC \(auc), skill \(skill)",
                reason: "its chances are off by \(measured.calibrationError) on \(measured.testRows) flights",
                remedy: "improve the features or the model, or accept less with `-p min_auc=...`"
            )
        }
        return Verdict(auc: auc, skill: skill, flights: measured.testRows)
    }

    p.python(
        "report",
        script: "\(shared)/steps/report.py",
        reads: [evaluation, airlines],
        writes: Page.to("report.html"),
        Summary.to("summary.txt"),
        options: [.after(verdict), .when(verdict.member("skill", \.skill) > 0)]
    )
}
