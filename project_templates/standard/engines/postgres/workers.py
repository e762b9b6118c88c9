

def test_many_workers_do_not_start_before_the_migrations(served: dict[str, Any]) -> None:
    Path(".env").write_text("PRODUCTION=true\n")

    command.main(["serve", "--workers", "2"])
    {{ shared_lines | join("\n    ") }}
    alembic.downgrade(alembic_config(read_settings().database_url), "base")
    with pytest.raises(SystemExit, match="lacks a migration"):
        command.main(["serve", "--workers", "2"])

    assert (served["workers"], served["reload"]) == (2, False)
    command.main(["migrate"])
