"""The table of permissions in words, for the page that shows who may do what.

Each line names the operations of `permissions.TABLE` that it stands for, so that the page cannot
say anything else than the table does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from production.models import Role
from production.permissions import TABLE


@dataclass(frozen=True, slots=True)
class Line:
    """Something people do, and the word for each role: yes, within limits, or no."""

    label: Any
    operations: tuple[str, ...]
    limits: tuple[tuple[Role, Any], ...] = ()

    @property
    def words(self) -> list[tuple[bool, Any]]:
        """For each role in its order: whether, and the limit in words."""
        limits = dict(self.limits)
        return [
            (all(role in TABLE[operation] for operation in self.operations), limits.get(role, ""))
            for role in Role
        ]


_ASSIGNED = _("assigned cards")
_OWN = _("own ones")
_NOT_OWN = _("never of their own edit")

WHAT = (
    Line(
        _("See the board and its cards"),
        ("board.see", "item.see"),
        ((Role.EXTERNAL, _ASSIGNED),),
    ),
    Line(_("See the plan, the log and the people"), ("plan.see", "log.see", "people.see")),
    Line(
        _("Edit and move cards, add files"),
        ("item.edit", "item.move", "asset.add"),
        ((Role.EXTERNAL, _("assigned cards, in their stages")),),
    ),
    Line(_("Create, assign and archive cards"), ("item.create", "item.assign", "item.archive")),
    Line(_("Comment"), ("comment.add",), ((Role.EXTERNAL, _ASSIGNED),)),
    Line(
        _("Sign reviews"),
        ("review.sign",),
        ((Role.OWNER, _NOT_OWN), (Role.CREATOR, _NOT_OWN), (Role.REVIEWER, _NOT_OWN)),
    ),
    Line(_("Say “I posted it”, record outcomes"), ("publication.publish", "outcome.record")),
    Line(_("Boards, stages, gates and the plan"), ("board.change", "plan.change")),
    Line(_("Overrule a gate or a limit, with a reason"), ("item.override",)),
    Line(_("Import files"), ("import.run",)),
    Line(_("Make API tokens"), ("token.own",), ((Role.CREATOR, _OWN),)),
    Line(
        _("People, export, the workspace itself"),
        ("people.change", "export.make", "workspace.change", "workspace.delete"),
    ),
)
