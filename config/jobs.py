"""The worker and the clock as processes of the family."""

from __future__ import annotations

import sys
import warnings

from celery.platforms import SecurityWarning

from config.broker import give_back_unfinished_jobs, wait_until_it_answers
from config.celery import app


def work(broker_url: str, *, alone: bool) -> None:
    """Do jobs until SIGTERM. `alone`: no other worker exists, so unfinished jobs are ours."""
    if alone and wait_until_it_answers(broker_url, 10):
        give_back_unfinished_jobs(app)
    # As root it warns of pickled jobs, which are refused here.
    warnings.simplefilter("ignore", SecurityWarning)
    worker = app.Worker(
        loglevel="INFO",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


def tick() -> None:
    """Queue what the schedule says until SIGTERM."""
    app.Beat(loglevel="WARNING", quiet=True).run()
