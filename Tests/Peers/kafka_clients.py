"""Real Kafka clients against Martlet's log server: kcat, confluent-kafka, kafka-python and aiokafka, unchanged.

Each produces and consumes with every codec, in groups that keep their positions, idempotently and in transactions; then
the server is killed at random instants while they work, started again over what it left, and nothing that was
acknowledged may be missing or doubled, and nothing aborted may be seen.

usage: kafka_clients.py COMMAND... [--seed N] [--kills N]

COMMAND starts the server; {folder} and {port} in it stand for where its logs are and where it listens.
"""

import argparse
import asyncio
import contextlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid

import aiokafka
import confluent_kafka as ck
import kafka
from confluent_kafka.admin import AdminClient, NewTopic

CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]


class Server:
    """The server over one folder; may be killed and started again on the same port."""

    def __init__(self, command):
        self.command = command
        self.folder = tempfile.mkdtemp(prefix="martlet-log-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.words(), stdout=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended with {self.process.returncode}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        raise SystemExit("the server does not listen")

    def words(self):
        return [word.replace("{folder}", self.folder).replace("{port}", str(self.port)) for word in self.command]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def expect(value, wanted, what):
    if value != wanted:
        raise SystemExit(f"{what}: {str(value)[:500]}\n  instead of {str(wanted)[:500]}")


def topic(server, partitions=1, **config):
    name = f"t-{uuid.uuid4().hex[:8]}"
    admin = AdminClient({"bootstrap.servers": server.address})
    admin.create_topics([NewTopic(name, partitions, config=config)])[name].result(30)
    return name


def read_all(server, name, committed=False, group=None):
    """All values of a topic by partition, as librdkafka reads them."""
    consumer = ck.Consumer({
        "bootstrap.servers": server.address, "group.id": group or uuid.uuid4().hex, "auto.offset.reset": "earliest",
        "enable.partition.eof": True, "enable.auto.commit": False,
        "isolation.level": "read_committed" if committed else "read_uncommitted",
    })
    partitions = consumer.list_topics(name, 30).topics[name].partitions
    consumer.assign([ck.TopicPartition(name, index, ck.OFFSET_BEGINNING) for index in partitions])
    found = {index: [] for index in partitions}
    ended = set()
    deadline = time.monotonic() + 60
    while len(ended) < len(partitions) and time.monotonic() < deadline:
        message = consumer.poll(1)
        if message is None:
            continue
        if message.error():
            if message.error().code() == ck.KafkaError._PARTITION_EOF:
                ended.add(message.partition())
            continue
        found[message.partition()].append(message.value().decode())
    consumer.close()
    expect(ended, set(partitions), "partitions read to their end")
    return found


def values(found):
    return sorted(value for list_ in found.values() for value in list_)


def confluent(server):
    name = topic(server, 3)
    sent = []
    for codec in CODECS:
        failed = []
        producer = ck.Producer({
            "bootstrap.servers": server.address, "compression.type": codec, "enable.idempotence": True, "linger.ms": 5
        })
        for number in range(500):
            value = f"{codec}-{number}-" + "x" * (number % 50)
            sent.append(value)
            producer.produce(
                name, value, key=str(number), headers=[("a", b"1"), ("a", None)],
                on_delivery=lambda error, _: error and failed.append(error),
            )
        expect(producer.flush(30), 0, "messages left")
        expect(failed, [], "failed messages")
    expect(values(read_all(server, name)), sorted(sent), "what confluent-kafka reads")
    group = uuid.uuid4().hex
    settings = {
        "bootstrap.servers": server.address, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False,
    }
    for protocol in ["range", "cooperative-sticky"]:
        one, two = (
            ck.Consumer({**settings, "group.id": group + protocol, "partition.assignment.strategy": protocol})
            for _ in range(2)
        )
        got = []
        one.subscribe([name])
        while not one.assignment():
            got += [message.value().decode() for message in one.consume(100, 0.2) if not message.error()]
        two.subscribe([name])
        deadline = time.monotonic() + 60
        while len(set(got)) < len(sent) and time.monotonic() < deadline:
            for consumer in [one, two]:
                got += [message.value().decode() for message in consumer.consume(500, 0.2) if not message.error()]
        expect(sorted(set(got)), sorted(sent), f"what two members read by {protocol}")
        for consumer in [one, two]:
            with contextlib.suppress(ck.KafkaException):
                consumer.commit(asynchronous=False)
            consumer.close()
    transactions(server)


def transactions(server):
    name = topic(server, 2)
    producer = ck.Producer({"bootstrap.servers": server.address, "transactional.id": uuid.uuid4().hex})
    producer.init_transactions(30)
    kept = []
    for turn in range(6):
        producer.begin_transaction()
        batch = [f"{turn}-{number}" for number in range(20)]
        for number, value in enumerate(batch):
            producer.produce(name, value, partition=number % 2)
        producer.flush(30)
        if turn % 2:
            producer.abort_transaction(30)
        else:
            kept += batch
            producer.commit_transaction(30)
    expect(values(read_all(server, name, committed=True)), sorted(kept), "what was committed")


def kafka_python(server):
    name = topic(server, 2)
    sent = []
    for codec in [None, "gzip"]:
        producer = kafka.KafkaProducer(bootstrap_servers=server.address, compression_type=codec)
        for number in range(300):
            sent.append(f"{codec}-{number}")
            producer.send(name, key=str(number).encode(), value=sent[-1].encode(), headers=[("a", b"1")])
        producer.flush(30)
        producer.close()
    group = uuid.uuid4().hex
    settings = {"bootstrap_servers": server.address, "group_id": group, "auto_offset_reset": "earliest"}
    consumer = kafka.KafkaConsumer(name, **settings)
    got = []
    deadline = time.monotonic() + 60
    while len(got) < len(sent) and time.monotonic() < deadline:
        for batch in consumer.poll(timeout_ms=500).values():
            got += [message.value.decode() for message in batch]
    expect(sorted(got), sorted(sent), "what kafka-python reads")
    consumer.commit()
    consumer.close()
    consumer = kafka.KafkaConsumer(**{**settings, "group_id": group})
    positions = {partition: consumer.committed(kafka.TopicPartition(name, partition)) for partition in range(2)}
    ends = consumer.end_offsets([kafka.TopicPartition(name, partition) for partition in range(2)])
    expect(positions, {place.partition: offset for place, offset in ends.items()}, "positions after a commit")
    consumer.close()


def aio(server):
    async def run():
        name = topic(server, 2)
        sent = [f"aio-{number}".encode() for number in range(500)]
        producer = aiokafka.AIOKafkaProducer(bootstrap_servers=server.address, enable_idempotence=True)
        await producer.start()
        await asyncio.gather(*[await producer.send(name, value) for value in sent])
        await producer.stop()
        producer = aiokafka.AIOKafkaProducer(bootstrap_servers=server.address, transactional_id=uuid.uuid4().hex)
        await producer.start()
        for number in range(4):
            value = f"tx-{number}".encode()
            if number % 2:
                await producer.begin_transaction()
                await producer.send_and_wait(name, value)
                await producer.abort_transaction()
            else:
                async with producer.transaction():
                    await producer.send_and_wait(name, value)
                sent.append(value)
        await producer.stop()
        consumer = aiokafka.AIOKafkaConsumer(
            name, bootstrap_servers=server.address, group_id=uuid.uuid4().hex, auto_offset_reset="earliest",
            isolation_level="read_committed",
        )
        await consumer.start()
        got = []
        deadline = time.monotonic() + 60
        while len(got) < len(sent) and time.monotonic() < deadline:
            for batch in (await consumer.getmany(timeout_ms=1_000)).values():
                got += [message.value for message in batch]
        await consumer.commit()
        await consumer.stop()
        expect(sorted(got), sorted(sent), "what aiokafka reads")

    asyncio.run(run())


def kcat(server):
    name = topic(server)
    lines = [f"line {number}" for number in range(1_000)]
    base = ["kcat", "-b", server.address, "-t", name]
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
        subprocess.run([*base, "-P", "-z", codec], input="\n".join(lines) + "\n", text=True, check=True)
    out = subprocess.run([*base, "-C", "-e", "-q", "-o", "beginning"], capture_output=True, text=True, check=True, timeout=60)
    expect(out.stdout.split("\n")[:-1], lines * 5, "what kcat reads")


def kills(server, count, chance):
    """An idempotent producer and a transactional one work while the server is killed again and again."""
    plain, transactional = topic(server, 2), topic(server, 2)
    producer = ck.Producer({
        "bootstrap.servers": server.address, "enable.idempotence": True, "linger.ms": 2, "reconnect.backoff.max.ms": 200,
        "message.timeout.ms": 120_000,
    })
    acknowledged, number = [], 0
    def acknowledge(error, message):
        if error:
            raise SystemExit(f"a message was given up: {error}")
        acknowledged.append(message.value().decode())
    def transactor():
        made = ck.Producer({
            "bootstrap.servers": server.address, "transactional.id": "killed", "reconnect.backoff.max.ms": 200,
        })
        made.init_transactions(60)
        return made
    writer = transactor()
    committed, doubtful = [], []
    for turn in range(count):
        end = time.monotonic() + chance.uniform(0.05, 0.6)
        while time.monotonic() < end:
            for _ in range(20):
                producer.produce(plain, f"p-{number}", partition=number % 2, on_delivery=acknowledge)
                number += 1
            producer.poll(0.001)
        server.kill()
        server.start()
        batch = [f"{turn}-{item}" for item in range(5)]
        try:
            writer.begin_transaction()
            for item, value in enumerate(batch):
                writer.produce(transactional, value, partition=item % 2)
            if turn % 3 == 0:
                writer.flush(30)
                server.kill()
                server.start()
            writer.commit_transaction(60)
            committed += batch
        except ck.KafkaException as error:
            doubtful.append(batch)
            with contextlib.suppress(ck.KafkaException):
                if error.args[0].txn_requires_abort():
                    writer.abort_transaction(60)
            writer = transactor()
    expect(producer.flush(120), 0, "messages left")
    expect(len(acknowledged), number, "acknowledged messages")
    found = read_all(server, plain)
    expect(values(found), sorted(f"p-{item}" for item in range(number)), "what is there after kills, each once")
    for index, list_ in found.items():
        expect([int(value[2:]) for value in list_], sorted(int(value[2:]) for value in list_), f"order in partition {index}")
    seen = values(read_all(server, transactional, committed=True))
    for batch in doubtful:
        # Whoever did not hear the answer cannot know; but it is all or nothing.
        if batch[0] in seen:
            committed += batch
    expect(seen, sorted(committed), "what is committed after kills")
    return number


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", nargs="+")
    parser.add_argument("--seed", type=int, default=20260102)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--only")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    server = Server(options.command)
    server.start()
    try:
        for part in [kcat, confluent, kafka_python, aio]:
            if options.only in (None, part.__name__):
                part(server)
                print(f"ok  {part.__name__}", flush=True)
        if options.only in (None, "kills"):
            print(f"ok  {kills(server, options.kills, chance)} messages over {options.kills} kills", flush=True)
        before = subprocess.run(["kcat", "-b", server.address, "-L"], capture_output=True, text=True, check=True).stdout
        server.kill()
        server.start()
        after = subprocess.run(["kcat", "-b", server.address, "-L"], capture_output=True, text=True, check=True).stdout
        expect(after, before, "topics after a kill")
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
