@pytest.mark.parametrize(
    "last_id", ["", "x", "other-0", "{run}-9", "{run}-x", "{run}-0", "{run}-" + "9" * 5000]
)
async def test_a_page_that_missed_too_much_starts_over(
    last_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "KEPT", 1)
    updates = Live()
    run = updates.last_id.partition("-")[0]
    tell(updates, 1, 2)

    told = await anext(updates.follow(last_id.format(run=run)))

    assert b"event: reset" in told
    assert f"id: {updates.last_id}".encode() in told
