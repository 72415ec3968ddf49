"""The seven words of the plan: each the same doors, with its own fields."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from production import plan
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Order
from production.api.items.items import UPDATED_SINCE
from production.api.paging import bad, since
from production.api.plan import bodies
from production.api.problems import invalid
from production.models import KpiDefinitionVersion

RETIRED = OpenApiParameter(
    "retired",
    {"type": "string", "enum": ["true", "false"]},
    description="Only those no longer in use, or only those in use. Without it: both.",
)


class Plan(Door):
    """One word of the plan."""

    word: ClassVar[str] = ""
    body: ClassVar[Any] = None
    answer: ClassVar[Any] = None
    links: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[str, ...]] = ()

    def _list(self, request: Request) -> Response:
        rows = since(request, self._rows())
        asked = request.query_params.get("retired")
        if asked not in (None, "true", "false"):
            raise invalid([bad("retired", "invalid_choice", "true or false.")])
        if asked is not None:
            rows = rows.filter(retired_at__isnull=asked == "false")
        return self.page(rows, self.answer, {"created": "public_id"})

    def _create(self, request: Request) -> Response:
        entry = plan.add(self.word, self.read(self.body), seat=self.seat, at=self.at)
        return self.created(self.answer(entry).data, entry, ETag=f'"{entry.version}"')

    def _retrieve(self, request: Request, id: str) -> Response:
        return self._say(self._entry(id))

    def _change(self, request: Request, id: str) -> Response:
        entry = self._entry(id)
        changes = self.read(self.body, instance=entry, partial=True)
        version = self.if_match(entry.version)
        plan.change(entry, changes, seat=self.seat, at=self.at, version=version)
        return self._say(self._entry(id))

    def _retire(self, request: Request, id: str) -> Response:
        plan.retire(self._entry(id), seat=self.seat, at=self.at)
        return self._say(self._entry(id))

    def _restore(self, request: Request, id: str) -> Response:
        plan.restore(self._entry(id), seat=self.seat, at=self.at)
        return self._say(self._entry(id))

    def _reorder(self, request: Request) -> Response:
        plan.reorder(self.word, self.read(Order)["order"], seat=self.seat, at=self.at)
        rows = self._rows().filter(retired_at=None).order_by("position", "id")
        return self.all(rows, self.answer)

    def _rows(self) -> QuerySet[Any]:
        rows = plan.WORDS[self.word].model.objects.filter(workspace=self.seat.workspace)
        return rows.select_related(*self.links).prefetch_related(*self.parts)

    def _entry(self, id: str) -> Any:
        return self.found(self._rows(), id)

    def _say(self, entry: Any) -> Response:
        return self.with_version(self.answer(entry).data, entry.version)


def _declared(method: Any, name: str, doc: str, *asked: Any, **declared: Any) -> Any:
    """The shared method under a name of its own, declared with this word's body and answer."""

    def act(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        return method(self, request, *args, **kwargs)

    act.__name__, act.__doc__ = name, doc
    return does(*asked, **declared)(act)


def _door(
    word: str, noun: str, body: Any, answer: Any, links: tuple[str, ...] = (), parts: Any = ()
) -> type[Plan]:
    """The doors of one word."""
    see, change = {"answer": answer}, {"answer": answer, "body": body}
    lists = {"parameters": [UPDATED_SINCE, RETIRED], "is_page": True}
    verbs = {
        "list": _declared(
            Plan._list, "list", f"The workspace's {noun}.", "plan.see", **see, **lists
        ),
        "create": _declared(
            Plan._create, "create", f"Add to the {noun}.", "plan.change", **change, status=201
        ),
        "retrieve": _declared(
            Plan._retrieve, "retrieve", f"One of the {noun}.", "plan.see", **see, versioned=True
        ),
        "partial_update": _declared(
            Plan._change, "partial_update", "Change the fields that are sent, and no others.",
            "plan.change", **change, versioned=True,
        ),
        "retire": _declared(
            Plan._retire, "retire", "Offer it no longer. What uses it goes on naming it.",
            "plan.change", **see,
        ),
        "restore": _declared(
            Plan._restore, "restore", "Offer it again.", "plan.change", **see
        ),
        "reorder": _declared(
            Plan._reorder, "reorder", "Put those in use into this order; others follow.",
            "plan.change", answer=answer, body=Order, is_list=True,
        ),
    }  # fmt: skip
    about = {
        "__doc__": f"The workspace's {noun}.", "noun": noun, "word": word, "body": body,
        "answer": answer, "links": links, "parts": parts,
    }  # fmt: skip
    return type(noun.title(), (Plan,), about | verbs)


Channels = _door(
    "channel",
    "channels",
    bodies.ChannelBody,
    bodies.ChannelAnswer,
    ("winning_kpi", "workspace"),
    ("signals", "windows"),
)
Pillars = _door("pillar", "pillars", bodies.PillarBody, bodies.PillarAnswer, ("kpi",))
Formats = _door("format", "formats", bodies.FormatBody, bodies.FormatAnswer)
Goals = _door("goal", "goals", bodies.GoalBody, bodies.GoalAnswer, ("primary_kpi", "secondary_kpi"))
Partners = _door("partner", "partners", bodies.PartnerBody, bodies.PartnerAnswer)
Labels = _door("label", "labels", bodies.LabelBody, bodies.LabelAnswer)
_Kpis = _door("kpi", "kpis", bodies.KpiBody, bodies.KpiAnswer)


class Kpis(_Kpis):  # type: ignore[misc, valid-type]
    @does("plan.see", answer=bodies.KpiVersionAnswer, is_list=True)
    def versions(self, request: Request, id: str) -> Response:
        """How the KPI was defined, newest first."""
        rows = KpiDefinitionVersion.objects.filter(kpi=self._entry(id)).select_related("by")
        return self.all(rows.order_by("-number")[:200], bodies.KpiVersionAnswer)
