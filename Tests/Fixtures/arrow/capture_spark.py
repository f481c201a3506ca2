"""Captures Arrow streams that real Spark Connect sends, as spark-*.arrow, and what Spark says of the rows.

Usage: python capture_spark.py PORT, with a Spark 4 Connect server on 127.0.0.1:PORT whose session zone is
Europe/Berlin. Each NAME.text is what Spark's own show() of the same query prints. All data is made up.
"""

import pathlib
import sys

import pyspark.sql.connect.proto as pb
from pyspark.sql import SparkSession

FOLDER = pathlib.Path(__file__).parent

QUERIES = {
    "spark-types": """
        SELECT * FROM VALUES
          (true, 1Y, 2S, 3, 4L, 1.5F, 0.1D, 12.34BD, 'gr\u00fc\u00dfe', X'00FF', DATE'2024-02-29',
           TIMESTAMP'2024-02-29 12:34:56.123456', TIMESTAMP_NTZ'2024-02-29 12:34:56.123456',
           INTERVAL '1-2' YEAR TO MONTH, INTERVAL '1 02:03:04.005006' DAY TO SECOND, NULL),
          (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
          (false, -128Y, -32768S, -2147483648, -9223372036854775807L, float('inf'), 1.2345678E10D, -0.01BD, '', X'',
           DATE'0001-01-01', TIMESTAMP'1950-07-01 00:00:00', TIMESTAMP_NTZ'9999-12-31 23:59:59.999999',
           INTERVAL '-1-2' YEAR TO MONTH, INTERVAL '-1 02:03:04.5' DAY TO SECOND, NULL)
        AS t(b, i8, i16, i32, i64, f, d, dec, s, y, date, ts, ntz, ym, dt, n)
    """,
    "spark-nested": """
        SELECT * FROM VALUES
          (array(1, NULL, 3), map('a', 1.5D, 'b', CAST(NULL AS DOUBLE)), named_struct('x', 1, 'tags', array('p', NULL)),
           array(array(1L), array()), map(1, map('k', array(true)))),
          (NULL, NULL, NULL, NULL, NULL),
          (array(), map(), named_struct('x', CAST(NULL AS INT), 'tags', CAST(NULL AS ARRAY<STRING>)),
           array(), map(2, CAST(NULL AS MAP<STRING, ARRAY<BOOLEAN>>)))
        AS t(l, m, st, ll, mm)
    """,
    "spark-empty": "SELECT id, CAST(id AS STRING) AS s FROM range(0)",
    "spark-range": "SELECT id, IF(id % 3 = 0, NULL, id * 2) AS n, concat('row ', id) AS s FROM range(100)",
    "spark-time": "SELECT make_interval(1, 2, 0, 3, 4, 5, 6.5) AS i",
}


def main():
    spark = SparkSession.builder.remote(f"sc://127.0.0.1:{sys.argv[1]}").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "Europe/Berlin")
    for codec in ("none", "zstd", "lz4"):
        if codec != "none":
            spark.conf.set("spark.sql.execution.arrow.compression.codec", codec)
        for name, query in QUERIES.items():
            if codec != "none" and name != "spark-range":
                continue
            frame = spark.sql(query)
            client = spark.client
            request = client._execute_plan_request_with_metadata()
            request.plan.CopyFrom(frame._plan.to_proto(client))
            batches = [r.arrow_batch.data for r in client._stub.ExecutePlan(request, metadata=client._builder.metadata())
                       if r.HasField("arrow_batch")]
            target = name if codec == "none" else f"{name}-{codec}"
            (FOLDER / f"{target}.arrow").write_bytes(batches[0])
            if codec == "none":
                (FOLDER / f"{target}.text").write_text(frame._show_string(100, False))
            print(target, len(batches), len(batches[0]))


main()
