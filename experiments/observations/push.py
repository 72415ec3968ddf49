"""What a tool pushes: each item by itself, so that a bad one does not sink the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from experiments import metrics
from experiments.models import Grain, Traffic
from experiments.observations.apply import apply
from experiments.observations.rows import Applied, Curve, Row, UnknownPost, faults
from experiments.observations.sources import source_of
from production import events
from production.models import Channel, Publication
from production.permissions import Seat

MOST_ITEMS = 1_000
GRAINS = {"lifetime": Grain.LIFETIME, "day": Grain.DAY}
TRAFFICS = {"all": Traffic.ALL, "organic": Traffic.ORGANIC, "paid": Traffic.PAID}
FIELDS = frozenset(
    {"publication", "external", "channel", "as_of", "grain", "traffic", "metrics", "curve"}
)
EARLIEST = date(2005, 1, 1)


class Rejected(Exception):
    """Why one item cannot be taken."""

    def __init__(self, code: str, field: str) -> None:
        self.code, self.field = code, field
        super().__init__(code)


@dataclass(slots=True)
class Pushed:
    """What became of a push: numbers, and the items that were not taken."""

    applied: Applied = field(default_factory=Applied)
    rejected: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def push(tool: str, items: Sequence[Any], *, seat: Seat, at: datetime) -> Pushed:
    """Write down what can be taken of the items; the others are named with their reasons."""
    seat.require("metric.write")
    reader = _Reader(seat, items, at)
    rows, pushed = [], Pushed()
    for index, item in enumerate(items):
        try:
            rows.append(reader.row(item))
        except Rejected as why:
            pushed.rejected.append({"index": index, "code": why.code, "field": why.field})
    pushed.applied = apply(rows, source=source_of(seat.workspace, tool, at=at), at=at)
    if pushed.applied.changed:
        record_imported(seat, tool, pushed.applied, at, rejected=len(pushed.rejected))
    return pushed


def record_imported(
    seat: Seat, tool: str, done: Applied, at: datetime, *, rejected: int = 0, run: str = ""
) -> None:
    """Tell that numbers came in; the last statement of a verb that took them."""
    data = {
        "source": tool,
        "created": done.created,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "unmatched": done.unmatched,
        "rejected": rejected,
    }
    events.record(
        "metrics.imported",
        seat.workspace.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data=data | ({"run": run} if run else {}),
    )


class _Reader:
    """Reads items, with the publications and channels they name looked up at once."""

    def __init__(self, seat: Seat, items: Sequence[Any], at: datetime) -> None:
        self.workspace, self.at = seat.workspace, at
        rows = [item for item in items if isinstance(item, dict)]
        named = {each for row in rows if isinstance(each := row.get("publication"), str)}
        outside = [each for row in rows if isinstance(each := row.get("external"), dict)]
        ids = {each for one in outside if isinstance(each := one.get("id"), str)}
        channels = Channel.objects.filter(workspace=seat.workspace)
        self.channels = {one.public_id: one for one in channels}
        self.by_key = {one.pk: one for one in self.channels.values()}
        known = Publication.objects.filter(workspace=seat.workspace)
        self.publications = {
            one.public_id: one for one in known.filter(public_id__in=named).only(*_COLUMNS)
        }
        self.external: dict[str, list[Publication]] = {}
        for one in known.filter(external_id__in=ids).only(*_COLUMNS):
            self.external.setdefault(one.external_id, []).append(one)

    def row(self, item: Any) -> Row:
        if not isinstance(item, dict):
            raise Rejected("invalid", "")
        if unknown := sorted(item.keys() - FIELDS):
            raise Rejected("unknown_field", unknown[0][:60])
        publication, channel, unknown_post = self._subject(item)
        zone = ZoneInfo(channel.reporting_zone if channel else self.workspace.time_zone)
        as_of, period = self._moment(item.get("as_of"), zone)
        values, currency = _values(item.get("metrics"))
        row = Row(
            as_of=as_of,
            period=period,
            values=values,
            grain=_word(item, "grain", GRAINS),
            traffic=_word(item, "traffic", TRAFFICS, "all"),
            publication=publication.pk if publication else None,
            channel=channel.pk if channel and not publication else None,
            unknown=unknown_post,
            currency=currency,
            curve=_curve(item.get("curve")),
        )
        for name, code in faults(row):
            raise Rejected(code, name)
        return row

    def _subject(
        self, item: Mapping[str, Any]
    ) -> tuple[Publication | None, Channel | None, UnknownPost | None]:
        if item.get("publication") is not None and item.get("external") is not None:
            raise Rejected("two_subjects", "external")
        if (named := item.get("publication")) is not None:
            found = self.publications.get(named) if isinstance(named, str) else None
            if found is None:
                raise Rejected("does_not_exist", "publication")
            return found, self._of(found), None
        if (outside := item.get("external")) is not None:
            return self._outside(outside)
        if (name := item.get("channel")) is None:
            return None, None, None
        return None, self._channel(name, "channel"), None

    def _outside(self, said: Any) -> tuple[Publication | None, Channel | None, UnknownPost | None]:
        if not isinstance(said, dict) or not isinstance(said.get("id"), str) or not said["id"]:
            raise Rejected("invalid", "external")
        platform = said.get("platform", "")
        if platform not in Channel.Platform.values:
            raise Rejected("invalid_choice", "external.platform")
        channel = None
        if said.get("channel") is not None:
            channel = self._channel(said["channel"], "external.channel")
        fits = [
            one
            for one in self.external.get(said["id"], [])
            if (channel is None and self._platform(one) == platform)
            or (channel is not None and one.channel_id == channel.pk)
        ]
        if len(fits) == 1:
            return fits[0], self._of(fits[0]), None
        return None, channel, UnknownPost(platform, said["id"][:200])

    def _of(self, publication: Publication) -> Channel | None:
        place = publication.channel_id
        return None if place is None else self.by_key.get(place)

    def _platform(self, publication: Publication) -> str:
        channel = self._of(publication)
        return channel.platform if channel else ""

    def _channel(self, name: Any, where: str) -> Channel:
        found = self.channels.get(name) if isinstance(name, str) else None
        if found is None:
            raise Rejected("does_not_exist", where)
        return found

    def _moment(self, said: Any, zone: ZoneInfo) -> tuple[datetime, date]:
        """When it was so, and the day that is; a day alone is told at its end."""
        if not isinstance(said, str) or not said.isascii() or len(said) > 40:
            raise Rejected("invalid", "as_of")
        try:
            if len(said) == 10:
                day = date.fromisoformat(said)
                moment = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
            else:
                moment = datetime.fromisoformat(said)
                moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
                day = moment.astimezone(zone).date()
        except (ValueError, OverflowError):
            raise Rejected("invalid", "as_of") from None
        if day < EARLIEST or day > self.at.date() + timedelta(days=2):
            raise Rejected("out_of_range", "as_of")
        return moment, day


_COLUMNS = ("public_id", "channel", "external_id")


def _word(item: Mapping[str, Any], name: str, words: Mapping[str, int], usual: str = "") -> int:
    said = item.get(name, usual)
    if not isinstance(said, str) or said not in words:
        raise Rejected("invalid_choice", name)
    return int(words[said])


def _values(said: Any) -> tuple[dict[str, float | None], str]:
    if not isinstance(said, dict):
        raise Rejected("invalid", "metrics")
    values: dict[str, float | None] = {}
    currencies = set()
    for code, value in said.items():
        metric = metrics.BY_CODE.get(code)
        if metric is None:
            raise Rejected("unknown_metric", str(code)[:60])
        if metric.unit is metrics.Unit.MONEY and value is not None:
            value, currency = _money(code, value)
            currencies.add(currency)
        elif value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise Rejected("invalid", code)
        values[code] = value
    if len(currencies) > 1:
        raise Rejected("two_currencies", "metrics")
    return values, next(iter(currencies), "")


def _money(code: str, said: Any) -> tuple[float, str]:
    if not isinstance(said, dict) or said.keys() != {"amount", "currency"}:
        raise Rejected("invalid", code)
    currency, amount = said["currency"], said["amount"]
    if not isinstance(currency, str) or not (currency.isascii() and currency.isalpha()):
        raise Rejected("invalid", f"{code}.currency")
    if len(currency) != 3 or isinstance(amount, bool) or not isinstance(amount, str | int | float):
        raise Rejected("invalid", code)
    try:
        return float(amount), currency.upper()
    except ValueError:
        raise Rejected("invalid", f"{code}.amount") from None


def _curve(said: Any) -> Curve | None:
    if said is None:
        return None
    points = said.get("points") if isinstance(said, dict) else None
    if not isinstance(points, list) or said.get("axis") not in ("fraction", "seconds"):
        raise Rejected("invalid_curve", "curve")
    for point in points:
        plain = isinstance(point, list) and len(point) == 2
        if not plain or any(isinstance(n, bool) or not isinstance(n, int | float) for n in point):
            raise Rejected("invalid_curve", "curve")
    return Curve(said["axis"], [(float(one), float(other)) for one, other in points])
