"""Writes Tests/Fixtures/kafka/clients.json: what real clients send, and what a broker that is not ours answers.

kcat (librdkafka 2.0.2), confluent-kafka (librdkafka 2.16), kafka-python and aiokafka talk to Tansu through a relay in
this program, which records requests with their answers. The relay itself answers ApiVersions, with the versions that
Martlet serves and without tagged fields, so that the clients use just these. Few frames of each kind are kept.

usage: kafka_capture.py TANSU [--output FILE]     (needs kcat and the three Python packages)
"""

import argparse
import asyncio
import json
import pathlib
import struct
import subprocess
import sys
import threading
import time

import aiokafka
import confluent_kafka
import confluent_kafka.admin
import kafka
from kafka.protocol.metadata import ApiVersionsResponse

from kafka_wire import SERVED, message_class

LISTEN, BEHIND = 29092, 29093
ADDRESS = f"127.0.0.1:{LISTEN}"
KEYS = {message_class(api + "Request").API_KEY: api for api in SERVED}
# What Martlet tells and does not accept is told here as well.
TOLD = {**SERVED, "Produce": (0, 9)}
LARGEST, KEPT = 700, 2


class Relay:
    """Passes frames on in both directions and keeps them."""

    def __init__(self):
        self.client = ""
        self.kept = {}

    def keep(self, client, key, version, request, answer):
        api = KEYS.get(key)
        if api is None or not SERVED[api][0] <= version <= SERVED[api][1]:
            return
        if len(request) > LARGEST or len(answer) > LARGEST:
            return
        several = self.kept.setdefault((client, api, version), [])
        if len(several) < KEPT and all(len(old[1]) != len(answer) for old in several):
            several.append((request, answer))

    async def frames(self, reader):
        while True:
            try:
                prefix = await reader.readexactly(4)
                yield prefix + await reader.readexactly(struct.unpack(">i", prefix)[0])
            except (asyncio.IncompleteReadError, ConnectionError):
                return

    async def connection(self, reader, writer):
        client = self.client
        above, below = await asyncio.open_connection("127.0.0.1", BEHIND)
        waiting = {}

        async def back():
            async for frame in self.frames(above):
                number = struct.unpack(">i", frame[4:8])[0]
                if number in waiting:
                    self.keep(client, *waiting.pop(number), frame)
                writer.write(frame)
                await writer.drain()

        task = asyncio.create_task(back())
        async for frame in self.frames(reader):
            key, version, number = struct.unpack(">hhi", frame[4:12])
            if key == 18 and version <= 4:
                answer = self.versions(version, number)
                self.keep(client, key, version, frame, answer)
                writer.write(answer)
                continue
            waiting[number] = (key, version, frame)
            try:
                below.write(frame)
                await below.drain()
            except ConnectionError:
                break
        task.cancel()
        # What Tansu never answered is a request all the same.
        for key, version, frame in waiting.values():
            self.keep(client, key, version, frame, b"")
        below.close()
        writer.close()

    @staticmethod
    def versions(version, number):
        keys = [
            ApiVersionsResponse.ApiVersion(version=version, api_key=key, min_version=TOLD[api][0],
                                           max_version=TOLD[api][1])
            for key, api in KEYS.items()
        ]
        answer = ApiVersionsResponse(version=version, error_code=0, api_keys=keys, throttle_time_ms=0)
        answer.with_header(correlation_id=number)
        return answer.encode(header=True, framed=True)

    async def serve(self):
        server = await asyncio.start_server(self.connection, "127.0.0.1", LISTEN, limit=1 << 26)
        async with server:
            await server.serve_forever()


def attempt(what, *arguments, **named):
    """Does something that Tansu may not know how to do."""
    try:
        found = what(*arguments, **named)
        futures = found.values() if isinstance(found, dict) else [found]
        for future in futures:
            if hasattr(future, "result"):
                future.result(5)
        return found
    except Exception as error:  # whatever a client thinks of an answer, the frames are there
        print(f"  {getattr(what, '__name__', what)}: {str(error)[:100]}", file=sys.stderr)


def kcat():
    base = ["kcat", "-b", ADDRESS]
    run = lambda *rest, **named: subprocess.run(base + list(rest), timeout=20, capture_output=True, **named)
    attempt(run, "-L")
    attempt(run, "-P", "-t", "cat", "-z", "lz4", "-k", "key", "-H", "a=b", input=b"one\ntwo\n")
    attempt(run, "-P", "-t", "cat", "-X", "enable.idempotence=true", input=b"three\n")
    attempt(run, "-C", "-t", "cat", "-e", "-o", "beginning")
    attempt(run, "-Q", "-t", "cat:0:1")
    attempt(run, "-G", "cats", "-c", "3", "-X", "auto.offset.reset=earliest", "-X", "session.timeout.ms=6000", "cat")


def confluent():
    config = {"bootstrap.servers": ADDRESS}
    types = confluent_kafka.admin
    client = types.AdminClient(config)
    attempt(client.create_topics, [types.NewTopic("con", 2, 1, config={"retention.ms": "1000"})], request_timeout=5)
    attempt(client.list_topics, timeout=5)
    attempt(client.describe_cluster, request_timeout=5)
    resource = types.ConfigResource(types.ResourceType.TOPIC, "con")
    attempt(client.describe_configs, [resource], request_timeout=5)
    for transactional in (False, True):
        named = {"transactional.id": "tx"} if transactional else {"enable.idempotence": True}
        producer = confluent_kafka.Producer(config | named)
        if transactional:
            attempt(producer.init_transactions, 10)
            attempt(producer.begin_transaction)
        for number in range(3):
            attempt(producer.produce, "con", b"v%d" % number, b"k", headers={"h": b"x"})
        attempt(producer.flush, 5)
        if transactional:
            attempt(producer.commit_transaction, 10)
            attempt(producer.begin_transaction)
            attempt(producer.produce, "con", b"gone")
            attempt(producer.abort_transaction, 10)
    consumer = confluent_kafka.Consumer(config | {
        "group.id": "cons", "group.instance.id": "one", "auto.offset.reset": "earliest",
        "enable.auto.commit": False, "session.timeout.ms": 6000})
    consumer.subscribe(["con"])
    seen, until = 0, time.monotonic() + 15
    while seen < 4 and time.monotonic() < until:
        seen += consumer.poll(0.5) is not None
    attempt(consumer.commit, asynchronous=False)
    attempt(consumer.committed, [confluent_kafka.TopicPartition("con", 0)], timeout=5)
    attempt(consumer.offsets_for_times, [confluent_kafka.TopicPartition("con", 0, 0)], timeout=5)
    attempt(consumer.get_watermark_offsets, confluent_kafka.TopicPartition("con", 0), timeout=5)
    attempt(client.list_consumer_groups, request_timeout=5)
    attempt(client.describe_consumer_groups, ["cons"], request_timeout=5)
    producer = confluent_kafka.Producer(config | {"transactional.id": "tx2"})
    attempt(producer.init_transactions, 10)
    attempt(producer.begin_transaction)
    attempt(producer.send_offsets_to_transaction, [confluent_kafka.TopicPartition("con", 0, 1, "note")],
            consumer.consumer_group_metadata(), 5)
    attempt(producer.commit_transaction, 5)
    consumer.close()
    partition = confluent_kafka.TopicPartition("con", 0)
    attempt(client.list_consumer_group_offsets,
            [confluent_kafka.ConsumerGroupTopicPartitions("cons", [partition])], request_timeout=5)
    attempt(client.incremental_alter_configs, [types.ConfigResource(
        types.ResourceType.TOPIC, "con", incremental_configs=[types.ConfigEntry(
            "retention.ms", "2000", incremental_operation=types.AlterConfigOpType.SET)])], request_timeout=5)
    attempt(client.create_partitions, [types.NewPartitions("con", 3)], request_timeout=5)
    attempt(client.delete_consumer_groups, ["cons"], request_timeout=5)
    attempt(client.delete_topics, ["con"], request_timeout=5)


def kafka_python():
    client = kafka.KafkaAdminClient(bootstrap_servers=ADDRESS, request_timeout_ms=5000)
    attempt(client.create_topics, [kafka.admin.NewTopic("pyt", 2, 1)])
    attempt(client.describe_cluster)
    attempt(client.list_topics)
    attempt(client.describe_configs, [kafka.admin.ConfigResource(kafka.admin.ConfigResourceType.TOPIC, "pyt")])
    producer = kafka.KafkaProducer(bootstrap_servers=ADDRESS, transactional_id="py")
    attempt(producer.init_transactions)
    attempt(producer.begin_transaction)
    for number in range(3):
        attempt(producer.send, "pyt", b"v%d" % number, b"k", headers=[("h", b"x")])
    attempt(producer.commit_transaction)
    consumer = kafka.KafkaConsumer(
        "pyt", bootstrap_servers=ADDRESS, group_id="pyts", auto_offset_reset="earliest", enable_auto_commit=False,
        isolation_level="read_committed", consumer_timeout_ms=5000, session_timeout_ms=6000)
    for _ in zip(range(3), consumer):
        pass
    attempt(consumer.commit)
    partition = kafka.TopicPartition("pyt", 0)
    attempt(consumer.committed, partition)
    attempt(consumer.offsets_for_times, {partition: 0})
    attempt(client.list_groups)
    attempt(client.describe_groups, ["pyts"])
    attempt(client.list_group_offsets, ["pyts"])
    attempt(producer.begin_transaction)
    attempt(producer.send_offsets_to_transaction,
            {partition: kafka.OffsetAndMetadata(1, "note", -1)}, consumer.group_metadata())
    attempt(producer.abort_transaction)
    consumer.close()
    producer.close()
    attempt(client.delete_groups, ["pyts"])
    attempt(client.delete_topics, ["pyt"])
    client.close()


async def aio():
    producer = aiokafka.AIOKafkaProducer(bootstrap_servers=ADDRESS)
    await producer.start()
    for number in range(3):
        await producer.send_and_wait("aio", b"v%d" % number, b"k", headers=[("h", b"x")])
    await producer.stop()
    consumer = aiokafka.AIOKafkaConsumer(
        "aio", bootstrap_servers=ADDRESS, group_id="aios", auto_offset_reset="earliest", enable_auto_commit=False)
    await consumer.start()
    for _ in range(3):
        await asyncio.wait_for(consumer.getone(), 10)
    await consumer.commit()
    partition = aiokafka.TopicPartition("aio", 0)
    await consumer.committed(partition)
    await consumer.offsets_for_times({partition: 0})
    await consumer.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    default = pathlib.Path(__file__).parent.parent / "Fixtures/kafka/clients.json"
    parser.add_argument("tansu")
    parser.add_argument("--output", type=pathlib.Path, default=default)
    arguments = parser.parse_args()
    broker = subprocess.Popen(
        [arguments.tansu, "broker", "--silent", "--listener-url", f"tcp://127.0.0.1:{BEHIND}",
         "--advertised-listener-url", f"tcp://127.0.0.1:{LISTEN}", "--storage-engine", "memory://tansu/"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    relay = Relay()
    try:
        time.sleep(2)
        threading.Thread(target=lambda: asyncio.run(relay.serve()), daemon=True).start()
        time.sleep(0.5)
        setup = kafka.KafkaAdminClient(bootstrap_servers=ADDRESS)
        for topic in ("cat", "aio"):
            attempt(setup.create_topics, [kafka.admin.NewTopic(topic, 1, 1)])
        setup.close()
        relay.kept.clear()
        for name, drive in (("librdkafka 2.0.2", kcat), ("librdkafka 2.16.1", confluent),
                            (f"kafka-python {kafka.__version__}", kafka_python),
                            (f"aiokafka {aiokafka.__version__}", lambda: asyncio.run(aio()))):
            print(name, file=sys.stderr)
            relay.client = name
            attempt(drive)
    finally:
        broker.terminate()
        broker.wait(10)
    lines = [
        json.dumps({"client": client, "api": api, "key": message_class(api + "Request").API_KEY, "version": version,
                    "request": request.hex(), "response": answer.hex()}, separators=(",", ":"))
        for (client, api, version), several in sorted(relay.kept.items()) for request, answer in several
    ]
    text = "[\n" + ",\n".join(lines) + "\n]\n"
    arguments.output.write_text(text)
    print(f"{len(lines)} exchanges, {len(text)} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
