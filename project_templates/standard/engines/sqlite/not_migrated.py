def test_it_does_not_start_without_a_migration(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="{{ name }} migrate"):
        create_app()
    assert not list(tmp_path.iterdir())
