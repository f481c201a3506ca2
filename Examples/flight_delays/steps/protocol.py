"""Martlet's step protocol, as much of it as these steps need.

A step is an ordinary process. It finds its inputs, outputs and parameters in environment variables and tells Martlet
things by appending JSON objects, one a line, to the file that MARTLET_MESSAGES names. Nothing has to be installed.
"""

import json
import os
import re
import sys
from pathlib import Path


def input_path(name):
    """The file to read for the input `name`."""
    return Path(_variable("INPUT", name))


def output_path(name):
    """The file to write for the output `name`."""
    return Path(_variable("OUTPUT", name))


def param(name):
    """The text of the run's parameter `name`."""
    return _variable("PARAM", name)


def project():
    """The folder of the project."""
    return Path(os.environ.get("MARTLET_PROJECT", "."))


def work_dir():
    """A folder of this attempt's own, for scratch files."""
    return Path(os.environ.get("MARTLET_WORK_DIR", "."))


def progress(done, total, text):
    _send({"type": "progress", "done": done, "total": total, "text": text})


def metric(name, value):
    _send({"type": "metric", "name": name, "value": value})


def value(name, value):
    """Hands a small value to later steps."""
    _send({"type": "value", "name": name, "value": value})


def fail(what, why, fix):
    """Ends the step as failed, in the three lines that a reader needs."""
    sys.exit(f"error: {what}\n  why    {why}\n  fix    {fix}")


def _variable(kind, name):
    key = f"MARTLET_{kind}_" + re.sub("[^A-Z0-9]", "_", name.upper())
    if key not in os.environ:
        fail(
            f"{key} is not set",
            f"this script is a Martlet step that needs the {kind.lower()} `{name}`",
            "start it with `martlet run`, or set the variable to try it by hand",
        )
    return os.environ[key]


def _send(message):
    path = os.environ.get("MARTLET_MESSAGES")
    if path is None:
        print(json.dumps(message))
        return
    # One write of one whole line: a reader that follows the file never sees half a message.
    with open(path, "a", encoding="utf-8") as messages:
        messages.write(json.dumps(message) + "\n")
