@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """Stand in an empty folder, and keep what the server is told instead of starting it."""
    told: dict[str, Any] = {}
    monkeypatch.chdir(tmp_path)
