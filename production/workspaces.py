"""Workspaces: begin one, change it, give it another address, take it away."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from production import calendars, events, presets
from production.checks import check
from production.errors import Invalid
from production.events import Line
from production.models import (
    Asset,
    Channel,
    ContentItem,
    Cycle,
    FormerSlug,
    Goal,
    ImportRun,
    Membership,
    Pillar,
    Role,
    Slot,
    User,
    Workspace,
)
from production.permissions import Seat

# What the figures of flow are reckoned with.
OF_FLOW = (
    "clock_start", "target_hours", "baseline_hours", "sle_share", "sle_hours", "duration_mode",
    "working_weekdays", "holidays",
)  # fmt: skip
CHANGEABLE = (
    "name", "language", "time_zone", *OF_FLOW,
    "wip_limit_per_person", "wip_per_person_blocks", "min_reviewers", "guests_count",
    "grace_minutes",
)  # fmt: skip
SHARES = range(50, 100)  # per cent
GRACE = range(5, 24 * 60 + 1)  # minutes
PRESETS = ("method", "board")  # the whole method, or the board with its stages alone
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "đ": "d", "ł": "l", "Ł": "L"})


@transaction.atomic
def create(
    name: str,
    *,
    by: User,
    at: datetime,
    language: str = "en",
    time_zone: str = "Europe/Helsinki",
    preset: str = "method",
) -> Workspace:
    """A workspace that `by` owns, with a board and, unless `preset` is "board", the whole method.

    Raises Invalid.
    """
    if preset not in PRESETS:
        raise ValueError(f"{preset!r} is no preset; they are {', '.join(PRESETS)}")
    workspace = Workspace(
        name=" ".join(name.split()), language=language, time_zone=time_zone, created_at=at
    )
    workspace.slug = free_slug(workspace.name)
    _check(workspace)
    workspace.save(force_insert=True)
    membership = Membership.objects.create(workspace=workspace, user=by, role=Role.OWNER)
    board = presets.fill(workspace, by=by, at=at, whole_method=preset == "method")
    events.record_many(
        [
            Line(
                "workspace.created",
                workspace.public_id,
                at,
                {"name": workspace.name, "slug": workspace.slug, "preset": preset},
                by=by,
            ),
            Line(
                "member.joined",
                membership.public_id,
                at,
                {"role": Role.OWNER, "user": by.public_id},
                by=by,
            ),
            Line("board.added", board.public_id, at, {"name": board.name}, board.pk, by),
        ],
        workspace_id=workspace.pk,
    )
    workspace.refresh_from_db()
    return workspace


@transaction.atomic
def change(changes: Mapping[str, Any], *, seat: Seat, at: datetime) -> Workspace:
    """Change the named fields of the seat's workspace and no others.

    Weekdays and days off are kept in order, each once. Raises Invalid.
    """
    for name in changes:
        seat.require("flow.change" if name in OF_FLOW else "workspace.change")
    if unknown := set(changes) - set(CHANGEABLE):
        raise ValueError(f"not to be changed: {', '.join(sorted(unknown))}")
    workspace = Workspace.objects.select_for_update().get(pk=seat.workspace.pk)
    noted = {}
    for name, given in changes.items():
        value = calendars.in_order(given) if name in calendars.LISTS else given
        if getattr(workspace, name) != value:
            noted[name] = [getattr(workspace, name), value]
            setattr(workspace, name, value)
    if noted:
        _check(workspace)
        workspace.save(update_fields=list(noted))
        _record("workspace.changed", workspace, seat, at, {"changes": noted})
    return workspace


@transaction.atomic
def change_slug(slug: str, *, seat: Seat, at: datetime) -> Workspace:
    """Give the workspace another address; the former one redirects from now on. Raises Invalid."""
    seat.require("workspace.change")
    workspace = Workspace.objects.select_for_update().get(pk=seat.workspace.pk)
    former, slug = workspace.slug, slug.strip().lower()
    if slug == former:
        return workspace
    workspace.slug = slug
    check(workspace, only=["slug"])
    others = FormerSlug.objects.filter(slug=slug).exclude(workspace=workspace)
    if others.exists():
        raise Invalid({"slug": [("taken", _("Another workspace has had this address."))]})
    FormerSlug.objects.filter(slug=slug).delete()
    FormerSlug.objects.create(workspace=workspace, slug=former)
    workspace.save(update_fields=["slug"])
    _record("workspace.changed", workspace, seat, at, {"changes": {"slug": [former, slug]}})
    return workspace


def delete(*, seat: Seat, typed_name: str) -> None:
    """Erase the workspace, its log and its files for good; the owner types its name to say so.

    Raises Invalid when what was typed is not the name.
    """
    seat.require("workspace.delete")
    if " ".join(typed_name.split()) != seat.workspace.name:
        message = _("Type the name of the workspace exactly as it is written above.")
        raise Invalid({"typed_name": [("not_the_name", message)]})
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(pk=seat.workspace.pk)
        files = _files(workspace)
        _let_the_log_go()
        for ending in settings.WORKSPACE_ENDINGS:
            import_string(ending)(workspace)
        # From the twigs to the root: what items point to stays as long as they do.
        ContentItem.objects.filter(workspace=workspace).update(parent=None)
        for model in (Cycle, ContentItem, Slot, Goal, Pillar, Channel):
            model.objects.filter(workspace=workspace).delete()  # type: ignore[attr-defined]
        workspace.delete()
        transaction.on_commit(lambda: _remove(files), robust=True)


def free_slug(name: str) -> str:
    """An address made of the name that nobody has or had: `studio-aalto`, `studio-aalto-2`."""
    ascii_name = (
        unicodedata.normalize("NFKD", name.translate(_LETTERS)).encode("ascii", "ignore").decode()
    )
    base = slugify(ascii_name)[:50].strip("-") or "team"
    used = {
        *Workspace.objects.filter(slug__startswith=base).values_list("slug", flat=True),
        *FormerSlug.objects.filter(slug__startswith=base).values_list("slug", flat=True),
    }
    if base not in used:
        return base
    return next(slug for n in range(2, len(used) + 3) if (slug := f"{base}-{n}") not in used)


def _check(workspace: Workspace) -> None:
    if workspace.time_zone not in available_timezones():
        message = _("Choose a time zone from the list.")
        raise Invalid({"time_zone": [("unknown", message)]})
    if workspace.target_hours < 1:
        raise Invalid({"target_hours": [("range", _("The target is at least one hour."))]})
    if workspace.baseline_hours < 1:
        raise Invalid({"baseline_hours": [("range", _("The baseline is at least one hour."))]})
    if workspace.sle_share not in SHARES:
        raise Invalid({"sle_share": [("range", _("A promise is kept for 50 to 99 %."))]})
    if workspace.sle_hours is not None and workspace.sle_hours < 1:
        raise Invalid({"sle_hours": [("range", _("A promise is at least one hour."))]})
    if workspace.min_reviewers < 1:
        raise Invalid({"min_reviewers": [("range", _("A review needs at least one signature."))]})
    if workspace.grace_minutes not in GRACE:
        message = _("From %(least)s minutes to a day.") % {"least": GRACE.start}
        raise Invalid({"grace_minutes": [("range", message)]})
    calendars.check(workspace)
    check(workspace)


def _let_the_log_go() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL putki.erase = 'on'")


def _files(workspace: Workspace) -> list[str]:
    assets = Asset.objects.filter(item__workspace=workspace).exclude(file="")
    runs = ImportRun.objects.filter(workspace=workspace).exclude(file="")
    return [*assets.values_list("file", flat=True), *runs.values_list("file", flat=True)]


def _remove(files: list[str]) -> None:
    for name in files:
        default_storage.delete(name)


def _record(
    type: str, workspace: Workspace, seat: Seat, at: datetime, data: dict[str, Any]
) -> None:
    events.record(
        type, workspace.public_id, workspace_id=workspace.pk, by=seat.user, at=at, data=data
    )
