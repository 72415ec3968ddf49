"""The items of a workspace as a table for a spreadsheet."""

from __future__ import annotations

from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from production import flow
from production.csvlines import BOM, line
from production.models import ContentItem, Workspace

HEADER = (
    "key", "title", "type", "board", "stage", "kind", "channel", "pillar", "format", "goal",
    "labels", "assignees", "due", "idea", "committed", "published", "lead_time_hours",
    "history_from", "blocked", "archived", "primary_kpi", "target", "result", "decision",
    "learning", "address",
)  # fmt: skip
_BATCH = 500


def write_items(workspace: Workspace, file: IO[bytes]) -> None:
    """Every item, archived ones too, in order of key; moments in the workspace's zone."""
    zone = ZoneInfo(workspace.time_zone)
    file.write(BOM.encode())
    file.write(line(HEADER))
    rows = (
        ContentItem.objects.filter(workspace=workspace)
        .select_related("board", "stage", "channel", "pillar", "format", "goal", "primary_kpi",
                        "workspace")
        .prefetch_related("labels", "assignees")
        .order_by("number")
    )  # fmt: skip
    for item in rows.iterator(chunk_size=_BATCH):
        file.write(line(_cells(item, zone)))


def _cells(item: ContentItem, zone: ZoneInfo) -> list[str]:
    lead = flow.lead_time(item)
    return [
        item.key,
        item.title,
        item.content_type,
        item.board.name,
        item.stage.name,
        item.stage.kind,
        *(_name(getattr(item, name)) for name in ("channel", "pillar", "format", "goal")),
        ", ".join(sorted(label.name for label in item.labels.all())),
        ", ".join(sorted(str(person) for person in item.assignees.all())),
        *(_moment(getattr(item, name), zone)
          for name in ("due_at", "idea_at", "committed_at", "published_at")),
        "" if lead is None else f"{lead.total_seconds() / 3600:.2f}",
        _moment(item.history_from, zone),
        item.blocked_reason,
        _moment(item.archived_at, zone),
        _name(item.primary_kpi),
        _name(item.target_value),
        _name(item.result_value),
        item.decision,
        item.learning,
        item.url,
    ]  # fmt: skip


def _name(value: Any) -> str:
    return "" if value is None else str(value)


def _moment(value: datetime | None, zone: ZoneInfo) -> str:
    return "" if value is None else value.astimezone(zone).isoformat(timespec="minutes")
