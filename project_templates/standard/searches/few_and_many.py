@pytest.mark.parametrize("most", [0, paging.FEW])
def test_few_and_many_are_found_alike(
    session: Session, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(paging, "FEW", most)

    {{ few_claims | join("\n    ") }}


