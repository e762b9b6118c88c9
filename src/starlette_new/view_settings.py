"""What the templates of the standard layout are given about settings."""

from starlette_new.blueprint import Blueprint

View = dict[str, object]

_ADDRESSES = {
    "sqlite": "sqlite:///{}.db",
    "postgres": "postgresql://postgres@127.0.0.1/{}",
    "none": "",
}
_CONNECTIONS = """\
# Of each process; the server's max_connections must be more than all of them together.
DATABASE_CONNECTIONS=8
"""
_PAGES = """\
# Pages that follow live updates in each process; one more is answered with 503 at once.
MOST_PAGES=2000
"""
_READING_URL = {
    "sqlite": """
def read_url(text: str) -> URL:
    url = make_url(text)
    if url.drivername != "sqlite":
        raise ArgumentError("DATABASE_URL is no address of SQLite.")
    return url


""",
    "postgres": '''
def read_url(text: str) -> URL:
    """Read the address of a database; bare `postgresql://` and `postgres://` are psycopg's."""
    url = make_url(re.sub("^postgres(ql)?://", "postgresql+psycopg://", text))
    if url.drivername != "postgresql+psycopg":
        raise ArgumentError("DATABASE_URL is no address of PostgreSQL.")
    return url


''',
    "none": "",
}
_READING_ENDPOINT = '''
def read_endpoint(config: Config) -> str:
    """Read where traces are sent: nowhere, unless a variable of OpenTelemetry says so."""
    base = config("OTEL_EXPORTER_OTLP_ENDPOINT", default="").rstrip("/")
    return config("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", default=base and f"{base}/v1/traces")


'''


def view_settings(blueprint: Blueprint) -> View:
    """Work out the settings that not every project has, and those of its tests."""
    has_database = blueprint.with_db != "none"
    is_postgres = blueprint.with_db == "postgres"
    address = _ADDRESSES[blueprint.with_db].format(blueprint.name)
    is_traced = blueprint.with_telemetry
    return {
        "default_url": address,
        "connections_setting": _CONNECTIONS * is_postgres,
        "pages_setting": _PAGES * blueprint.has_pages,
        "settings_imports": [
            *["import re"] * is_postgres,
            *["from sqlalchemy import URL, make_url"] * has_database,
            *["from sqlalchemy.exc import ArgumentError"] * has_database,
        ],
        "setting_fields": [
            "production: bool",
            *["database_url: URL"] * has_database,
            *["connections: int"] * is_postgres,
            *["most_waiting: int"] * has_database,
            *["most_pages: int"] * blueprint.has_pages,
            *["most_jobs: int"] * blueprint.with_jobs,
            *["traces_endpoint: str"] * is_traced,
        ],
        "setting_lines": [
            *[f'database_url=config("DATABASE_URL", read_url, "{address}"),'] * has_database,
            *['connections=config("DATABASE_CONNECTIONS", number_above_zero, 8),'] * is_postgres,
            *['most_waiting=config("MOST_WAITING", number_above_zero, 2000),'] * has_database,
            *['most_pages=config("MOST_PAGES", number_above_zero, 2000),'] * blueprint.has_pages,
            *['most_jobs=config("MOST_JOBS", number_above_zero, 10_000),'] * blueprint.with_jobs,
            *["traces_endpoint=read_endpoint(config),"] * is_traced,
        ],
        "setting_errors": "(ValueError, ArgumentError)" if has_database else "ValueError",
        "setting_readers": _READING_URL[blueprint.with_db] + _READING_ENDPOINT * is_traced,
        "wrong_settings": [
            '("MAX_BODY_BYTES", "0")',
            *['("DATABASE_URL", "mysql://127.0.0.1/a")'] * has_database,
        ],
        "settings_lines": [
            *["most_pages=2000,"] * blueprint.has_pages,
            *["most_jobs=100,"] * blueprint.with_jobs,
            *['traces_endpoint="",'] * is_traced,
            'allowed_hosts=("localhost",),',
            'trusted_proxies="127.0.0.1",',
            "max_body_bytes=1_000_000,",
            *["body_seconds=20,"] * bool(blueprint.resources),
        ],
    }
