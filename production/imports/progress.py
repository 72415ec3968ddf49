"""How far an import has come, while its own transaction hides that from everybody else."""

from __future__ import annotations

from django.core.cache import cache

from production.models import ImportRun

_EVERY = 25
_SECONDS = 600


def tell(run: ImportRun, done: int, total: int) -> None:
    """Say so now and then: it goes past the database, and is worth nothing afterwards."""
    if done % _EVERY == 0 or done == total:
        cache.set(_key(run), done, _SECONDS)


def read(run: ImportRun) -> int:
    """Cards made so far."""
    if run.state != ImportRun.State.APPLYING:
        return run.progress_done
    return int(cache.get(_key(run)) or 0)


def forget(run: ImportRun) -> None:
    cache.delete(_key(run))


def _key(run: ImportRun) -> str:
    return f"import:{run.public_id}"
