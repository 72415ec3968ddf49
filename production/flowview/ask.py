"""What somebody asks of the flow: a period, boards, filters, a horizon for the forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from production import flow
from production.errors import Invalid
from production.filters import ME, NONE, IdsField, any_of
from production.models import Board, ContentItem, Stay, User, Workspace
from production.models.item import ItemQuerySet

DAYS = (30, 90, 180, 365)
LONGEST = 5 * 366  # days
EARLIEST = date(1970, 1, 1)
MOST_ITEMS = 10_000
FARTHEST = 3_650  # days that a forecast looks ahead
LINKS = ("channel", "format", "pillar")
FILTERS = (*LINKS, "assignee")
_DAY = timedelta(days=1)


class AskForm(forms.Form):
    """The query string of the page and of the API."""

    days = forms.TypedChoiceField(
        choices=[(each, each) for each in DAYS], coerce=int, required=False, label=_("Period")
    )
    board = IdsField(required=False, label=_("Board"))
    channel = IdsField(required=False, label=_("Channel"), words=(NONE,))
    format = IdsField(required=False, label=_("Format"), words=(NONE,))
    pillar = IdsField(required=False, label=_("Pillar"), words=(NONE,))
    assignee = IdsField(required=False, label=_("Assignee"), words=(NONE, ME))
    by = forms.DateField(required=False, label=_("Forecast until"))
    items = forms.IntegerField(
        required=False, min_value=1, max_value=MOST_ITEMS, label=_("Forecast of so many items")
    )

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        super().__init__(data)
        self.today = today
        # `from` is a word of the language and cannot be written as an attribute.
        self.fields["from"] = forms.DateField(required=False, label=_("From"))
        self.fields["to"] = forms.DateField(required=False, label=_("To"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if cleaned.get("days") and (first or last):
            self.add_error("days", gettext("Give either so many days or two dates."))
        if first and (last or self.today) < first:
            self.add_error("from", gettext("The period ends before it begins."))
        if last and not first:
            self.add_error("from", gettext("A period that ends on a day begins on one."))
        if last and last > self.today:
            self.add_error("to", gettext("This day is still to come."))
        if first and first < EARLIEST:
            self.add_error("from", gettext("Nothing was published that long ago."))
        if first and ((last or self.today) - first).days >= LONGEST:
            self.add_error("from", gettext("A period has at most five years."))
        by = cleaned.get("by")
        if by and not self.today < by <= self.today + FARTHEST * _DAY:
            self.add_error("by", gettext("A forecast looks ahead, at most ten years."))
        return cleaned


@dataclass(frozen=True, slots=True)
class Ask:
    """One question about a workspace's flow, asked at a moment.

    `boards` are those that were named; none means all. Figures of what was published then count
    archived boards too, those of work in progress only boards that are in use.
    """

    workspace: Workspace
    period: flow.Period
    now: datetime
    boards: tuple[Board, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    user: User | None = None
    by: date | None = None
    items: int | None = None
    days: int | None = None

    @classmethod
    def of(
        cls,
        query: Mapping[str, Any],
        workspace: Workspace,
        now: datetime,
        *,
        user: User | None = None,
        also: Sequence[str] = (),
    ) -> Ask:
        """The question in a query string; `also` names parameters that are somebody else's.

        Without dates: the last 30 local days of the workspace. Raises Invalid for a parameter
        that nobody knows and for a value that means nothing.
        """
        zone = ZoneInfo(workspace.time_zone)
        today = flow.local_day(now, zone)
        form = AskForm(_plain(query, also), today=today)
        unknown = sorted(set(query) - set(form.fields) - set(also))
        errors = {
            name[:40]: [("unknown_filter", gettext("There is no filter of this name."))]
            for name in unknown
        }
        for name, problems in form.errors.items():
            errors[name] = [("invalid", str(problem)) for problem in problems]
        if errors:
            raise Invalid(errors)
        asked = form.cleaned_data
        days = None if asked["from"] else asked["days"] or DAYS[0]
        return cls(
            workspace=workspace,
            period=(
                flow.Period.last(days, now, zone)
                if days
                else flow.Period(asked["from"], asked["to"] or today, zone)
            ),
            now=now,
            boards=_boards(workspace, asked["board"]),
            filters={name: tuple(asked[name]) for name in FILTERS if asked[name]},
            user=user,
            by=asked["by"],
            items=asked["items"],
            days=days,
        )

    @property
    def query(self) -> str:
        """The same question as a query string, always in the same order."""
        when = (
            [("days", str(self.days))]
            if self.days
            else [("from", self.period.start.isoformat()), ("to", self.period.end.isoformat())]
        )
        boards = [("board", board.public_id) for board in self.boards]
        narrowed = [(name, each) for name in FILTERS for each in self.filters.get(name, ())]
        ahead = [("by", self.by.isoformat())] if self.by else []
        ahead += [("items", str(self.items))] if self.items else []
        return urlencode([*when, *boards, *narrowed, *ahead])

    @property
    def zone(self) -> Any:
        return self.period.zone

    @property
    def target(self) -> timedelta:
        return timedelta(hours=self.workspace.target_hours)

    @property
    def from_commitment(self) -> bool:
        """Whether this workspace's clock starts when a card leaves the ideas."""
        return self.workspace.clock_start == Workspace.ClockStart.COMMITMENT

    def all_items(self) -> ItemQuerySet:
        """The items that the filters leave, wherever they stand."""
        found = ContentItem.objects.filter(workspace=self.workspace)
        if self.boards:
            found = found.filter(board__in=[board.pk for board in self.boards])
        return found.filter(self._narrowed()) if self.filters else found

    def stays(self) -> QuerySet[Stay]:
        """Their stays."""
        found = Stay.objects.filter(workspace=self.workspace)
        if self.boards:
            found = found.filter(board__in=[board.pk for board in self.boards])
        return found.filter(item__in=self.all_items().values("pk")) if self.filters else found

    def live_stays(self) -> QuerySet[Stay]:
        """Those of them on boards that are in use: what the cumulative flow counts."""
        return self.stays() if self.boards else self.stays().filter(board__archived_at=None)

    def _narrowed(self) -> Q:
        narrowed = Q()
        for name in LINKS:
            if asked := self.filters.get(name):
                narrowed &= any_of(name, asked)
        if asked := self.filters.get("assignee"):
            people = Q(user__public_id__in=asked)
            if ME in asked:
                people |= Q(user=self.user)
            assigned = ContentItem.assignees.through.objects.filter(people)
            found = Q(pk__in=assigned.values("item"))
            narrowed &= found | Q(assignments=None) if NONE in asked else found
        return narrowed


def _plain(query: Mapping[str, Any], also: Sequence[str]) -> dict[str, Any]:
    """Lists where a filter may have several values, else the last one."""
    getlist = getattr(query, "getlist", None)
    many = {"board", *FILTERS}

    def values(name: str) -> list[Any]:
        if getlist:
            return list(getlist(name))
        value = query[name]
        return list(value) if isinstance(value, list | tuple) else [value]

    return {
        name: values(name) if name in many else (values(name) or [""])[-1]
        for name in query
        if name not in also
    }


def _boards(workspace: Workspace, asked: Sequence[str]) -> tuple[Board, ...]:
    if not asked:
        return ()
    found = tuple(
        Board.objects.filter(workspace=workspace, public_id__in=asked).order_by("position", "pk")
    )
    if missing := set(asked) - {board.public_id for board in found}:
        sentence = gettext("There is no board %(id)s.") % {"id": sorted(missing)[0][:40]}
        raise Invalid({"board": [("does_not_exist", sentence)]})
    return found
