"""What other packages bring: the sample in README.md, built and installed, but never imported."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from uv import find_uv_bin

from starlette_new.cli import run
from starlette_new.errors import UsageProblem
from starlette_new.examples import list_examples, read_example
from starlette_new.plugins import EXAMPLES, TEMPLATES, find_brought, list_brought
from starlette_new.question_list import print_questions
from starlette_new.schema import make_schema
from starlette_new.sources import find_source

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
IMPORTED = 'raise RuntimeError("this package was imported")\n'


def _write(files: dict[Path, str]) -> None:
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the sample package of README.md is installed."""
    folder = tmp_path_factory.mktemp("sample")
    (project,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    package = folder / "src" / "acme_templates"
    _write(
        {
            folder / "pyproject.toml": project,
            package / "__init__.py": IMPORTED,
            package / "service" / "copier.yml": "title: Hello\n",
            package / "service" / "title.txt.jinja": "{{ title }}\n",
            package / "library.yml": "resources:\n  - book title:str\n",
        }
    )
    command = [find_uv_bin(), "pip", "install", "--python", sys.executable, "--target", "site", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture
def installed(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder, where Python finds packages."""
    mine = shutil.copytree(site, tmp_path / "site")
    monkeypatch.syspath_prepend(mine)
    return mine


def _declare(site: Path, name: str, entries: str) -> None:
    info = site / f"{name}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    _write({info / "METADATA": metadata, info / "entry_points.txt": entries})


def test_nothing_is_brought_where_nothing_is_installed() -> None:
    assert list_brought(TEMPLATES) == list_brought(EXAMPLES) == {}
    assert find_brought(TEMPLATES, "acme") is None


def test_a_template_is_found_by_its_name_without_an_import(installed: Path, folder: Path) -> None:
    source = find_source("acme", offline=True)

    assert source == str(installed / "acme_templates" / "service")
    assert run(["demo", "--template", "acme", "--data", "title=Hi", "--no-git", "-q"]) == 0
    assert (folder / "demo" / "title.txt").read_text() == "Hi\n"
    assert "acme_templates" not in sys.modules


def test_an_example_is_found_by_its_name_without_an_import(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read_example("library") == {"resources": ["book title:str"]}
    assert run(["demo", "--example", "library", "--dry-run"]) == 0
    assert "resources: book" in capsys.readouterr().out
    assert "acme_templates" not in sys.modules


def test_names_are_listed_with_the_package_that_brings_them(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    print_questions()

    assert "--template acme: brought by the package acme-templates" in capsys.readouterr().out
    assert make_schema()["x-brought"] == {
        "templates": [{"name": "acme", "package": "acme-templates"}],
        "examples": [{"name": "library", "package": "acme-templates"}],
    }


def test_names_that_are_brought_are_offered_for_one_that_is_not_known(installed: Path) -> None:
    with pytest.raises(UsageProblem, match="no template") as template:
        find_source("acmee", offline=True)
    with pytest.raises(UsageProblem, match="no example") as example:
        read_example("libary")

    assert template.value.hint == (
        "Did you mean acme? The templates are acme, or give a folder or an address of Git."
    )
    assert example.value.hint == (
        "Did you mean library? The examples are blog, library, shop, taskflow."
    )


def test_our_own_names_win(installed: Path) -> None:
    _declare(installed, "rival", f"[{EXAMPLES}]\nshop = acme_templates:library\n")

    assert "book title:str" not in read_example("shop")["resources"]
    assert list_examples() == ["blog", "shop", "taskflow"]


@pytest.mark.parametrize(
    "value",
    [
        "acme_templates:missing",
        "acme_templates:../../theirs",
        "missing:service",
        ":service",
        "sys:a",
    ],
)
def test_what_is_not_in_its_package_is_told(
    installed: Path, template: Callable[..., Path], value: str
) -> None:
    template("title: Hello\n")
    _declare(installed, "wrong", f"[{TEMPLATES}]\nwrong = {value}\n")

    with pytest.raises(UsageProblem, match="The package wrong brings") as caught:
        find_source("wrong", offline=True)

    assert value in caught.value.message
    assert "package:path" in caught.value.hint


def test_a_package_within_a_package_is_found(installed: Path) -> None:
    _declare(installed, "deep", f"[{EXAMPLES}]\ndeep = acme_templates.service:more\n")
    _write({installed / "acme_templates" / "service" / "more.yml": "resources: book\n"})

    assert read_example("deep") == {"resources": "book"}
    assert run(["demo", "--example", "deep", "-n"]) == 2
