

def test_a_migration_that_would_break_a_reference_is_undone(tmp_path: Path) -> None:
    path = tmp_path / "broken.db"
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE _parents (id INTEGER PRIMARY KEY);"
        "CREATE TABLE _children (parent_id INTEGER REFERENCES _parents (id));"
        "INSERT INTO _children VALUES (1);"
    )
    connection.close()
    url = URL.create("sqlite", database=str(path))

    with pytest.raises(RuntimeError, match="1 rows refer"):
        migrate(url)
    assert not is_migrated(url)
