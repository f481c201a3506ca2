import MartletCore
import MartletQuality
import Testing

@Suite("Severities")
struct SeverityTests {
    @Test("rise from info to critical")
    func order() {
        #expect(Severity.allCases.sorted() == [.info, .warning, .critical])
    }
}
