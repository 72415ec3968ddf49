"""The five risks of the method: symptom, threshold and what is done then (R74 to R78, R82)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Preset:
    code: str  # also the detector
    name: Any
    symptom: Any
    mitigation: Any
    kpis: tuple[str, ...]


FIVE = (
    Preset(
        "flood", _("A flood of content lowers the quality"),
        _("Impressions rise, share viewed and saves fall."),
        _("Keep to two or three formats, edit tighter, promise more clearly."),
        ("average-view-percent", "saves-per-1000"),
    ),
    Preset(
        "algorithm", _("The algorithm shifts"),
        _("The same kind of post loses reach within two weeks, and nothing here changed."),
        _("At least 20 % new tests; look at the trend of every channel each week."),
        ("impressions-per-week", "average-view-percent"),
    ),
    Preset(
        "trust", _("Brand safety and trust suffer"),
        _("The tone worsens, reports and unfollows rise."),
        _("A person checks facts, claims and picture sources; say what is automated."),
        ("saves-per-1000",),
    ),
    Preset(
        "measurement", _("The numbers are distorted"),
        _("Impressions and followers rise; clicks, watch time or leads do not."),
        _("Check UTM, conversions and traffic quality; hold a reality check."),
        ("link-ctr", "qualified-leads-per-week"),
    ),
    Preset(
        "overload", _("The team is overloaded"),
        _("Fewer pieces come out, lead time grows, learnings are not written."),
        _("Use fewer formats, automate captions and versions, hand out repeated work."),
        ("lead-time",),
    ),
)  # fmt: skip
