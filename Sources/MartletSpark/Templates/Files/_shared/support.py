class AssumptionFailed(Exception):
    """The data is not as the job needs it; nothing more is written, and the exit code is 1."""


def read(spark, place, form="parquet"):
    """A folder or file when `place` has a slash or a scheme, else a table or view."""
    if "/" in place or ":" in place:
        return spark.read.format(form).load(place)
    return spark.table(place)


def read_if_there(spark, place, form="parquet", schema=None):
    """As `read`; None when there is nothing yet."""
    try:
        if schema:
            frame = spark.read.format(form).schema(schema).load(place)
        elif form == "parquet":
            # Files written before a column was added do not have it.
            frame = spark.read.option("mergeSchema", "true").parquet(place)
        else:
            frame = read(spark, place, form)
        frame.schema  # Spark Connect looks at the files only when asked.
        return frame
    except AnalysisException as error:
        condition = error.getCondition() if hasattr(error, "getCondition") else error.getErrorClass()
        if condition in ("PATH_NOT_FOUND", "TABLE_OR_VIEW_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA"):
            return None
        raise


def names(text):
    """The names in a list separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def seconds(text):
    """The seconds in a duration such as 90s, 30m, 36h, 7d or 2w; a day is always 24 hours."""
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
    if not text[:-1].isdigit() or text[-1] not in units:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration such as 90s, 30m, 36h, 7d or 2w")
    return int(text[:-1]) * units[text[-1]]


def need_columns(frame, columns, what):
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise AssumptionFailed(f"{what} has no column {', '.join(missing)}; it has {', '.join(frame.columns)}")


@contextlib.contextmanager
def settings(spark, values):
    """Settings of the session for a while; a session may be shared."""
    before = {key: spark.conf.get(key) for key in values}
    for key, value in values.items():
        spark.conf.set(key, value)
    try:
        yield
    finally:
        for key, value in before.items():
            spark.conf.set(key, value)


def tell(counts):
    """Prints the figures, and hands them to Martlet when it runs the job."""
    for name, value in counts.items():
        print(f"{name}={value}", flush=True)
    if os.environ.get("MARTLET_MESSAGES"):
        with open(os.environ["MARTLET_MESSAGES"], "a") as messages:
            for name, value in counts.items():
                if isinstance(value, (int, float)):
                    print(json.dumps({"type": "metric", "name": name, "value": value}), file=messages)


def execute(run, options):
    """Runs the job in the session that spark-submit or SPARK_REMOTE chose; the exit code."""
    spark = SparkSession.builder.getOrCreate()
    # Times without a zone mean the same on every machine.
    with settings(spark, {"spark.sql.session.timeZone": options.timezone}):
        try:
            tell(run(spark, options))
        except AssumptionFailed as failure:
            print(f"failed: {failure}", file=sys.stderr)
            return 1
    return 0
