"""Takes data from real DVC to Martlet and back, and has DVC judge what Martlet wrote.

1. A repository of DVC (odd names, stages with parameters, metrics and templates, annotations, objects of DVC 2) is
   imported, with its history and without, and exported into an empty clone: every .dvc file, dvc.lock and object must be
   the same byte for byte, `dvc status` clean and `dvc repro` without work.
2. Data that DVC has never seen is exported with a remote: `dvc status` must be clean, `dvc pull` must fill an empty cache,
   and what `dvc add` writes of the same data must be the same.
3. A file that people annotated is changed: Martlet's edit must be the one that `dvc add` makes.
4. A damaged object must be named, not imported.

usage: dvc_interop.py MARTLET    (dvc is a package of this Python)
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DVC = [sys.executable, "-m", "dvc"]
ENVIRONMENT = dict(
    os.environ,
    DVC_NO_ANALYTICS="1",
    GIT_CONFIG_GLOBAL="/dev/null",
    GIT_AUTHOR_NAME="Ada",
    GIT_AUTHOR_EMAIL="ada@example.org",
    GIT_COMMITTER_NAME="Ada",
    GIT_COMMITTER_EMAIL="ada@example.org",
)

TRAIN = """import json, os
os.makedirs("out", exist_ok=True)
open("out/weights.bin", "w").write("weights")
open("model.pkl", "w").write("model")
json.dump({"acc": 0.9}, open("metrics.json", "w"))
"""

PIPELINE = """stages:
  train:
    cmd: python3 train.py
    deps:
    - data
    - train.py
    params:
    - lr
    - train.epochs
    - train.size
    outs:
    - model.pkl
    - out
    metrics:
    - metrics.json:
        cache: false
  each:
    matrix:
      n: ${names}
    cmd: cp model.pkl ${item.n}.txt
    desc: a "copy" of it
    deps:
    - model.pkl
    outs:
    - ${item.n}.txt
"""

ANNOTATED = """# why we keep it
outs:
- md5: {md5}
  size: {size}
  nfiles: {files}
  hash: md5
  path: data # where it is
  desc: the data
  meta:
    owner: ada
meta:
  keys: [1, 2]
"""


def run(command, folder, check=True):
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed in {folder}\n{done.stdout}{done.stderr}")
    return done.stdout


def dvc(*arguments, folder):
    return run(DVC + list(arguments), folder)


def git(*arguments, folder):
    return run(["git", *arguments], folder)


def expect(condition, what):
    if not condition:
        raise SystemExit(f"not so: {what}")
    print(f"ok  {what}")


def objects(cache):
    return {str(path.relative_to(cache)): path.read_bytes() for path in cache.rglob("*") if path.is_file()}


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def odd_files(folder):
    for name, content in {
        "Z.txt": "y", "a-b.txt": "z", "a.txt": "hello\n", "empty": "", "sub/b c.txt": "crlf\r\n", "é.txt": "x",
        "😀.bin": "😀", 'q"uote\nline \\.txt': "q", "sub/deep/\u2028x": "u", "12e4": "digits", "true": "t", "\x7f": "del",
    }.items():
        write(folder / name, content)
    write(folder / "big.bin", bytes(range(256)) * 8192)


def legacy(repository):
    """Objects and files as DVC 2 left them: no `hash`, the MD5 taken over text with other line ends."""
    from dvc_data.hashfile.hash import file_md5

    def store(path):
        md5 = file_md5(str(path), name="md5-dos2unix")
        write(repository / ".dvc/cache" / md5[:2] / md5[2:], path.read_bytes())
        return md5

    write(repository / "old.txt", b"one\r\ntwo\r\n")
    write(repository / "olddir/a.txt", b"a\r\n" * 10)
    write(repository / "olddir/b.bin", b"\x00\r\n")
    write(repository / "old.txt.dvc", f"outs:\n- md5: {store(repository / 'old.txt')}\n  size: 10\n  path: old.txt\n")
    names = sorted(["a.txt", "b.bin"])
    listing = json.dumps([{"md5": store(repository / "olddir" / name), "relpath": name} for name in names], sort_keys=True)
    md5 = hashlib.md5(listing.encode()).hexdigest()
    write(repository / ".dvc/cache" / md5[:2] / f"{md5[2:]}.dir", listing)
    write(repository / "olddir.dvc", f"outs:\n- md5: {md5}.dir\n  size: 33\n  nfiles: 2\n  path: olddir\n")
    with open(repository / ".gitignore", "a") as file:
        file.write("/old.txt\n/olddir\n")


def original(folder):
    """A repository with a history of three commits."""
    repository = folder / "original"
    repository.mkdir()
    git("init", "-q", folder=repository)
    dvc("init", "-q", folder=repository)
    dvc("remote", "add", "-q", "-d", "store", "../remote", folder=repository)
    odd_files(repository / "data")
    write(repository / "nested/odd [x] #1/f!.txt", "odd")
    write(repository / "nested/12345", "a name of digits")
    write(repository / "tool.sh", "#!/bin/sh\n")
    (repository / "tool.sh").chmod(0o755)
    (repository / "hollow").mkdir()
    tracked = ["data", "nested/odd [x] #1", "nested/12345", "tool.sh", "hollow"]
    dvc("add", "-q", *tracked, folder=repository)
    write(repository / "train.py", TRAIN)
    write(repository / "params.yaml", "lr: 0.1\ntrain: {epochs: 3, size: 1e-05}\nnames: [a, b]\n")
    write(repository / "dvc.yaml", PIPELINE)
    dvc("repro", "-q", folder=repository)
    legacy(repository)
    git("add", "-A", folder=repository)
    git("commit", "-qm", "First: all there is\n\nwith a body", folder=repository)
    write(repository / "data/a.txt", "changed\n")
    dvc("add", "-q", "data", folder=repository)
    dvc("repro", "-q", folder=repository)
    git("add", "-A", folder=repository)
    git("commit", "-qm", "Second", "--date", "2024-05-06T07:08:09+0200", folder=repository)
    lines = (repository / "data.dvc").read_text().split("\n")
    fields = dict(line[2:].split(": ") for line in lines[1:] if ": " in line)
    write(
        repository / "data.dvc",
        ANNOTATED.format(md5=fields["md5"], size=fields["size"], files=fields["nfiles"]),
    )
    git("add", "-A", folder=repository)
    git("commit", "-qm", "Say why", folder=repository)
    expect("up to date" in dvc("status", folder=repository), "DVC finds its own repository clean")
    return repository


class Martlet:
    """The command, in a project of its own."""

    def __init__(self, program, folder):
        self.program = program
        self.project = folder / "project"
        self.project.mkdir()
        write(self.project / "martlet.yaml", "project: interop\n")

    def __call__(self, *arguments):
        return json.loads(run([self.program, "lake", *map(str, arguments), "--json", "--project", self.project], self.project))

    def talk(self, *arguments):
        return run([self.program, "lake", *map(str, arguments), "--project", self.project], self.project)


def bare_clone(repository, folder):
    """The code of a repository without anything of DVC."""
    git("clone", "-q", repository, folder, folder=folder.parent)
    shutil.rmtree(folder / ".dvc")
    for path in list(folder.rglob("*.dvc")) + list(folder.rglob(".gitignore")):
        path.unlink()
    for name in ["dvc.yaml", "dvc.lock", ".dvcignore"]:
        (folder / name).unlink()
    return folder


def metafiles(repository):
    found = [*repository.rglob("*.dvc"), repository / "dvc.lock", repository / "dvc.yaml"]
    return {str(path.relative_to(repository)): path.read_bytes() for path in found if path.is_file()}


def there_and_back(martlet, repository, folder):
    report = martlet("import", "dvc", repository, "--branch", "now")
    expect(report["problems"] == [] and len(report["commits"]) == 1, "the workspace is imported as one commit")
    again = martlet("import", "dvc", repository, "--branch", "now")
    expect(again["commits"] == [] and again["head"] == report["head"], "importing it again makes no commit")
    history = martlet("import", "dvc", repository, "--branch", "all", "--all-history")
    expect(len(history["commits"]) == 3, "each commit of git that changed data is a commit")
    again = martlet("import", "dvc", repository, "--branch", "all", "--all-history")
    expect(again["commits"] == [], "importing the history again makes no commit")

    for branch in ["now", "all"]:
        clone = bare_clone(repository, folder / f"back-{branch}")
        report = martlet("export", "dvc", branch, clone)
        expect(report["problems"] == [], f"{branch}: everything is exported")
        expect(metafiles(clone) == metafiles(repository), f"{branch}: .dvc files, dvc.yaml and dvc.lock are the same")
        mine, theirs = objects(clone / ".dvc/cache"), objects(repository / ".dvc/cache")
        differing = [name for name in mine if theirs.get(name) != mine[name]]
        expect(not differing, f"{branch}: all {len(mine)} objects are those of DVC")
        modes = {oct(path.stat().st_mode & 0o777) for path in (clone / ".dvc/cache").rglob("*") if path.is_file()}
        expect(modes == {"0o444"}, f"{branch}: DVC will trust the objects")
        expect("up to date" in dvc("status", folder=clone), f"{branch}: dvc status is clean")
        expect(dvc("status", "--json", folder=clone).strip() == "{}", f"{branch}: dvc status --json is empty")
        before = metafiles(clone)
        output = dvc("repro", folder=clone)
        expect("Running" not in output and metafiles(clone) == before, f"{branch}: dvc repro has nothing to do")
        expect(json.loads(dvc("data", "status", "--json", folder=clone)).get("uncommitted") is None, f"{branch}: nothing is uncommitted")
        ignored = git("status", "--porcelain", "--untracked-files=all", folder=clone)
        expect("data/" not in ignored and "model.pkl" not in ignored, f"{branch}: git does not see what DVC keeps")
    return folder / "back-now"


def from_martlet(martlet, folder):
    source = folder / "source"
    odd_files(source / "set/inner")
    write(source / "single.txt", "single")
    write(source / "deep/er/one.csv", "a,b\n1,2\n")
    lone = folder / "lone"
    lone.mkdir()
    git("init", "-q", folder=lone)
    for name in ["set", "single.txt", "deep"]:
        place = martlet.project / name
        shutil.copytree(source / name, place) if (source / name).is_dir() else shutil.copy(source / name, place)
    martlet.talk("add", "set", "single.txt", "deep")
    martlet.talk("commit", "-m", "Data of Martlet's own")
    target, remote = folder / "target", folder / "store"
    report = martlet("export", "dvc", "main", target, "--remote", remote)
    expect(report["outs"] == ["deep", "set", "single.txt"], "folders at the top and files become outs")
    expect("up to date" in dvc("status", folder=target), "own data: dvc status is clean")
    again = martlet("export", "dvc", "main", target, "--remote", remote)
    expect(again["newObjects"] == 0, "own data: exporting again writes no object")

    shutil.rmtree(target / ".dvc/cache")
    for name in ["set", "deep"]:
        shutil.rmtree(target / name)
    dvc("pull", "-q", folder=target)
    expect(objects(target / "set") == objects(source / "set"), "own data: dvc pull fills an empty cache")
    expect("in sync" in dvc("status", "-c", folder=target), "own data: cache and remote are in sync")

    for name in ["set", "single.txt", "deep"]:
        place = lone / name
        shutil.copytree(source / name, place) if (source / name).is_dir() else shutil.copy(source / name, place)
    dvc("init", "-q", folder=lone)
    dvc("add", "-q", "deep", "set", "single.txt", folder=lone)
    expect(metafiles(lone) == metafiles(target), "own data: .dvc files are those that dvc add writes")
    expect((lone / ".gitignore").read_bytes() == (target / ".gitignore").read_bytes(), "own data: so is .gitignore")
    for name in [".dvc/.gitignore", ".dvcignore"]:
        expect((lone / name).read_bytes() == (target / name).read_bytes(), f"own data: so is {name}")
    mine, theirs = objects(target / ".dvc/cache/files"), objects(lone / ".dvc/cache/files")
    expect({k: v for k, v in theirs.items()} == mine, "own data: so are the objects")
    dvc("remote", "add", "-q", "-d", "martlet", str(remote), folder=lone)
    dvc("push", "-q", folder=lone)
    expect((lone / ".dvc/config").read_bytes() == (target / ".dvc/config").read_bytes(), "own data: so is .dvc/config")


def edits(martlet, clone):
    """A change to annotated data, once with `dvc add` and once through Martlet."""
    other = clone.parent / "edited"
    shutil.copytree(clone, other, symlinks=True)
    write(other / "data/new.txt", "new")
    dvc("add", "-q", "data", folder=other)
    martlet("import", "dvc", other, "--branch", "edited")
    # The target has the old annotated file and the old content.
    martlet("export", "dvc", "edited", clone)
    expect((clone / "data.dvc").read_bytes() == (other / "data.dvc").read_bytes(), "an annotated file is as dvc add leaves it")
    expect("up to date" in dvc("status", "data.dvc", folder=clone), "after an update dvc status of the data is clean")


def damage(martlet, repository, folder):
    broken = folder / "broken"
    shutil.copytree(repository, broken, symlinks=True)
    md5 = hashlib.md5(b"y").hexdigest()
    victim = broken / ".dvc/cache/files/md5" / md5[:2] / md5[2:]
    victim.chmod(0o644)
    victim.write_bytes(b"damaged " + victim.read_bytes())
    for path in [broken / "data", broken / "out"]:
        shutil.rmtree(path, ignore_errors=True)
    for path in broken.glob("*.txt"):
        path.unlink()
    for name in ["model.pkl", "nested", "tool.sh"]:
        path = broken / name
        if path.is_dir():
            for child in path.iterdir():
                if not child.name.endswith(".dvc"):
                    shutil.rmtree(child) if child.is_dir() else child.unlink()
        else:
            path.unlink()
    shutil.rmtree(folder / "remote", ignore_errors=True)
    done = subprocess.run(
        [martlet.program, "lake", "import", "dvc", broken, "--branch", "broken", "--project", martlet.project],
        capture_output=True, text=True, env=ENVIRONMENT,
    )
    expect(done.returncode != 0 and "MT3073" in done.stderr, "a damaged object is an error that names it")
    report = martlet("import", "dvc", broken, "--branch", "broken", "--allow-missing")
    expect({problem["kind"] for problem in report["problems"]} == {"damaged"}, "with --allow-missing it is listed")


def main():
    program = str(Path(sys.argv[1]).resolve())
    folder = Path(tempfile.mkdtemp(prefix="martlet-dvc-"))
    try:
        repository = original(folder)
        martlet = Martlet(program, folder)
        clone = there_and_back(martlet, repository, folder)
        from_martlet(martlet, folder)
        edits(martlet, clone)
        damage(martlet, repository, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("DVC and Martlet understand each other")


if __name__ == "__main__":
    main()
