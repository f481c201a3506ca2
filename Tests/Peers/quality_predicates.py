#!/usr/bin/env python3
"""Writes what Python's own libraries say of texts, for the tests of MartletQuality's predicates.

    python3 Tests/Peers/quality_predicates.py Tests/Goldens/quality

Each line of each file is a case and Python's verdict. It needs Python 3.11 and the packages python-dateutil and
jsonschema; the cases are drawn with a fixed seed, so that the same versions write the same files. Run it in UTC with
the C locale, as the predicates are meant for (the script sees to both).
"""
import json
import os
import random
import re
import sys
import time
import warnings

os.environ["TZ"], os.environ["LC_ALL"] = "UTC", "C"
time.tzset()

from datetime import datetime

import jsonschema
from dateutil.parser import parse

warnings.simplefilter("ignore")
rng = random.Random(20260101)


def verdict(call, wrong=(ValueError, OverflowError)):
    """True or False, or None for what raises anything else."""
    try:
        call()
        return True
    except wrong:
        return False
    except Exception:
        return None


def mutate(text, alphabet):
    """A text that is a little off, or the text itself."""
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        place = rng.randrange(len(text) + 1)
        kind = rng.randrange(3)
        if kind == 0:
            text = text[:place] + rng.choice(alphabet) + text[place:]
        elif kind == 1:
            text = text[:place] + text[place + 1:]
        else:
            text = text[:place] + rng.choice(alphabet) + text[place + 1:]
    return text


def moment():
    return datetime(rng.choice([1, 99, 1900, 1999, 2000, 2023, 2024, 9999]), rng.randint(1, 12), rng.randint(1, 28),
                    rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59), rng.choice([0, 5, 120000, 999999]))


def strftime_cases():
    formats = ["%Y-%m-%d", "%d/%m/%y", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%b %d %Y", "%B %d, %Y", "%a %d %b",
               "%A, %d. %B %Y", "%I:%M %p", "%H%M", "%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y %j", "%y%j", "%Y %U %w",
               "%Y %W %u", "%G-W%V-%u", "%G %V %a", "%Y %V %u", "%G %j", "%c", "%x %X", "%d %Z", "%m%%", "%d  %m",
               "%Y%m%d%H%M%S", "%S", "%H", "%d %b", "%j", "%p", "(%Y)", "%Y.%m", "%y-%Y", "%b-%m", "%f", "%Y %m %d %j"]
    fixed = {"%Y-%m-%d": ["2020-1-1", "2020-02-30", " 2020-01-01", "2020-01-01 ", "20-01-01", "0000-01-01", "2020-01- 1",
                          "٢٠٢٠-01-01", "2023-02-29", "2024-02-29", "", "2020-13-01", "2020-1-011", "2020-01-32"],
             "%d %b": ["29 Feb", "28 feb", "31 APR", "1 may", "01 MAYS"], "%S": ["60", "61", "62", "7", "07"],
             "%H%M": ["123", "2460", "24", "2359", "959"], "%j": ["366", "365", "0", "000", "367", "1", "60"],
             "%H:%M:%S%z": ["01:02:03Z", "01:02:03z", "01:02:03+0130", "01:02:03-01:30", "01:02:03+01:30:15",
                            "01:02:03+01:3015", "01:02:03+0130:15", "01:02:03+2400", "01:02:03+23:59:59.123456",
                            "01:02:03+013015.5", "01:02:03+01", "01:02:03 +0100"],
             "%d %Z": ["1 UTC", "1 gmt", "1 CET", "1 ", "31 Utc"], "%G-W%V-%u": ["2020-W53-7", "2020-W00-1", "2021-W53-1",
                                                                                 "0000-W01-1", "9999-W53-7"],
             "%Y %U %w": ["2024 0 0", "2024 53 6", "1 0 0", "0001 00 0", "9999 53 6"], "%m%%": ["1%", "12%", "1"],
             "%d  %m": ["1 2", "1\t\n2", "12"], "%Y %j": ["2023 366", "9999 366", "9999 365"],
             "%y-%Y": ["99-2001"], "%Y %m %d %j": ["2023 02 30 001", "2023 13 01 001"]}
    for fmt in formats:
        texts = list(fixed.get(fmt, []))
        for _ in range(25):
            texts.append(mutate(moment().strftime(fmt), "0123456789 :-+/.%aZJ"))
        for text in texts:
            yield {"format": fmt, "text": text, "accepts": verdict(lambda: datetime.strptime(text, fmt))}
    for fmt in ["%", "%Y %", "%Q", "%-d", "%e", "%D", "%Y%Y", "%c %d", "%.", "% Y", "%T", "%s", "%h", "%n"]:
        yield {"format": fmt, "text": "1", "accepts": None}


def dateutil_cases():
    texts = ["", " ", "2020", "202", "20201", "20200102", "202001021530", "20200102153045", "20200102T153045.5", "200102",
             "2020-01-02T03:04:05Z", "2020-01-02T03:04:05.123+05:30", "2020-01-02 03:04:05 +0530 (IST)", "Jan 2 2020",
             "2 January, 2020", "Jan of 05", "Sept 5th", "5 Sep. 2003", "Sep.20.2009", "today", "10am", "10 pm", "13pm",
             "25:00", "24:00", "12:60", "10h36m28.5s", "10h36", "10 h 36", "01m02", "10h 36.5m", "Thu Sep 25 10:36:28 BRST 2003",
             "Thu, 25 Sep 2003 10:49:41 -0300", "GMT+3", "10:00 GMT+3", "10:00 UTC", "10:00 utc", "10:00 ABCDEF",
             "29 Feb", "30 Feb", "29 Feb 2023", "29 Feb 2024", "31-04-2020", "13/13/2020", "1/2/3", "1/2/3/4", "99-01",
             "1.5", "0", "1", "31", "32", "100", "101", "0.5", "30.5 x", "31x", "nan", "inf", "infinity", "1e5", "+5", "-5",
             "2020-W01", "2020-001", "May", "may may", "Monday", "Mon Tue", "a", "p", "am", "10 a", "at on and", "10:00 +",
             "10:00 +05", "10:00 +050", "10:00 +05000", "10:00 -05:", "10:00 +ab", "1996.07.10 AD at 15:08:56 PDT",
             "2003-09-25T10", "99991231", "00000101", "100000101", "12345678901234567890", "1,5", "12,5", "10:36,5",
             "٢٠٢٠-01-02", "²", "2020\x0001", "Jan-01-99", "Jan-01", "Jan-", "01-Jan-99", "01-Foo-99", "01/Jan/99", "1 of may",
             "Jan of x", "12 noon", "m", "t", "2020t10", "10:36:28.5.5", "236", "2020-1-1-1", "1-2-3-4", "5 Jan 5 5",
             "0:00am", "0 pm", "12 m", "1st", "2nd jan", "3 rd", "Jan 1st, 2020 10:00 pm", "20:00 pm", "10.5h", "10:30.5",
             "Z", "10Z", "10:00z", "10:00Z5", "10:00 Z +5", "2020/01-02", "01.02.03", "1..2", "1.2.3.4", "a.b.2020", "Feb 31"]
    patterns = ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%y", "%b %d, %Y", "%d %B %Y %H:%M", "%Y%m%dT%H%M%S", "%a, %d %b %Y %H:%M:%S +0100",
                "%I:%M %p", "%H:%M:%S.%f", "%d-%b-%y", "%Y-%m-%dT%H:%M:%S%z", "%B %Y", "%y%m%d", "%H h %M m", "%c"]
    for pattern in patterns:
        for _ in range(30):
            texts.append(mutate(moment().strftime(pattern), "0123456789 :-+/.,aZTh()pmJan"))
    for text in texts:
        yield {"text": text, "accepts": verdict(lambda: parse(text, default=datetime(2000, 1, 1)))}


def json_cases():
    texts = ["", " ", "1", "-1", "01", "-", "1.", ".5", "1.5e10", "1e", "1E+5", "NaN", "Infinity", "-Infinity", "-NaN", "+1", "nan",
             "true", "True", "null", "none", '"a"', '"a', "'a'", '"\\u12"', '"\\ud800"', '"\\x41"', '"\t"', '"\\t"', '"\x7f"',
             "[]", "[1,]", "[,1]", "[1 2]", "{}", '{"a":1}', '{"a":1,}', '{a:1}', '{"a" 1}', '{"a":1,"a":2}', "[1] x", "\ufeff1",
             "\xa01", "\n1\r\t", "1" * 4300, "1" * 4301, "-" + "1" * 4301, "1" * 4301 + ".0", "[" * 200 + "]" * 200,
             '"\\/\\b\\f\\n\\r"', "[NaN, 1]", '{"a": [1, {"b": null}]}', "٣", "1_000", "0x10", "// a\n1", '"\u2028"', "[[]", "]", "tru"]
    for base in ['{"a": [1, 2.5e3, null], "b": {"c": "x\\u0041"}}', '[true, false, "é", -0.0]', '"text \\" more"']:
        for _ in range(80):
            texts.append(mutate(base, '{}[]",:0123456789.eE+-\\nultrx '))
    for text in texts:
        yield {"text": text, "accepts": verdict(lambda: json.loads(text), Exception)}


SCHEMAS = [
    True, False, {}, {"type": "object"}, {"type": ["string", "null"]}, {"type": "integer"}, {"type": "number"},
    {"$schema": "http://json-schema.org/draft-04/schema#", "type": "integer"},
    {"$schema": "http://json-schema.org/draft-04/schema#", "maximum": 3, "exclusiveMaximum": True, "minimum": 1},
    {"$schema": "http://json-schema.org/draft-06/schema#", "exclusiveMinimum": 1, "contains": {"const": 1}},
    {"$schema": "http://json-schema.org/draft-07/schema#", "if": {"type": "integer"}, "then": {"minimum": 2}, "else": {"type": "string"}},
    {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "integer"}, {"type": "string"}], "additionalItems": False},
    {"$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {"a": ["b"], "c": {"minProperties": 2}}},
    {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"n": {"type": "integer"}},
     "properties": {"a": {"$ref": "#/definitions/n", "maximum": 1}}},
    {"$schema": "https://json-schema.org/draft/2019-09/schema", "items": [{"type": "integer"}], "unevaluatedItems": False},
    {"$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveAnchor": True,
     "properties": {"a": {"$recursiveRef": "#"}}, "additionalProperties": False},
    {"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a"], "additionalProperties": False},
    {"patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": {"type": "string"}},
    {"propertyNames": {"maxLength": 1}}, {"minProperties": 1, "maxProperties": 2}, {"enum": [1, "a", None, [1], {"a": 1}, True]},
    {"const": 1}, {"const": False}, {"const": {"a": [1, 2]}}, {"minimum": 1, "exclusiveMaximum": 3}, {"multipleOf": 2}, {"multipleOf": 0.1},
    {"minLength": 1, "maxLength": 2}, {"pattern": "^a.c$"}, {"pattern": "(?P<q>a)(?P=q)"}, {"pattern": "b$"},
    {"prefixItems": [{"type": "integer"}], "items": {"type": "string"}},
    {"items": False, "prefixItems": [{}]}, {"items": {"type": "integer"}, "minItems": 1, "maxItems": 2}, {"uniqueItems": True},
    {"contains": {"type": "integer"}, "minContains": 1, "maxContains": 2}, {"contains": {"type": "integer"}, "minContains": 0},
    {"allOf": [{"minimum": 1}, {"maximum": 3}]}, {"anyOf": [{"type": "string"}, {"minimum": 2}]},
    {"oneOf": [{"type": "integer"}, {"minimum": 2}]}, {"not": {"type": "string"}}, {"not": {}},
    {"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"if": False, "else": {"type": "null"}},
    {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"b": {"maxProperties": 1}}},
    {"$defs": {"tree": {"type": "object", "properties": {"a": {"$ref": "#/$defs/tree"}}, "additionalProperties": False}}, "$ref": "#/$defs/tree"},
    {"$defs": {"n": {"$anchor": "num", "type": "integer"}}, "additionalProperties": {"$ref": "#num"}},
    {"$id": "https://example.org/root", "$defs": {"n": {"$id": "n.json", "type": "integer"}}, "properties": {"a": {"$ref": "n.json"}}},
    {"properties": {"a": {"$ref": "#"}}, "maxProperties": 1}, {"$ref": "#/$defs/a~1b%25", "$defs": {"a/b%": {"type": "integer"}}},
    {"properties": {"a": True}, "unevaluatedProperties": False},
    {"allOf": [{"properties": {"a": True}}], "anyOf": [{"properties": {"b": {"type": "integer"}}, "required": ["b"]}, True],
     "unevaluatedProperties": False},
    {"prefixItems": [True], "contains": {"type": "string"}, "unevaluatedItems": False},
    {"if": {"properties": {"a": {"const": 1}}}, "then": {"properties": {"b": True}}, "unevaluatedProperties": {"type": "string"}},
    {"format": "date"}, {"$dynamicAnchor": "node", "properties": {"a": {"$dynamicRef": "#node"}}, "unevaluatedProperties": False},
    {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer", "minimum": 0}}}, "required": ["a"]},
    {"$schema": "http://json-schema.org/draft-04/schema#", "id": "http://x.org/", "definitions": {"b": {"id": "#b", "type": "string"}},
     "additionalProperties": {"$ref": "#b"}},
]
VALUES = ["null", "true", "false", "0", "1", "1.0", "2", "2.5", "3", "0.3", "4", "-1", "1e400", "NaN", "12345678901234567890", '""', '"a"',
          '"abc"', '"aa"', '"b\\n"', '"é"', '"ab"', "[]", "[1]", "[1, 1.0]", "[1, true]", '[1, "a"]', '["a"]', '["a", 1]', "[1, 2, 3]",
          "[[1], [1]]", '[{"a": 1}, {"a": 1.0}]', "[0, false]", "{}", '{"a": 1}', '{"a": "x"}', '{"a": 1, "b": "x"}', '{"b": 2}',
          '{"a": {"a": {}}}', '{"a": {"b": 1}}', '{"x1": 1, "y": "s"}', '{"x1": "s"}', '{"a": [1, 2]}', '{"a": [1, -2]}', '{"c": 1}',
          '{"c": 1, "d": 2}', '{"a": 1, "b": 1, "c": 1}', '{"a": 2, "b": 1}', '"2020-13-01"', '{"ab": 1}']
BROKEN = [{"type": "no"}, {"type": 3}, {"minimum": "a"}, {"required": "a"}, {"properties": []}, {"pattern": "("}, {"items": 3},
          {"enum": 3}, {"multipleOf": 0}, {"minLength": -1}, {"allOf": []}, {"$ref": 3}, 3, "a", []]


def letters(verdicts):
    return "".join({True: "t", False: "f", None: "e"}[each] for each in verdicts)


def schema_cases():
    yield {"texts": VALUES}
    for schema in SCHEMAS + BROKEN:
        yield {"schema": schema, "verdicts": letters(
            verdict(lambda: jsonschema.validate(json.loads(value), schema), jsonschema.ValidationError) for value in VALUES)}


def regex_cases():
    patterns = ["a", "^a$", "a|b", r"\d+", r"^\d{3}-\d{4}$", "(?i)ABC", "a$", r"a\Z", r"\Aa", "a.b", "(?s)a.b", r"(a)\1", "(?P<n>a)(?P=n)",
                "(?=a)a", "(?!a)b", "(?<=a)b", "(?<!a)b", r"\bword\b", "a*?b", "a++b", "(?>a+)b", "[^abc]", "[[]", "[a-c&&b]", r"\w+@\w+\.\w+",
                "(?x) a b # c", "(?m)^b", "a{2}", "a{,2}b", "x{a}", r"[\w-]+", r"\x41", r"\u00e9", r"(?:a|b)c", "é", r"\s", "(a)?(?(1)b|c)",
                r"[\d.]+", "a{2,3}?", r"\.", "(?a)\\w", "]", "}", "{", "[]a]", r"\-", "a\\\n", r"[\]]", r"\Bb"]
    texts = ["", "a", "b", "ab", "aab", "aa", "abc", "ABC", "a\n", "a\nb", "123-4567", "x 12", "word", "a word.", "aword", "me@x.org", "é",
             "É", "A", "c", "&", "[", "]", "}", "{", "-", "\\", " ", "\u00a0", "٣", "x{a}", "b\n", "a b", "1.5", "a\\\n", "aaab"]
    broken = ["(", "[", "*", "a**", "(?P<n", "(?P=x)", r"\1", "a{2,1}", "(?<=a+)b", "(?z)", "\\", r"\p{L}"]
    yield {"texts": texts}
    for pattern in patterns + broken:
        found = []
        for text in texts:
            try:
                found.append(re.search(pattern, text) is not None)
            except re.error:
                found.append(None)
        yield {"pattern": pattern, "verdicts": letters(found)}


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name, cases in [("strftime", strftime_cases()), ("dateutil", dateutil_cases()), ("json_text", json_cases()),
                        ("json_schema", schema_cases()), ("regex", regex_cases())]:
        lines = []
        for case in cases:
            # What raises something else in Python is an error and not a verdict: null.
            lines.append(json.dumps(case))
        with open(os.path.join(folder, name + ".jsonl"), "w", encoding="ascii") as out:
            out.write("\n".join(dict.fromkeys(lines)) + "\n")


if __name__ == "__main__":
    main()
