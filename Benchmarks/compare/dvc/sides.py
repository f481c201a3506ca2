"""The same work with DVC and with Martlet."""

import os
import shutil
import subprocess
import time

from data import size_of

QUIET = {"DVC_NO_ANALYTICS": "1", "NO_COLOR": "1"}


def timed(words, folder, environment, log):
    """Runs a program to its end; returns seconds, those of processors, and the most memory that it had."""
    # What earlier work left to be written is not this one's to wait for.
    os.sync()
    with open(log, "ab") as output:
        start = time.monotonic()
        process = subprocess.Popen(
            words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"error: {' '.join(words)} in {folder} ended with {process.returncode}; see {log}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss << 10


class Side:
    """A project with the folder `data`, a folder as its remote, and a second project that pulls from there."""

    def __init__(self, program, scratch):
        self.scratch = scratch
        self.project, self.remote, self.second = f"{scratch}/project", f"{scratch}/remote", f"{scratch}/second"
        self.log = f"{scratch}/log"
        self.program = program
        self.environment = {**os.environ, **QUIET}
        os.makedirs(self.project)

    def run(self, *words, folder=None):
        return timed([self.program, *words], folder or self.project, self.environment, self.log)

    def set_aside(self, name):
        """Moves something out of the project: removing it would slow down what is written next."""
        target = f"{self.scratch}/aside-{name}"
        os.rename(f"{self.project}/{name}", target)
        return target

    def close(self):
        shutil.rmtree(self.scratch)


class DVC(Side):
    name = "DVC"

    def __init__(self, program, scratch):
        super().__init__(program, scratch)
        # Its database of what it has seen, which is not in the project.
        self.environment["DVC_SITE_CACHE_DIR"] = f"{scratch}/site"
        self.run("init", "--no-scm", "-q")
        for key, value in [("core.analytics", "false"), ("core.check_update", "false"), ("cache.type", "copy")]:
            self.run("config", key, value)
        self.run("remote", "add", "-d", "folder", self.remote)

    def add(self, name="data"):
        return self.run("add", name)

    def status(self):
        return self.run("status")

    def keep(self):
        pass

    def checkout(self):
        return self.run("checkout")

    def push(self):
        return self.run("push")

    def pull(self):
        os.makedirs(f"{self.second}/.dvc")
        for file in [".dvc/config", "data.dvc"]:
            shutil.copy(f"{self.project}/{file}", f"{self.second}/{file}")
        self.environment["DVC_SITE_CACHE_DIR"] = f"{self.scratch}/second-site"
        return self.run("pull", folder=self.second)

    def stored(self):
        return size_of(f"{self.project}/.dvc/cache")


class Martlet(Side):
    name = "Martlet"

    def __init__(self, program, scratch):
        super().__init__(program, scratch)
        with open(f"{self.project}/martlet.yaml", "w") as file:
            file.write("project: compare\n")

    def add(self, name="data"):
        return self.run("lake", "add", name)

    def status(self):
        return self.run("lake", "status")

    def keep(self):
        return self.run("lake", "commit", "-m", "Measured")

    def checkout(self):
        return self.run("lake", "restore", "data")

    def push(self):
        return self.run("lake", "push", self.remote)

    def pull(self):
        return self.run("lake", "clone", self.remote, self.second, folder=self.scratch)

    def stored(self):
        return size_of(f"{self.project}/.martlet/lake/packs")
