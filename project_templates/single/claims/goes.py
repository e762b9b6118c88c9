@pytest.mark.parametrize(
    ("sample", "field"),
    [(sample, field) for sample in SAMPLES for field in sample.goes],
    indirect=["sample"],
    ids=lambda value: getattr(value, "path", value),
)
async def test_a_row_goes_or_forgets_when_what_it_refers_to_goes(
    client: AsyncClient, sample: Sample, field: str
) -> None:
    target = sample.references[field]
    referred = 1 if target == sample.path else 2
    await client.post(sample.path, json=sample.rows[0])
    created = await client.post(sample.path, json=sample.rows[1] | {field: referred})

    deleted = await client.delete(f"{target}/{referred}")
    left = await client.get(created.headers["location"])

    assert (created.status_code, deleted.status_code) == (201, 204)
    assert (left.status_code == 404) is sample.goes[field]
    assert left.json().get(field) is None
