"""The guide says what the code does."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from production.webhooks.schedule import WAITS
from tests.production.api.test_description import operations
from tests.shared import ROOT

GUIDE = (ROOT / "docs" / "webhooks.md").read_text()


def said(wait: timedelta) -> str:
    seconds = int(wait.total_seconds())
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds and seconds % length == 0:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def test_the_table_of_waits_is_the_one_in_the_code() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", GUIDE, re.MULTILINE)

    assert rows == [(str(number), said(wait)) for number, wait in enumerate(WAITS, 1)]


def test_every_operation_is_in_the_table_and_none_besides() -> None:
    rows = re.findall(r"^\| `([A-Z]+) (/webhook-[^?`]+)", GUIDE, re.MULTILINE)

    there: set[Any] = {
        (method.upper(), path.removeprefix("/api/v1"))
        for method, path, _operation in operations()
        if path.startswith("/api/v1/webhook-")
    }
    assert set(rows) | {("GET", "/webhook-endpoints/{id}/")} == there
