@pytest.fixture(scope="session")
def add_rows(engine: Engine) -> AddRows:
    """Makes these rows, in the order in which they are given, and gives what is stored then."""

    async def make(**rows: list[dict[str, object]]) -> Start:
        fill(engine, {})
        async with connect(build(make_settings(engine.url))) as client:
            for plural, bodies in rows.items():
                for body in bodies:
                    (await client.post(f"/api/{plural}", json=body)).raise_for_status()
        others = [name for name in Model.metadata.tables if name not in rows]
        return {name: read_table(engine, name) for name in [*rows, *others]}

    return make


def read_table(engine: Engine, name: str) -> list[dict[str, Any]]:
    table = Model.metadata.tables[name]
    with engine.connect() as connection:
        found = connection.execute(select(table).order_by(*table.primary_key))
        return [dict(row._mapping) for row in found]
