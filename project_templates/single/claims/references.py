async def test_a_row_refers_to_rows_that_exist(client: AsyncClient, sample: Sample) -> None:
    path = (await client.post(sample.path, json=sample.rows[0])).headers["location"]

    for field in sample.references:
        created = await client.post(sample.path, json=sample.rows[1] | {field: 99})
        replaced = await client.put(path, json=sample.rows[0] | {field: 99})
        assert (created.status_code, created.json()["status"]) == (409, 409)
        assert (replaced.status_code, replaced.json()["status"]) == (409, 409)
