def test_it_does_not_start_without_a_migration(settings: Settings) -> None:
    command.downgrade(alembic_config(settings.database_url), "base")
    with pytest.raises(SystemExit, match="{{ name }} migrate"):
        create_app(settings)
    migrate(settings.database_url)
