"""Where each list and person of a file goes: proposed by a guess, settled by a person.

Plain values, kept as JSON with the import: `to_json` and `from_json` are inverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from production.errors import Invalid
from production.imports.csvfile import FIELDS
from production.imports.guess import KINDS, guess_lists, guess_members
from production.imports.plan import BoardPlan

NEW, STAGE, MERGE, SKIP = "new", "stage", "merge", "skip"
STAGE_NAME_LENGTH = 60
BOARD_NAME_LENGTH = 100

Errors = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class StageBrief:
    """A stage of the board that the file goes to, as far as a mapping needs it."""

    id: str
    name: str
    kind: str
    source_ref: str = ""


@dataclass(frozen=True, slots=True)
class ListTarget:
    """What becomes of a list: a new stage, an existing one, part of another list's, or nothing."""

    how: str = NEW
    kind: str = "idea"
    name: str = ""
    waiting: bool = False
    stage: str = ""
    into: str = ""


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """Everything a person may settle before an import. `board` is "" for a new board."""

    board: str = ""
    board_name: str = ""
    lists: Mapping[str, ListTarget] = field(default_factory=dict)
    members: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, int] | None = None
    day_first: bool | None = None

    def end_of(self, list_id: str) -> str:
        """The list that this one is merged into in the end, or itself."""
        while self.lists[list_id].how == MERGE:
            list_id = self.lists[list_id].into
        return list_id

    def target_of(self, list_id: str) -> ListTarget:
        """The new stage, existing stage or "skip" where the cards of this list end."""
        return self.lists[self.end_of(list_id)]

    def merged_lists(self) -> int:
        """How many lists share a stage with another list."""
        ends = []
        for list_id in self.lists:
            target = self.target_of(list_id)
            if target.how != SKIP:
                ends.append(target.stage if target.how == STAGE else self.end_of(list_id))
        return len(ends) - len(set(ends))

    def to_json(self) -> dict[str, Any]:
        return {
            "board": self.board,
            "board_name": self.board_name,
            "lists": {ident: _target_json(target) for ident, target in self.lists.items()},
            "members": dict(self.members),
            "columns": None if self.columns is None else dict(self.columns),
            "day_first": self.day_first,
        }


def propose(
    plan: BoardPlan,
    *,
    board: str = "",
    stages: Sequence[StageBrief] = (),
    people: Iterable[tuple[str, str, str]] = (),
    by_kind: bool = False,
) -> ImportMapping:
    """A good guess: a stage for every list on a new board, the nearest stage on an existing one.

    `people` are the workspace's (id, name, e-mail). With `by_kind` lists of one kind share a stage.
    """
    names = {column.id: column.name for column in plan.lists}
    taken: set[str] = set()
    lists: dict[str, ListTarget] = {}
    for guess in guess_lists(plan.lists):
        fresh = ListTarget(NEW, guess.kind, _free_name(names[guess.list_id], taken), guess.waiting)
        if board and (stage := _nearest(guess.list_id, names[guess.list_id], guess.kind, stages)):
            lists[guess.list_id] = replace(fresh, how=STAGE, stage=stage)
        elif by_kind and guess.merge_into != guess.list_id:
            lists[guess.list_id] = replace(fresh, how=MERGE, into=guess.merge_into)
        else:
            lists[guess.list_id] = fresh
    return ImportMapping(
        board=board,
        board_name=plan.name[:BOARD_NAME_LENGTH],
        lists=lists,
        members=guess_members(plan, people),
    )


def from_json(
    said: Mapping[str, Any],
    plan: BoardPlan,
    *,
    stages: Sequence[StageBrief] = (),
    people: Iterable[str] = (),
) -> ImportMapping:
    """The mapping that `said` describes, checked against the file, the board and the workspace.

    Lists and members that `said` leaves out keep the proposal; an empty person means nobody.
    Raises Invalid.
    """
    proposed = propose(plan, board=_text(said, "board", 32), stages=stages)
    errors: Errors = {}
    lists = _settled_lists(said, proposed.lists, {stage.id for stage in stages}, errors)
    members = _settled_members(said, plan, proposed.members, set(people), errors)
    if errors:
        raise Invalid(errors)
    return ImportMapping(
        board=proposed.board,
        board_name=_text(said, "board_name", BOARD_NAME_LENGTH) or proposed.board_name,
        lists=lists,
        members=members,
        columns=columns_of(said),
        day_first=day_first_of(said),
    )


def columns_of(said: Mapping[str, Any]) -> dict[str, int] | None:
    """The columns chosen for a CSV file, or None to guess. Raises Invalid."""
    columns = said.get("columns")
    if columns is None:
        return None
    if not isinstance(columns, Mapping) or not all(
        name in FIELDS and isinstance(place, int) and not isinstance(place, bool)
        for name, place in columns.items()
    ):
        raise Invalid({"columns": [("invalid", _("Columns map a field to a column's number."))]})
    return dict(columns)


def day_first_of(said: Mapping[str, Any]) -> bool | None:
    """Whether 3/4 is the 3rd of April, or None when nobody has said. Raises Invalid."""
    answer = said.get("day_first")
    if answer is not None and not isinstance(answer, bool):
        raise Invalid({"day_first": [("invalid", _("This is true, false or null."))]})
    return answer


def _settled_lists(
    said: Mapping[str, Any],
    proposed: Mapping[str, ListTarget],
    stages: set[str],
    errors: Errors,
) -> dict[str, ListTarget]:
    lists = dict(proposed)
    for ident, target in _mapping(said, "lists").items():
        if ident not in lists:
            errors[f"lists.{ident[:64]}"] = [("unknown", _("The file has no such list."))]
        elif problem := _target_problem(target, lists, stages):
            errors[f"lists.{ident}"] = [problem]
        else:
            lists[ident] = _target(target, lists[ident])
    for ident in _in_circles(lists):
        errors[f"lists.{ident}"] = [("circle", _("Lists cannot be merged in a circle."))]
    return lists


def _settled_members(
    said: Mapping[str, Any],
    plan: BoardPlan,
    proposed: Mapping[str, str],
    people: set[str],
    errors: Errors,
) -> dict[str, str]:
    members = dict(proposed)
    known = {member.id for member in plan.members}
    for ident, person in _mapping(said, "members").items():
        if ident not in known:
            errors[f"members.{ident[:64]}"] = [("unknown", _("The file has no such person."))]
        elif person and (not isinstance(person, str) or person not in people):
            problem = ("unknown", _("Nobody in this workspace has this id."))
            errors[f"members.{ident}"] = [problem]
        elif person:
            members[ident] = person
        else:
            members.pop(ident, None)
    return members


def _nearest(list_id: str, name: str, kind: str, stages: Sequence[StageBrief]) -> str:
    """The stage made from this list before, else of its name, else the first of its kind."""
    plain = name.casefold().strip()
    for fits in (
        lambda stage: stage.source_ref == list_id,
        lambda stage: stage.name.casefold().strip() == plain,
        lambda stage: stage.kind == kind,
    ):
        for stage in stages:
            if fits(stage):
                return stage.id
    return stages[0].id if stages else ""


def _free_name(name: str, taken: set[str]) -> str:
    base = name.strip()[:STAGE_NAME_LENGTH] or "?"
    free, number = base, 1
    while free.casefold() in taken:
        number += 1
        free = f"{base[: STAGE_NAME_LENGTH - 5]} ({number})"
    taken.add(free.casefold())
    return free


def _target_json(target: ListTarget) -> dict[str, Any]:
    return {
        "how": target.how,
        "kind": target.kind,
        "name": target.name,
        "waiting": target.waiting,
        "stage": target.stage,
        "into": target.into,
    }


def _target(said: Mapping[str, Any], proposed: ListTarget) -> ListTarget:
    return ListTarget(
        how=said.get("how", proposed.how),
        kind=said.get("kind") or proposed.kind,
        name=(said.get("name") or proposed.name).strip()[:STAGE_NAME_LENGTH],
        waiting=bool(said.get("waiting", proposed.waiting)),
        stage=said.get("stage") or proposed.stage,
        into=said.get("into") or proposed.into,
    )


def _target_problem(
    said: Any, lists: Mapping[str, ListTarget], stages: set[str]
) -> tuple[str, str] | None:
    if not isinstance(said, Mapping):
        return ("invalid", _("Say how, and where."))
    how = said.get("how", NEW)
    texts = ("how", "kind", "name", "stage", "into")
    if any(not isinstance(said.get(name) or "", str) for name in texts):
        return ("invalid", _("These are texts."))
    if how not in (NEW, STAGE, MERGE, SKIP):
        return ("how", _("A list becomes new, stage, merge or skip."))
    if (said.get("kind") or "idea") not in KINDS:
        return ("kind", _("This is not a kind of stage."))
    if how == STAGE and said.get("stage") not in stages:
        return ("stage", _("The board has no such stage."))
    if how == MERGE and said.get("into") not in lists:
        return ("into", _("The file has no such list."))
    return None


def _in_circles(lists: Mapping[str, ListTarget]) -> list[str]:
    circling = []
    for ident in lists:
        seen = {ident}
        target = lists[ident]
        while target.how == MERGE and target.into in lists:
            if target.into in seen:
                circling.append(ident)
                break
            seen.add(target.into)
            target = lists[target.into]
    return circling


def _text(said: Mapping[str, Any], name: str, longest: int) -> str:
    value = said.get(name) or ""
    if not isinstance(value, str) or len(value) > longest:
        raise Invalid(
            {
                name: [
                    (
                        "invalid",
                        _("This is text of at most %(limit)s characters.") % {"limit": longest},
                    )
                ]
            }
        )
    return value.strip()


def _mapping(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = said.get(name) or {}
    if not isinstance(value, Mapping):
        raise Invalid({name: [("invalid", _("This is an object."))]})
    return value
