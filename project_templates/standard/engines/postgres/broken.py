

def test_a_database_that_is_missing_is_made(engine: Engine, settings: Settings) -> None:
    url = settings.database_url.set(database=f"test_{token_hex(8)}")
    with pytest.raises(SystemExit, match=f"database {url.database} cannot be used"):
        is_migrated(url)

    create_database(url)
    create_database(url)

    assert not is_migrated(url)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql(f"DROP DATABASE {url.database} WITH (FORCE)")
