async def test_a_unique_value_is_taken_once(client: AsyncClient, sample: Sample) -> None:
    first, second, third = sample.rows
    await client.post(sample.path, json=first)
    path = (await client.post(sample.path, json=second)).headers["location"]

    for field in sample.unique:
        created = await client.post(sample.path, json=third | {field: first[field]})
        replaced = await client.put(path, json=second | {field: first[field]})
        assert (created.status_code, created.json()["status"]) == (409, 409)
        assert (replaced.status_code, replaced.json()["status"]) == (409, 409)
