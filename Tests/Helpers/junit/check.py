"""Checks a report against the rules of Jenkins' junit-10.xsd, with Python's own XML parser.

    python check.py REPORT

prints every breach and ends with 1 when there is one.
"""

import re
import sys
import xml.etree.ElementTree as tree

# The attributes that each element may have, those that it must have, and the form of their values.
NUMBER, SECONDS, TIME = r"\d+", r"\d+(\.\d+)?", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
ATTRIBUTES = {
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors"}, set()),
    "testsuite": (
        {
            "name", "tests", "failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id",
            "package", "group",
        },
        {"name", "tests"},
    ),
    "testcase": ({"name", "assertions", "time", "classname", "status", "group"}, {"name"}),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}  # fmt: skip
FORMS = {
    "tests": NUMBER, "failures": NUMBER, "errors": NUMBER, "skipped": NUMBER, "id": NUMBER, "time": SECONDS,
    "timestamp": TIME,
}  # fmt: skip
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase", "system-out", "system-err"},
    "testcase": {"skipped", "error", "failure", "system-out", "system-err"},
}


def breaches(element):
    tag = element.tag
    may, must = ATTRIBUTES.get(tag, (set(), set()))
    if tag not in ATTRIBUTES:
        yield f"unknown element {tag}"
    for name in element.attrib.keys() - may:
        yield f"{tag} has the attribute {name}"
    for name in must - element.attrib.keys():
        yield f"{tag} has no attribute {name}"
    for name, form in FORMS.items():
        if name in element.attrib and not re.fullmatch(form, element.attrib[name]):
            yield f"{tag} has {name}={element.attrib[name]!r}"
    for child in element:
        if child.tag not in CHILDREN.get(tag, set()):
            yield f"{child.tag} stands in {tag}"
        yield from breaches(child)
    yield from sums(element)


def sums(element):
    """What a suite counts is what it holds; a case has one ending."""
    if element.tag == "testcase":
        endings = [child.tag for child in element if child.tag in ("skipped", "error", "failure")]
        if len(endings) > 1:
            yield f"a testcase has {endings}"
        if element.find("system-out") is not None and element[-1].tag != "system-out":
            yield "system-out is not last"
    if element.tag in ("testsuite", "testsuites"):
        cases = list(element.iter("testcase"))
        counts = {
            "tests": len(cases),
            "failures": sum(case.find("failure") is not None for case in cases),
            "errors": sum(case.find("error") is not None for case in cases),
            "skipped": sum(case.find("skipped") is not None for case in cases),
        }
        for name, count in counts.items():
            if name in element.attrib and int(element.attrib[name]) != count:
                yield f"{element.tag} says {name}={element.attrib[name]}, and holds {count}"


def main(path):
    root = tree.parse(path).getroot()
    found = list(breaches(root))
    if root.tag != "testsuites":
        found.append(f"the root is {root.tag}")
    print("\n".join(found), end="")
    return 1 if found else 0


sys.exit(main(sys.argv[1]))
