import Foundation
import MartletLake

// Reads YAML documents from standard input, each ended by a NUL, and writes each as DVC would, then as Python's JSON; a
// document that is not YAML becomes the line `error`. Tests/Peers/dvc_yaml.py compares both with the originals.
let input = FileHandle.standardInput.readDataToEndOfFile()
var output = Data()
for document in input.split(separator: 0, omittingEmptySubsequences: false).dropLast() {
    do {
        let value = try DVCYAMLReader.value(of: Array(document), file: "standard input")
        output += Data(DVCYAMLWriter.text(of: value).utf8) + [0] + Data(PythonJSON.text(of: value)) + [0]
    } catch {
        output += Data("error\n\(error)".utf8) + [0] + [0]
    }
}
FileHandle.standardOutput.write(output)
