from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from production import changes as changing
from production import events
from production.arranging import arranged, put_in_order
from production.checks import check, taken
from production.errors import Invalid, Stale
from production.models import Channel, Format, KpiDefinition
from production.permissions import Seat
from production.plan import definitions, formulas, signals
from production.plan.words import WORDS, Entry, Word, word_of

AnEntry = TypeVar("AnEntry", bound=Entry)


@transaction.atomic
def add(noun: str, values: Mapping[str, Any], *, seat: Seat, at: datetime) -> Entry:
    """A new entry of the plan, last in its list. Raises Invalid."""
    seat.require("plan.change")
    word = WORDS[noun]
    rows = word.model.objects.filter(workspace=seat.workspace)
    last = rows.aggregate(last=Max("position"))["last"]
    entry = word.model(workspace=seat.workspace, position=0 if last is None else last + 1)
    named = _without_signals(word, values)
    changing.apply(entry, named, fields=word.fields)
    if isinstance(entry, KpiDefinition):
        entry.code = _free_code(entry)
    _save(entry)
    if isinstance(entry, Channel):
        signals.write(entry, signals.cleaned(values.get("signals", ())))
    if isinstance(entry, KpiDefinition):
        definitions.keep(entry, by=seat.user, at=at)
    _record(f"{noun}.added", entry, seat, at, {"name": entry.name})
    return entry


@transaction.atomic
def change(
    entry: AnEntry,
    changes: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
) -> AnEntry:
    """Change the named fields and no others; a KPI counted differently gets a new definition.

    Raises Invalid; Stale when `version` is given and is not the entry's.
    """
    seat.require("plan.change")
    word = word_of(entry)
    entry = _held(entry, seat)
    _require_version(entry, version, changes)
    noted = changing.apply(
        entry, _without_signals(word, changes), fields=word.fields, prose=word.prose
    )
    if isinstance(entry, Channel) and "signals" in changes:
        noted |= _change_signals(entry, changes["signals"])
    if not noted:
        return entry
    entry.version += 1
    _save(entry)
    data: dict[str, Any] = {"changes": noted}
    if isinstance(entry, KpiDefinition):
        redefined = noted.keys() & set(definitions.FIELDS)
        data["version"] = (
            definitions.keep(entry, by=seat.user, at=at) if redefined else definitions.number(entry)
        )
    _record(f"{word.noun}.changed", entry, seat, at, data)
    return entry


@transaction.atomic
def retire(entry: AnEntry, *, seat: Seat, at: datetime) -> AnEntry:
    """Offer it no longer; whatever uses it goes on naming it. Twice is once."""
    seat.require("plan.change")
    entry = _held(entry, seat)
    if entry.retired_at is None:
        entry.retired_at, entry.version = at, entry.version + 1
        if isinstance(entry, Format):
            entry.state = Format.State.RETIRED
        entry.save()
        _record(f"{word_of(entry).noun}.retired", entry, seat, at, {"name": entry.name})
    return entry


@transaction.atomic
def restore(entry: AnEntry, *, seat: Seat, at: datetime) -> AnEntry:
    """Offer it again; a format begins once more as a candidate. Twice is once."""
    seat.require("plan.change")
    entry = _held(entry, seat)
    if entry.retired_at is not None:
        entry.retired_at, entry.version = None, entry.version + 1
        if isinstance(entry, Format):
            entry.state = Format.State.CANDIDATE
        entry.save()
        _record(f"{word_of(entry).noun}.restored", entry, seat, at, {"name": entry.name})
    return entry


@transaction.atomic
def reorder(noun: str, order: Sequence[str], *, seat: Seat, at: datetime) -> list[Entry]:
    """Put the entries in use into this order of public ids; those not named follow."""
    seat.require("plan.change")
    model = WORDS[noun].model
    # Held in the order of their ids, whatever order they stand in.
    held = model.objects.select_for_update().filter(workspace=seat.workspace).order_by("id")
    rows: list[Any] = sorted(
        held, key=lambda row: (row.retired_at is not None, row.position, row.pk)
    )
    if arranged(rows, order) == rows:
        return rows
    rows = put_in_order(rows, order)
    ids = [row.public_id for row in rows if row.retired_at is None]
    events.record(
        "plan.reordered",
        seat.workspace.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data={"noun": noun, "order": ids},
    )
    return rows


def _held(entry: AnEntry, seat: Seat) -> AnEntry:
    rows = type(entry).objects.select_for_update(of=("self",))
    return rows.get(pk=entry.pk, workspace=seat.workspace)  # type: ignore[return-value]


def _require_version(entry: Entry, version: int | None, changes: Mapping[str, Any]) -> None:
    if isinstance(entry, Channel) and "signals" in changes:
        names = signals.names_of(entry)  # the reader of a Stale wants names, not a manager
        asked = [name for name in changes if name != "signals"]
        try:
            changing.require_version(entry, version, asked)
        except Stale as stale:
            stale.values["signals"] = names
            raise
    else:
        changing.require_version(entry, version, changes)


def _without_signals(word: Word, values: Mapping[str, Any]) -> dict[str, Any]:
    is_channel = word.model is Channel
    return {name: value for name, value in values.items() if not (is_channel and name == "signals")}


def _change_signals(channel: Channel, names: Sequence[str]) -> dict[str, list[Any]]:
    old, new = signals.names_of(channel), signals.cleaned(names)
    if old == new:
        return {}
    signals.write(channel, new)
    return {"signals": [old, new]}


def _save(entry: Entry) -> None:
    entry.name = " ".join(entry.name.split())
    _check_together(entry)
    check(entry)
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:  # somebody took the name between the check and now
        raise taken("name") from error


def _check_together(entry: Entry) -> None:
    if isinstance(entry, Format):
        shortest, longest = entry.length_min_seconds, entry.length_max_seconds
        if shortest and longest and longest < shortest:
            message = _("The longest length is below the shortest.")
            raise Invalid({"length_max_seconds": [("range", message)]})
        if formulas.broken(entry.title_formula):
            message = _("Write each slot as one word or more in braces: {topic}.")
            raise Invalid({"title_formula": [("braces", message)]})
        if (entry.state == Format.State.RETIRED) != (entry.retired_at is not None):
            raise Invalid({"state": [("verb", _("Retire or restore the format instead."))]})
    if isinstance(entry, KpiDefinition):
        _check_kpi(entry)


def _check_kpi(entry: KpiDefinition) -> None:
    if entry.per < 1:
        raise Invalid({"per": [("range", _("Count per one at least."))]})
    ratios = (KpiDefinition.Kind.RATIO, KpiDefinition.Kind.MEAN)
    if entry.kind in ratios and not entry.denominator.strip():
        message = _("A ratio needs a denominator: over what is it counted?")
        raise Invalid({"denominator": [("required", message)]})
    for address in settings.KPI_CHECKS:
        if faults := import_string(address)(entry):
            raise Invalid(faults)


def _free_code(kpi: KpiDefinition) -> str:
    """A code made of the name that no other KPI of the workspace has."""
    base = slugify(kpi.name)[:50] or "kpi"
    used = set(
        KpiDefinition.objects.filter(
            workspace_id=kpi.workspace_id, code__startswith=base
        ).values_list("code", flat=True)
    )
    numbered = (f"{base}-{number}" for number in range(2, len(used) + 3))
    return next(code for code in (base, *numbered) if code not in used)


def _record(type: str, entry: Entry, seat: Seat, at: datetime, data: dict[str, Any]) -> None:
    events.record(
        type, entry.public_id, workspace_id=seat.workspace.pk, by=seat.user, at=at, data=data
    )
