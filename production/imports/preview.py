"""What an import would do, said before it does it: counts, remarks, rejected rows, refusals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db.models import Count

from production import rules
from production.imports.draft import Draft
from production.imports.mapping import SKIP, ImportMapping
from production.imports.plan import BoardPlan
from production.models import Assignment, Board, ContentItem, Gate, Stage, User, Workspace
from production.sentences import say

REFUSALS_NAMED = 50


def report_of(
    plan: BoardPlan,
    mapping: ImportMapping,
    draft: Draft,
    *,
    board: Board | None,
    people: Mapping[str, User],
    workspace: Workspace,
) -> dict[str, Any]:
    """The preview as plain JSON; its `refusals` need an owner's override."""
    used = {ident for each in draft.cards for ident in each.card.members}
    return {
        "counts": plan.counts(),
        "history_from": plan.history_from.isoformat() if plan.history_from else None,
        "notices": [asdict(notice) for notice in plan.notices],
        "errors": [asdict(error) for error in plan.errors],
        "errors_in_all": plan.errors_in_all,
        "questions": list(plan.questions),
        "will_make": {
            "board": mapping.board_name if board is None else "",
            "stages": len(draft.new_lists),
            "items": len(draft.cards),
            "moves": draft.moves,
            "archived": sum(each.off_board for each in draft.cards),
            "comments": sum(len(each.card.comments) for each in draft.cards),
            "checklists": sum(len(each.card.checklists) for each in draft.cards),
            "links": sum(len(each.card.links) for each in draft.cards),
            "publications": sum(each.published_at is not None for each in draft.cards),
        },
        "merged_lists": mapping.merged_lists(),
        "skipped_lists": sum(mapping.target_of(each.id).how == SKIP for each in plan.lists),
        "moves_merged": draft.moves_merged,
        "moves_skipped": draft.moves_skipped,
        "cards_skipped": draft.cards_skipped,
        "cards_already_here": draft.cards_already_here,
        "without_history": sum(each.history_from is not None for each in draft.cards),
        "people_unmatched": [
            member.name for member in plan.members if member.id in used and member.id not in people
        ],
        "refusals": _said(_refusals(mapping, draft, board, people, workspace)),
    }


def _said(refusals: list[rules.Refusal]) -> list[dict[str, Any]]:
    return [{"code": each.code, "params": dict(each.params)} for each in refusals[:REFUSALS_NAMED]]


def sentences_of(report: Mapping[str, Any]) -> list[str]:
    """The refusals of a report in the language of the moment."""
    return [say(rules.Refusal(each["code"], each["params"])) for each in report.get("refusals", ())]


def _refusals(
    mapping: ImportMapping,
    draft: Draft,
    board: Board | None,
    people: Mapping[str, User],
    workspace: Workspace,
) -> list[rules.Refusal]:
    """What the rules of existing stages say about the cards that would stand on them."""
    if board is None:
        return _overloaded(mapping, draft, people, workspace)
    stages = list(Stage.objects.filter(board=board, retired_at=None).order_by("position", "id"))
    entering = Counter(
        each.last.stage for each in draft.cards if each.last.stage and not each.off_board
    )
    return [
        *_full(stages, entering),
        *_gates_open(stages, entering),
        *_overloaded(mapping, draft, people, workspace),
    ]


def _full(stages: list[Stage], entering: Mapping[str, int]) -> list[rules.Refusal]:
    here = dict(
        ContentItem.objects.filter(stage__in=stages, archived_at=None)
        .values_list("stage")
        .annotate(total=Count("id"))
    )
    return [
        rules.Refusal(
            "wip_limit",
            {
                "stage": stage.name,
                "count": here.get(stage.pk, 0) + entering[stage.public_id],
                "limit": stage.wip_limit,
            },
        )
        for stage in stages
        if stage.wip_limit is not None
        and stage.limit_mode == Stage.LimitMode.BLOCK
        and entering.get(stage.public_id)
        and here.get(stage.pk, 0) + entering[stage.public_id] > stage.wip_limit
    ]


def _gates_open(stages: list[Stage], entering: Mapping[str, int]) -> list[rules.Refusal]:
    """Gates that the cards would stand behind: nothing in a file shows that they were met."""
    entered = [place for place, stage in enumerate(stages) if entering.get(stage.public_id)]
    behind = [stage.pk for stage in stages[1 : max(entered, default=0) + 1]]
    gates = Gate.objects.filter(stage__in=behind, retired_at=None).select_related("stage")
    return [
        rules.Refusal(
            "gate_open",
            {"stage": gate.stage.name, "gate": gate.label, "gate_id": gate.public_id,
             "have": 0, "need": gate.at_least},
        )
        for gate in gates.order_by("stage__position", "position", "id")
    ]  # fmt: skip


def _overloaded(
    mapping: ImportMapping, draft: Draft, people: Mapping[str, User], workspace: Workspace
) -> list[rules.Refusal]:
    limit = workspace.wip_limit_per_person
    if limit is None or not workspace.wip_per_person_blocks:
        return []
    loads: defaultdict[int, int] = defaultdict(int)
    names = {user.pk: str(user) for user in people.values()}
    for each in draft.cards:
        kind = mapping.target_of(each.card.list_id).kind
        in_progress = rules.order("script") <= rules.order(kind) < rules.order("learn")
        if in_progress and not each.off_board:
            for user in {people[ident] for ident in each.card.members if ident in people}:
                loads[user.pk] += 1
    here = dict(
        Assignment.objects.filter(
            user__in=loads, item__workspace=workspace, item__in=ContentItem.objects.in_progress()
        )
        .values_list("user")
        .annotate(total=Count("id"))
    )
    return [
        rules.Refusal(
            "person_wip_limit",
            {"person": names[pk], "count": load + here.get(pk, 0), "limit": limit},
        )
        for pk, load in loads.items()
        if load + here.get(pk, 0) > limit
    ]
