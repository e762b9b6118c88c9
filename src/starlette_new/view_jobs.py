"""What the templates of the standard layout are given about background work."""

import json

from starlette_new.blueprint import Blueprint

View = dict[str, object]

PACKAGES = ["procrastinate>=3.10,<4"]
JOBS_OPTION = (
    'parser.add_argument("--jobs", default=4, type=number_above_zero, '
    'help="jobs that are done at a time (4)")'
)


def view_jobs(blueprint: Blueprint) -> View:
    """Work out what background work adds to other files, and the lines of its own."""
    is_on = blueprint.with_jobs
    plurals = sorted(resource.plural for resource in blueprint.resources)
    return {
        "exportable": ", ".join(map(json.dumps, plurals)),
        "exported": plurals[0] if plurals else "",
        "exported_name": blueprint.resources[0].name if is_on else "",
        "api_paths": '("/api/", "/-/api/")' if is_on else '"/api/"',
        "migrate_queue": _MIGRATE * is_on,
        "jobs_setting": _SETTING * is_on,
        "jobs_advice": _ADVICE * is_on,
        "jobs_note": "with.md" if is_on else "without.md",
        "decided_at": "at the page `/-/jobs`" if blueprint.has_pages else "at `/-/api/jobs`",
        "jobs_style": _STYLE * (is_on and blueprint.has_pages),
        "job_notices": ['"deferred": "It will be done soon.",'] * (is_on and blueprint.has_pages),
        "deploy_jobs": _DEPLOY.format(name=blueprint.name) * is_on,
        "jobs_connections": ", a worker up to 12" * is_on,
        **(_ENVIRONMENT if is_on else {}),
    }


def list_job_routes(blueprint: Blueprint) -> list[str]:
    """Give the addresses of background work, as lines of `routes.py`."""
    return [*_PAGES * blueprint.has_pages, *_API] * blueprint.with_jobs


def list_job_imports(blueprint: Blueprint) -> list[str]:
    """Give what `routes.py` imports for them."""
    return [*[_PAGES_IMPORT] * blueprint.has_pages, *_API_IMPORTS] * blueprint.with_jobs


_MIGRATE = """
        engine = make_engine(url)
        migrate_queue(engine)
        engine.dispose()"""
COMMAND_IMPORTS = ["import asyncio", "import logging.config"]
DATABASE_IMPORTS = ["from app.queue_schema import is_queue_migrated, migrate_queue"]
_SETTING = """\
# Jobs that wait for a worker; one more is answered with 503 at once.
MOST_JOBS=10000
"""
_ADVICE = """\
- What takes long is a task (`app/queue.py`): `defer` it in the transaction of its row, answer 202
  with an address that tells its state, and let a worker do it. `app/exports.py` is an example. A
  task may run twice: look first whether it is done.
"""
_STYLE = """
/* Jobs */
.bar form { display: flex; gap: 0.5rem; }
.bar select { width: auto; }
.decide { display: flex; gap: 0.5rem; white-space: nowrap; }
"""
_DEPLOY = """\
5. Start a worker beside it, on any of the machines: `.venv/bin/{name} work --jobs 4`. After a
   SIGTERM it ends what it has begun; what a killed worker had begun, another begins anew within two
   minutes.
"""
_ENVIRONMENT = {
    "env_functions": [
        "",
        "",
        "def is_compared(name: str | None, kind: str, _: object) -> bool:",
        '    """Leave out the tables of the queue, which Procrastinate brings."""',
        '    return kind != "table" or not (name or "").startswith("procrastinate_")',
        "",
        "",
    ],
    "env_options": ["include_name=is_compared,"],
}
_PAGES = [
    'Route("/-/jobs", show_backlog),',
    'Route("/-/jobs/exports", start_export, methods=["POST"]),',
    'Route("/-/jobs/{id:id}/retry", retry_job, methods=["POST"]),',
    'Route("/-/jobs/{id:id}/remove", remove_job, methods=["POST"]),',
]
_API = [
    'Route("/-/api/jobs", ShowBacklog),',
    'Route("/-/api/jobs/{id:id}", RemoveJob),',
    'Route("/-/api/jobs/{id:id}/retry", RetryJob),',
    'Route("/-/api/exports", BeginExport),',
    'Route("/-/api/exports/{id:id}", ShowExport),',
    'Route("/-/api/exports/{id:id}/content", SendExport),',
]
_PAGES_IMPORT = "from app.backlog import remove_job, retry_job, show_backlog, start_export"
_API_IMPORTS = [
    "from app.exports import BeginExport, SendExport, ShowExport",
    "from app.failures import RemoveJob, RetryJob, ShowBacklog",
]
