async def test_a_default_from_the_clock_is_a_value(client: AsyncClient, sample: Sample) -> None:
    row = {name: value for name, value in sample.rows[0].items() if name not in sample.clocks}
    created = await client.post(sample.path, json=row)
    times = {name: created.json()[name] for name in sample.clocks}

    again = await client.put(created.headers["location"], json=row | times)

    assert (again.status_code, again.json()) == (200, created.json())
