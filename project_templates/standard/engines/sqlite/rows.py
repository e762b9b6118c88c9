@pytest.fixture(scope="session")
def add_rows(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> AddRows:
    """Makes a database that has these rows, given in the order in which they are created."""

    async def make(**rows: list[dict[str, object]]) -> Path:
        path = copyfile(migrated_file, tmp_path_factory.mktemp("rows") / "test.db")
        async with connect(build(make_settings(path))) as client:
            for plural, bodies in rows.items():
                for body in bodies:
                    (await client.post(f"/api/{plural}", json=body)).raise_for_status()
        return path

    return make
