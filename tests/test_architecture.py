"""The shape of the code: which part may know which, and what no part may contain."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.application import use_cases
from importlinter.configuration import configure

from tests.shared import ROOT

APPS = ("config", "production", "experiments", "playbook")
MOST_LINES = 400  # 300 is what we aim at; this stops what has run away
FORBIDDEN_NAMES = {"services", "utils", "helpers", "managers", "misc", "common"}


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def contracts() -> list[dict]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return project["tool"]["importlinter"]["contracts"]


def test_imports_point_down(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.chdir(ROOT)
    configure()

    kept = use_cases.lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)

    assert kept == use_cases.SUCCESS, capsys.readouterr().out


def test_the_contracts_name_what_is_there() -> None:
    """A name that has gone would be kept for ever, by nobody."""
    layers = next(each for each in contracts() if each.get("containers") == ["production"])
    listed = {name.strip() for layer in layers["layers"] for name in re.split("[|:]", layer)}
    present = {path.stem for path in (ROOT / "production").glob("*.py")}
    present |= {path.parent.name for path in (ROOT / "production").glob("*/__init__.py")}

    assert listed <= present
    assert len(listed) > 50


def test_only_one_module_speaks_after_the_commit() -> None:
    """What else hung there would be lost with the process; files, the purge finds again."""
    allowed = {
        "production/events/record.py",
        "production/imports/committing.py",
        "production/imports/undoing.py",
    }
    found = set()
    for path in sources(*APPS):
        text = path.read_text()
        for match in re.finditer(r"transaction\.on_commit\((.*)", text):
            if not re.search("delete|_remove", match[1]) and named(path) not in allowed:
                found.add(f"{named(path)}: {match[0]}")

    assert not found


@pytest.mark.parametrize(
    ("pattern", "allowed", "why"),
    [
        (r"\bmark_safe\(|\|safe\b", {"production/markdown.py"}, "text is escaped but by Markdown"),
        (r"datetime\.now\(\)|utcnow\(|date\.today\(\)", set(), "times have a zone"),
        (r"@receiver|\.connect\(\s*$|post_save|pre_save", set(), "no signals"),
        (r"fields\s*=\s*[\"']__all__[\"']", set(), "what may be set is listed"),
        (r"\.delay\(|apply_async\(", set(), "wake-ups ring at the doorbell"),
        (r"StreamingHttpResponse", set(), "streams are tails of an answer"),
        (r"\bimport (requests|httpx|urllib\.request)\b", set(), "nothing goes out by itself"),
        (r"\bTODO\b|\bFIXME\b|\bXXX\b", set(), "what is not finished is not here"),
    ],
)
def test_what_is_never_written(pattern: str, allowed: set[str], why: str) -> None:
    found = [
        f"{named(path)}:{number}: {line.strip()}"
        for path in sources(*APPS)
        if named(path) not in allowed
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]

    assert not found, why


def test_files_are_about_something_and_short() -> None:
    paths = list(sources(*APPS))

    assert not [named(path) for path in paths if path.stem in FORBIDDEN_NAMES]
    long = {named(path): len(path.read_text().splitlines()) for path in paths}
    assert not {name: lines for name, lines in long.items() if lines > MOST_LINES}


def test_imports_stand_at_the_top() -> None:
    found = []
    for path in sources(*APPS):
        tree = ast.parse(path.read_text())
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [
                    f"{named(path)}:{node.lineno}"
                    for node in ast.walk(function)
                    if isinstance(node, ast.Import | ast.ImportFrom)
                ]

    assert not found


def test_there_is_no_admin_and_no_debugger(settings) -> None:
    """What is not installed cannot be found open."""
    installed = " ".join(settings.INSTALLED_APPS)

    assert "admin" not in installed
    assert "debug_toolbar" not in installed


def test_templates_carry_neither_style_nor_script() -> None:
    """The content security policy would refuse them in a browser; here they are named."""
    found = []
    for folder in APPS:
        for path in sorted((ROOT / folder).rglob("*.html")):
            text = path.read_text()
            if path.parent.name == "mail":  # has neither style sheets nor a policy
                text = text.replace("<style>", "", 1)
            for match in re.finditer(
                r"<style\b|\sstyle=|\son(click|change|submit|load|error|input)=|hx-on|javascript:"
                r"|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")",
                text,
            ):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{named(path)}:{line}: {match[0].strip()}")

    assert not found
