@pytest.fixture
def served(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> dict[str, Any]:
    """Stand in an empty folder, and keep what the server is told instead of starting it."""
    told: dict[str, Any] = {}
    address = settings.database_url.render_as_string(hide_password=False)
    monkeypatch.setitem(os.environ, "DATABASE_URL", address)
    monkeypatch.chdir(tmp_path)
    {{ served_lines | join("\n    ") }}
