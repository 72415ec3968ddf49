"""Who may do what: one table, read by every door and by the tests that check every door."""

from __future__ import annotations

from dataclasses import dataclass, field

from production.errors import NotAllowed
from production.models import ContentItem, Event, Membership, Role, User, Workspace

OWNER, CREATOR, REVIEWER, VIEWER, EXTERNAL = (
    Role.OWNER,
    Role.CREATOR,
    Role.REVIEWER,
    Role.VIEWER,
    Role.EXTERNAL,
)
TEAM = frozenset({OWNER, CREATOR, REVIEWER, VIEWER})
MAKERS = frozenset({OWNER, CREATOR})
OWNERS = frozenset({OWNER})

# operation → roles. External contributors act on items assigned to them only; look-ups and
# `Seat.may_work_on` see to that.
TABLE: dict[str, frozenset[Role]] = {
    "workspace.see": TEAM | {EXTERNAL},
    "workspace.change": OWNERS,
    "workspace.delete": OWNERS,
    "board.see": TEAM | {EXTERNAL},
    "board.change": OWNERS,  # boards, stages, gates
    "view.save": TEAM,
    "view.share": MAKERS,
    "plan.see": TEAM,
    "plan.change": OWNERS,
    "item.see": TEAM | {EXTERNAL},
    "item.create": MAKERS,
    "item.edit": MAKERS | {EXTERNAL},
    "item.bulk": MAKERS,
    "item.assign": MAKERS,
    "item.move": MAKERS | {EXTERNAL},
    "item.archive": MAKERS,
    "item.derive": MAKERS,
    "item.override": OWNERS,
    "outcome.record": MAKERS,
    "comment.add": MAKERS | {REVIEWER, EXTERNAL},
    "comment.moderate": OWNERS,
    "asset.add": MAKERS | {EXTERNAL},
    "review.see": TEAM,
    "review.request": MAKERS,
    "review.invite": MAKERS,  # somebody without an account, by a link
    "review.sign": frozenset({OWNER, CREATOR, REVIEWER}),
    "publication.see": TEAM | {EXTERNAL},
    "publication.publish": MAKERS,
    "publication.schedule": MAKERS,
    "publication.lease": MAKERS,
    "publication.report": MAKERS,
    "publication.resolve": MAKERS,  # say of an unconfirmed one what became of it
    "channel.reconnect": MAKERS,  # say that a tool may publish there again
    "calendar.see": TEAM,
    "slot.change": MAKERS,
    "window.change": OWNERS,  # and the rules of the week's mix, and how links are named
    "window.waive": OWNERS,
    "feed.own": TEAM | {EXTERNAL},
    "webhook.manage": OWNERS,
    "flow.see": TEAM,
    "flow.change": OWNERS,  # clock, target, promise, calendar
    "cycle.see": TEAM,
    "cycle.change": OWNERS,
    "cycle.work": MAKERS,  # tick, spend, do one's routine, close a risk's notice
    "metric.see": TEAM,
    "metric.write": MAKERS,  # observations: pushed, typed, imported
    "kpi.change": OWNERS,  # owners of KPIs, baselines, targets, thresholds
    "kpi.review": MAKERS,
    "action.work": MAKERS,
    "experiment.see": TEAM,
    "experiment.change": MAKERS,
    "experiment.override": OWNERS,  # decide against the verdict, with a reason
    "playbook.see": TEAM,
    "playbook.propose": MAKERS,
    "playbook.change": OWNERS,
    "log.see": TEAM,
    "search": TEAM,
    "people.see": TEAM,
    "people.change": OWNERS,
    "token.own": MAKERS,
    "token.all": OWNERS,
    "import.run": MAKERS,
    "import.undo": OWNERS,
    "export.make": OWNERS,
}

EXTERNAL_KINDS = ("script", "shoot", "edit")


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a workspace: what every look-up and every permission begins with."""

    user: User
    workspace: Workspace
    role: Role
    stage_kinds: tuple[str, ...] = ()
    scopes: frozenset[str] | None = field(default=None)  # None: a browser session, not a token
    token: int | None = None  # its key
    # Public ids of the channels that the token may claim and report on; empty: all of them.
    channels: frozenset[str] = frozenset()

    @property
    def is_external(self) -> bool:
        return self.role == EXTERNAL

    @property
    def allowed_kinds(self) -> frozenset[str] | None:
        """Kinds of stage this person may work in; None means all of them."""
        return frozenset(self.stage_kinds or EXTERNAL_KINDS) if self.is_external else None

    def may(self, operation: str) -> bool:
        return self.role in TABLE[operation]

    def require(self, operation: str) -> None:
        """Raise NotAllowed unless the table says yes."""
        if not self.may(operation):
            raise NotAllowed(operation)

    def may_work_on(self, item: ContentItem, operation: str = "item.edit") -> bool:
        """As `may`, and for an external contributor only while the item is in their stages."""
        kinds = self.allowed_kinds
        return self.may(operation) and (kinds is None or item.stage.kind in kinds)

    def require_work_on(self, item: ContentItem, operation: str = "item.edit") -> None:
        if not self.may_work_on(item, operation):
            raise NotAllowed(operation)


def seat_of(membership: Membership) -> Seat:
    return Seat(
        membership.user,
        membership.workspace,
        Role(membership.role),
        tuple(membership.stage_kinds),
    )


def may_see_event(seat: Seat, event: Event, own_subjects: frozenset[str]) -> bool:
    """The team sees the log; an external contributor what happens to their own items."""
    return seat.may("log.see") or event.subject in own_subjects
