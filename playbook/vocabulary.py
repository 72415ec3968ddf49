"""The words that content is told apart by: which level a variant has, and what it is called.

A variant says its type itself; where it does not, plain rules read it from its text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from playbook.models import Attribute
from production.models import Hook

LENGTHS: Sequence[tuple[str, int, Promise]] = (
    ("under-15", 15, _("Under 15 s")),
    ("15-24", 25, _("15–24 s")),
    ("25-40", 41, _("25–40 s")),
    ("over-40", 86_401, _("Over 40 s")),
)
CTAS: Sequence[tuple[str, str, Promise]] = (
    ("save", r"\bsave|\btallenna", _("Save this")),
    ("send", r"\bsend|\bshare|\blähetä|\bjaa\b", _("Send this on")),
    ("comment", r"\bcomment|\bkommentoi", _("Comment")),
    ("follow", r"\bfollow|\bsubscribe|\bseuraa|\btilaa", _("Follow")),
    ("link", r"\blink|\blinkki|\blinkin|\bprofiili", _("Follow the link")),
)
# The first that fits; what fits none is a plain statement.
HOOKS: Sequence[tuple[str, str]] = (
    ("question", r"\?"),
    ("how_to", r"^how to\b|^how i\b|^näin\b|^miten\b|^kuinka\b"),
    ("mistake", r"\bmistakes?\b|\bvirhe"),
    ("number", r"\d"),
)
_SECONDS = re.compile(r"\b(\d{1,5})\s*(?:s|sec|seconds?|sekuntia?)\b", re.IGNORECASE)


def level_of(attribute: str, variable: str, attributes: Mapping[str, Any], text: str) -> str:
    """The code of a variant's level of the attribute; empty when nothing tells it.

    The text is read only for what the experiment varies.
    """
    if attribute == Attribute.HOOK:
        read = hook_of(text) if variable in ("hook", "title", "opening") else ""
        return _said(attributes.get("hook_type")).replace("-", "_") or read
    if attribute == Attribute.LENGTH:
        seconds = attributes.get("length_seconds")
        if seconds in (None, "") and variable == "length" and (found := _SECONDS.search(text)):
            seconds = found[1]
        return length_of(seconds)
    if attribute == Attribute.CTA:
        read = cta_of(text) if variable == "cta" else ""
        return _said(attributes.get("cta_type")) or read
    if attribute == Attribute.THUMBNAIL:
        return _said(attributes.get("thumbnail"))
    return ""


def hook_of(text: str) -> str:
    """The type of an opening by its words: a question, how-to, mistake, number or statement."""
    said = text.strip().lower()
    if not said:
        return ""
    return next((code for code, rule in HOOKS if re.search(rule, said)), Hook.HookType.CLAIM)


def cta_of(text: str) -> str:
    """The one thing asked for; empty when no rule knows it."""
    said = text.lower()
    return next((code for code, rule, _name in CTAS if re.search(rule, said)), "")


def length_of(seconds: Any) -> str:
    """The bucket of a length; empty for what is none."""
    try:
        value = float(seconds)
    except (TypeError, ValueError):
        return ""
    return next((code for code, below, _name in LENGTHS if 0 <= value < below), "")


def name_of(attribute: str, code: str) -> str:
    """What a level is called in the reader's language; an own word as it was written."""
    known: dict[str, Any] = {}
    if attribute == Attribute.HOOK:
        known = dict(Hook.HookType.choices)
    elif attribute == Attribute.LENGTH:
        known = {each: name for each, _below, name in LENGTHS}
    elif attribute == Attribute.CTA:
        known = {each: name for each, _rule, name in CTAS}
    return str(known.get(code) or code.replace("-", " ").replace("_", " ").capitalize())


def _said(value: Any) -> str:
    return slugify(str(value or ""), allow_unicode=True)[:40]
