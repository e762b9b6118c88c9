async def test_a_form_with_a_value_that_is_taken_comes_back(
    client: AsyncClient, sample: Sample
) -> None:
    page = sample.path.removeprefix("/api")

    await client.post(page, data=sample.form)
    answer = await client.post(page, data=sample.form)

    assert answer.status_code == (409 if sample.unique else 303)
    named = re.findall(r' id="(\w+)-error">This is taken', answer.text)
    assert set(named) <= set(sample.unique)
    assert len(named) == bool(sample.unique)
