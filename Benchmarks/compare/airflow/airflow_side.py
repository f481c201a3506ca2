"""Runs the graphs with Airflow, and reads from its database when each step began and ended."""

import json
import os
import secrets
import subprocess
import time
import urllib.error
import urllib.request

from processes import Background, Postgres, free_port, resident_bytes, say, tree, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))

# What Airflow's documentation advises for many short tasks: a loop that hardly sleeps and looks at every run, more
# connections, and files that are not read again all the time. Durability is left as it is.
TUNED = {
    "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.01",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "1",
    "AIRFLOW__SCHEDULER__MAX_DAGRUNS_PER_LOOP_TO_SCHEDULE": "100",
    "AIRFLOW__SCHEDULER__MAX_DAGRUNS_TO_CREATE_PER_LOOP": "100",
    "AIRFLOW__SCHEDULER__MAX_TIS_PER_QUERY": "0",
    "AIRFLOW__CORE__PARALLELISM": "32",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_POOL_SIZE": "20",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_MAX_OVERFLOW": "40",
    "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "600",
    "AIRFLOW__API__WORKERS": "2",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
}


class Airflow:
    """A whole Airflow with a database of its own."""

    def __init__(self, name, venv, folder, postgres_binaries, postgres_user, more):
        self.name = name
        self.parts = []
        self.folder = folder
        os.makedirs(folder)
        self.postgres = Postgres(postgres_binaries, folder, postgres_user)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.command = f"{venv}/bin/airflow"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")},
            "PATH": f"{venv}/bin:{os.environ['PATH']}",
            "AIRFLOW_HOME": folder,
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": f"{HERE}/dags",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN":
                f"postgresql+psycopg2://airflow@127.0.0.1:{self.postgres.port}/airflow",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
            "PYTHONDONTWRITEBYTECODE": "",
            **more,
        }
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self):
        say(f"  {self.name}: making its database")
        with open(f"{self.folder}/migrate.log", "wb") as log:
            subprocess.run(
                [self.command, "db", "migrate"], check=True, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        for part in ["api-server", "dag-processor", "scheduler"]:
            self.parts.append(Background([self.command, part], f"{self.folder}/{part}.log", env=self.environment))
        wait_until("the start of Airflow's API", lambda: self.token() is not None)
        wait_until("the reading of the graphs", lambda: self.postgres.query("SELECT count(*) FROM dag") == [["3"]])
        # A graph is served a little later than it is listed.
        time.sleep(5)

    def token(self):
        try:
            self.bearer = json.load(urllib.request.urlopen(f"{self.url}/auth/token"))["access_token"]
        except (OSError, ValueError, KeyError):
            return None
        return self.bearer

    def trigger(self, graph):
        request = urllib.request.Request(
            f"{self.url}/api/v2/dags/{graph}/dagRuns",
            data=json.dumps({"logical_date": None}).encode(),
            headers={"Authorization": f"Bearer {self.bearer}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["dag_run_id"]

    def run(self, graph, count, steps):
        """Runs `graph` `count` times at once; gives (wall, CPU, resident bytes, [[(start, end) of steps by name]])."""
        started, cpu = time.time(), self.cpu_seconds()
        runs = [self.trigger(graph) for _ in range(count)]
        names = ", ".join(f"'{run}'" for run in runs)
        where = f"dag_id = '{graph}' AND run_id IN ({names})"
        unfinished = f"SELECT count(*) FROM dag_run WHERE {where} AND state NOT IN ('success', 'failed')"
        memory = 0

        def ended():
            nonlocal memory
            time.sleep(0.4)
            memory = max(memory, self.resident_bytes())
            return self.postgres.query(unfinished) == [["0"]]

        wait_until(f"the end of {graph}", ended, seconds=1_800)
        cpu = self.cpu_seconds() - cpu
        rows = self.postgres.query(
            "SELECT run_id, task_id, extract(epoch FROM start_date), extract(epoch FROM end_date)"
            f" FROM task_instance WHERE {where} AND state = 'success'"
        )
        if len(rows) != count * steps:
            raise SystemExit(f"error: {len(rows)} of {count * steps} steps of {graph} succeeded")
        by_run = {}
        for run, step, start, end in rows:
            by_run.setdefault(run, {})[step] = (float(start), float(end))
        last = max(end for steps in by_run.values() for _, end in steps.values())
        return last - started, cpu, memory, list(by_run.values())

    def processes(self):
        return [pid for part in [self.postgres.server, *self.parts] for pid in tree(part.process.pid)]

    def cpu_seconds(self):
        return self.postgres.server.cpu_seconds() + sum(part.cpu_seconds() for part in self.parts)

    def resident_bytes(self):
        return resident_bytes(self.processes())

    def idle(self, seconds):
        """CPU, in cores, and resident bytes while nothing is to do."""
        cpu = self.cpu_seconds()
        time.sleep(seconds)
        return (self.cpu_seconds() - cpu) / seconds, self.resident_bytes()

    def stop(self):
        for part in reversed(self.parts):
            part.stop()
        self.postgres.stop()
