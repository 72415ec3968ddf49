"""What has to be true before the first request: tables, catalogues, static files, a demo."""

from __future__ import annotations

import io
import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def prepare(*, demo: bool) -> None:
    """Bring everything up to date; quick when nothing has changed."""
    compile_catalogues()
    collect_static_files()
    call_command("migrate", verbosity=0, interactive=False)
    if demo:
        call_command("demo", "--once", "--print")


def compile_catalogues() -> None:
    """Make `.mo` of each `.po` that is newer; by Babel, since a fresh machine may lack msgfmt."""
    for source in sorted(p for folder in settings.LOCALE_PATHS for p in folder.rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        catalogue = read_po(io.BytesIO(source.read_bytes()), locale=source.parts[-3])
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        replace(target, compiled.getvalue())


def replace(path: Path, content: bytes) -> None:
    """All or nothing: nobody reads half a file."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    os.replace(fresh, path)


def collect_static_files() -> None:
    """Copy, hash and pack the static files, unless none is newer than the last time."""
    if settings.DEBUG:
        return
    stamp = settings.STATIC_ROOT / "collected"
    newest = f"{newest_static_file():.6f}"
    if stamp.exists() and stamp.read_text() == newest:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(newest)


def newest_static_file() -> float:
    """When the youngest static file or the list of packages was changed."""
    times = [(settings.BASE_DIR / "requirements.txt").stat().st_mtime]
    for finder in get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            times.append(os.stat(storage.path(path)).st_mtime)
    return max(times)
