"""Real Kafka clients log in to Martlet's log server and encrypt: kcat, confluent-kafka, kafka-python and aiokafka.

Each uses PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512, with and without TLS, to write and read; each is refused with a wrong
password. The file of users is made here, by Python's own PBKDF2 and HMAC.

usage: kafka_security.py COMMAND...

COMMAND starts the server; it gets --folder, --listen, --users, and with TLS --certificate and --key.
"""

import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import uuid

import aiokafka
import confluent_kafka as ck
import kafka
from kafka.errors import KafkaError as KafkaPythonError

USER, PASSWORD = "alice", "a secret, with = signs"
MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


def keys(password, name, salt, iterations=4096):
    digest = "sha256" if name.endswith("256") else "sha512"
    salted = hashlib.pbkdf2_hmac(digest, password.encode(), salt, iterations)
    client = hmac.new(salted, b"Client Key", digest).digest()
    text = lambda data: base64.b64encode(data).decode()
    return {
        "salt": text(salt), "iterations": iterations, "storedKey": text(hashlib.new(digest, client).digest()),
        "serverKey": text(hmac.new(salted, b"Server Key", digest).digest()),
    }


class Server:
    """A server with one user, encrypted or not."""

    def __init__(self, command, encrypted):
        self.folder = tempfile.mkdtemp(prefix="martlet-security-")
        self.encrypted = encrypted
        users = os.path.join(self.folder, "users.json")
        entry = {name: keys(PASSWORD, name, os.urandom(16)) for name in MECHANISMS[1:]}
        with open(users, "w") as file:
            json.dump({"version": 1, "users": {USER: entry}}, file)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        arguments = ["--folder", os.path.join(self.folder, "logs"), "--listen", self.address, "--users", users]
        self.certificate = os.path.join(self.folder, "server.pem")
        if encrypted:
            key = os.path.join(self.folder, "server.key")
            subprocess.run([
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                self.certificate,
            ], check=True, stderr=subprocess.DEVNULL)
            arguments += ["--certificate", self.certificate, "--key", key]
        self.process = subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended with {self.process.returncode}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        raise SystemExit("the server does not listen")

    def stop(self):
        self.process.terminate()
        code = self.process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)
        if code != 0:
            raise SystemExit(f"the server ended with {code}")


def expect(value, wanted, what):
    if value != wanted:
        raise SystemExit(f"{what}: {str(value)[:500]}\n  instead of {str(wanted)[:500]}")


def librdkafka(server, mechanism, password):
    settings = {
        "bootstrap.servers": server.address, "sasl.mechanism": mechanism, "sasl.username": USER, "sasl.password": password,
        "security.protocol": "sasl_ssl" if server.encrypted else "sasl_plaintext", "log_level": 0,
    }
    if server.encrypted:
        settings["ssl.ca.location"] = server.certificate
    return settings


def confluent(server, mechanism):
    name = f"c-{uuid.uuid4().hex[:8]}"
    producer = ck.Producer(librdkafka(server, mechanism, PASSWORD))
    sent = [f"{number}" * 50 for number in range(2_000)]
    for value in sent:
        producer.produce(name, value)
    expect(producer.flush(30), 0, "messages left")
    consumer = ck.Consumer({
        **librdkafka(server, mechanism, PASSWORD), "group.id": name, "auto.offset.reset": "earliest",
    })
    consumer.subscribe([name])
    got, end = [], time.monotonic() + 30
    while len(got) < len(sent) and time.monotonic() < end:
        got += [message.value().decode() for message in consumer.consume(1_000, 0.5) if not message.error()]
    consumer.close()
    expect(sorted(got), sorted(sent), "what confluent-kafka reads")
    failures = []
    wrong = ck.Producer({
        **librdkafka(server, mechanism, "wrong"), "error_cb": lambda error: failures.append(error.code()),
    })
    end = time.monotonic() + 20
    while ck.KafkaError._AUTHENTICATION not in failures and time.monotonic() < end:
        wrong.poll(0.1)
    expect(ck.KafkaError._AUTHENTICATION in failures, True, "a wrong password is refused")


def kcat(server, mechanism):
    name = f"k-{uuid.uuid4().hex[:8]}"
    options = []
    for key, value in librdkafka(server, mechanism, PASSWORD).items():
        if key != "log_level":
            # A comma separates nothing here: each setting has an option of its own.
            options += ["-X", f"{key}={value}"]
    lines = [f"line {number}" for number in range(500)]
    subprocess.run(["kcat", *options, "-t", name, "-P"], input="\n".join(lines) + "\n", text=True, check=True, timeout=60)
    out = subprocess.run(
        ["kcat", *options, "-t", name, "-C", "-e", "-q", "-o", "beginning"], capture_output=True, text=True, check=True,
        timeout=60,
    )
    expect(out.stdout.split("\n")[:-1], lines, "what kcat reads")


def python_settings(server, mechanism, password):
    settings = {
        "bootstrap_servers": server.address, "sasl_mechanism": mechanism, "sasl_plain_username": USER,
        "sasl_plain_password": password, "security_protocol": "SASL_SSL" if server.encrypted else "SASL_PLAINTEXT",
    }
    if server.encrypted:
        settings["ssl_context"] = ssl.create_default_context(cafile=server.certificate)
    return settings


def kafka_python(server, mechanism):
    name = f"p-{uuid.uuid4().hex[:8]}"
    settings = python_settings(server, mechanism, PASSWORD)
    producer = kafka.KafkaProducer(**settings)
    for number in range(200):
        producer.send(name, value=f"{number}".encode())
    producer.flush(30)
    producer.close()
    consumer = kafka.KafkaConsumer(name, group_id=name, auto_offset_reset="earliest", **settings)
    got, end = [], time.monotonic() + 30
    while len(got) < 200 and time.monotonic() < end:
        for batch in consumer.poll(timeout_ms=500).values():
            got += [int(message.value) for message in batch]
    consumer.close()
    expect(sorted(got), list(range(200)), "what kafka-python reads")
    refused = False
    try:
        kafka.KafkaProducer(**python_settings(server, mechanism, "wrong"), bootstrap_timeout_ms=2_000).close()
    except (KafkaPythonError, AssertionError):
        refused = True
    expect(refused, True, "a wrong password is refused")


def aio(server, mechanism):
    async def run():
        name = f"a-{uuid.uuid4().hex[:8]}"
        settings = python_settings(server, mechanism, PASSWORD)
        producer = aiokafka.AIOKafkaProducer(**settings)
        await producer.start()
        await asyncio.gather(*[await producer.send(name, f"{number}".encode()) for number in range(200)])
        await producer.stop()
        consumer = aiokafka.AIOKafkaConsumer(name, group_id=name, auto_offset_reset="earliest", **settings)
        await consumer.start()
        got, end = [], time.monotonic() + 30
        while len(got) < 200 and time.monotonic() < end:
            for batch in (await consumer.getmany(timeout_ms=500)).values():
                got += [int(message.value) for message in batch]
        await consumer.stop()
        expect(sorted(got), list(range(200)), "what aiokafka reads")
        wrong = aiokafka.AIOKafkaProducer(**python_settings(server, mechanism, "wrong"))
        refused = False
        try:
            await wrong.start()
        except aiokafka.errors.KafkaError:
            refused = True
        finally:
            await wrong.stop()
        expect(refused, True, "a wrong password is refused")

    asyncio.run(run())


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    for encrypted in [False, True]:
        server = Server(sys.argv[1:], encrypted)
        try:
            for part in [confluent, kcat, kafka_python, aio]:
                for mechanism in MECHANISMS:
                    part(server, mechanism)
                print(f"ok  {part.__name__} {'with' if encrypted else 'without'} TLS", flush=True)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
