"""Counts by key in windows of ten seconds with Quix Streams: BROKER TOPIC WINDOWS OUT.

The records' keys are the ones that are counted by, so that nothing has to be written to another topic first; state has
no changelog topic. Writes a JSON line [key, start, count] for each window; the last record of the topic closes all of
them, and the end is when so many are there.
"""

import json
import sys
import tempfile
import uuid

from quixstreams import Application

broker, name, windows, out = sys.argv[1:]
state = tempfile.TemporaryDirectory()
app = Application(
    broker_address=broker,
    consumer_group=f"count-{uuid.uuid4().hex}",
    auto_offset_reset="earliest",
    state_dir=state.name,
    use_changelog_topics=False,
    loglevel="WARNING",
)
topic = app.topic(
    name, key_deserializer="str", value_deserializer="json", timestamp_extractor=lambda value, *_: value["ts"]
)
file = open(out, "w", encoding="utf-8")


def write(value, key, timestamp, headers):
    file.write(json.dumps([key, value["start"], value["value"]]) + "\n")


events = app.dataframe(topic)
counts = events.tumbling_window(duration_ms=10_000, grace_ms=0).count().final(closing_strategy="partition")
counts.update(write, metadata=True)
app.run(count=int(windows), collect=False)
file.close()
