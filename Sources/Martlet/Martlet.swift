// A pipeline author imports one module: the manifest's own words (TriggerRule, JSONValue, ScheduleSpec, MartletError)
// are part of the vocabulary of the DSL.
@_exported public import MartletCore
