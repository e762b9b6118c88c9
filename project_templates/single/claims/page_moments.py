@pytest.mark.parametrize("text", ["2026-01-31T12:00", "2026-01-31T12:00:00"])
def test_a_moment_of_a_form_is_in_utc(text: str) -> None:
    assert main.read_texts({"at:utc": text}) == {"at": "2026-01-31T12:00:00Z"}
