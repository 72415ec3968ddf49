"""The product's settings, and what a race needs: faults on request, no limit on calls."""

import os

from config.settings import *  # noqa: F403

FAULT_POINTS = tuple(filter(None, os.environ.get("FAULT_POINTS", "").split(",")))
API_READS_PER_MINUTE = API_WRITES_PER_MINUTE = 10_000_000
STREAMS_PER_PERSON = 10_000
if mode := os.environ.get("TRANSACTION_MODE"):
    DATABASES["default"]["OPTIONS"]["transaction_mode"] = mode  # noqa: F405
    DATABASES["default"]["OPTIONS"]["timeout"] = 1  # noqa: F405
