"""Reads one Arrow stream with Martlet's decoder and with pyarrow, on one core, in one run.

Usage: python compare.py PATH_OF_ARROW_BENCH [ROWS]. Needs pyarrow. Prints GB/s of the stream's bytes.

The stream has 10 columns (4 integers, 3 doubles, 3 texts, nulls among them) in batches of 10,000 rows, the most that
Spark sends. "decode" reads and checks offsets and counts; pyarrow's read alone checks nothing, so that its validate is
given besides. "touch" sums every number and looks at every text.
"""

import os
import subprocess
import sys
import tempfile
import time

import pyarrow as pa
import pyarrow.compute as pc


def make(path, rows):
    with pa.OSFile(path, "wb") as sink:
        writer = None
        for start in range(0, rows, 10_000):
            n = range(start, start + 10_000)
            batch = pa.record_batch(
                {
                    "id": pa.array(n, pa.int64()),
                    "day": pa.array([i % 365 for i in n], pa.int32()),
                    "count": pa.array([None if i % 10 == 0 else i * 7 for i in n], pa.int64()),
                    "kind": pa.array([i % 5 for i in n], pa.int32()),
                    "x": pa.array([i * 0.5 for i in n]),
                    "y": pa.array([None if i % 7 == 0 else i / 3 for i in n]),
                    "z": pa.array([-i * 1.25 for i in n]),
                    "name": pa.array([f"customer {i}" for i in n]),
                    "code": pa.array([None if i % 20 == 0 else f"K{i % 1000}" for i in n]),
                    "text": pa.array([f"a longer text about row {i} of the table" for i in n]),
                }
            )
            writer = writer or pa.ipc.new_stream(sink, batch.schema)
            writer.write_batch(batch)
        writer.close()


def fastest(rounds, body):
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        body()
        best = min(best, time.perf_counter() - start)
    return best


def touch(table):
    for column in table.columns:
        if pa.types.is_string(column.type):
            pc.sum(pc.binary_length(column))
        else:
            pc.sum(column)


def main():
    bench, rows = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    pa.set_cpu_count(1)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/rows.arrow"
        make(path, rows)
        data = open(path, "rb").read()
        print(f"{rows} rows, {len(data) / 1e6:.0f} MB; GB/s on one core")
        for line in subprocess.run([bench, path, "15"], check=True, capture_output=True, text=True).stdout.splitlines():
            name, value = line.split()
            if name != "rows":
                print(f"  martlet {name:22} {float(value):8.2f}")
        read = lambda: pa.ipc.open_stream(data).read_all()
        cases = {
            "read": read,
            "read+validate": lambda: read().validate(),
            "read+validate(full)": lambda: read().validate(full=True),
            "read+touch": lambda: touch(read()),
        }
        for name, body in cases.items():
            print(f"  pyarrow {name:22} {len(data) / fastest(15, body) / 1e9:8.2f}")


main()
