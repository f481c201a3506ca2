"""Reads a large event log with `martlet spark advise`, and beside it with Python's json, in one run.

    python compare.py MARTLET [--megabytes N] [--rounds N]

needs pyarrow (for zstd). The log is made of the task lines of the recorded logs in Tests/Fixtures/spark-events, repeated
with other stages and tasks; it is not compressed, so that the reader is measured and not zstd. The floor is reading the
file's bytes. Python parses each line and adds up the times of tasks, which is less than advice needs.
"""

import argparse
import json
import pathlib
import re
import resource
import statistics
import subprocess
import tempfile
import time

import pyarrow as pa

FIXTURES = pathlib.Path(__file__).resolve().parents[4] / "Tests/Fixtures/spark-events"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("martlet", type=pathlib.Path)
    options.add_argument("--megabytes", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=".") as folder:
        log = pathlib.Path(folder) / "app-1"
        tasks = make(log, given.megabytes * 1_000_000)
        size = log.stat().st_size / 1e6
        command = [str(given.martlet.resolve()), "spark", "advise", str(log), "--json"]
        sides = {"bytes alone": [], "martlet spark advise": [], "Python's json": []}
        for round in range(given.rounds):
            sides["bytes alone"].append(size / timed(lambda: read(log)))
            sides["martlet spark advise"].append(size / timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)))
            if round < 2:
                sides["Python's json"].append(parsed(log))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        print(f"{size:,.0f} MB, {tasks:,} tasks; {len(told['findings'])} findings; most memory {peak:,.0f} MiB\n")
        print("| | MB/s, median | least | most |\n|---|--:|--:|--:|")
        for name, rates in sides.items():
            print(f"| {name} | {statistics.median(rates):,.0f} | {min(rates):,.0f} | {max(rates):,.0f} |")


def make(path: pathlib.Path, size: int) -> int:
    """Writes a log of `size` bytes; the number of its tasks."""
    head, tasks, tail = [], [], []
    for name in ["tiny", "skew", "smallfiles", "broadcast", "python"]:
        for line in pa.CompressedInputStream(pa.OSFile(str(FIXTURES / f"{name}.log.zstd")), "zstd").read().split(b"\n"):
            if line.startswith(b'{"Event":"SparkListenerTaskEnd"'):
                stage = re.search(rb'"Stage ID":\d+', line)
                task = re.search(rb'"Task ID":\d+,"Index":\d+', line)
                tasks.append((line[: stage.start()], line[stage.end() : task.start()], line[task.end() :]))
            elif name == "tiny" and line:
                is_end = any(word in line[:120] for word in (b"StageCompleted", b"JobEnd", b"ApplicationEnd", b"ExecutionEnd"))
                (tail if is_end else head).append(line)
    written = count = 0
    with path.open("wb") as file:
        for line in head:
            file.write(line + b"\n")
        while written < size:
            before, between, after = tasks[count % len(tasks)]
            written += file.write(
                b'%b"Stage ID":%d%b"Task ID":%d,"Index":%d%b\n'
                % (before, count // 20_000, between, count, count % 20_000, after)
            )
            count += 1
        for line in tail:
            file.write(line + b"\n")
    return count


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def read(path: pathlib.Path) -> None:
    buffer = bytearray(1 << 20)
    with path.open("rb", buffering=0) as file:
        while file.readinto(buffer):
            pass


def parsed(path: pathlib.Path) -> float:
    """MB/s of the first 100 MB."""
    size = total = 0
    start = time.perf_counter()
    with path.open("rb") as file:
        for line in file:
            size += len(line)
            event = json.loads(line)
            if event["Event"] == "SparkListenerTaskEnd":
                info = event["Task Info"]
                total += info["Finish Time"] - info["Launch Time"]
            if size > 100_000_000:
                break
    return size / 1e6 / (time.perf_counter() - start)


main()
