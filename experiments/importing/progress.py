"""How far an import has come, while its own transaction hides that from everybody else."""

from __future__ import annotations

from django.core.cache import cache

from experiments.models import ExperimentImport, MetricImport

Run = MetricImport | ExperimentImport

_EVERY = 1_000
_SECONDS = 600


def tell(run: Run, done: int, *, always: bool = False) -> None:
    """Say so now and then: it goes past the database, and is worth nothing afterwards."""
    if always or done % _EVERY == 0:
        cache.set(_key(run), done, _SECONDS)


def read(run: Run) -> int:
    """Rows written so far."""
    if run.state not in (MetricImport.State.APPLYING, MetricImport.State.UNDOING):
        return run.progress_done
    return int(cache.get(_key(run)) or run.progress_done)


def forget(run: Run) -> None:
    cache.delete(_key(run))


def _key(run: Run) -> str:
    return f"import:{run.public_id}"
