"""Runs the graphs with `martlet up`, and reads from its store when each step began and ended."""

import datetime
import json
import os
import subprocess
import time

from processes import Background, resident_bytes, tree, wait_until


def step(name, after):
    return {"id": name, "command": ["/bin/true"], **({"after": after} if after else {})}


def graphs():
    """The pipelines; JSON is YAML."""
    chain = [step(f"s{number}", [f"s{number - 1}"] if number > 1 else []) for number in range(1, 41)]
    middle = [step(f"m{number}", ["first"]) for number in range(1, 201)]
    fan = [step("first", []), *middle, step("last", [one["id"] for one in middle])]
    ten, layer = [], []
    for letter in "abc":
        following = [step(f"{letter}{number}", layer) for number in range(1, 4)]
        ten += following
        layer = [one["id"] for one in following]
    ten.append(step("last", layer))
    return {
        "chain_40": {"steps": chain},
        "fan_200": {"steps": fan},
        "ten": {"max_active_runs": 50, "steps": ten},
    }


class Martlet:
    """`martlet up` in a project of its own."""

    name = "Martlet"

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        os.makedirs(f"{folder}/pipelines")
        with open(f"{folder}/martlet.yaml", "w") as file:
            file.write("project: compare\n")
        for name, graph in graphs().items():
            with open(f"{folder}/pipelines/{name}.yaml", "w") as file:
                json.dump({"pipeline": name, "max_parallel_steps": 8, **graph}, file)
        log = f"{folder}/up.log"
        self.up = Background([program, "up", "--json"], log, cwd=folder)
        wait_until("the start of martlet up", lambda: '"ready"' in open(log).read(), seconds=20)

    def run(self, graph, count, steps):
        """As Airflow.run."""
        started, cpu = time.time(), self.cpu_seconds()
        runs = [self.json("trigger", graph, "--json")["run_id"] for _ in range(count)]
        memory = 0

        def ended():
            nonlocal memory
            memory = max(memory, self.resident_bytes())
            newest = self.json("runs", "list", "--limit", str(count), "--json")
            return all(run["finished_at"] for run in newest)

        wait_until(f"the end of {graph}", ended, seconds=600)
        cpu = self.cpu_seconds() - cpu
        done = [
            {one["id"]: (instant(one["started_at"]), instant(one["finished_at"])) for one in report["steps"]
             if one["state"] == "success"}
            for report in (self.json("runs", "show", run, "--json") for run in runs)
        ]
        if sum(map(len, done)) != count * steps:
            raise SystemExit(f"error: {sum(map(len, done))} of {count * steps} steps of {graph} succeeded")
        last = max(end for run in done for _, end in run.values())
        return last - started, cpu, memory, done

    def json(self, *words):
        return json.loads(subprocess.run([self.program, *words], check=True, cwd=self.folder, stdout=subprocess.PIPE).stdout)

    def cpu_seconds(self):
        return self.up.cpu_seconds()

    def resident_bytes(self):
        return resident_bytes(tree(self.up.process.pid))

    def idle(self, seconds):
        cpu = self.cpu_seconds()
        time.sleep(seconds)
        return (self.cpu_seconds() - cpu) / seconds, self.resident_bytes()

    def stop(self):
        self.up.stop()


def instant(text):
    return datetime.datetime.fromisoformat(text).timestamp()
