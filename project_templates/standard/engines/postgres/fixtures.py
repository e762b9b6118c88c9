@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A database of the tests' own, with every migration; it is dropped in the end."""
    server = create_engine(
        read_url(os.environ.get("TEST_DATABASE_URL", SERVER)),
        connect_args={"connect_timeout": 5},
        isolation_level="AUTOCOMMIT",
    )
    name = f"{server.url.database}_test_{token_hex(4)}"
    quoted = server.dialect.identifier_preparer.quote(name)
    with reach(server) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {quoted}")
        connection.exec_driver_sql(f"ALTER DATABASE {quoted} SET synchronous_commit = off")
        engine = make_engine(server.url.set(database=name))
        try:
            migrate(engine.url)
            yield engine
        finally:
            engine.dispose()
            connection.exec_driver_sql(f"DROP DATABASE {quoted} WITH (FORCE)")
    server.dispose()


def reach(server: Engine) -> Connection:
    try:
        return server.connect()
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        pytest.exit(f"The tests need PostgreSQL: {reason}. Set TEST_DATABASE_URL.", 1)


@pytest.fixture(scope="module")
def start() -> Start:
    """The rows that each test of a module starts with."""
    return {}


@pytest.fixture
def settings(engine: Engine, start: Start) -> Settings:
    fill(engine, start)
    return make_settings(engine.url)


def fill(engine: Engine, rows: Start) -> None:
    """Leave these rows in the tables and no others; the next ids follow on theirs."""
    tables = Model.metadata.tables
    with engine.begin() as connection:
        {{ 'connection.exec_driver_sql("DELETE FROM procrastinate_jobs")' if with_jobs }}
        for table in tables.values():
            connection.execute(table.delete())
        for name, found in rows.items():
            if found:
                connection.execute(tables[name].insert(), found)
        for name, table in tables.items():
            if "id" in table.columns:
                last = len(rows.get(name, ()))
                connection.execute(NUMBER, {"name": name, "next": last + 1})


def make_settings(url: URL) -> Settings:
    return Settings(
        production=False,
        database_url=url,
        connections=4,
        most_waiting=2000,
        {{ settings_lines | join("\n        ") }}
    )
