"""The demo workspace: an invented Finnish studio and ninety days of its work, always the same.

Everything goes through the verbs, in the order of time, so that the log, the stamps and the
boards are as real as any team's.
"""

from production.demo.make import DEMO_EMAIL, DEMO_PASSWORD, DEMO_SLUG, make

__all__ = ["DEMO_EMAIL", "DEMO_PASSWORD", "DEMO_SLUG", "make"]
