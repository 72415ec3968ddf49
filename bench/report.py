"""Rows of figures: as a table for people, as JSON for comparing."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: the work, its figures, what bounds them, what is asked for, and if that is met."""

    work: str
    figures: dict[str, float]
    limit: str = ""
    demanded: str = ""
    is_met: bool | None = None


def as_text(rows: Sequence[Row]) -> str:
    """A table in Markdown."""
    lines = ["| work | figures | limit underneath | demanded | met |", "|---|---|---|---|---|"]
    for row in rows:
        figures = ", ".join(f"{name} {_number(value)}" for name, value in row.figures.items())
        met = {True: "yes", False: "**no**", None: ""}[row.is_met]
        lines.append(f"| {row.work} | {figures} | {row.limit} | {row.demanded} | {met} |")
    return "\n".join(lines)


def write(rows: Sequence[Row], database: str) -> Path:
    """Keep the figures with what they were measured on; where they are."""
    RESULTS.mkdir(exist_ok=True)
    told: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "database": database,
        "cores": os.cpu_count(),
        "load_average": os.getloadavg(),
        "python": platform.python_version(),
        "rows": [asdict(row) for row in rows],
    }
    file = RESULTS / f"{database}-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    file.write_text(json.dumps(told, indent=1) + "\n")
    return file


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.0f}" if value == int(value) or value >= 100 else f"{value:.1f}"


def _commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip()
