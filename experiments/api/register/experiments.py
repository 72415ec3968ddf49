from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from experiments import register, results, snapshots
from experiments.api.register import answers
from experiments.models import Experiment, Snapshot, VariantDay
from production.api.actions import does
from production.api.door import Door
from production.api.paging import bad
from production.api.problems import invalid

_STATE = OpenApiParameter(
    "state", {"type": "string", "enum": list(Experiment.State.values)}, description="In this state."
)
_CHANGED: dict[str, Any] = {
    "answer": answers.ExperimentAnswer, "refuses": True, "versioned": True,
}  # fmt: skip


class Experiments(Door):
    noun: ClassVar[str] = "experiments"

    @does("experiment.see", answer=answers.ExperimentAnswer, is_page=True, parameters=(_STATE,))
    def list(self, request: Request) -> Response:
        """The register, with verdicts."""
        rows = self._rows()
        if (state := request.query_params.get("state")) is not None:
            if state not in Experiment.State.values:
                raise invalid([bad("state", "invalid_choice", "No such state.")])
            rows = rows.filter(state=state)
        return self.page(rows, self._data, {"created": "public_id"})

    @does(
        "experiment.change", body=answers.ExperimentBody, answer=answers.ExperimentAnswer,
        status=201,
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Plan an experiment. A third in a week is planned and warned of (week_full)."""
        wish = self.read(answers.ExperimentBody)
        variants, rails = wish.pop("variants"), wish.pop("guardrails", [])
        made = register.create(wish, variants, seat=self.seat, at=self.at, guardrails=_rails(rails))
        row = self._experiment(made.public_id)
        return self.created(self._data(row), row, ETag=f'"{row.version}"')

    @does("experiment.see", answer=answers.ExperimentAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """One experiment with its verdict."""
        return self._say(id)

    @does("experiment.change", body=answers.ExperimentChange, **_CHANGED)
    def partial_update(self, request: Request, id: str) -> Response:
        """Plan it otherwise. Once it runs only title, hypothesis, card and planned end change."""
        row, wish = self._experiment(id), self.read(answers.ExperimentChange)
        variants, rails = wish.pop("variants", None), wish.pop("guardrails", None)
        register.edit(
            row, wish, seat=self.seat, at=self.at, version=self.if_match(row.version),
            variants=variants, guardrails=None if rails is None else _rails(rails),
        )  # fmt: skip
        return self._say(id)

    @does("experiment.change", **_CHANGED)
    def draw(self, request: Request, id: str) -> Response:
        """Draw a variant for every free slot of its channel and days; once, before it starts."""
        register.draw(self._experiment(id), seat=self.seat, at=self.at)
        return self._say(id)

    @does("experiment.change", **_CHANGED)
    def start(self, request: Request, id: str) -> Response:
        """Begin. From now on variants, KPI and allocation stay as they are."""
        row = self._experiment(id)
        register.start(row, seat=self.seat, at=self.at, version=self.if_match(row.version))
        return self._say(id)

    @does("experiment.change", **_CHANGED)
    def end(self, request: Request, id: str) -> Response:
        """End it before its planned last day. It then waits for its decision."""
        row = self._experiment(id)
        register.end(row, seat=self.seat, at=self.at, version=self.if_match(row.version))
        return self._say(id)

    @does("experiment.change", body=answers.ReasonBody, **_CHANGED)
    def cancel(self, request: Request, id: str) -> Response:
        """Call it off, with a reason."""
        row, wish = self._experiment(id), self.read(answers.ReasonBody)
        version = self.if_match(row.version)
        register.cancel(row, reason=wish["reason"], seat=self.seat, at=self.at, version=version)
        return self._say(id)

    @does("experiment.change", body=answers.ReasonBody, **_CHANGED)
    def discount(self, request: Request, id: str) -> Response:
        """Say that its result does not count, and why; an empty reason lets it count again."""
        row, wish = self._experiment(id), self.read(answers.ReasonBody)
        version = self.if_match(row.version)
        register.discount(row, reason=wish["reason"], seat=self.seat, at=self.at, version=version)
        return self._say(id)

    @does("experiment.change", body=answers.PlatformBody, answer=answers.ExperimentAnswer)
    def platform(self, request: Request, id: str) -> Response:
        """Note what the platform itself says. It is shown as the platform's own."""
        wish = self.read(answers.PlatformBody)
        register.note_platform(self._experiment(id), wish["text"], seat=self.seat, at=self.at)
        return self._say(id)

    @does("experiment.change", body=answers.DecisionBody, **_CHANGED)
    def decide(self, request: Request, id: str) -> Response:
        """Repeat, drop or improve. Against the verdict only an owner decides."""
        row, wish = self._experiment(id), self.read(answers.DecisionBody)
        register.decide(
            row, wish["decision"], reason=wish["reason"], seat=self.seat, at=self.at,
            version=self.if_match(row.version),
        )  # fmt: skip
        return self._say(id)

    @does("experiment.change", body=answers.LinkBody, answer=answers.ExperimentAnswer, refuses=True)
    def link(self, request: Request, id: str, variant: str) -> Response:
        """Say which publications show the variant."""
        row, wish = self._experiment(id), self.read(answers.LinkBody)
        one = self.found(row.variants.select_related("experiment"), variant)
        register.link(one, wish["publications"], seat=self.seat, at=self.at)
        return self._say(id)

    @does("experiment.change", body=answers.ResultsBody, answer=answers.ResultsAnswer, refuses=True)
    def results(self, request: Request, id: str) -> Response:
        """Results per variant and day. Sending a line again changes nothing; a bad one is told
        and sinks no other."""
        row, wish = self._experiment(id), self.read(answers.ResultsBody)
        lines = [results.Line(**each) for each in wish["results"]]
        origin = VariantDay.Origin.PUSHED
        told = results.record(row, lines, seat=self.seat, at=self.at, origin=origin)
        count = Counter(each.status for each in told)
        return Response(
            {
                **{name: count[name] for name in ("accepted", "unchanged", "rejected")},
                "results": [{"status": each.status, "code": each.code} for each in told],
            }
        )

    @does("experiment.see", answer=answers.SnapshotAnswer, is_list=True)
    def snapshots(self, request: Request, id: str) -> Response:
        """Every verdict so far with its reason, the newest first: why did this change?"""
        rows = Snapshot.objects.filter(experiment=self._experiment(id))
        return self.all(
            rows.select_related("experiment").order_by("-number")[:200], answers.SnapshotAnswer
        )

    @does("experiment.change", answer=answers.ExperimentAnswer)
    def analyse(self, request: Request, id: str) -> Response:
        """Look at the numbers now, instead of within seconds."""
        snapshots.take(self._experiment(id), at=self.at)
        return self._say(id)

    def _rows(self) -> QuerySet[Experiment]:
        rows = Experiment.objects.filter(workspace=self.seat.workspace)
        return rows.select_related(
            "workspace", "channel", "item", "kpi", "decided_by"
        ).prefetch_related("variants__publications", "guardrails__kpi")

    def _experiment(self, id: str) -> Experiment:
        return self.found(self._rows(), id)

    def _data(self, row: Experiment) -> Any:
        return answers.ExperimentAnswer(row, context={"today": self.at.date()}).data

    def _say(self, id: str) -> Response:
        row = self._experiment(id)
        return self.with_version(self._data(row), row.version)


def _rails(asked: Any) -> Any:
    return [(each["kpi"], each["margin"]) for each in asked]
