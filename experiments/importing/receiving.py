"""Receiving a file of numbers and answering what it leaves open. No number is written yet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.core.files import File
from django.db import connection, transaction
from django.utils.translation import gettext as _

from experiments.importing.telling import TOOLS, plain, surveyed_of, telling_of
from experiments.imports.values import Recognised, Survey
from experiments.models import MetricImport, MetricSource
from experiments.observations import source_of
from production.errors import Invalid, Refused
from production.models import Channel
from production.permissions import Seat
from production.rules import Refusal

State = MetricImport.State


@dataclass(frozen=True, slots=True)
class Received:
    """`unchanged`: this very file has been brought in already, as `run`."""

    run: MetricImport
    unchanged: bool


def receive(
    file: File[Any], name: str, *, seat: Seat, at: datetime, channel: Channel | None = None
) -> Received:
    """Keep the file and say what would come of it; a file that cannot be used is refused."""
    seat.require("metric.write")
    digest = digest_of(file.chunks())
    here = MetricImport.objects.filter(workspace=seat.workspace, digest=digest)
    if (
        done := here.filter(state__in=[State.APPLYING, State.APPLIED, State.UNDOING])
        .order_by("-id")
        .first()
    ):
        return Received(done, True)
    run = here.filter(state=State.PREVIEWED, created_by=seat.user).order_by("-id").first()
    if run is None:
        run = MetricImport(
            workspace=seat.workspace, digest=digest, created_by=seat.user, created_at=at
        )
        run.file_name = name[-255:] or "file"
        file.seek(0)
        run.file.save(f"{digest}.dat", file, save=False)
    run.channel = channel or run.channel
    _look(run, at)
    run.save()
    return Received(run, False)


@transaction.atomic
def settle(run: MetricImport, said: Mapping[str, Any], *, seat: Seat, at: datetime) -> MetricImport:
    """Take over what a person answered; what is not said stays. The preview is made anew.

    `zone`, `as_of`, `period_start`, `period_end`, `date_order` (header → mdy or dmy), `channel`.
    Raises Invalid for answers that cannot be.
    """
    seat.require("metric.write")
    run = locked(run)
    if run.state != State.PREVIEWED:
        raise Refused([Refusal("import_settled")])
    checked = _checked(said)
    if "channel" in said:
        run.channel = said["channel"]
    run.answers = {**run.answers, **checked}
    _look(run, at)
    run.save()
    return run


def locked(run: MetricImport) -> MetricImport:
    """The run as it is now, held until the transaction ends."""
    of = ("self",) if connection.features.has_select_for_update_of else ()
    rows = MetricImport.objects.select_for_update(of=of)
    return rows.select_related("workspace", "source", "channel").get(pk=run.pk)


def _look(run: MetricImport, at: datetime) -> None:
    surveyed = surveyed_of(run)
    survey = surveyed.survey
    tables = [each for each in survey.tables if each.rows]
    run.recognised = f"{tables[0].source}.{tables[0].kind}"[:40] if tables else ""
    run.report = _report(survey, tables)
    if survey.refusals or not tables:
        run.state = State.REFUSED
        return
    run.source = source_of(
        run.workspace, TOOLS[tables[0].source], kind=MetricSource.Kind.FILE, at=at
    )
    telling = telling_of(run, surveyed)
    for _row in telling.rows():
        pass
    run.report |= {
        "asks": _asks(run, tables),
        "observations": telling.taken,
        "matched": telling.matched,
        "unmatched": telling.unmatched,
        "account": telling.account,
        "examples": telling.examples,
        "rejected": [plain(each) for each in telling.rejected],
        "rejected_in_all": telling.rejected_in_all,
        "warnings": [plain(each) for each in (*survey.warnings, *telling.warnings.all())],
    }
    run.progress_total = telling.taken
    run.state = State.PREVIEWED


def _report(survey: Survey, tables: list[Recognised]) -> dict[str, Any]:
    return {
        "encoding": survey.encoding,
        "rows": survey.rows,
        "tables": [
            {
                "source": each.source,
                "kind": each.kind,
                "rows": each.rows,
                "columns": [{"name": c.name, "role": c.role} for c in each.columns],
                "not_found": list(each.not_found),
                "ignored": list(each.ignored)[:100],
            }
            for each in tables
        ],
        "zone_needed": any(each.zone_needed for each in tables),
        "zone_default": next((each.zone_default for each in tables if each.zone_default), ""),
        "channel_needed": any(each.account_wide and each.source != "ga4" for each in tables),
        "refusals": [plain(each) for each in survey.refusals],
        "questions": [plain(each) for each in survey.questions],
        "warnings": [plain(each) for each in survey.warnings],
    }


def _asks(run: MetricImport, tables: list[Recognised]) -> list[str]:
    """What is still open: `zone`, `channel`."""
    open_ = []
    told = run.answers.get("zone") or (run.source.time_zone if run.source else "")
    if run.report["zone_needed"] and not told:
        open_.append("zone")
    if run.report["channel_needed"] and run.channel_id is None:
        open_.append("channel")
    return open_


def _checked(said: Mapping[str, Any]) -> dict[str, Any]:
    wrong = {}
    found = {name: said[name] for name in said if name != "channel"}
    if found.get("zone") and found["zone"] not in available_timezones():
        wrong["zone"] = [("unknown", _("There is no such time zone."))]
    for name in ("as_of", "period_start", "period_end"):
        if found.get(name):
            try:
                date.fromisoformat(str(found[name]))
            except ValueError:
                wrong[name] = [("invalid", _("This is no date."))]
    if wrong:
        raise Invalid(wrong)
    return found


def digest_of(chunks: Iterable[bytes]) -> str:
    """The fingerprint of a file, by which it is known again."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
