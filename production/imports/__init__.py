"""Bringing a board in from outside: a Trello file, a table of posts. Each file as one unit.

received = imports.receive(data, "board.json", seat=ann, at=now)    # a preview, nothing made
run = imports.settle(received.run, {"lists": {…}}, seat=ann, at=now)
run = imports.begin(run, seat=ann, at=now)     # claims the file; here or a worker goes on
run = imports.apply(run)                       # one transaction
run = imports.undo(run, seat=ann, at=later)    # everything it made is gone
"""

from production.imports.committing import apply, apply_waiting, begin, is_waiting
from production.imports.plan import ImportProblem, Limits
from production.imports.receiving import Received, digest_of, receive, settle
from production.imports.runs import plan_of
from production.imports.undoing import changed_since, undo

__all__ = [
    "ImportProblem",
    "Limits",
    "Received",
    "apply",
    "apply_waiting",
    "begin",
    "changed_since",
    "digest_of",
    "is_waiting",
    "plan_of",
    "receive",
    "settle",
    "undo",
]
