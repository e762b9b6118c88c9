"""What the templates of the standard layout are given about traces and metrics."""

from starlette_new.blueprint import Blueprint
from starlette_new.fields import make_list

View = dict[str, object]

PACKAGES = [
    "opentelemetry-exporter-otlp-proto-http>=1.45,<2",
    "opentelemetry-sdk>=1.45,<2",
    "prometheus-client>=0.26,<1",
]


def view_telemetry(blueprint: Blueprint) -> View:
    """Work out what traces and metrics add to other files, and the lines of their own."""
    is_on = blueprint.with_telemetry
    is_postgres = blueprint.with_db == "postgres"
    live = ["/live"] * blueprint.has_pages
    untraced = ["/-/metrics", "/health/live", "/static/style.css", *live]
    return {
        "telemetry_imports": _IMPORTS * is_on,
        "tracing_lines": [_TRACING] * is_on,
        "started_lines": ["try:", f"    {_STARTED}", "finally:", "    stop(tracers)"]
        if is_on
        else [_STARTED],
        "served_lines": _SERVED * (is_on and is_postgres),
        "shared_lines": [_SHARED] * (is_on and is_postgres),
        "telemetry_rule": _RULE * is_on,
        "telemetry_note": "with.md" if is_on else "without.md",
        "untraced": r"(-/|health/|static/" + r"|live(\?|$)" * bool(live) + ")",
        "untraced_reason": "probes are many" + ", and a stream of events has no end" * bool(live),
        "untraced_note": "Health checks, static files" + ", live updates" * bool(live),
        "untraced_paths": make_list(untraced),
        "metrics_imports": _SUMMING if is_postgres else _PLAIN,
        "metrics_options": ', multiprocess_mode="livesum"' * is_postgres,
        "metrics_reach": ", in all processes together" * is_postgres,
        "telemetry_test_imports": _TEST_SUMMING * is_postgres,
    }


_IMPORTS = [
    "from starlette.middleware.opentelemetry import OpenTelemetryMiddleware",
    "from app.telemetry import UNTRACED, Metrics, make_tracers, stop",
]
_TRACING = "Middleware(OpenTelemetryMiddleware, tracer_provider=tracers, excluded_urls=UNTRACED),"
_STARTED = 'yield {"settings": settings, "started_at": datetime.now(UTC)}'
_RULE = """
- The labels of metrics (`app/telemetry.py`) have few values: the name of a route, never an id or
  what a client sent."""
_PLAIN = [
    "from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, Counter, Gauge, Histogram",
    "from prometheus_client import generate_latest",
]
_SUMMING = [
    *_PLAIN,
    "import atexit",
    "import os",
    "from pathlib import Path",
    "from shutil import rmtree",
    "from tempfile import mkdtemp",
    "from prometheus_client import REGISTRY, CollectorRegistry",
    "from prometheus_client.multiprocess import MultiProcessCollector",
]
_SERVED = [
    'monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")',
    'monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))',
]
_SHARED = 'assert Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).parent == Path.cwd()'
_TEST_SUMMING = [
    "import asyncio",
    "import sys",
    "from pathlib import Path",
    "from shutil import copyfile",
]
