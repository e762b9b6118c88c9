async def test_a_value_is_given_back_in_one_form(client: AsyncClient, sample: Sample) -> None:
    path = (await client.post(sample.path, json=sample.rows[0])).headers["location"]

    for field, values in sample.rewritten.items():
        for sent, answered in values:
            answer = await client.put(path, json=sample.rows[0] | {field: sent})
            assert (answer.status_code, answer.json()[field]) == (200, answered)
