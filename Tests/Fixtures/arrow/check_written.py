"""Checks with pyarrow that written-NAME.arrow, which our writer made, has the schema and rows of NAME.arrow."""

import pathlib

import pyarrow as pa

for path in sorted(pathlib.Path(__file__).parent.glob("written-*.arrow")):
    ours = pa.ipc.open_stream(path.read_bytes()).read_all()
    theirs = pa.ipc.open_stream(path.with_name(path.name.removeprefix("written-")).read_bytes()).read_all()
    ours.validate(full=True)
    assert ours.schema.equals(theirs.schema, check_metadata=True), path
    assert ours.equals(theirs), path
    print(path.name, ours.num_rows, "rows are the same")
