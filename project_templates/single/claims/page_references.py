async def test_a_form_that_refers_to_a_missing_row_comes_back(
    client: AsyncClient, sample: Sample
) -> None:
    for name in sample.form:
        if name.partition(":")[0] in sample.references:
            page = sample.path.removeprefix("/api")
            answer = await client.post(page, data=sample.form | {name: "99"})
            assert answer.status_code == 409
            assert 'role="alert"' in answer.text
