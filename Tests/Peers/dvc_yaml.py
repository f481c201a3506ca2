"""Compares how Martlet reads and writes DVC's YAML with DVC's own parser and writer (ruamel.yaml).

Values are drawn from a seed. Each is written by DVC's writer in several styles; whatever the style, Martlet must read it
as DVC does (compared as Python's JSON) and write it as DVC does, byte for byte.

usage: dvc_yaml.py DVC_YAML_PROGRAM [--cases N] [--seed N]
"""

import argparse
import io
import json
import random
import re
import subprocess
import sys

from dvc.utils.serialize import dumps_yaml, loads_yaml
from ruamel.yaml import YAML

WORDS = """true false null ~ yes no on off 0123 0o17 0x1F 0b11 1_000 +1 -1 1. .5 1e5 1e-5 12e4 .inf -.inf .nan 2020-01-01
2001-12-14t21:59:43.10-05:00 12:30 1.5.2 = << - -- --- ... ? : :a a: a:b # a#b #a & * ! | > % @ ` ' " '' [ ] { } , a,b
data/raw model.pkl é 日本 😀 \u00a0 \u2028 \x7f \t \n \r \x00 \x1b \ufeff \\ a\\nb // it's "quoted" -x :x x: x?
python train.py --lr 0.1 d751713988987e9331980363e24189ce 12345678901234567890123456789012 00e1 ${item} \\${x}""".split(" ")
WORDS = [part for word in WORDS for part in ([word] if word == "\n" else word.split("\n"))]


def word(rng):
    if rng.random() < 0.3:
        return "".join(rng.choice("abcdefghij0123456789-_/.") for _ in range(rng.choice([1, 3, 8, 20, 45, 90])))
    return rng.choice(WORDS)


def text(rng):
    shape = rng.random()
    if shape < 0.35:
        return word(rng)
    count = rng.choice([2, 3, 5, 12, 40])
    blank = rng.choice([" ", " ", " ", " ", "  ", "\n", "\n ", " \n", "\t"])
    parts = [word(rng) for _ in range(count)]
    joined = "".join(part + (blank if rng.random() < 0.2 else " ") for part in parts)
    return joined if rng.random() < 0.1 else joined.strip(" ")


def plain_text(rng):
    """Words as commands have them."""
    return " ".join(
        "".join(rng.choice("abcdefgh-./=\"'") for _ in range(rng.randint(1, 24))) for _ in range(rng.randint(1, 40))
    )


def key(rng):
    while True:
        found = rng.choice([word, word, word, text])(rng)
        # DVC's writer breaks such keys into two lines, which nothing can read.
        if len(found) < 70 or " " not in found:
            return found


def number(rng):
    return rng.choice([
        0, 1, -1, 7, 2**31, -(2**63), 10**25, 0.0, 0.1, 1e-5, 1.5e-7, 1e16, 1e15, 123456789012345680.0, 1e22, 5e-324,
        1.7976931348623157e308, 100.0, 0.0001, 0.00012, float("inf"), float("-inf"), rng.random(),
        rng.uniform(-1e6, 1e6), rng.random() * 10 ** rng.randint(-20, 20), rng.randint(-10**9, 10**9),
    ])


def value(rng, depth=0):
    shape = rng.random()
    if depth < 4 and shape < 0.2:
        return [value(rng, depth + 1) for _ in range(rng.choice([0, 1, 2, 4]))]
    if depth < 4 and shape < 0.4:
        return mapping(rng, depth + 1)
    if shape < 0.6:
        return number(rng)
    if shape < 0.68:
        return rng.choice([True, False, None])
    if shape < 0.8:
        return plain_text(rng)
    return text(rng)


def mapping(rng, depth=0):
    return {key(rng): value(rng, depth + 1) for _ in range(rng.choice([0, 1, 2, 3, 5]))}


def styles(rng, data):
    """The value as DVC writes it, and in other ways that must read the same."""
    yield dumps_yaml(data)
    yield json.dumps(data, ensure_ascii=False, indent=rng.choice([None, 2])).replace("Infinity", ".inf")
    for flow, style, width in [(True, None, 60), (False, '"', 40), (False, "'", 50), (None, None, 30), (False, "|", 80)]:
        yaml = YAML(typ="safe", pure=True)
        yaml.default_flow_style, yaml.default_style, yaml.width = flow, style, width
        yaml.allow_unicode = rng.random() < 0.5
        yaml.indent, yaml.sort_base_mapping_type_on_output = rng.choice([2, 4]), False
        out = io.StringIO()
        try:
            yaml.dump(data, out)
        except Exception:
            continue
        # Keys of several lines, and Unicode's line breaks outside of quotes, are beyond what people write into these files.
        if not re.search(r"(^|[\[{,\s])\? |\u2028", out.getvalue()):
            yield out.getvalue()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    cases = []
    while len(cases) < options.cases:
        data = mapping(rng)
        for text_in in styles(rng, data):
            try:
                read = loads_yaml(text_in)
                expected = dumps_yaml(read), json.dumps(read, sort_keys=True)
            except Exception:
                # What DVC cannot read need not be read.
                continue
            if "\0" not in text_in and read is not None:
                cases.append((text_in, *expected))
    done = subprocess.run([options.program], input="".join(case[0] + "\0" for case in cases).encode(), capture_output=True)
    found = done.stdout.decode().split("\0")
    complaints = 0
    for index, (text_in, as_yaml, as_json) in enumerate(cases):
        pair = found[2 * index : 2 * index + 2]
        if pair != [as_yaml, as_json]:
            complaints += 1
            if complaints <= 5:
                print(f"--- read\n{text_in}\n--- expected\n{as_yaml}{as_json}\n--- found\n" + "".join(pair))
    print(f"{len(cases) - complaints} of {len(cases)} documents agree with DVC (seed {options.seed})")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
