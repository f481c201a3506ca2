"""A Spark Connect server for tests: started on a free port of loopback, and stopped by its process.

    python spark_server.py COMMAND...

runs COMMAND with MARTLET_TEST_SPARK=sc://127.0.0.1:PORT in its environment, and ends as it ends. Needs pyspark 4 and
Java 17.
"""

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import pyspark

HOME = pathlib.Path(pyspark.__file__).parent


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def server(*, token: str | None = None, conf: dict[str, str] | None = None, memory: str = "1g"):
    """Yields the server's address, its port, and the folder that has its event logs."""
    port = free_port()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="spark-server-"))
    (folder / "events").mkdir()
    settings = {
        "spark.ui.enabled": "false",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.warehouse.dir": f"file:{folder}/warehouse",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": f"file:{folder}/events",
        **(conf or {}),
    }
    command = [str(HOME / "bin/spark-submit"), "--master", "local[2]", "--driver-memory", memory]
    command += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    for key, value in settings.items():
        command += ["--conf", f"{key}={value}"]
    environment = {**os.environ, "SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    if token:
        environment["SPARK_CONNECT_AUTHENTICATE_TOKEN"] = token
    log = open(folder / "log", "w+")
    process = subprocess.Popen(
        [*command, "spark-internal"], cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    try:
        wait(process, port, folder / "log")
        yield f"sc://127.0.0.1:{port}", port, folder
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def wait(process: subprocess.Popen, port: int, log: pathlib.Path) -> None:
    """Waits until something listens; a server that ends first has said why."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"the Spark Connect server ended with {process.returncode}:\n{log.read_text()[-3000:]}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    sys.exit("the Spark Connect server does not come up")


if __name__ == "__main__":
    # Streams are cut and progress is told often, so that both are seen in tests of seconds.
    often = {
        "spark.connect.execute.reattachable.senderMaxStreamDuration": "2s",
        "spark.connect.progress.reportInterval": "500ms",
    }
    with server(conf=often) as (address, _, _):
        sys.exit(subprocess.run(sys.argv[1:], env={**os.environ, "MARTLET_TEST_SPARK": address}).returncode)
