"""What both sides are given: made from a seed, so that every machine has the same."""

import os
import random

SEED = 20_240_501
FILES, FOLDERS = 60_000, 10
LARGE_BYTES = 1 << 30


def make_files(folder, count=FILES):
    """Files of 2 to 3 KB in ten folders, with bytes that do not compress; returns their bytes."""
    numbers = random.Random(SEED)
    total = 0
    for part in range(FOLDERS):
        os.makedirs(f"{folder}/{part:02}")
    for index in range(count):
        size = numbers.randint(2_000, 3_000)
        with open(f"{folder}/{index % FOLDERS:02}/{index:06}.bin", "wb") as file:
            file.write(numbers.randbytes(size))
        total += size
    return total


def write_one(path):
    """One more file."""
    with open(path, "wb") as file:
        file.write(random.Random(SEED + 3).randbytes(2_500))


def row(number, numbers):
    text = numbers.randbytes(20).hex()
    return f"{number},{text[:8]},{text[8:20]},{int(text[20:26], 16)},{text[26:]}\n"


def make_csv(path, size=LARGE_BYTES):
    """A table of about `size` bytes; returns how many rows it has."""
    numbers = random.Random(SEED)
    count = 0
    written = 0
    with open(path, "w", buffering=4 << 20) as file:
        file.write("id,key,name,amount,note\n")
        while written < size:
            text = "".join([row(count + step, numbers) for step in range(10_000)])
            file.write(text)
            written += len(text)
            count += 10_000
    return count


def edit_csv(source, target, count):
    """The table with a row put in early, 100 rows changed, 1000 appended."""
    numbers = random.Random(SEED + 1)
    changed = set(numbers.sample(range(1_000, count), 100))
    with open(source, "rb", buffering=4 << 20) as old, open(target, "wb", buffering=4 << 20) as new:
        for index, line in enumerate(old):
            if index == 500:
                new.write(row(count, numbers).encode())
            new.write(row(index, numbers).encode() if index in changed else line)
        for index in range(1_000):
            new.write(row(count + 1 + index, numbers).encode())


def make_noise(path, size=LARGE_BYTES):
    """A file that does not compress."""
    numbers = random.Random(SEED + 2)
    with open(path, "wb") as file:
        for _ in range(size >> 20):
            file.write(numbers.randbytes(1 << 20))


def same(left, right):
    """Whether two folders have the same files with the same bytes."""
    return listing(left) == listing(right) and all(
        read(f"{left}/{name}") == read(f"{right}/{name}") for name in listing(left)
    )


def listing(folder):
    names = []
    for place, _, files in os.walk(folder):
        names += [os.path.relpath(f"{place}/{name}", folder) for name in files if name != ".gitignore"]
    return sorted(names)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def size_of(folder):
    """The bytes of all files below a folder."""
    return sum(os.lstat(f"{place}/{name}").st_size for place, _, files in os.walk(folder) for name in files)
