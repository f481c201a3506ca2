"""Metrics over HTTP as Prometheus takes them: of the log server, of `martlet up`, and of a stream that runs.

They are read by Prometheus' own client library (prometheus_client), have the names of kafka_exporter, and the numbers are
those that confluent-kafka knows.

usage: kafka_metrics.py MARTLET
"""

import contextlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import confluent_kafka as ck
from confluent_kafka.admin import AdminClient, NewTopic
from prometheus_client.parser import text_string_to_metric_families

# github.com/danielqsj/kafka_exporter: what it tells of a cluster, its topics and its groups.
EXPORTER = {
    "kafka_brokers", "kafka_topic_partitions", "kafka_topic_partition_current_offset",
    "kafka_topic_partition_oldest_offset", "kafka_topic_partition_in_sync_replica", "kafka_topic_partition_leader",
    "kafka_topic_partition_leader_is_preferred", "kafka_topic_partition_replicas",
    "kafka_topic_partition_under_replicated_partition", "kafka_consumergroup_current_offset",
    "kafka_consumergroup_current_offset_sum", "kafka_consumergroup_lag", "kafka_consumergroup_lag_sum",
    "kafka_consumergroup_members",
}
DEFINITION = """\
source:
  fields: { carrier: text, n: integer }
key: [carrier]
window: { tumbling: 1h }
aggregates: { events: count }
"""


def expect(value, wanted, what):
    if value != wanted:
        raise SystemExit(f"{what}: {str(value)[:500]}\n  instead of {str(wanted)[:500]}")


def ask(address, method="GET", path="/metrics"):
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request(method, path)
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    return response, body


def metrics(address):
    """All samples by name and labels; none may come twice, nor may a family."""
    response, body = ask(address)
    expect(response.status, 200, "status")
    expect(response.getheader("content-type"), "text/plain; version=0.0.4; charset=utf-8", "type")
    samples, families = {}, set()
    for family in text_string_to_metric_families(body):
        expect(family.name in families, False, f"{family.name} comes twice")
        expect(bool(family.documentation) and family.type in ("gauge", "counter"), True, f"{family.name} is described")
        families.add(family.name)
        for sample in family.samples:
            place = sample.name, tuple(sorted(sample.labels.items()))
            expect(place in samples, False, f"{place} comes twice")
            samples[place] = sample.value
    expect(samples["martlet_build_info", (("version", "0.1.0"),)], 1.0, "the version")
    return samples


class Program:
    """A command that runs until it is told to end."""

    def __init__(self, folder, *words):
        self.process = subprocess.Popen(
            words, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def line(self, found):
        """What `found` makes of the first line of which it makes something."""
        for line in self.process.stdout:
            if (value := found(line)) is not None:
                return value
        raise SystemExit(f"{self.process.args[1:3]} ended with {self.process.wait()}")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SystemExit(f"{self.process.args[1:3]} does not end")


def json_line(line):
    with contextlib.suppress(ValueError):
        return json.loads(line)
    return None


def log_server(martlet, project):
    program = Program(
        project, martlet, "stream", "serve", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--json"
    )
    try:
        told = program.line(json_line)
        address, place = told["address"], told["metrics"]
        servers = {"bootstrap.servers": address}
        admin = AdminClient(servers)
        admin.create_topics([NewTopic("rows", 2)])["rows"].result(30)
        producer = ck.Producer(servers)
        for number in range(50):
            value = json.dumps({"carrier": "WN", "n": number})
            producer.produce("rows", value=value, partition=number % 2, timestamp=1_700_000_000_000 + number)
        expect(producer.flush(30), 0, "what is not delivered")
        group = 'a "quoted" \\ group'
        consumer = ck.Consumer(servers | {"group.id": group, "enable.auto.commit": False})
        consumer.subscribe(["rows"])
        while not consumer.assignment():
            consumer.poll(0.1)
        consumer.commit(offsets=[ck.TopicPartition("rows", 0, 10)], asynchronous=False)

        samples = metrics(place)
        names = {name for name, _ in samples}
        expect(EXPORTER - names, set(), "names of kafka_exporter that are missing")
        here = ("partition", "0"), ("topic", "rows")
        of_group = (("consumergroup", group),)
        expect(samples["kafka_brokers", ()], 1, "brokers")
        expect(samples["kafka_topic_partitions", (("topic", "rows"),)], 2, "partitions")
        expect(samples["kafka_topic_partition_current_offset", here], 25, "the next offset")
        expect(samples["kafka_topic_partition_oldest_offset", here], 0, "the first offset")
        expect(samples["kafka_consumergroup_current_offset", of_group + here], 10, "the group's offset")
        expect(samples["kafka_consumergroup_lag", of_group + here], 15, "the group's lag")
        expect(samples["kafka_consumergroup_members", of_group], 1, "the group's members")
        expect(samples["martlet_broker_requests_total", (("api", "Produce"),)] >= 1, True, "requests to produce")
        consumer.close()
        expect(metrics(place)["kafka_consumergroup_members", of_group], 0, "members of a group that was left")

        response, body = ask(place, "HEAD")
        expect((response.status, body), (200, ""), "HEAD")
        expect(int(response.getheader("content-length")) > 1_000, True, "the length that HEAD tells")
        expect(ask(place, path="/")[0].status, 404, "another path")
        response, _ = ask(place, "POST")
        expect((response.status, response.getheader("allow")), (405, "GET, HEAD"), "POST")
        print(f"  the log server: {len(samples)} samples", flush=True)
        running_stream(martlet, project, address)
    finally:
        program.stop()


def running_stream(martlet, project, address):
    program = Program(
        project, martlet, "stream", "run", "count.yaml", "--from", "topic:rows", "--to", "sqlite:counts.db",
        "--broker", f"kafka://{address}", "--metrics", "127.0.0.1:0", "--commit-every", "100ms",
    )
    try:
        mark = "metrics at http://"
        place = program.line(lambda line: line.split(mark)[1].split("/")[0] if mark in line else None)
        end, of_stream = time.monotonic() + 60, (("stream", "count"),)
        while True:
            samples = metrics(place)
            if samples.get(("stream_records_in_total", of_stream)) == 50:
                break
            expect(time.monotonic() < end, True, f"50 records are read: {samples}")
            time.sleep(0.1)
        expect(samples["stream_assigned_partitions", of_stream], 2, "partitions that are read")
        partition = (("partition", "1"), ("stream", "count"), ("topic", "rows"))
        expect(samples["stream_partition_offset", partition], 25, "the offset")
        print(f"  a stream that runs: {len(samples)} samples", flush=True)
    finally:
        program.stop()


def up(martlet, project):
    program = Program(project, martlet, "up", "--json", "--metrics", "127.0.0.1:0")
    try:
        def event(name):
            return lambda line: (json_line(line) or {}).get("address") if f'"{name}"' in line else None

        program.line(event("streams"))
        samples = metrics(program.line(event("metrics")))
        expect(samples["kafka_topic_partition_current_offset", (("partition", "0"), ("topic", "rows"))], 25, "offset")
        print(f"  martlet up: {len(samples)} samples", flush=True)
    finally:
        program.stop()


def main():
    martlet = os.path.abspath(sys.argv[1])
    project = tempfile.mkdtemp(prefix="martlet-metrics-")
    try:
        for name, text in {"martlet.yaml": "project: metrics\n", "count.yaml": DEFINITION}.items():
            with open(os.path.join(project, name), "w") as file:
                file.write(text)
        log_server(martlet, project)
        up(martlet, project)
        refused = subprocess.run(
            [martlet, "stream", "serve", "--metrics", "9308"], cwd=project, capture_output=True, text=True, timeout=60
        )
        expect(refused.returncode, 2, "an address without a host")
    finally:
        shutil.rmtree(project, ignore_errors=True)


if __name__ == "__main__":
    main()
