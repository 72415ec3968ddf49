"""The worker and the clock as processes of the family."""

from __future__ import annotations

import os
import signal
import sys
import warnings
from threading import Thread
from time import sleep

from celery.platforms import SecurityWarning

from config.broker import give_back_unfinished_jobs, wait_until_it_answers
from config.celery import app

ORPHAN_MAY_TAKE = 3.0


def work(broker_url: str, *, alone: bool) -> None:
    """Do jobs until SIGTERM. `alone`: no other worker exists, so unfinished jobs are ours."""
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
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


def _end_with(parent: int) -> None:
    """Take the whole group along when the parent has died and asking did not help.

    A worker that looks for its broker hears no signal until it has found one; its jobs come back.
    """
    while os.getppid() == parent:
        sleep(0.5)
    sleep(ORPHAN_MAY_TAKE)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def tick() -> None:
    """Queue what the schedule says until SIGTERM."""
    app.Beat(loglevel="WARNING", quiet=True).run()
