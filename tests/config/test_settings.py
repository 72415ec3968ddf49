import json
import os
import re
import secrets
import subprocess
import sys

import pytest
from django.db import connections

from config.celery import app
from config.processes import become
from config.settings.environment import is_guessable
from tests.shared import ROOT

READ = re.compile(r"""env\.\w+\(\s*["']([A-Z_]+)["']""")
WRITTEN = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
SHOWN = [
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "ALLOWED_HOSTS",
    "REDIS_URL",
    "CACHE_URL",
    "CELERY_BROKER_URL",
]


def settings_with(**environment: str) -> dict[str, object]:
    code = (
        "import json; from django.conf import settings as s; "
        f"print(json.dumps({{n: getattr(s, n) for n in {SHOWN!r}}}))"
    )
    done = python("-c", code, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "VAR_DIR": os.environ["VAR_DIR"],
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_the_table_of_variables_is_whole() -> None:
    code = "".join(file.read_text() for file in (ROOT / "config").rglob("*.py"))

    assert set(READ.findall(code)) == set(
        WRITTEN.findall((ROOT / "docs/configuration.md").read_text())
    )


@pytest.mark.parametrize(
    "key",
    [
        "secret",
        "x" * 60,
        "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz0123456789",
        "change-me" * 8,
    ],
)
def test_a_secret_that_can_be_guessed_is_refused(key: str) -> None:
    done = python("manage.py", "check", SECRET_KEY=key)

    assert done.returncode != 0
    assert "SECRET_KEY can be guessed" in done.stderr


def test_a_random_secret_is_accepted() -> None:
    assert not is_guessable(secrets.token_urlsafe(50))


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "up"],
        ["-c", "import config.asgi"],
        ["-m", "celery", "-A", "config", "worker"],
    ],
)
def test_nothing_serves_without_a_secret(command: list[str]) -> None:
    done = python(*command)

    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


def test_the_secret_may_lie_in_a_file(tmp_path) -> None:
    file = tmp_path / "secret"
    file.write_text(secrets.token_urlsafe(50) + "\n")
    code = "from django.conf import settings; print(settings.SECRET_KEY)"

    done = python("-c", code, SECRET_KEY_FILE=str(file))

    assert done.stdout.strip() == file.read_text().strip()


def test_over_https_cookies_belong_to_this_host_alone() -> None:
    shown = settings_with(SITE_URL="https://putki.example")

    assert shown["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert shown["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert shown["SESSION_COOKIE_SECURE"] is True
    assert shown["SECURE_SSL_REDIRECT"] is True
    assert shown["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert "putki.example" in shown["ALLOWED_HOSTS"]


def test_over_plain_http_signing_in_still_works() -> None:
    shown = settings_with()

    assert shown["SESSION_COOKIE_NAME"] == "sessionid"
    assert shown["SESSION_COOKIE_SECURE"] is False
    assert shown["SECURE_HSTS_SECONDS"] == 0


def test_the_cache_is_another_database_of_the_same_server() -> None:
    shown = settings_with(REDIS_URL="redis://:word@redis.example:6380/0")

    assert shown["CELERY_BROKER_URL"] == shown["REDIS_URL"] == "redis://:word@redis.example:6380/0"
    assert shown["CACHE_URL"] == "redis://:word@redis.example:6380/1"


def test_listening_everywhere_lets_the_local_network_in() -> None:
    assert len(settings_with(HOST="0.0.0.0")["ALLOWED_HOSTS"]) > len(
        settings_with()["ALLOWED_HOSTS"]
    )
    assert "*" not in settings_with(HOST="0.0.0.0")["ALLOWED_HOSTS"]


def test_every_task_of_the_schedule_exists() -> None:
    app.loader.import_default_modules()

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_each_kind_of_process_has_its_own_patience() -> None:
    database = connections["default"]
    before = dict(connections.settings["default"]["OPTIONS"])
    try:
        database.close()
        database.close_pool()
        become("web")
        with database.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("10s",)
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("2s",)
            cursor.execute("SHOW application_name")
            assert cursor.fetchone() == ("putki-web",)
    finally:
        database.close()
        database.close_pool()
        connections.settings["default"]["OPTIONS"] = before


@pytest.mark.django_db(transaction=True)
def test_sqlite_keeps_what_it_has_acknowledged(house) -> None:
    if connections["default"].vendor != "sqlite":
        pytest.skip("speaks of SQLite")
    house.manage("migrate", "--verbosity", "0")

    told = house.python(
        "from django.db import connection as c\n"
        "k = c.cursor()\n"
        "print([k.execute(f'PRAGMA {n}').fetchone()[0] for n in"
        " ('journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout', 'journal_size_limit')])"
    )

    assert told == "['wal', 2, 1, 20000, 67108864]"
