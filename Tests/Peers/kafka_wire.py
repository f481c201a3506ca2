"""Writes Tests/Fixtures/kafka/wire.json: requests and responses of every served API and version, by kafka-python.

Each value is drawn from a seed and encoded by kafka-python, which reads Kafka's own message definitions. The fixture
keeps the bytes and the value, so that the tests can compare without Python. Kinds of fixtures:

  full     every field set, a frame with its length and header
  sparse   nulls, empty arrays, the smallest and largest numbers; the body alone
  tagged   flexible versions that have tagged fields, with these set; the body alone, cannot be written again

Field names are those of Martlet's structures (RENAMED below), compared without regard to case. What stands in another
place in older versions is put where Martlet has it (SHAPES below).

usage: kafka_wire.py [--output FILE] [--seed N]        (needs kafka-python 3.0)
       kafka_wire.py --check                           fails when the file is not what it would write
"""

import argparse
import json
import pathlib
import random
import sys
import uuid

import kafka
import kafka.protocol.admin as admin
import kafka.protocol.consumer as consumer
import kafka.protocol.metadata as metadata
import kafka.protocol.producer as producer
import kafka.protocol.sasl as sasl
from kafka.protocol.schemas.fields.codecs import BitField

# The versions that Martlet accepts.
SERVED = {
    "Produce": (3, 9), "Fetch": (4, 12), "ListOffsets": (1, 7), "Metadata": (0, 12), "OffsetCommit": (2, 8),
    "OffsetFetch": (1, 8), "FindCoordinator": (0, 4), "JoinGroup": (0, 9), "Heartbeat": (0, 4),
    "LeaveGroup": (0, 5), "SyncGroup": (0, 5), "DescribeGroups": (0, 5), "ListGroups": (0, 5),
    "SaslHandshake": (0, 1), "ApiVersions": (0, 4), "CreateTopics": (2, 7), "DeleteTopics": (1, 6),
    "DeleteRecords": (0, 2), "InitProducerId": (0, 4), "OffsetForLeaderEpoch": (2, 4),
    "AddPartitionsToTxn": (0, 3), "AddOffsetsToTxn": (0, 3), "EndTxn": (0, 3), "TxnOffsetCommit": (0, 3),
    "DescribeConfigs": (1, 4), "AlterConfigs": (0, 2), "SaslAuthenticate": (0, 2), "CreatePartitions": (0, 3),
    "DeleteGroups": (0, 2), "IncrementalAlterConfigs": (0, 1), "OffsetDelete": (0, 0), "DescribeCluster": (0, 1),
}

# Kafka's field names that are not Martlet's, by message.
RENAMED = {
    "ProduceRequest": {"TopicData": "topics", "PartitionData": "partitions"},
    "ProduceResponse": {
        "Responses": "topics", "PartitionResponses": "partitions", "BatchIndexErrorMessage": "message"},
    "FetchRequest": {"Topic": "name", "ForgottenTopicsData": "forgottenTopics"},
    "FetchResponse": {"Responses": "topics", "Topic": "name", "PartitionIndex": "partition"},
    "OffsetCommitRequest": {"GenerationIdOrMemberEpoch": "generationId"},
    "FindCoordinatorRequest": {"CoordinatorKeys": "keys"},
    "DeleteTopicsRequest": {"TopicNames": "topics"},
    "OffsetForLeaderEpochRequest": {"Topic": "name"},
    "OffsetForLeaderEpochResponse": {"Topic": "name"},
    "AddPartitionsToTxnRequest": {
        "V3AndBelowTransactionalId": "transactionalId", "V3AndBelowProducerId": "producerId",
        "V3AndBelowProducerEpoch": "producerEpoch", "V3AndBelowTopics": "topics"},
    "AddPartitionsToTxnResponse": {
        "ResultsByTopicV3AndBelow": "topics", "ResultsByPartition": "partitions",
        "PartitionErrorCode": "errorCode"},
}

# Codes that have a name in Martlet.
ERRORS = [0, 1, 3, 6, 22, 25, 27, 35, 47, 79, 87, 90, 100, -1]
INTEGERS = {"int8": 8, "int16": 16, "int32": 32, "int64": 64}
WORDS = ["a", "orders", "group-1", "flights.raw", "Zürich", "鳥"]


def message_class(name):
    """The class of kafka-python for a message."""
    for module in (metadata, consumer, producer, admin, sasl):
        if hasattr(module, name):
            return getattr(module, name)
    raise SystemExit(f"kafka-python {kafka.__version__} has no {name}")


def single_group(value, names):
    """Moves fields of one group into an array of groups."""
    value["groups"] = [{name: value.pop(name) for name in names if name in value}]


def shape(message, version, value):
    """The value as Martlet holds it, whose structures are those of the newest version."""
    if message == "FindCoordinatorRequest" and version < 4:
        value["keys"] = [value.pop("key")]
    if message == "FindCoordinatorResponse" and version < 4:
        names = ("nodeId", "host", "port", "errorCode", "errorMessage")
        value["coordinators"] = [{name: value.pop(name) for name in names if name in value}]
    if message == "OffsetFetchRequest" and version < 8:
        single_group(value, ("groupId", "topics"))
    if message == "OffsetFetchResponse" and version < 8:
        single_group(value, ("topics", "errorCode"))
    if message == "LeaveGroupRequest" and version < 3:
        value["members"] = [{"memberId": value.pop("memberId")}]
    if message == "DeleteTopicsRequest" and version < 6:
        value["topics"] = [{"name": name} for name in value["topics"]]
    if message == "MetadataRequest" and version == 0:
        value["topics"] = value["topics"] or None
    if message == "JoinGroupRequest" and version == 0:
        value["rebalanceTimeoutMs"] = value["sessionTimeoutMs"]
    return value


class Builder:
    """Draws values of one message in one version: those given to kafka-python, and the facts about them."""

    def __init__(self, message, version, kind, seed):
        self.message, self.version, self.kind, self.seed = message, version, kind, seed

    def struct(self, fields, path, nested=False):
        """The fields of a structure, as kafka-python takes them and as the fixture tells them."""
        given, facts = {}, {}
        for field in fields.values():
            tagged = field.tagged_field_q(self.version)
            if not field.for_version_q(self.version) or tagged and self.kind != "tagged":
                continue
            if tagged and (field.is_struct() or nested):
                continue
            value, fact = self.value(field, f"{path}.{field._name}")
            given[field.name] = value
            if not tagged:
                name = RENAMED.get(self.message, {}).get(field._name, field._name)
                if name == "authorized_operations":
                    # kafka-python has one name for what the definitions name twice.
                    name = "topicAuthorizedOperations" if nested else "clusterAuthorizedOperations"
                facts[name[0].lower() + name[1:]] = fact
        return given, facts

    def value(self, field, path):
        """One field; the same in all versions that have it."""
        rng = random.Random(f"{self.seed} {self.message} {self.kind} {path}")
        full = self.kind != "sparse"
        if field.nullable_for_version_q(self.version) and not full and rng.random() < 0.6:
            return None, None
        if field.is_struct_array() or field.is_array():
            # Versions without null must draw the same as those with it.
            rng = random.Random(f"{self.seed} {self.message} {self.kind} {path} count")
            count = 2 if full and path.count(".") < 3 else 1 if full else rng.choice([0, 1, 1, 2])
            if not field.is_struct_array():
                values = [self.simple(field.array_of, f"{path}.{i}", full) for i in range(count)]
                return [v for v, _ in values], [f for _, f in values]
            values = [self.struct(field.fields, f"{path}.{i}", nested=True) for i in range(count)]
            return [field(version=self.version, **given) for given, _ in values], [facts for _, facts in values]
        return self.simple(field, path, full)

    def simple(self, field, path, full):
        """A number, string, UUID or bytes."""
        rng = random.Random(f"{self.seed} {self.message} {self.kind} {path} value")
        kind = field.type_str.replace("[]", "")
        if kind == "int16" and "ErrorCode" in field._name:
            # The code decides in which version kafka-python reads an answer to ApiVersions.
            code = 0 if self.message.startswith("ApiVersions") else rng.choice(ERRORS)
            return code, code
        if kind in INTEGERS:
            top = 1 << (INTEGERS[kind] - 1)
            number = rng.randrange(1, top) if full else rng.choice([-top, -1, 0, top - 1])
            return number, number
        if kind == "bitfield":
            number = rng.randrange(1, 1 << 12)
            return BitField.from_32_bit_field(number), number
        if kind == "bool":
            flag = True if full else rng.random() < 0.5
            return flag, flag
        if kind == "uuid":
            value = uuid.UUID(int=rng.getrandbits(128)) if full else uuid.UUID(int=0)
            return value, str(value)
        if kind == "string":
            text = rng.choice(WORDS) if full else rng.choice(["", "b", "x" * rng.choice([126, 127, 128])])
            return text, text
        if kind in ("bytes", "records"):
            data = rng.randbytes(rng.choice([3, 5, 8]) if full else rng.choice([0, 1, 127]))
            return data, data.hex()
        raise SystemExit(f"{self.message}: no values for {kind}")


def fixtures(seed):
    """All fixtures; versions of one message with the same value stand together."""
    for api, (first, last) in SERVED.items():
        for direction in ("Request", "Response"):
            message = api + direction
            cls = message_class(message)
            for kind in ("full", "sparse", "tagged"):
                groups = []
                for version in range(first, last + 1):
                    has_tags = any(field.tagged_field_q(version) for field in cls._struct.fields.values())
                    if kind == "tagged" and not has_tags:
                        continue
                    given, facts = Builder(message, version, kind, seed).struct(cls._struct.fields, message)
                    value = cls(version=version, **given)
                    if kind == "full":
                        value.with_header(**{"correlation_id": 1000 + version} | (
                            {"client_id": "py"} if direction == "Request" else {}))
                    raw = value.encode(header=kind == "full", framed=kind == "full")
                    facts = shape(message, version, facts)
                    if groups and groups[-1]["value"] == facts:
                        groups[-1]["hex"][version] = raw.hex()
                    else:
                        groups.append({"hex": {version: raw.hex()}, "value": facts})
                for group in groups:
                    yield {"api": api, "key": cls.API_KEY, "direction": direction.lower(), "kind": kind, **group}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    default = pathlib.Path(__file__).parent.parent / "Fixtures/kafka/wire.json"
    parser.add_argument("--output", type=pathlib.Path, default=default)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    found = list(fixtures(arguments.seed))
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in found)
    head = json.dumps({"by": f"kafka-python {kafka.__version__}", "seed": arguments.seed})[:-1]
    text = f'{head}, "fixtures": [\n{lines}\n]}}\n'
    if arguments.check and arguments.output.read_text() != text:
        raise SystemExit(f"{arguments.output} is not what kafka-python {kafka.__version__} writes")
    arguments.output.write_text(text)
    frames = sum(len(one["hex"]) for one in found)
    print(f"{frames} messages, {len(text.encode())} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
