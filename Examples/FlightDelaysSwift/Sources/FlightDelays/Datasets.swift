import Martlet

enum RawFlights: CSVContent {}
enum RawWeather: CSVContent {}
enum RawPlanes: CSVContent {}
enum Airlines: CSVContent {}

enum Flights: ParquetContent {}
enum Weather: ParquetContent {}
enum Planes: ParquetContent {}
enum Features: ParquetContent {}

enum Model: DatasetContent {}
enum Predictions: ParquetContent {}
enum Page: DatasetContent {}
enum Summary: DatasetContent {}

/// What steps/evaluate.py measured; the members used here of those it writes.
struct Evaluation: Codable, JSONLinesContent {
    var auc: Double
    var brier: Double
    var brierOfBaseRate: Double
    var calibrationError: Double
    var testRows: Int

    enum CodingKeys: String, CodingKey {
        case auc, brier
        case brierOfBaseRate = "brier_of_base_rate"
        case calibrationError = "calibration_error"
        case testRows = "test_rows"
    }
}

/// What the gate found.
struct Verdict: Codable {
    var auc: Double
    /// How much smaller the Brier score is than that of always saying the base rate: 0 is no better, 1 is perfect.
    var skill: Double
    var flights: Int
}
