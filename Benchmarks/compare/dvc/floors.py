"""The least that this machine needs for a large file, whoever adds it."""

import hashlib
import os
import time

PIECE = 4 << 20


def rates(source, scratch):
    """Bytes per second of one thread that hashes `source`, and of the disk that it is written to and synced."""
    found = {}
    for name in ["sha256", "md5"]:
        digest = hashlib.new(name, usedforsecurity=False)
        found[name] = rate(source, digest.update)
    os.sync()
    target = os.open(f"{scratch}/floor-{time.monotonic_ns()}", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    found["disk"] = rate(source, lambda piece: os.write(target, piece), lambda: os.fsync(target))
    os.close(target)
    return found


def rate(source, take, end=lambda: None):
    """How fast `take` gets through a file that is in memory; the time to read it does not count."""
    spent, total = 0, 0
    with open(source, "rb", buffering=0) as file:
        while piece := file.read(PIECE):
            start = time.monotonic()
            take(piece)
            spent += time.monotonic() - start
            total += len(piece)
    start = time.monotonic()
    end()
    return total / (spent + time.monotonic() - start)
