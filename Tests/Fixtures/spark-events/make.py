"""Makes the event logs of this folder: small jobs on a real Spark (pyspark 4.2), one fault each.

    python make.py            runs every job and packs its log
    python make.py skew lz4   only these

Needs pyspark, pandas and pyarrow, and Java 17. What names the machine (paths, host, user, environment) is taken out
before a log is packed again by Spark's own codecs, so that the bytes around the lines are Spark's.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
HOST = "127.0.0.1"

# Settings of each job beside the common ones.
JOBS = {
    "clean": {},
    "skew": {"spark.sql.adaptive.enabled": "false", "spark.sql.shuffle.partitions": "8"},
    "spill": {
        "spark.shuffle.spill.numElementsForceSpillThreshold": "20000",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.adaptive.enabled": "false",
    },
    "tiny": {},
    "smallfiles": {"spark.sql.files.maxPartitionBytes": "64k"},
    "crossjoin": {},
    "python": {},
    "collect": {},
    "broadcast": {"spark.sql.autoBroadcastJoinThreshold": "-1", "spark.sql.shuffle.partitions": "4"},
    "retries": {"master": "local[2,4]"},
    "cluster": {"master": "local-cluster[2,2,1024]", "spark.executor.memory": "1g"},
    "connect": {},
}
# The same short log in each codec, as one file.
CODECS = ["plain", "zstd", "lz4", "snappy", "lzf"]


def run(name, log_dir, data_dir):
    """The job itself; runs in a process of its own."""
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as F

    settings = dict(JOBS.get(name, {}))
    builder = (
        SparkSession.builder.appName(name)
        .master(settings.pop("master", "local[2]"))
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", "1g")
        .config("spark.driver.host", HOST)
        .config("spark.driver.bindAddress", HOST)
        .config("spark.eventLog.enabled", "true")
        .config("spark.eventLog.compress", "false")
        .config("spark.eventLog.rolling.enabled", str(name == "clean").lower())
        .config("spark.eventLog.dir", "file://" + log_dir)
        .config("spark.sql.warehouse.dir", os.path.join(data_dir, "warehouse"))
    )
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()

    def slow(milliseconds):
        # Sleeps in the JVM: a task that takes long and costs the machine nothing.
        return F.expr(f"java_method('java.lang.Thread', 'sleep', cast({milliseconds} as bigint))")

    if name == "clean":
        # Twelve even tasks, then a shuffle of eight.
        spark.conf.set("spark.sql.adaptive.coalescePartitions.enabled", "false")
        spark.conf.set("spark.sql.shuffle.partitions", "8")
        rows = spark.range(0, 12, 1, 12).withColumn("wait", slow("4000"))
        keyed = rows.selectExpr("id", "pmod(hash(wait, id), 8) as key").repartition(8, "key")
        keyed.groupBy("key").count().write.mode("overwrite").format("noop").save()
    elif name == "skew":
        # One row holds the first partition for 36 s, seven others for 0.3 s each.
        rows = spark.range(0, 4000, 1, 4).selectExpr("case when id < 3600 then 0 else id end as key", "id")
        spread = rows.repartition(8, "key").selectExpr("key", "id")
        waits = spread.groupBy("key").count().withColumn("wait", slow("if(count > 100, 36000, 4)"))
        waits.write.mode("overwrite").format("noop").save()
    elif name == "spill":
        rows = spark.range(0, 400000, 1, 4).selectExpr("id", "cast(hash(id) as string) as text", "uuid() as more")
        rows.repartition(4).sortWithinPartitions("more").write.mode("overwrite").format("noop").save()
    elif name == "tiny":
        spark.range(0, 400, 1, 400).selectExpr("id * 2 as twice").write.mode("overwrite").format("noop").save()
    elif name == "smallfiles":
        path = os.path.join(data_dir, "many")
        spark.range(0, 40000, 1, 40).write.mode("overwrite").parquet(path)
        spark.read.parquet(path).groupBy((F.col("id") % 10).alias("key")).count().collect()
    elif name == "crossjoin":
        left = spark.range(0, 3000, 1, 4).selectExpr("id as a")
        right = spark.range(0, 3000, 1, 4).selectExpr("id as b")
        left.join(right, F.expr("a + b > 5990"), "inner").write.mode("overwrite").format("noop").save()
    elif name == "python":
        import time

        @F.udf("long", useArrow=False)
        def step(value):
            if value % 5000 == 0:
                time.sleep(1)
            return value + 1

        rows = spark.range(0, 40000, 1, 8).withColumn("next", step("id"))
        rows.write.mode("overwrite").format("noop").save()
    elif name == "collect":
        spark.conf.set("spark.sql.execution.arrow.pyspark.enabled", "true")
        spark.range(0, 3000000, 1, 8).selectExpr("id", "id * 3 as thrice", "uuid() as name").toPandas()
    elif name == "broadcast":
        facts = spark.range(0, 2000000, 1, 8).selectExpr("id % 500 as key", "id as amount")
        few = spark.range(0, 500, 1, 2).selectExpr("id as key", "concat('name ', id) as name")
        spark.conf.set("spark.sql.adaptive.autoBroadcastJoinThreshold", "-1")
        facts.join(few, "key").write.mode("overwrite").format("noop").save()
    elif name == "retries":

        def flaky(split, rows):
            from pyspark import TaskContext

            if split % 3 == 0 and TaskContext.get().attemptNumber() == 0:
                raise RuntimeError("lost connection to the feature service")
            return rows

        spark.sparkContext.parallelize(range(60), 6).mapPartitionsWithIndex(flaky).count()
    elif name == "cluster":
        rows = spark.range(0, 16, 1, 16).withColumn("wait", slow("700 + id * 40"))
        rows.groupBy((F.col("id") % 4).alias("key"), "wait").count().write.mode("overwrite").format("noop").save()
    else:
        # For the codecs: whatever is short.
        spark.range(0, 1000, 1, 4).groupBy((F.col("id") % 3).alias("key")).count().collect()
    spark.stop()


def connect(log_dir, data_dir):
    """One aggregation and one failing query through a Spark Connect server."""
    import socket
    import time

    import pyspark
    from pyspark.sql import SparkSession

    # The server of the very Spark that this interpreter has.
    environment = {**os.environ, "SPARK_HOME": os.path.dirname(pyspark.__file__)}
    server = subprocess.Popen(
        [
            os.path.join(environment["SPARK_HOME"], "bin/spark-submit"), "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
            "--name", "connect", "--master", "local[2]", "--driver-memory", "1g", "--conf", "spark.ui.enabled=false",
            "--conf", f"spark.connect.grpc.binding.address={HOST}", "--conf", "spark.connect.grpc.binding.port=15161",
            "--conf", f"spark.driver.host={HOST}", "--conf", "spark.eventLog.enabled=true",
            "--conf", f"spark.eventLog.dir=file://{log_dir}", "--conf", "spark.eventLog.compress=false",
            "--conf", "spark.eventLog.rolling.enabled=false", "spark-internal",
        ],
        cwd=data_dir,
        env=environment,
    )
    try:
        for _ in range(120):
            if server.poll() is not None:
                raise SystemExit("the server has ended")
            try:
                socket.create_connection((HOST, 15161), 1).close()
                spark = SparkSession.builder.remote(f"sc://{HOST}:15161/;user_id=someone").getOrCreate()
                spark.version
                break
            except Exception:
                time.sleep(1)
        spark.addTag("daily")
        spark.sql("select id % 3 as key, count(*) as n from range(0, 30000, 1, 4) group by all").collect()
        try:
            spark.sql("select raise_error('no such carrier') from range(1)").collect()
        except Exception as error:
            print("as wanted:", type(error).__name__)
        spark.stop()
        time.sleep(2)
    finally:
        server.terminate()
        server.wait()


def trimmed(line, data_dir):
    """A line without what names the machine and without what nobody reads."""
    event = json.loads(line)
    kind = event["Event"].rsplit(".", 1)[-1]
    if kind == "SparkListenerEnvironmentUpdate":
        for part in ["JVM Information", "Hadoop Properties", "System Properties", "Metrics Properties"]:
            event[part] = {}
        event["Classpath Entries"] = {}
        private = re.compile(r"extraJavaOptions|warehouse|\.dir$|pyFiles|\.jars|env\.|dns|artifact|driver\.port")
        properties = event["Spark Properties"]
        event["Spark Properties"] = {key: value for key, value in properties.items() if not private.search(key)}
    if kind == "SparkListenerJobStart":
        private = re.compile(r"extraJavaOptions|warehouse|\.dir$|pyFiles|\.jars|rdd\.scope|env\.|artifact|driver\.port")
        properties = event.get("Properties") or {}
        event["Properties"] = {key: value for key, value in properties.items() if not private.search(key)}
    infos = event.get("Stage Infos", []) + ([event["Stage Info"]] if "Stage Info" in event else [])
    for info in infos:
        info["Details"] = ""
        info["RDD Info"] = []
    if kind == "SparkListenerApplicationStart":
        event["User"] = "someone"
    if kind == "SparkListenerSQLExecutionStart":
        event["details"] = ""
    if "physicalPlanDescription" in event:
        event["physicalPlanDescription"] = ""
    text = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
    for path in [data_dir, HERE, sys.prefix, os.path.expanduser("~")]:
        text = text.replace(path, "/data")
    text = re.sub(r"/tmp/[A-Za-z0-9_./-]+", "/data/work", text)
    return text.replace(os.uname().nodename, "localhost")


def pack(lines, codec, target):
    """Writes the lines as Spark's codec does."""
    if codec == "plain":
        with open(target, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        return
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    context = spark.sparkContext
    raw = context._jvm.java.io.FileOutputStream(target)
    stream = context._jvm.org.apache.spark.io.CompressionCodec.createCodec(context._jsc.sc().conf(), codec)
    out = stream.compressedContinuousOutputStream(raw)
    for start in range(0, len(lines), 100):
        out.write(("\n".join(lines[start : start + 100]) + "\n").encode())
        out.flush()
    out.close()


def main(wanted):
    for name in wanted or [*JOBS, *CODECS]:
        work = tempfile.mkdtemp(prefix="events-")
        logs, data = os.path.join(work, "logs"), os.path.join(work, "data")
        os.makedirs(logs)
        os.makedirs(data)
        # The jobs write plain files, only `clean` a rolled folder; packing gives them the codec.
        environment = {**os.environ, "SPARK_LOCAL_HOSTNAME": "localhost"}
        if name == "cluster":
            import pyspark

            environment["SPARK_HOME"] = os.path.dirname(pyspark.__file__)
        subprocess.run([sys.executable, __file__, "--job", name, logs, data], env=environment, check=True)
        codec = name if name in CODECS else "zstd"
        rolled = glob.glob(os.path.join(logs, "eventlog_v2_*"))
        if rolled:
            folder = os.path.basename(rolled[0])
            shutil.rmtree(os.path.join(HERE, name), ignore_errors=True)
            os.makedirs(os.path.join(HERE, name, folder))
            for path in sorted(name for name in os.listdir(rolled[0]) if not name.startswith(".")):
                target = os.path.join(HERE, name, folder, path)
                if path.startswith("appstatus"):
                    open(target, "w").close()
                    continue
                with open(os.path.join(rolled[0], path), encoding="utf-8") as file:
                    pack([trimmed(line, work) for line in file], codec, target + "." + codec)
        else:
            path = sorted(glob.glob(os.path.join(logs, "*")))[0]
            with open(path, encoding="utf-8") as file:
                lines = [trimmed(line, work) for line in file]
            pack(lines, codec, os.path.join(HERE, f"{name}.log" + ("" if codec == "plain" else f".{codec}")))
        shutil.rmtree(work)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        (connect(*sys.argv[3:]) if sys.argv[2] == "connect" else run(*sys.argv[2:]))
    else:
        main(sys.argv[1:])
