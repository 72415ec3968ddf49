"""How far an import has come, while its own transaction hides that from everybody else."""

from __future__ import annotations

from django.core.cache import cache

from experiments.models import MetricImport

_EVERY = 1_000
_SECONDS = 600


def tell(run: MetricImport, done: int) -> None:
    """Say so now and then: it goes past the database, and is worth nothing afterwards."""
    if done % _EVERY == 0:
        cache.set(_key(run), done, _SECONDS)


def read(run: MetricImport) -> int:
    """Rows written so far."""
    if run.state != MetricImport.State.APPLYING:
        return run.progress_done
    return int(cache.get(_key(run)) or 0)


def forget(run: MetricImport) -> None:
    cache.delete(_key(run))


def _key(run: MetricImport) -> str:
    return f"metric-import:{run.public_id}"
