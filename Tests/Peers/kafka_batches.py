"""Record batches of real clients, and what real clients read in ours.

`write FOLDER` makes the fixtures of the batch tests: the same five records as kafka-python, aiokafka and librdkafka
(through its mock cluster, from which they are fetched byte by byte) put them into batches with each codec.

`read FOLDER` has kafka-python and aiokafka read the batches that our builder made (the goldens of the batch tests), and
compares every record with what was put in.

usage: kafka_batches.py write|read FOLDER
needs: kafka-python aiokafka confluent-kafka python-snappy lz4 zstandard cramjam
"""

import socket
import struct
import sys
from pathlib import Path

START = 1_700_000_000_000
RECORDS = [
    (START, b"k0", b"v0", []),
    (START + 5, None, b"only a value", [("trace", b"\x00\x01"), ("empty", b""), ("null", None)]),
    (START - 3, b"gone", None, []),
    (START, b"", b"", []),
    (START + 400 * 86_400_000, "clé".encode(), b"x" * 300, [("trace", b"1"), ("trace", b"2")]),
]
CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}


def kafka_python(codec, producer=(-1, -1, -1)):
    from kafka.record.default_records import DefaultRecordBatchBuilder

    builder = DefaultRecordBatchBuilder(
        magic=2, compression_type=CODECS[codec], is_transactional=producer[0] >= 0, producer_id=producer[0],
        producer_epoch=producer[1], base_sequence=producer[2], batch_size=1 << 20)
    for offset, (timestamp, key, value, headers) in enumerate(RECORDS):
        builder.append(offset, timestamp=timestamp, key=key, value=value, headers=headers)
    return bytes(builder.build())


def aiokafka(codec):
    from aiokafka.record.default_records import DefaultRecordBatchBuilder

    builder = DefaultRecordBatchBuilder(
        magic=2, compression_type=CODECS[codec], is_transactional=0, producer_id=-1, producer_epoch=-1,
        base_sequence=-1, batch_size=1 << 20)
    for offset, (timestamp, key, value, headers) in enumerate(RECORDS):
        builder.append(offset, timestamp=timestamp, key=key, value=value, headers=headers)
    return bytes(builder.build())


def librdkafka(codec):
    from confluent_kafka import Producer

    producer = Producer({
        "bootstrap.servers": "", "test.mock.num.brokers": 1, "compression.codec": codec, "linger.ms": 500,
        "enable.idempotence": True})
    topic = f"fixture-{codec}"
    broker = next(iter(producer.list_topics(topic).brokers.values()))
    for timestamp, key, value, headers in RECORDS:
        producer.produce(topic, value, key, partition=0, timestamp=timestamp, headers=headers)
    if producer.flush(20):
        raise SystemExit("librdkafka could not produce to its mock cluster")
    return fetch(broker.host, broker.port, topic)


def fetch(host, port, topic):
    """The bytes of partition 0 from offset 0, by a Fetch request of version 4."""
    name = topic.encode()
    body = struct.pack(">iiiib", -1, 100, 1, 1 << 20, 0) + struct.pack(">i", 1)
    body += struct.pack(">h", len(name)) + name + struct.pack(">iiqi", 1, 0, 0, 1 << 20)
    request = struct.pack(">hhih", 1, 4, 7, -1) + body
    with socket.create_connection((host, port), 10) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        file = connection.makefile("rb")
        answer = file.read(struct.unpack(">i", file.read(4))[0])
    # Correlation id, throttle time, one topic and its name, one partition: index, error, high watermark, last stable
    # offset, no aborted transactions.
    at = 4 + 4 + 4 + 2 + len(name) + 4
    partition, error, watermark, stable, aborted = struct.unpack_from(">ihqqi", answer, at)
    if error or watermark != len(RECORDS):
        raise SystemExit(f"the mock cluster answered error {error} and high watermark {watermark}")
    at += 4 + 2 + 8 + 8 + 4 + 16 * max(0, aborted)
    size = struct.unpack_from(">i", answer, at)[0]
    return answer[at + 4:at + 4 + size]


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for codec in CODECS:
        for client, batch in [
            ("kafka-python", kafka_python(codec)), ("aiokafka", aiokafka(codec)), ("librdkafka", librdkafka(codec)),
        ]:
            save(folder / f"{client}-{codec}.hex", batch)
    save(folder / "kafka-python-transactional.hex", kafka_python("none", (4_000_000_007, 3, 2_147_483_645)))


def save(path, batch):
    text = batch.hex()
    path.write_text("\n".join(text[start:start + 120] for start in range(0, len(text), 120)) + "\n")
    print(f"{path.name}: {len(batch)} bytes")


def read(folder):
    from aiokafka.record.default_records import DefaultRecordBatch as Theirs
    from kafka.record.default_records import DefaultRecordBatch

    paths = sorted(folder.glob("*.hex"))
    if not paths:
        raise SystemExit(f"there are no batches in {folder}")
    for path in paths:
        batch = bytes.fromhex(path.read_text().replace("\n", ""))
        for reader in (DefaultRecordBatch, Theirs):
            parsed = reader(batch)
            if not parsed.validate_crc():
                raise SystemExit(f"{path.name}: {reader.__module__} finds the checksum wrong")
            check(path, reader, parsed)
    print(f"{len(paths)} batches of ours are read as they were built")


def check(path, reader, parsed):
    records = list(parsed)
    if path.stem.startswith("control"):
        kind, coordinator = (1, 9) if "commit" in path.stem else (0, 9)
        wanted = [(struct.pack(">hh", 0, kind), struct.pack(">hi", 0, coordinator))]
        found = [(bytes(record.key), bytes(record.value)) for record in records]
        flags = parsed.is_control_batch and parsed.is_transactional
        if found != wanted or not flags or parsed.producer_id != 4711 or parsed.producer_epoch != 2:
            raise SystemExit(f"{path.name}: {reader.__module__} reads {found}")
        return
    if path.stem == "empty":
        if records or parsed.next_offset != 45 or parsed.producer_id != 4711:
            raise SystemExit(f"{path.name}: {reader.__module__} reads {records} up to {parsed.next_offset}")
        return
    found = [
        (record.timestamp, record.key, record.value, [(name, value) for name, value in record.headers])
        for record in records
    ]
    if found != RECORDS or [record.offset for record in records] != list(range(40, 45)):
        raise SystemExit(f"{path.name}: {reader.__module__} reads {found}")


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in ("write", "read"):
        raise SystemExit(__doc__.strip().splitlines()[-2])
    {"write": write, "read": read}[sys.argv[1]](Path(sys.argv[2]))


if __name__ == "__main__":
    main()
