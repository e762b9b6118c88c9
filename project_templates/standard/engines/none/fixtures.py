@pytest.fixture
def settings() -> Settings:
    return Settings(
        production=False,
        {{ settings_lines | join("\n        ") }}
    )
