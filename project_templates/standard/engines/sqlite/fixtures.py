@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "test.db"
    migrate(URL.create("sqlite", database=str(path)))
    return path


@pytest.fixture(scope="module")
def start(migrated_file: Path) -> Path:
    """The database that each test of a module starts from."""
    return migrated_file


@pytest.fixture
def settings(start: Path) -> Iterator[Settings]:
    with TemporaryDirectory() as folder:
        yield make_settings(copyfile(start, Path(folder) / "test.db"))


def make_settings(path: Path) -> Settings:
    return Settings(
        production=False,
        database_url=URL.create("sqlite", database=str(path)),
        most_waiting=2000,
        {{ settings_lines | join("\n        ") }}
    )
