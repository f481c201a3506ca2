import MartletCore
import MartletTestKit
import Testing

@testable import MartletCLI

@Suite(.tags(.machine)) struct TerminalTextTests {
    @Test func columnsAreAligned() {
        var table = TextTable([.left, .right])
        table.add(["a", "1"])
        table.add(["long", "100"])
        #expect(table.lines(indent: "") == ["a       1", "long  100"])
    }

    @Test func columnsWithoutContentAreLeftOut() {
        var table = TextTable([.left, .left, .left], header: ["x", "empty", "y"].map { TextTable.Cell(text: $0) })
        table.add(["1", "", "2"])
        #expect(table.lines(indent: "") == ["x  y", "1  2"])
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (336_776, "336,776"), (-1_234_567, "-1,234,567")])
    func numbersAreGrouped(_ value: Int, _ text: String) { #expect(NumberText.grouped(value) == text) }

    @Test(arguments: [(0.750_38, "0.7504"), (12.345_6, "12.346"), (336_776, "336,776"), (0, "0"), (-0.5, "-0.5")])
    func measuresAreShort(_ value: Double, _ text: String) { #expect(NumberText.short(value) == text) }

    @Test(arguments: [(12, "12 B"), (1_000, "1.0 KB"), (31_053_850, "31.1 MB")])
    func bytesHaveUnits(_ value: Int, _ text: String) { #expect(NumberText.bytes(value) == text) }

    @Test(
        arguments: [
            (ErrorCode.keyUnknown, 2), (.runNotFound, 2), (.runHeld, 2), (.exitCode, 1), (.sqlInvalid, 1),
            (.diskFull, 3), (.storeUnavailable, 3), (.schemeUnknown, 2), (.internalFault, 3),
        ] as [(ErrorCode, Int32)]
    )
    func errorsHaveTheirExitCodes(_ code: ErrorCode, _ status: Int32) {
        #expect(ExitStatus.of(MartletError(code, "")) == status)
    }
}
