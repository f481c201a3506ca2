"""Writes the Arrow streams of this folder, and what is in them, with pyarrow.

Usage: python make_fixtures.py. Each NAME.arrow gets a NAME.json: the schema as pyarrow spells it, and all rows, in
which a value stands as SQL of Spark would show it. Streams that real Spark sent are named spark-*; capture_spark.py
made those. All data is made up.
"""

import datetime as dt
import decimal
import json
import pathlib

import pyarrow as pa

FOLDER = pathlib.Path(__file__).parent
UTC = dt.timezone.utc


def plain(value, type_):
    """A value as JSON that says it exactly."""
    if value is None:
        return None
    if pa.types.is_decimal(type_):
        return str(value)
    if pa.types.is_binary(type_) or pa.types.is_large_binary(type_):
        return value.hex()
    if pa.types.is_list(type_) or pa.types.is_large_list(type_):
        return [plain(part, type_.value_type) for part in value]
    if pa.types.is_map(type_):
        return [[plain(key, type_.key_type), plain(part, type_.item_type)] for key, part in value]
    if pa.types.is_struct(type_):
        return {field.name: plain(value[field.name], field.type) for field in type_}
    if pa.types.is_floating(type_):
        return repr(value)
    return value


def integers(array):
    """Times and dates as the integers that stand for them."""
    type_ = array.type
    if pa.types.is_date32(type_) or pa.types.is_time32(type_):
        return array.view(pa.int32()).to_pylist()
    if pa.types.is_date64(type_) or pa.types.is_time64(type_) or pa.types.is_timestamp(type_) or pa.types.is_duration(type_):
        return array.view(pa.int64()).to_pylist()
    if str(type_) == "month_day_nano_interval":
        return [None if v is None else [v.months, v.days, v.nanoseconds] for v in array.to_pylist()]
    if pa.types.is_struct(type_) or pa.types.is_nested(type_):
        return [plain(v, type_) for v in array.to_pylist()]
    return [plain(v, type_) for v in array.to_pylist()]


def write(name, batches, schema=None, compression=None):
    schema = batches[0].schema if schema is None else schema
    path = FOLDER / f"{name}.arrow"
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, schema, options=options) as writer:
        for batch in batches:
            writer.write_batch(batch)
    expected = {
        "types": [str(field.type) for field in schema],
        "names": schema.names,
        "batches": [[integers(column) for column in batch.columns] for batch in batches],
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(expected, ensure_ascii=True) + "\n")


def flat():
    d = decimal.Decimal
    columns = {
        "b": pa.array([True, None, False, True, False]),
        "i8": pa.array([-128, 127, None, 0, 1], pa.int8()),
        "i16": pa.array([None, -32768, 32767, 0, 1], pa.int16()),
        "i32": pa.array([-(2**31), 2**31 - 1, 0, None, 1], pa.int32()),
        "i64": pa.array([-(2**63), 2**63 - 1, 0, 1, None], pa.int64()),
        "u8": pa.array([0, 255, None, 1, 2], pa.uint8()),
        "u16": pa.array([0, 65535, None, 1, 2], pa.uint16()),
        "u32": pa.array([0, 2**32 - 1, None, 1, 2], pa.uint32()),
        "u64": pa.array([0, 2**64 - 1, None, 1, 2], pa.uint64()),
        "f": pa.array([1.5, -0.0, float("inf"), None, 3.4028234663852886e38], pa.float32()),
        "d": pa.array([0.1, -1e-300, float("-inf"), None, 1.7976931348623157e308], pa.float64()),
        "s": pa.array(["", "a", None, "gr\u00fc\u00dfe \U0001f600", "line\nbreak\t\"quoted\""]),
        "ls": pa.array(["x", None, "", "yy", "zzz"], pa.large_utf8()),
        "y": pa.array([b"", b"\x00\xff", None, b"abc", b"\n"], pa.binary()),
        "ly": pa.array([None, b"\x01", b"", b"\x02\x03", b"x"], pa.large_binary()),
        "dec": pa.array([d("12.34"), d("-0.01"), None, d("99999999.99"), d("0.00")], pa.decimal128(10, 2)),
        "dec38": pa.array(
            [d("-99999999999999999999999999999999999999"), d("1"), None, d("0"), d("99999999999999999999999999999999999999")],
            pa.decimal128(38, 0),
        ),
        "decfrac": pa.array([d("0.000000000000000000000000000000000001"), None, d("-1.5"), d("0"), d("99")], pa.decimal128(38, 36)),
        "date": pa.array([0, -1, None, 19782, -719162], pa.int32()).cast(pa.date32()),
        "date64": pa.array([0, -86400000, None, 86400000 * 19782, 0], pa.int64()).cast(pa.date64()),
        "t32s": pa.array([0, 86399, None, 1, 2], pa.int32()).cast(pa.time32("s")),
        "t32": pa.array([0, 86399999, None, 1, 2], pa.int32()).cast(pa.time32("ms")),
        "t64": pa.array([0, 86399999999, None, 1, 2], pa.int64()).cast(pa.time64("us")),
        "t64n": pa.array([0, 86399999999999, None, 1, 2], pa.int64()).cast(pa.time64("ns")),
        "ts": pa.array([0, 1709210096123456, None, -1, -62135596800000000], pa.int64()).cast(pa.timestamp("us", "Europe/Berlin")),
        "ntz": pa.array([0, 1709210096123456, None, -1, 253402300799999999], pa.int64()).cast(pa.timestamp("us")),
        "tss": pa.array([0, 1709210096, None, -1, 5], pa.int64()).cast(pa.timestamp("s", "UTC")),
        "tsms": pa.array([0, 1709210096123, None, -1, 5], pa.int64()).cast(pa.timestamp("ms")),
        "tsns": pa.array([0, 1709210096123456789, None, -1, 5], pa.int64()).cast(pa.timestamp("ns")),
        "dur": pa.array([0, 93784005006, None, -1, -93784005006], pa.int64()).cast(pa.duration("us")),
        "mdn": pa.array([(0, 0, 0), (14, -3, 3723000000000), None, (-1, 0, -1), (0, 0, 1)], pa.month_day_nano_interval()),
        "n": pa.nulls(5),
    }
    return pa.record_batch(list(columns.values()), names=list(columns))


def nested():
    point = pa.struct([("x", pa.int32()), ("tags", pa.list_(pa.string()))])
    columns = {
        "l": pa.array([[1, None, 3], [], None, [4]], pa.list_(pa.int32())),
        "ll": pa.array([["a"], None, [], [None, "b"]], pa.large_list(pa.string())),
        "st": pa.array([{"x": 1, "tags": ["p"]}, None, {"x": None, "tags": None}, {"x": 4, "tags": []}], point),
        "m": pa.array([[("a", 1.5), ("b", None)], [], None, [("c", -2.0)]], pa.map_(pa.string(), pa.float64())),
        "lst": pa.array([[{"x": 1, "tags": ["p", None]}], None, [None], []], pa.list_(point)),
        "deep": pa.array([[[[[1, 2]], []]], None, [[]], [[[[]]]]], pa.list_(pa.list_(pa.list_(pa.list_(pa.int64()))))),
        "mm": pa.array(
            [[(1, [("k", [True])])], None, [], [(2, None)]],
            pa.map_(pa.int32(), pa.map_(pa.string(), pa.list_(pa.bool_()))),
        ),
        "empty": pa.array([{}, None, {}, {}], pa.struct([])),
        "ln": pa.array([[None, None], None, [], [None]], pa.list_(pa.null())),
    }
    return pa.record_batch(list(columns.values()), names=list(columns))


def many(rows):
    """Nulls in every position of the bits, and values that compress."""
    columns = {"id": pa.array(range(rows), pa.int64())}
    for step in (2, 3, 7):
        columns[f"n{step}"] = pa.array([None if i % step == 0 else i for i in range(rows)], pa.int32())
    columns["s"] = pa.array([None if i % 5 == 0 else f"text {i % 17} \u00e4" for i in range(rows)])
    columns["b"] = pa.array([None if i % 11 == 0 else i % 3 == 0 for i in range(rows)])
    columns["l"] = pa.array([None if i % 13 == 0 else list(range(i % 4)) for i in range(rows)], pa.list_(pa.int16()))
    return pa.record_batch(list(columns.values()), names=list(columns))


def main():
    flat_batch, nested_batch, many_batch = flat(), nested(), many(203)
    write("flat", [flat_batch])
    write("nested", [nested_batch])
    write("sliced", [flat_batch.slice(1, 3), flat_batch.slice(4), nested_batch_as_flat(flat_batch)])
    write("nested-sliced", [nested_batch.slice(1, 2), nested_batch.slice(3)])
    write("zero-rows", [flat_batch.slice(0, 0)])
    write("nested-zero-rows", [nested_batch.slice(0, 0)])
    write("no-batches", [], schema=flat_batch.schema)
    write("no-columns", [], schema=pa.schema([]))
    write("many", [many_batch, many_batch.slice(101, 64), many_batch.slice(7, 1)])
    write("many-zstd", [many_batch, many_batch.slice(3, 50)], compression="zstd")
    write("many-lz4", [many_batch, many_batch.slice(3, 50)], compression="lz4")
    write("nested-zstd", [nested_batch], compression="zstd")
    refused()


def nested_batch_as_flat(batch):
    return batch.slice(2, 1)


def refused():
    """Streams of types that Spark does not send."""
    cases = {
        "dictionary": pa.array(["a", "b", "a"]).dictionary_encode(),
        "union": pa.UnionArray.from_dense(pa.array([0, 0], pa.int8()), pa.array([0, 1], pa.int32()), [pa.array([1, 2])]),
        "fixed-binary": pa.array([b"ab"], pa.binary(2)),
        "fixed-list": pa.array([[1, 2]], pa.list_(pa.int32(), 2)),
        "half": pa.array([1.5], pa.float16()),
        "decimal256": pa.array([decimal.Decimal(1)], pa.decimal256(40, 0)),
        "string-view": pa.array(["a"], pa.string_view()),
        "run-end": pa.RunEndEncodedArray.from_arrays(pa.array([1], pa.int32()), pa.array(["a"])),
    }
    for name, array in cases.items():
        inner = pa.StructArray.from_arrays([array], names=["part"])
        batch = pa.record_batch([inner], names=["whole"])
        with pa.OSFile(str(FOLDER / f"refused-{name}.arrow"), "wb") as sink, pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)


main()
