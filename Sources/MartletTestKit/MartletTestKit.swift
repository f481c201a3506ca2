// A test imports one module: the words of manifests and results (JSONValue, RunState, PipelineRules) are part of the
// vocabulary of tests.
@_exported public import MartletCore
