"""Tells a real Alertmanager of incidents, and asks it what it has understood.

1. Failures appear as active alerts with their labels and annotations, and Alertmanager notifies its own receiver.
2. The same failures again change nothing.
3. A worse failure takes the place of the alert with the lesser severity.
4. A process that is killed before it tells is no loss: the next one tells.
5. An Alertmanager that has lost its memory hears again of what lasts.
6. Passes resolve the alerts, and Alertmanager says so to its receiver.
7. The messages that we send to webhooks in Alertmanager's format have the members that its own have.

usage: alertmanager.py INCIDENT_SENDER    (prometheus-alertmanager has to be in PATH)
"""

import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

CONFIGURATION = """route:
  receiver: hook
  group_by: [dataset]
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 1h
receivers:
- name: hook
  webhook_configs:
  - url: http://127.0.0.1:{port}/theirs
    send_resolved: true
"""


class Hook(http.server.BaseHTTPRequestHandler):
    """Keeps the messages that come, by path."""

    messages = {"/theirs": [], "/ours": []}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.messages[self.path].append(json.loads(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(address, path):
    with urllib.request.urlopen(f"{address}{path}", timeout=5) as answer:
        return json.load(answer)


def until(what, condition, seconds=20):
    """Waits until the condition gives something, and returns that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = condition()
        except OSError:
            found = None
        if found:
            return found
        time.sleep(0.1)
    sys.exit(f"error: in {seconds} seconds it did not come to: {what}")


class Alertmanager:
    """A process on the loopback interface, with an empty memory."""

    def __init__(self, folder, hook_port):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        folder.mkdir()
        (folder / "config.yml").write_text(CONFIGURATION.format(port=hook_port))
        with open(folder / "log.txt", "wb") as log:
            self.process = subprocess.Popen(
                [
                    "prometheus-alertmanager",
                    f"--config.file={folder}/config.yml",
                    f"--storage.path={folder}/data",
                    f"--web.listen-address=127.0.0.1:{self.port}",
                    "--cluster.listen-address=",
                ],
                stdout=log,
                stderr=log,
            )
        until("Alertmanager is ready", lambda: ask(self.address, "/api/v2/status"))

    def active(self):
        return ask(self.address, "/api/v2/alerts?active=true")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def main():
    sender = sys.argv[1]
    if shutil.which("prometheus-alertmanager") is None:
        sys.exit("error: prometheus-alertmanager is not installed: apt-get install prometheus-alertmanager")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = Path(tempfile.mkdtemp(prefix="martlet-alertmanager-"))
    manager = Alertmanager(folder / "first", server.server_port)

    def send(*words, kind="alertmanager", url=None, project="project", signal=0):
        (folder / project).mkdir(exist_ok=True)
        done = subprocess.run([sender, str(folder / project), kind, url or manager.address, *words], timeout=60)
        assert done.returncode == -signal, f"{words} ended with {done.returncode}"

    def severities():
        return sorted((alert["labels"]["check"], alert["labels"]["severity"]) for alert in manager.active())

    try:
        send("warn", "a", "b")
        alerts = until("two alerts are active", lambda: len(manager.active()) == 2 and manager.active())
        for alert in alerts:
            labels, notes = alert["labels"], alert["annotations"]
            assert labels["alertname"] == "MartletCheckFailed" and labels["team"] == "data", labels
            assert labels["dataset"] == "flights/raw" and labels["pipeline"] == "etl", labels
            assert labels["severity"] == "warning", labels
            assert notes["runbook_url"] == "https://example.com/runbook", notes
            assert "it does not, in \"quotes\" & <brackets>" in notes["description"], notes
            assert "日本" in notes["description"], notes
        firing = until("its receiver hears of them", lambda: Hook.messages["/theirs"])[0]
        assert firing["status"] == "firing" and len(firing["alerts"]) == 2, firing
        print("ok  failures are active alerts, and are told on")

        before = sorted(alert["fingerprint"] for alert in manager.active())
        send("warn", "a", "b")
        assert sorted(alert["fingerprint"] for alert in manager.active()) == before
        print("ok  the same failures are the same alerts")

        send("fail", "a")
        until("a is critical", lambda: severities() == [("a", "critical"), ("b", "warning")])
        print("ok  a worse failure takes the place of the former alert")

        send("keep", "c", signal=9)
        assert len(manager.active()) == 2
        send("loop", "4")
        until("c is told by the next process", lambda: ("c", "critical") in severities())
        print("ok  what a killed process kept is told by the next")

        manager.stop()
        manager = Alertmanager(folder / "second", server.server_port)
        assert manager.active() == []
        send("loop", "3")
        until("all three are back", lambda: len(manager.active()) == 3)
        print("ok  an Alertmanager without memory hears of what lasts")

        send("pass", "a", "b", "c")
        until("nothing is active", lambda: manager.active() == [])
        until(
            "its receiver hears that all is well",
            lambda: Hook.messages["/theirs"][-1]["status"] == "resolved",
        )
        print("ok  passes resolve the alerts")

        ours = f"http://127.0.0.1:{server.server_port}/ours"
        send("fail", "a", kind="webhook", url=ours, project="webhook")
        send("pass", "a", kind="webhook", url=ours, project="webhook")
        assert [message["status"] for message in Hook.messages["/ours"]] == ["firing", "resolved"]
        for message, theirs in zip(Hook.messages["/ours"], [firing, Hook.messages["/theirs"][-1]]):
            assert set(message) == set(theirs), set(message) ^ set(theirs)
            assert set(message["alerts"][0]) == set(theirs["alerts"][0])
            for key, value in theirs.items():
                assert type(message[key]) is type(value), key
        assert Hook.messages["/ours"][0]["alerts"][0]["endsAt"] == firing["alerts"][0]["endsAt"]
        print("ok  our webhooks have the members of Alertmanager's own")
    finally:
        manager.stop()
        server.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
