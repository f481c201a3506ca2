"""Processes that the comparison starts, and ends by their ids."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time


def say(text):
    print(text, file=sys.stderr, flush=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what, condition, seconds=180):
    """Asks `condition` until it holds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.1)
    raise SystemExit(f"error: {what} did not happen within {seconds} s")


class Background:
    """A process in a group of its own, which ends with its group."""

    def __init__(self, words, log, signal_to_end=signal.SIGTERM, **options):
        self.signal_to_end = signal_to_end
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, **options
            )

    def cpu_seconds(self):
        """User and system time of the process and of all below it that has ended or lives."""
        return sum(cpu_seconds(pid) for pid in tree(self.process.pid))

    def stop(self):
        if self.process.poll() is None:
            os.kill(self.process.pid, self.signal_to_end)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def tree(root):
    """The ids of a process and of all its living descendants."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), []).append(int(name))
    found, left = [], [root]
    while left:
        pid = left.pop()
        found.append(pid)
        left += children.get(pid, [])
    return found


def cpu_seconds(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    # utime, stime, and those of children that were waited for.
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pids):
    """Memory of processes, with what they share counted once for each sharer's part."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += sum(int(line.split()[1]) << 10 for line in file if line.startswith("Pss:"))
        except OSError:
            continue
    return total


class Postgres:
    """A server on loopback in a folder of its own; it refuses to run as root, so root names another user."""

    def __init__(self, binaries, folder, user):
        self.port = free_port()
        self.data = os.path.join(folder, "postgres")
        options = {"user": user, "group": user, "extra_groups": []} if os.geteuid() == 0 else {}
        os.makedirs(self.data)
        if options:
            shutil.chown(self.data, user, user)
        log = os.path.join(folder, "postgres.log")
        with open(log, "ab") as output:
            words = [f"{binaries}/initdb", "-D", self.data, "-U", "airflow", "--auth=trust", "-E", "UTF8"]
            subprocess.run(words, check=True, stdout=output, cwd="/", **options)
        words = [f"{binaries}/postgres", "-D", self.data, "-h", "127.0.0.1", "-p", str(self.port), "-k", self.data]
        # SIGINT is PostgreSQL's fast shutdown.
        self.server = Background(words, log, signal.SIGINT, cwd="/", **options)
        self.psql = [f"{binaries}/psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "airflow", "-XqAt", "-F", "\t"]
        wait_until("PostgreSQL's start", lambda: self.answers())
        self.query("CREATE DATABASE airflow", database="postgres")

    def answers(self):
        words = self.psql + ["-d", "postgres", "-c", "SELECT 1"]
        return subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def query(self, sql, database="airflow"):
        words = self.psql + ["-d", database, "-c", sql]
        text = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
        return [line.split("\t") for line in text.splitlines()]

    def stop(self):
        self.server.stop()
