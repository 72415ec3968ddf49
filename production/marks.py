"""Small drawings and marks, which need neither script nor style attributes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

Share = float | Decimal


def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A picture of the sprite; without a label it is decoration and is not read aloud."""
    classes = f"icon {size}".strip()
    address = f"{static('img/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>',
            classes,
            label,
            address,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, address
    )


def avatar(person: Any, size: str = "") -> SafeString:
    """The person's initials with the whole name for whoever points or listens."""
    if not person:
        return format_html('<abbr class="who nobody" title="{}">–</abbr>', gettext("Nobody"))
    name = person_name(person)
    return format_html(
        '<abbr class="{}" title="{}">{}</abbr>', f"who {size}".strip(), name, initials(name)
    )


def channel_mark(mark: str, name: str) -> SafeString:
    """Two letters for the channel, its name for whoever points or listens."""
    return format_html('<abbr class="channel" title="{}">{}</abbr>', name, mark)


def initials(name: str) -> str:
    """Two letters: of the first and the last word, or the first two of the only one."""
    words = str(name).replace(".", " ").replace("@", " ").split()
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def person_name(person: Any) -> str:
    """What the person is called: the name, else the address."""
    return str(getattr(person, "name", "") or getattr(person, "email", "") or person)


def ring(used: Share) -> SafeString:
    """A ring filled by the share of the hours that is gone, 0 to 1."""
    return format_html(
        '<svg class="ring" viewBox="0 0 12 12" aria-hidden="true">'
        '<circle class="ring-edge" cx="6" cy="6" r="5.25"/>'
        '<circle class="ring-used" cx="6" cy="6" r="3" pathLength="100"'
        ' stroke-dasharray="{} 100" transform="rotate(-90 6 6)"/></svg>',
        _per_cent(used),
    )


def age_bar(age: Share) -> SafeString:
    """Age in the stage on the stage's own scale: 0.8 is its 85th percentile, 1 is the end."""
    return format_html(
        '<svg viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="3"/><rect class="gone" width="{}" height="3"/>'
        '<rect class="gap" x="78" width="4" height="3"/></svg>',
        _per_cent(age),
    )


def meter(
    value: Share, label: str = "", target: Share | None = None, tone: str = "", extra: str = ""
) -> SafeString:
    """A track filled to `value` of 1, the target a line; without a label it is decoration."""
    line: SafeString | str = ""
    if target is not None:
        line = format_html('<path class="target" d="M{0} 0V10"/>', _per_cent(target))
    role = format_html('role="img" aria-label="{}"' if label else 'aria-hidden="true"{}', label)
    return format_html(
        '<svg class="{}" viewBox="0 0 100 10" preserveAspectRatio="none" {}>'
        '<rect class="track" y="2" width="100" height="6"/>'
        '<rect class="value" y="2" width="{}" height="6"/>{}</svg>',
        " ".join(filter(None, ("meter", tone, extra))),
        role,
        _per_cent(value),
        line,
    )


def _per_cent(share: Share) -> str:
    return f"{min(max(float(share), 0.0), 1.0) * 100:.1f}".removesuffix(".0")
