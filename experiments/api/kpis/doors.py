from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from experiments import actions, thresholds
from experiments.api.kpis import answers
from experiments.kpis import keeping, table, tracking
from experiments.models import Action, ThresholdRule, TrackedKpi
from production.api.actions import does
from production.api.door import Door
from production.api.paging import bad, envelope
from production.api.problems import invalid

STATES = ("open", "closed")
_STATE = OpenApiParameter(
    "state", {"type": "string", "enum": list(STATES)}, description="Only these."
)
_RETIRED = OpenApiParameter(
    "retired",
    {"type": "string", "enum": ["true", "false"]},
    description="Only those switched off, or only those on.",
)


class KpiLines(Door):
    """The KPI table: who looks after what, and where it stands."""

    noun: ClassVar[str] = "kpi_lines"

    @does("metric.see", answer=answers.KpiLineAnswer, is_list=True, csv=True)
    def list(self, request: Request) -> Response:
        """The dashboard: every KPI with its value, n, interval, path and status."""
        rows = [answers.line_data(each) for each in table.read(self.seat.workspace, self.at)]
        return Response(rows if self.wants_csv else envelope(rows, None))

    @does("metric.see", answer=answers.KpiLineAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """One line."""
        return self._say(self._line(id))

    @does("kpi.change", body=answers.KpiLineBody, answer=answers.KpiLineAnswer, versioned=True)
    def partial_update(self, request: Request, id: str) -> Response:
        """Owner, target, how often it is reviewed, and when next."""
        row, wish = self._line(id), self.read(answers.KpiLineBody)
        version = self.if_match(row.version)
        return self._say(keeping.change(row, wish, seat=self.seat, at=self.at, version=version))

    @does("kpi.review", body=answers.KpiReviewBody, answer=answers.KpiLineAnswer)
    def review(self, request: Request, id: str) -> Response:
        """Somebody looked at it; the next look is due a cadence later."""
        row, wish = self._line(id), self.read(answers.KpiReviewBody)
        tracking.review(row, note=wish.get("note", ""), seat=self.seat, at=self.at)
        return self._say(self._line(id))

    def _line(self, id: str) -> TrackedKpi:
        rows = TrackedKpi.objects.filter(workspace=self.seat.workspace, retired_at=None)
        return self.found(rows, id)

    def _say(self, row: TrackedKpi) -> Response:
        lines = table.read(self.seat.workspace, self.at)
        line = next(each for each in lines if each.tracked.pk == row.pk)
        return self.with_version(answers.line_data(line), line.tracked.version)


class ThresholdRules(Door):
    """Lines that a KPI, or a publication, must not cross."""

    noun: ClassVar[str] = "threshold_rules"

    @does("metric.see", answer=answers.ThresholdRuleAnswer, is_page=True, parameters=(_RETIRED,))
    def list(self, request: Request) -> Response:
        """What is watched."""
        rows, asked = self._rows(), request.query_params.get("retired")
        if asked not in (None, "true", "false"):
            raise invalid([bad("retired", "invalid_choice", "true or false.")])
        if asked is not None:
            rows = rows.filter(retired_at__isnull=asked == "false")
        return self.page(rows, answers.ThresholdRuleAnswer, {"created": "public_id"})

    @does(
        "kpi.change", body=answers.ThresholdRuleBody, answer=answers.ThresholdRuleAnswer,
        status=201,
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Watch something from now on."""
        wish = self.read(answers.ThresholdRuleBody)
        row = self._rule(thresholds.add(wish, seat=self.seat, at=self.at).public_id)
        return self.created(self._data(row), row, ETag=f'"{row.version}"')

    @does("kpi.change", body=answers.ThresholdRuleBody, answer=answers.RulePreview)
    def preview(self, request: Request) -> Response:
        """What such a rule would have done in the last 28 days. Nothing is kept."""
        wish = self.read(answers.ThresholdRuleBody)
        return self._fired(thresholds.drafted(wish, seat=self.seat, at=self.at))

    @does("metric.see", answer=answers.ThresholdRuleAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """One rule."""
        return self._say(id)

    @does(
        "kpi.change", body=answers.ThresholdRuleChange, answer=answers.ThresholdRuleAnswer,
        versioned=True,
    )  # fmt: skip
    def partial_update(self, request: Request, id: str) -> Response:
        """Change it. What has crossed stays crossed."""
        row, wish = self._rule(id), self.read(answers.ThresholdRuleChange)
        version = self.if_match(row.version)
        thresholds.change(row, wish, seat=self.seat, at=self.at, version=version)
        return self._say(id)

    @does("kpi.change", answer=answers.ThresholdRuleAnswer)
    def retire(self, request: Request, id: str) -> Response:
        """Switch it off; its open actions stay."""
        thresholds.retire(self._rule(id), seat=self.seat, at=self.at)
        return self._say(id)

    @does("kpi.change", answer=answers.ThresholdRuleAnswer)
    def restore(self, request: Request, id: str) -> Response:
        """Switch it on again."""
        thresholds.restore(self._rule(id), seat=self.seat, at=self.at)
        return self._say(id)

    @does("metric.see", answer=answers.RulePreview)
    def lately(self, request: Request, id: str) -> Response:
        """What the rule would have done in the last 28 days."""
        return self._fired(self._rule(id))

    @does("metric.see", answer=answers.CrossingAnswer, is_list=True)
    def crossings(self, request: Request, id: str) -> Response:
        """Every time that it came true, the newest first."""
        rows = self._rule(id).crossings.select_related(  # type: ignore[attr-defined]
            "rule__kpi", "rule__other_kpi", "item", "action"
        )
        return self.all(rows.order_by("-at", "-id")[:200], answers.CrossingAnswer)

    def _rows(self) -> QuerySet[ThresholdRule]:
        rows = ThresholdRule.objects.filter(workspace=self.seat.workspace)
        return rows.select_related("kpi", "other_kpi", "channel", "format", "owner", "workspace")

    def _rule(self, id: str) -> ThresholdRule:
        return self.found(self._rows(), id)

    def _data(self, row: ThresholdRule) -> Any:
        return answers.ThresholdRuleAnswer(row).data

    def _say(self, id: str) -> Response:
        row = self._rule(id)
        return self.with_version(self._data(row), row.version)

    def _fired(self, row: ThresholdRule) -> Response:
        fired = thresholds.would_have_fired(row, self.at)
        return Response({"times": len(fired), "fired": answers.RuleFired(fired, many=True).data})


class Actions(Door):
    """What is done about crossed thresholds."""

    noun: ClassVar[str] = "actions"

    @does("metric.see", answer=answers.ActionAnswer, is_page=True, parameters=(_STATE,))
    def list(self, request: Request) -> Response:
        """Actions with their reasons; `state=open` for what is still to be done."""
        rows, state = self._rows(), request.query_params.get("state")
        if state not in (None, *STATES):
            raise invalid([bad("state", "invalid_choice", "open or closed.")])
        if state is not None:
            rows = rows.filter(closed_at__isnull=state == "open")
        return self.page(rows, answers.ActionAnswer, {"created": "public_id"})

    @does("metric.see", answer=answers.ActionAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """One action."""
        return self._say(id)

    @does("action.work", body=answers.CloseBody, answer=answers.ActionAnswer)
    def close(self, request: Request, id: str) -> Response:
        """End it with what came of it."""
        row, wish = self._action(id), self.read(answers.CloseBody)
        actions.close(row, **wish, seat=self.seat, at=self.at)
        return self._say(id)

    @does("action.work", body=answers.ApplyBody, answer=answers.ActionAnswer, refuses=True)
    def apply(self, request: Request, id: str) -> Response:
        """Make three sequels, due within seven days. Twice is once."""
        row, wish = self._action(id), self.read(answers.ApplyBody)
        actions.apply(row, source=wish["source"], seat=self.seat, at=self.at)
        return self._say(id)

    def _rows(self) -> QuerySet[Action]:
        rows = Action.objects.filter(workspace=self.seat.workspace)
        return rows.select_related(
            "kpi", "channel", "item", "owner", "crossing__rule__kpi", "crossing__rule__other_kpi"
        ).prefetch_related("made")

    def _action(self, id: str) -> Action:
        return self.found(self._rows(), id)

    def _say(self, id: str) -> Response:
        row = self._action(id)
        return self.with_version(answers.ActionAnswer(row).data, row.version)
