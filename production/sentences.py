"""Codes in words: one sentence that a person can act on, in their language.

The page, the API and the greyed-out stage all say the same sentence.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.utils.dateformat import format as date_text
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from production.rules import Refusal

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?", re.ASCII)
SENTENCES = {
    "archived": _("The card is archived. Restore it first."),
    "stage_retired": _("The stage %(stage)s is no longer in use."),
    "not_your_stage": _("You work in other stages than %(stage)s. Ask the owner of the workspace."),
    "blocked": _("The card is blocked: %(reason)s. Unblock it first."),
    "gate_open": _("%(stage)s still needs: %(gate)s."),
    "primary_kpi_missing": _("%(stage)s needs exactly one primary KPI. Choose it on the card."),
    "not_published": _("It is not out yet. Say “I posted it” on the card, then move on."),
    "wip_limit": _("%(stage)s is full (%(count)s of %(limit)s). Move something out first."),
    "person_wip_limit": _(
        "%(person)s would have %(count)s cards in progress; the limit is %(limit)s."
    ),
    "undo_too_late": _("Undo works for 30 seconds. Move the card back instead."),
    "undo_overtaken": _("Something else has happened to the card since. Look at its history."),
    "own_edit": _("You made the last edit yourself. A second person has to sign."),
    "review_outdated": _("The content has changed since the request. Ask for a new review."),
    "review_closed": _("This review request is closed already."),
    "needs_all_three": _("Tick facts, brand and call to action, or send it back."),
    "needs_comment": _("Say what should change."),
    "already_signed": _("This content is signed already."),
    "guest_link_closed": _("This link does not open anything any more."),
    "already_answered": _("You have answered on this content already."),
    "already_out": _("This publication is out already."),
    "publication_is_out": _(
        "It has been out for a while. Only an owner removes it, with a reason."
    ),
    "publication_removed": _("This publication was removed from its channel."),
    "publication_cancelled": _("This publication is cancelled. Open it again first."),
    "publication_unconfirmed": _(
        "Nobody knows yet whether this is out. Look, and say what you saw."
    ),
    "publication_elsewhere": _("This cannot be done now: the publication is %(state)s."),
    "publication_with_a_tool": _("A scheduler has this publication. Cancel it instead."),
    "needs_channel": _("Choose the channel of the card."),
    "needs_content": _("Write a title or a caption, or add the main file."),
    "needs_primary_kpi": _("Choose exactly one primary KPI on the card."),
    "needs_time": _("Choose when it goes out."),
    "needs_review": _(
        "A second person has to sign exactly this content (%(have)s of %(need)s signed)."
    ),
    "bare_link": _("The address %(url)s has no campaign parameters. Put it into the link field."),
    "window_locked": _("The time lies outside the channel's windows. Choose another, or waive it."),
    "duplicate_content": _(
        "%(key)s shows the same on this channel within 24 hours. Change it, or allow it."
    ),
    "already_leased": _("%(holder)s has this publication."),
    "on_hold": _("This publication is on hold: %(reason)s"),
    "not_ready": _("This publication is not ready (%(state)s)."),
    "lease_over": _("This claim is over (%(state)s). Claim the publication again."),
    "lease_reported": _("A report has been made on this claim; it can no longer be given back."),
    "nothing_to_decide": _("The card is not out yet: there is nothing to decide."),
    "not_out_yet": _("This publication is not out yet."),
    "comment_deleted": _("This comment is deleted."),
    "invitation_gone": _(
        "This invitation was used, withdrawn or is older than 14 days. Ask for a new one."
    ),
    "last_owner": _("A workspace needs at least one owner."),
    "stage_not_empty": _("%(stage)s still holds %(count)s cards. Choose where they go."),
    "last_board": _("%(board)s is the only board. Add another one first."),
    "last_stage_of_kind": _("%(stage)s is the only stage of its kind on this board."),
    "stage_name_taken": _(
        "Another stage is called %(stage)s by now. Give that one a different name first."
    ),
    "in_use": _("%(name)s is in use on %(count)s cards. Retire it instead."),
    "limit_reached": _("There can be at most %(limit)s of these."),
    "import_settled": _("This file has been brought in, or is being brought in."),
    "import_nothing": _("Every card of the file is here already or stays away. Nothing comes in."),
    "import_question_open": _("Answer the open question about the file first."),
    "import_same_file": _("The same file has been brought in already. Undo that import first."),
    "import_worked_on": _(
        "%(key)s came with this file and has been worked on since, or has newer numbers. "
        "Taking the file back would lose that."
    ),
    "import_not_applied": _("This import is not in the workspace, so there is nothing to undo."),
    "import_in_use": _(
        "%(count)s cards that the import did not bring stand on its stages or derive from its "
        "cards. Move them first."
    ),
    "outside_window": _(
        "This lies outside the publishing windows of %(channel)s. The next one opens %(next)s."
    ),
    "windows_kept": _(
        "The windows of %(channel)s are locked until %(until)s. Say why they should change now."
    ),
    "window_retired": _("This window is no longer in use."),
    "no_windows": _("%(channel)s has no publishing windows yet. Add one first."),
    "not_to_be_scheduled": _(
        "It is out, called off, or about to go out: its time cannot be changed any more."
    ),
    "slot_cancelled": _("This slot is out of the plan. Bring it back first."),
    "slot_taken": _("%(key)s has this slot already."),
    "slot_filled": _("%(key)s fills this slot. Take it out first."),
    "other_channel": _("%(key)s is for another channel than %(channel)s."),
    "webhook_disabled": _("Nothing is sent there at the moment. Start the webhook first."),
    "cycle_running": _("A cycle is running. End it before the next one begins."),
    "strategy_gaps": _("The strategy does not say yet: %(fields)s. Write that first."),
    "cycle_begun": _("The cycle has begun; its first day stays."),
    "channel_lock": _(
        "The channels of the cycle are locked until %(until)s. Say why they should change now."
    ),
    "too_many_channels": _(
        "A cycle has at most %(primary)s primary channels and %(support)s for support. "
        "Say why it needs more."
    ),
    "experiment_begun": _(
        "%(key)s has begun: variants, KPI and allocation stay as they are. Say that it does not "
        "count if something had to change."
    ),
    "experiment_over": _("%(key)s is over: %(state)s."),
    "experiment_elsewhere": _("This cannot be done now; the state of %(key)s: %(state)s."),
    "experiment_not_drawn": _("Draw the publishing slots of %(key)s first."),
    "experiment_drawn": _("The slots of %(key)s are drawn already; a draw is not repeated."),
    "experiment_too_few_slots": _(
        "%(key)s has %(have)s free slots ahead and needs %(needed)s: one for each variant."
    ),
    "experiment_override": _(
        "This is not what the numbers of %(key)s say. Only an owner decides otherwise, with a "
        "reason."
    ),
    "already_derived": _("A derivative cannot have derivatives of its own."),
}  # fmt: skip


def say(refusal: Refusal) -> str:
    """The refusal as a sentence in the active language."""
    words = {name: _spoken(value) for name, value in refusal.params.items()}
    return str(SENTENCES[refusal.code]) % words


def _spoken(value: str | int) -> str | int:
    """Days and wall times as people write them; everything else as it is."""
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return value
    moment = datetime.fromisoformat(value)
    day = date_text(moment, pgettext("day, Django format", "D j M"))
    return f"{day} {moment:%H:%M}" if "T" in value else day
