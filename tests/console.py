"""A Python that stays open on a house's database: what it is told runs at once, without a start."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import traceback

from django.db import connections

from tests.shared import ROOT

SERVE = "import django; django.setup(); from tests.console import serve; serve()"


class Console:
    """`python(code)` gives what the code prints; each code begins with empty hands."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def python(self, code: str) -> str:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the console ended"
        told = json.loads(answer)
        assert not told["wrong"], told["wrong"]
        return str(told["printed"]).strip()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()


def serve() -> None:
    """Runs what comes in, a line each, until nothing comes any more."""
    answers = sys.stdout
    for line in sys.stdin:
        printed, wrong = io.StringIO(), ""
        with contextlib.redirect_stdout(printed):
            try:
                exec(json.loads(line), {"__name__": "console"})
            except Exception:
                wrong = traceback.format_exc()
        connections.close_all()
        answers.write(json.dumps({"printed": printed.getvalue(), "wrong": wrong}) + "\n")
        answers.flush()
