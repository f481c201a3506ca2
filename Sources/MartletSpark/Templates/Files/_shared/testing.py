@pytest.fixture(scope="session")
def spark():
    """Spark with two tasks at a time; one session for all tests, or the server that SPARK_REMOTE names."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder
    if "SPARK_REMOTE" not in os.environ:
        # Compiling for speed takes longer than tests of a few rows run.
        java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
        builder = builder.master("local[2]").config("spark.driver.memory", "1g").config("spark.ui.enabled", "false")
        builder = builder.config("spark.ui.showConsoleProgress", "false").config("spark.driver.extraJavaOptions", java)
    session = builder.getOrCreate()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    session.conf.set("spark.sql.shuffle.partitions", "2")
    session.conf.set("spark.sql.codegen.wholeStage", "false")
    return session
