#!/usr/bin/env python3
"""Versions the same data with DVC and with Martlet, in turns, and writes their figures side by side."""

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import data
import floors
from keys import measure_keys
from sides import DVC, Martlet

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))

GOALS = {
    "add 60,000 files": "≤ 2.5 s",
    "add again, nothing changed": "≤ 0.3 s",
    "status": "≤ 0.25 s",
    "add after one new file": "≤ 0.35 s",
    "checkout from the cache": "≤ 4 s",
    "push to a folder": "",
    "pull into an empty cache, checkout included": "≤ 5 s",
    "CSV of 1 GiB, small edit: bytes stored new": "≤ 1 %",
    "file of 1 GiB that does not compress: add, of the lower limit": "≥ 70 %",
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--martlet", default=f"{ROOT}/.build/release/martlet", help="the program to measure")
    parser.add_argument("--dvc", default="3.67.1", metavar="VERSION", help="DVC's version on PyPI")
    parser.add_argument("--venv", help="a virtual environment; made, with DVC in it, when it is not there")
    parser.add_argument("--runs", type=int, default=3, help="counted runs of everything")
    parser.add_argument("--only", choices=["files", "large", "keys"], action="append", help="may be repeated")
    parser.add_argument("--large", action="store_true", help="files of 1 GiB as well: needs 15 GB of disk")
    parser.add_argument("--keys", action="store_true", help="commits to trees of up to 1,000,000 keys as well")
    parser.add_argument("--side", choices=["dvc", "martlet"], help="only one of them")
    parser.add_argument("--scratch", default="/var/tmp", help="a folder on a disk; what is made in it is removed")
    parser.add_argument("--out", default=f"{HERE}/RESULTS.md", help="the file to write")
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


def install(options, scratch):
    venv = os.path.abspath(options.venv) if options.venv else f"{scratch}/venv"
    if not os.path.exists(f"{venv}/bin/dvc"):
        say(f"installing DVC {options.dvc}")
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([f"{venv}/bin/pip", "install", "-q", f"dvc=={options.dvc}"], check=True, stdout=sys.stderr)
    program = f"{venv}/bin/dvc"
    found = subprocess.run([program, "--version"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    if found != options.dvc:
        raise SystemExit(f"error: {program} is version {found}, not {options.dvc}; name another --venv")
    return program


def many_files(side, source):
    """Everything with many files, once; figure by name: as `timed` tells."""
    folder = f"{side.project}/data"
    shutil.copytree(source, folder)
    # So that no time of a file is that of the measurement.
    time.sleep(1)
    found = {"add 60,000 files": side.add()}
    found["add again, nothing changed"] = side.add()
    found["status"] = side.status()
    data.write_one(f"{folder}/00/new.bin")
    found["add after one new file"] = side.add()
    side.keep()
    aside = side.set_aside("data")
    found["checkout from the cache"] = side.checkout()
    verify(side, aside, folder)
    found["push to a folder"] = side.push()
    found["pull into an empty cache, checkout included"] = side.pull()
    verify(side, aside, f"{side.second}/data")
    return found


def verify(side, left, right):
    if not data.same(left, right):
        raise SystemExit(f"error: {side.name} brought other files back: compare {left} with {right}")


def large_files(side, table, edited, noise):
    """Everything with large files, once; figure by name: as `timed` tells, or bytes."""
    shutil.copy(table, f"{side.project}/table.csv")
    found = {"CSV of 1 GiB: add": side.add("table.csv")}
    before = side.stored()
    shutil.copy(edited, f"{side.project}/table.csv")
    found["CSV of 1 GiB, small edit: add"] = side.add("table.csv")
    found["CSV of 1 GiB, small edit: bytes stored new"] = side.stored() - before, 0, 0
    shutil.copy(noise, f"{side.project}/noise.bin")
    found["file of 1 GiB that does not compress: add"] = side.add("noise.bin")
    return found


def rounds(options, scratch, title, sides, once):
    """Takes every side once a round, in alternating order; a list of what was found, by side."""
    found = {name: [] for name in sides}
    for number in range(options.runs):
        for name in list(sides)[:: 1 if number % 2 == 0 else -1]:
            side = sides[name](f"{scratch}/{title}-{name}-{number}")
            found[name].append(once(side))
            say(f"  {title}, round {number + 1} of {options.runs}, {name}, load {os.getloadavg()[0]:.2f}")
            for figure, (value, work, memory) in found[name][-1].items():
                say(f"    {figure}: {value:,.3f}, of processors {work:.3f}, {memory / 1e6:.0f} MB")
            if title == "large":
                side.close()
    return found


def median(samples, figure, part=0):
    return statistics.median(sample[figure][part] for sample in samples)


def rows_of_times(found):
    columns = list(found.values())
    rows = []
    for figure in columns[0][0]:
        values = []
        for samples in found.values():
            value = median(samples, figure)
            if "bytes" in figure:
                values.append(f"{value / data.LARGE_BYTES * 100:.2f} % ({value / 1e6:,.1f} MB)")
            else:
                times = sorted(sample[figure][0] for sample in samples)
                work = median(samples, figure, 1)
                values.append(f"{value:.2f} s ({times[0]:.2f}–{times[-1]:.2f}; {work:.2f})")
        rows.append([figure, *values, GOALS.get(figure, "")])
    return rows


def rows_of_memory(found):
    most = [max(memory for sample in samples for *_, memory in sample.values()) for samples in found.values()]
    return [["most memory of any of these", *(f"{value / 1e6:.0f} MB" for value in most), ""]]


def table(head, rows):
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def measure_files(options, scratch, sides):
    source = f"{scratch}/source"
    total = data.make_files(source)
    say(f"made {data.FILES:,} files, {total / 2**20:.0f} MiB")
    found = rounds(options, scratch, "files", sides, lambda side: many_files(side, source))
    return table(["", *found, "Goal"], rows_of_times(found) + rows_of_memory(found))


def measure_large(options, scratch, sides):
    csv, edited, noise = f"{scratch}/table.csv", f"{scratch}/edited.csv", f"{scratch}/noise.bin"
    data.edit_csv(csv, edited, data.make_csv(csv))
    data.make_noise(noise)
    say("made the large files")
    limits = []

    def once(side):
        limits.append(floors.rates(noise, scratch))
        return large_files(side, csv, edited, noise)

    found = rounds(options, scratch, "large", sides, once)
    rows = rows_of_times(found)
    rate = {name: statistics.median(limit[name] for limit in limits) for name in limits[0]}
    lower = min(rate["sha256"], rate["disk"])
    figure = "file of 1 GiB that does not compress: add"
    shares = [f"{data.LARGE_BYTES / median(samples, figure) / lower * 100:.0f} %" for samples in found.values()]
    rows.append([f"{figure}, of the lower limit", *shares, GOALS[f"{figure}, of the lower limit"]])
    text = ", ".join(
        f"{name} {rate[key] / 2**30:.2f} GiB/s"
        for key, name in [("sha256", "SHA-256"), ("md5", "MD5"), ("disk", "written and synced")]
    )
    return f"{table(['', *found, 'Goal'], rows + rows_of_memory(found))}\n\nLimits, one thread: {text}."


def main():
    options = arguments()
    # So that what was made is removed when someone ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("error: interrupted"))
    if not os.access(options.martlet, os.X_OK):
        raise SystemExit(f"error: there is no program {options.martlet}; build it, or name it: --martlet PATH")
    wanted = options.only or ["files", *(["large"] if options.large else []), *(["keys"] if options.keys else [])]
    scratch = tempfile.mkdtemp(prefix="martlet-compare-", dir=options.scratch)
    load = os.getloadavg()[0]
    parts = []
    try:
        martlet = os.path.abspath(options.martlet)
        sides = {"Martlet": lambda folder: Martlet(martlet, folder)}
        if options.side != "martlet" and wanted != ["keys"]:
            dvc = install(options, scratch)
            sides[f"DVC {options.dvc}"] = lambda folder: DVC(dvc, folder)
        if options.side == "dvc":
            del sides["Martlet"]
        if "files" in wanted:
            parts.append(measure_files(options, scratch, sides))
        if "large" in wanted:
            parts.append(measure_large(options, scratch, sides))
        if "keys" in wanted:
            parts.append(measure_keys(options.runs, f"{scratch}/keys", lambda folder: Martlet(martlet, folder), table, say))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    cores, when = os.cpu_count(), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    conditions = (
        f"{when}, {cores} cores, Python {sys.version.split()[0]}, load {load:.2f} at the start and"
        f" {os.getloadavg()[0]:.2f} at the end. Medians of {options.runs} runs, in turns, in brackets the least and the"
        " most, then the processors' time; whole processes; the files to add are in the page cache; link type copy; sync(2) before each. Martlet"
        " syncs what it stores to the disk before it ends, DVC does not."
    )
    text = "\n\n".join(["# Beside DVC: figures", conditions, *parts]) + "\n"
    print(text)
    with open(options.out, "w") as file:
        file.write(text)


if __name__ == "__main__":
    main()
