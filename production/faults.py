"""Places where a test may make the product go wrong, to prove that it would notice.

`settings.FAULT_POINTS` names what is switched on; it is empty everywhere but in tests.
"""

from __future__ import annotations

import os
import time

from django.conf import settings


def is_on(name: str) -> bool:
    return name in getattr(settings, "FAULT_POINTS", ())


def point(name: str) -> None:
    """Stop here when a test asks for it: `name=sleep:0.5` waits, `name=exit` dies at once."""
    for wish in getattr(settings, "FAULT_POINTS", ()):
        where, _, what = wish.partition("=")
        if where == name and what == "exit":
            os._exit(137)
        if where == name and what.startswith("sleep:"):
            time.sleep(float(what.removeprefix("sleep:")))
