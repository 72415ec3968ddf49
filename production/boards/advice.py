"""What an owner should know about the board as it is arranged: sentences, not refusals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from production.models import Kind, Stage


def warnings(stages: Sequence[Stage]) -> list[str]:
    """Sentences about stages in a strange order and kinds that are missing."""
    found = []
    order = {kind: index for index, kind in enumerate(Kind.values)}
    for left, right in pairwise(stages):
        if order[left.kind] > order[right.kind]:
            sentence = _("%(left)s stands before %(right)s, though its kind comes later.")
            found.append(sentence % {"left": left.name, "right": right.name})
    there = {stage.kind for stage in stages}
    missing = _("There is no stage of kind %(kind)s: its time cannot be told apart.")
    found += [missing % {"kind": kind.label} for kind in Kind if kind.value not in there]
    return found
