"""Counts by key in windows of ten seconds with Bytewax: BROKER TOPIC WINDOWS OUT.

Reads the topic to its end, where Bytewax closes all windows, and writes a JSON line [key, start, count] for each.
"""

import json
import sys
from datetime import datetime, timedelta, timezone

import bytewax.operators as op
import bytewax.operators.windowing as windowing
from bytewax.connectors.kafka import KafkaSource
from bytewax.dataflow import Dataflow
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from bytewax.run import cli_main

broker, topic, _, out = sys.argv[1:]
start = datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc)
length = timedelta(seconds=10)


class Lines(StatelessSinkPartition):
    def __init__(self):
        self.file = open(out, "w", encoding="utf-8")

    def write_batch(self, items):
        for key, (window, count) in items:
            self.file.write(json.dumps([key, int(start.timestamp() * 1000) + window * 10_000, count]) + "\n")

    def close(self):
        self.file.close()


class LinesSink(DynamicSink):
    def build(self, step_id, worker_index, worker_count):
        return Lines()


flow = Dataflow("count")
messages = op.input("read", flow, KafkaSource([broker], [topic], tail=False, batch_size=10_000))
events = op.map("parse", messages, lambda message: json.loads(message.value))
clock = windowing.EventClock(lambda event: datetime.fromtimestamp(event["ts"] / 1000, timezone.utc), timedelta(days=1))
windower = windowing.TumblingWindower(length, start)
counts = windowing.count_window("count", events, clock, windower, lambda event: event["key"])
op.output("write", counts.down, LinesSink())
cli_main(flow)
