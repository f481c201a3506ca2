"""Writes the templates of this folder as Swift, so that the one binary has them: run it after each change here.

Each folder has template.json, the facts, and files named by what they are. A line `# @include NAME` stands for
_shared/NAME.py. A test compares what is embedded with this folder.
"""

import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "Embedded"
# In the order in which they are listed.
ORDER = [
    "incremental_load", "point_in_time_join", "skew_safe_join", "training_set", "deduplication", "sessionisation",
    "windowed_aggregates", "compaction", "backfill", "embedding_inference",
]
FILES = [
    ("job.py", "jobs/{}.py", "the job, for PySpark"),
    ("job.sql", "jobs/{}.sql", "the job, in SQL"),
    ("test.py", "tests/test_{}.py", "its test on real Spark"),
    ("pipeline.yaml", "pipelines/{}.yaml", "a pipeline that runs it"),
    ("README.md", "jobs/{}.md", "when to use it, and what it minds"),
]


def swift(text):
    return json.dumps(text, ensure_ascii=False)


def kind(facts):
    if facts["type"] in ("integer", "number"):
        return f".{facts['type']}({facts['minimum']}...{facts['maximum']})"
    if facts["type"] == "choice":
        return f".choice([{', '.join(map(swift, facts['choices']))}])"
    return f".{facts['type']}"


def literal(text):
    marks = "#"
    while f'"""{marks}' in text or f"\\{marks}" in text:
        marks += "#"
    return f'{marks}"""\n{text}\n"""{marks}'


def included(text):
    return re.sub(r"(?m)^# @include (\w+)\n", lambda found: (HERE / "_shared" / f"{found[1]}.py").read_text(), text)


def member(name):
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def main():
    written = set()
    order = [name for name in ORDER if (HERE / name / "template.json").exists()]
    for name in order:
        facts = json.loads((HERE / name / "template.json").read_text())
        parameters = [
            f"            SparkTemplateParameter(\n                name: {swift(it['name'])}, kind: {kind(it)},\n"
            f"                defaultValue: {swift(it['default'])},\n                summary: {swift(it['summary'])}\n"
            "            )," for it in facts["parameters"]
        ]
        files = [
            f"            File(path: {swift(path.format(name))}, purpose: {swift(purpose)}, text: "
            f"{literal(included((HERE / name / file).read_text()))}),"
            for file, path, purpose in FILES if (HERE / name / file).exists()
        ]
        text = "\n".join([
            f"// Made by Files/embed.py from Files/{name}: change that, and run it again.",
            "// swift-format-ignore-file",
            "extension SparkTemplate {",
            f"    static let {member(name)} = SparkTemplate(",
            f"        name: {swift(name)},",
            *[f"        {key}: {swift(facts[key])}," for key in ("summary", "useWhen", "avoidWhen")],
            "        parameters: [", *parameters, "        ],",
            "        files: [", *files, "        ]", "    )", "}", "",
        ])
        place = TARGET / f"SparkTemplate+{member(name)[0].upper()}{member(name)[1:]}.swift"
        place.write_text(text)
        written.add(place)
    members = ", ".join(f".{member(name)}" for name in order)
    place = TARGET / "SparkTemplateCatalog+All.swift"
    place.write_text("\n".join([
        "// Made by Files/embed.py: change what is there, and run it again.",
        "// swift-format-ignore-file",
        "extension SparkTemplateCatalog {",
        "    /// All templates, the most used first.",
        f"    package static let all: [SparkTemplate] = [{members}]",
        "}", "",
    ]))
    written.add(place)
    for old in set(TARGET.glob("*.swift")) - written:
        old.unlink()


if __name__ == "__main__":
    main()
