"""Events in words: what somebody did, as the part of a sentence that follows their name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from production.models import ContentItem, Event

PREDICATES = {
    "item.created": _("wrote it down in %(stage)s"),
    "item.moved": _("moved it from %(from)s to %(to)s"),
    "item.move_undone": _("took the move back, to %(to)s"),
    "item.reordered": _("gave it another place in %(stage)s"),
    "item.edited": _("changed %(fields)s"),
    "item.blocked": _("blocked it: %(reason)s"),
    "item.unblocked": _("unblocked it"),
    "item.archived": _("archived it"),
    "item.restored": _("brought it back from the archive"),
    "item.deleted": _("deleted %(key)s %(title)s with its import"),
    "item.will_miss": _("sees that it does not fit into %(target_hours)s h any more"),
    "item.ageing": _("sees it grow older in %(stage)s than 85 %% of cards do"),
    "gate.ticked": _("ticked “%(label)s”"),
    "gate.unticked": _("took the tick from “%(label)s”"),
    "hook.added": _("added the opening “%(text)s”"),
    "hook.edited": _("reworded an opening"),
    "hook.chosen": _("chose the opening “%(text)s”: %(reason)s"),
    "hook.unchosen": _("no longer chooses the opening “%(text)s”"),
    "hook.reordered": _("put the openings in another order"),
    "hook.removed": _("removed the opening “%(text)s”"),
    "script.saved": _("wrote version %(version)s of the script, %(words)s words"),
    "checklist.added": _("added “%(text)s” to the list"),
    "checklist.ticked": _("did “%(text)s”"),
    "checklist.unticked": _("took the tick from “%(text)s”"),
    "checklist.removed": _("removed “%(text)s” from the list"),
    "checklist.reordered": _("put the list in another order"),
    "comment.added": _("commented"),
    "comment.edited": _("edited a comment"),
    "comment.deleted": _("deleted a comment"),
    "asset.added": _("added %(name)s"),
    "asset.edited": _("described a file anew"),
    "asset.removed": _("removed %(name)s"),
    "outcome.recorded": _("recorded the outcome: %(fields)s"),
    "outcome.due": _("asks for a decision: it has been out for seven days"),
    "outcome.continued": _("went on with %(key)s"),
    "review.requested": _("asked for a review"),
    "review.withdrawn": _("withdrew the review request"),
    "review.approved": _("signed it, %(signatures)s of %(needed)s"),
    "review.changes_requested": _("sent it back"),
    "review.guest_invited": _("invited %(name)s to review it"),
    "review.guest_revoked": _("closed the review link of %(name)s"),
    "publication.created": _("drafted a publication"),
    "publication.changed": _("changed a publication"),
    "publication.ready": _("made a publication ready"),
    "publication.hold_requested": _("put a publication on hold: %(reason)s"),
    "publication.reopened": _("opened a publication again"),
    "publication.cancelled": _("cancelled a publication"),
    "publication.resolved": _("looked, and it is not out: %(evidence)s"),
    "publication.leased": _("claimed a publication for %(holder)s"),
    "publication.released": _("gave back the claim of %(holder)s"),
    "publication.scheduled": _("scheduled a publication in %(tool)s"),
    "publication.publishing": _("began to publish it with %(tool)s"),
    "publication.failed": _("could not publish it: %(reason)s"),
    "publication.unconfirmed": _("does not know whether it is out"),
    "publication.posted_twice": _("says that it was posted once more"),
    "publication.evidence": _("says that it was posted, though another has the claim"),
    "publication.overdue": _("sees that the time of a publication has passed"),
    "publication.taken_down": _("says that it was taken down"),
    "publication.published": _("posted it"),
    "publication.removed": _("removed a publication"),
    "board.added": _("added the board %(name)s"),
    "board.changed": _("changed the board"),
    "board.archived": _("archived the board %(name)s"),
    "board.restored": _("restored the board %(name)s"),
    "board.reordered": _("put the boards in another order"),
    "stage.added": _("added the stage %(name)s"),
    "stage.changed": _("changed a stage"),
    "stage.reordered": _("put the stages in another order"),
    "stage.retired": _("retired the stage %(name)s"),
    "stage.restored": _("brought back the stage %(name)s"),
    "stage.migrated": _("moved cards from %(from)s to %(to)s with the stage"),
    "gate.added": _("added the gate “%(label)s”"),
    "gate.changed": _("changed a gate"),
    "gate.reordered": _("put the gates in another order"),
    "gate.retired": _("retired the gate “%(label)s”"),
    "gate.restored": _("brought back the gate “%(label)s”"),
    "utm_template.added": _("made a template for tracked links"),
    "utm_template.changed": _("changed a template for tracked links"),
    "utm_template.retired": _("retired a template for tracked links"),
    "window.added": _("added a publishing window of %(name)s"),
    "window.changed": _("changed a publishing window of %(name)s"),
    "window.retired": _("took away a publishing window of %(name)s"),
    "window.locked": _("locked the publishing windows of %(name)s until %(until)s"),
    "window.unlocked": _("unlocked the publishing windows of %(name)s: %(reason)s"),
    "slot.added": _("added a slot at %(starts_local)s"),
    "slot.changed": _("changed the slot at %(starts_local)s"),
    "slot.cancelled": _("took the slot at %(starts_local)s out of the plan"),
    "slot.restored": _("brought the slot at %(starts_local)s back"),
    "mix.changed": _("changed the rules of the week’s mix"),
    "cycle.started": _("began the cycle %(name)s"),
    "cycle.changed": _("changed the cycle"),
    "cycle.channels_changed": _("changed the channels of the cycle: %(override)s"),
    "cycle.phase_decided": _("decided at the end of phase %(phase)s: %(note)s"),
    "cycle.line_ticked": _("vouched for a line of phase %(phase)s: %(evidence)s"),
    "cycle.line_unticked": _("took back a tick of phase %(phase)s"),
    "cycle.ended": _("ended the cycle"),
    "risk.added": _("added the risk “%(name)s”"),
    "risk.changed": _("changed the risk “%(name)s”"),
    "risk.reviewed": _("looked at the risk “%(name)s”"),
    "risk.raised": _("sees the risk “%(name)s” coming true"),
    "risk.cleared": _("sees the symptom of “%(name)s” gone"),
    "risk.closed": _("closed the risk “%(name)s”: %(note)s"),
    "risk.retired": _("retired the risk “%(name)s”"),
    "learning.noted": _("wrote down what %(card)s taught"),
    "learning.applied": _("applied a learning in %(card)s"),
    "strategy.frozen": _("froze version %(version)s of the strategy for the cycle"),
    "strategy.saved": _("wrote version %(version)s of the strategy"),
    "responsibility.changed": _("said who is responsible"),
    "feed.created": _("made a calendar address"),
    "feed.revoked": _("revoked a calendar address"),
    "plan.reordered": _("put the words of the plan in another order"),
    "channel.disconnected": _("cannot publish to %(name)s any more: %(reason)s"),
    "channel.reconnected": _("reconnected %(name)s"),
    "workspace.created": _("opened the workspace %(name)s"),
    "workspace.changed": _("changed the workspace"),
    "member.invited": _("invited %(email)s"),
    "member.joined": _("joined"),
    "member.role_changed": _("changed a role from %(from)s to %(to)s"),
    "member.removed": _("removed a member"),
    "invitation.revoked": _("took back the invitation of %(email)s"),
    "token.created": _("made the token %(name)s"),
    "token.revoked": _("revoked the token %(name)s"),
    "webhook.added": _("added a webhook to %(host)s"),
    "webhook.changed": _("changed the webhook to %(host)s"),
    "webhook.removed": _("removed the webhook to %(host)s"),
    "webhook.secret_rotated": _("gave the webhook to %(host)s a new secret"),
    "webhook.tested": _("tested the webhook to %(host)s"),
    "webhook.enabled": _("started the webhook to %(host)s"),
    "webhook.disabled": _("stopped the webhook to %(host)s"),
    "webhook.replayed": _("sent %(messages)s messages to %(host)s again"),
    "metrics.imported": _("brought in numbers from %(source)s"),
    "metrics.import_undone": _("took back the import of %(file)s"),
    "kpi.threshold_crossed": _("found a threshold crossed: %(name)s"),
    "kpi.threshold_cleared": _("found a threshold no longer crossed: %(name)s"),
    "kpi.baselined": _("froze the baseline of %(kpi)s"),
    "kpi.reviewed": _("reviewed %(kpi)s"),
    "kpi.line_changed": _("changed who looks after %(kpi)s, its target or its rhythm"),
    "kpi.alerted": _("found KPIs that left their baseline"),
    "threshold.added": _("added the threshold rule %(name)s"),
    "threshold.changed": _("changed the threshold rule %(name)s"),
    "threshold.retired": _("switched off the threshold rule %(name)s"),
    "threshold.restored": _("switched on the threshold rule %(name)s"),
    "action.opened": _("opened an action on %(kpi)s"),
    "action.applied": _("took the next step of an action on %(kpi)s"),
    "action.closed": _("closed an action on %(kpi)s"),
    "experiments.imported": _("brought %(made)s experiments in from %(file)s"),
    "experiments.import_undone": _("took the experiments of %(file)s back"),
    "experiment.created": _("planned the experiment %(key)s %(title)s"),
    "experiment.changed": _("changed the plan of %(key)s"),
    "experiment.linked": _("said which publications show variant %(variant)s of %(key)s"),
    "experiment.drawn": _("drew %(slots)s publishing slots for %(key)s"),
    "experiment.started": _("started %(key)s"),
    "experiment.ended": _("ended %(key)s"),
    "experiment.cancelled": _("called off %(key)s: %(reason)s"),
    "experiment.discounted": _("says that %(key)s does not count: %(reason)s"),
    "experiment.counted": _("lets %(key)s count again"),
    "experiment.results": _("brought %(accepted)s lines of results to %(key)s"),
    "experiment.verdict": _("sees a new verdict of %(key)s"),
    "experiment.decided": _("decided %(key)s: %(reason)s"),
    "import.committed": _("imported %(file)s"),
    "import.undone": _("took back the import of %(file)s"),
    "export.made": _("exported the workspace"),
}
# The words of the plan all know the same four acts.
_PLAN = {
    "channel": _("the channel"),
    "pillar": _("the pillar"),
    "format": _("the format"),
    "kpi": _("the KPI"),
    "goal": _("the goal"),
    "partner": _("the partner"),
    "label": _("the label"),
}
_PLAN_ACTS = {
    "added": _("added %(noun)s %(name)s"),
    "changed": _("changed %(noun)s"),
    "retired": _("retired %(noun)s %(name)s"),
    "restored": _("brought back %(noun)s %(name)s"),
}
_MOST_FIELDS = 4


def predicate(event: Event) -> str:
    """What the event's actor did, in the active language; its type where there are no words."""
    noun, _dot, act = event.type.partition(".")
    if event.type in PREDICATES:
        return str(PREDICATES[event.type]) % _Words(event.data)
    if noun in _PLAN and act in _PLAN_ACTS:
        words = {"noun": _PLAN[noun], "name": event.data.get("name", "")}
        return (str(_PLAN_ACTS[act]) % words).strip()
    return event.type


def field_names(fields: Iterable[str]) -> str:
    """`Title, Promise and 3 more`: fields of an item by their labels."""
    labels = [_label(name) for name in sorted(fields, key=_place)]
    if len(labels) > _MOST_FIELDS:
        rest = len(labels) - _MOST_FIELDS + 1
        more = ngettext("%(count)s more", "%(count)s more", rest) % {"count": rest}
        labels = [*labels[: _MOST_FIELDS - 1], more]
    return get_text_list(labels, gettext("and"))


class _Words(dict[str, str]):
    """The data of an event as the sentences name it; what an old event lacks reads as a dash."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__({name: _plain(value) for name, value in data.items()})
        if "changes" in data:
            self["fields"] = field_names(data["changes"])

    def __missing__(self, name: str) -> str:
        return "–"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("name", ""))
    return str(value)


# JSON keeps no order that every database agrees on; the order of the fields of a card is ours.
_ORDER = {field.name: number for number, field in enumerate(ContentItem._meta.get_fields())}


def _place(name: str) -> tuple[int, str]:
    return _ORDER.get(name, len(_ORDER)), name


def _label(name: str) -> str:
    try:
        return str(ContentItem._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name
