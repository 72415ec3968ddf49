"""What templates say about time, numbers, people and state; everything drawn here works without script."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as date_text
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext, pgettext

from production import durations

register = template.Library()

THEMES = ("light", "dark")
DENSITIES = ("compact",)
NOTHING = "–"


# -- numbers and durations -----------------------------------------------------


@register.filter
def hours(value: timedelta | float | Decimal | None) -> str:
    """`41 h`, `3.4 d`, `25 min` for a timedelta or a number of seconds; an en dash where there is none."""
    return NOTHING if value is None or value == "" else durations.hours(value, _language())


@register.filter
def whole_hours(value: timedelta | float | Decimal | None) -> str:
    """`63 h`, `102 h` for a timedelta or a number of seconds, always in hours."""
    return NOTHING if value is None or value == "" else durations.whole_hours(value, _language())


@register.filter
def days(value: timedelta | float | Decimal | None) -> str:
    """`13 d` for a timedelta or a number of seconds, always in whole days."""
    return NOTHING if value is None or value == "" else durations.days(value, _language())


@register.filter
def number(value: float | Decimal | None, places: int | None = None) -> str:
    """`1,234.5` or `1 234,5` by the active language; an en dash where there is none."""
    return NOTHING if value is None or value == "" else durations.number(value, places, _language())


@register.filter
def percent(value: float | Decimal | None, places: int | None = None) -> str:
    """A share of one as `1.2 %` or `1,2 %`; an en dash where there is none."""
    return NOTHING if value is None or value == "" else durations.percent(value, places, _language())


@register.filter
def isoweek(value: date | datetime | None) -> str:
    """`week 47` of a day, or of a moment in the reader's zone."""
    if value is None or value == "":
        return NOTHING
    return durations.iso_week(_local(value) if isinstance(value, datetime) else value, _language())


# -- moments -------------------------------------------------------------------


@register.filter
def when(moment: datetime | None) -> SafeString:
    """The moment in the reader's zone, `Fri 20 Nov 17:00`, `today 13:52`; the zone and the full time in its title."""
    if moment is None or moment == "":
        return mark_safe(NOTHING)
    return _time_element(moment, when_text(moment))


@register.filter
def day(value: date | datetime | None) -> SafeString:
    """The day alone, `Fri 20 Nov`, with its year where that is another one."""
    if value is None or value == "":
        return mark_safe(NOTHING)
    today = timezone.localdate()
    local = _local(value).date() if isinstance(value, datetime) else value
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), local.isoformat(), _day_text(local, today)
    )


@register.filter
def ago(moment: datetime | None) -> SafeString:
    """How long ago, `3 hours ago`, kept fresh by script; the full time in its title."""
    if moment is None or moment == "":
        return mark_safe(NOTHING)
    text = gettext("%(time)s ago") % {"time": timesince(moment, depth=1)}
    return _time_element(moment, text, relative=True)


@register.filter
def when_text(moment: datetime | None) -> str:
    """The words of `when` without its element, for titles and plain text."""
    if moment is None or moment == "":
        return NOTHING
    local, today = _local(moment), timezone.localdate()
    clock = date_text(local, pgettext("time of day, Django format", "H:i"))
    if local.date() == today:
        return gettext("today %(time)s") % {"time": clock}
    if local.date() == today - timedelta(days=1):
        return gettext("yesterday %(time)s") % {"time": clock}
    if local.date() == today + timedelta(days=1):
        return gettext("tomorrow %(time)s") % {"time": clock}
    return f"{_day_text(local.date(), today)} {clock}"


# -- people, channels, pictures ------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A picture of the sprite; without a label it is decoration and is not read aloud."""
    classes = f"icon {size}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}#{}"/></svg>', classes, label, _sprite(), name
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, _sprite(), name)


@register.simple_tag
def avatar(person: Any, size: str = "") -> SafeString:
    """The person's initials with the whole name for whoever points or listens."""
    if not person:
        return format_html('<abbr class="who nobody" title="{}">–</abbr>', gettext("Nobody"))
    name = person_name(person)
    return format_html('<abbr class="{}" title="{}">{}</abbr>', f"who {size}".strip(), name, initials(name))


@register.filter
def initials(name: str) -> str:
    """Two letters: of the first and the last word, or the first two of the only one."""
    words = [word for word in str(name).replace(".", " ").replace("@", " ").split() if word]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


@register.filter
def person_name(person: Any) -> str:
    """What the person is called: the name, else the address."""
    for attribute in ("name", "get_full_name", "email"):
        value = getattr(person, attribute, "")
        value = value() if callable(value) else value
        if value:
            return str(value)
    return str(person)


@register.simple_tag
def channel_mark(mark: str, name: str) -> SafeString:
    """Two letters for the channel, its name for whoever points or listens."""
    return format_html('<abbr class="channel" title="{}">{}</abbr>', name, mark)


# -- small drawings ------------------------------------------------------------


@register.simple_tag
def ring(used: float | Decimal) -> SafeString:
    """A ring filled by the share of the hours that is gone, 0 to 1."""
    return format_html(
        '<svg class="ring" viewBox="0 0 12 12" aria-hidden="true"><circle class="ring-edge" cx="6" cy="6" r="5.25"/>'
        '<circle class="ring-used" cx="6" cy="6" r="3" pathLength="100" stroke-dasharray="{} 100" '
        'transform="rotate(-90 6 6)"/></svg>',
        _svg_number(_clamped(used) * 100),
    )


@register.simple_tag
def age_bar(age: float | Decimal) -> SafeString:
    """Age in the stage on the stage's own scale: 0.8 is its 85th percentile, 1 is the end."""
    return format_html(
        '<svg viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="3"/><rect class="gone" width="{}" height="3"/>'
        '<rect class="gap" x="78" width="4" height="3"/></svg>',
        _svg_number(_clamped(age) * 100),
    )


@register.simple_tag
def meter(
    value: float | Decimal, label: str = "", target: float | Decimal | None = None, tone: str = "", extra: str = ""
) -> SafeString:
    """A track filled to `value` of 1 with the target as a line; without a label it is decoration."""
    mark = (
        format_html('<path class="target" d="M{0} 0V10"/>', _svg_number(_clamped(target) * 100))
        if target is not None
        else ""
    )
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" viewBox="0 0 100 10" preserveAspectRatio="none" {}>'
        '<rect class="track" y="2" width="100" height="6"/><rect class="value" y="2" width="{}" height="6"/>{}</svg>',
        " ".join(filter(None, ("meter", tone, extra))),
        role,
        _svg_number(_clamped(value) * 100),
        mark,
    )


# -- the page itself -----------------------------------------------------------


@register.simple_tag(takes_context=True)
def root_attributes(context: template.Context) -> SafeString:
    """Language, theme and density of the root element, known before the first paint from the reader's cookies."""
    cookies = getattr(context.get("request"), "COOKIES", {})
    attributes = [("lang", get_language() or "en")]
    if cookies.get("putki_theme") in THEMES:
        attributes.append(("data-theme", cookies["putki_theme"]))
    if cookies.get("putki_density") in DENSITIES:
        attributes.append(("data-density", cookies["putki_density"]))
    if cookies.get("putki_keys") == "off":
        attributes.append(("data-keys", "off"))
    return format_html_join(" ", '{}="{}"', attributes)


@register.simple_tag(takes_context=True)
def active(context: template.Context, *prefixes: str) -> SafeString:
    """`aria-current="page"` on the page itself, `"true"` below it, nothing elsewhere."""
    path = getattr(context.get("request"), "path", "")
    if path in prefixes:
        return mark_safe('aria-current="page"')
    if any(prefix and path.startswith(prefix) for prefix in prefixes):
        return mark_safe('aria-current="true"')
    return mark_safe("")


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """This page's query string with some parameters changed, and dropped where the value is None or empty."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return f"?{parameters.urlencode()}" if parameters else "?"


def _language() -> str:
    return get_language() or "en"


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _day_text(local: date, today: date) -> str:
    if local.year == today.year:
        return date_text(local, pgettext("day, Django format", "D j M"))
    return date_text(local, pgettext("day with year, Django format", "D j M Y"))


def _time_element(moment: datetime, text: str, relative: bool = False) -> SafeString:
    local = _local(moment)
    zone = timezone.get_current_timezone_name()
    return format_html(
        '<time datetime="{}" title="{} {}"{}>{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%Y-%m-%d %H:%M:%S"),
        zone,
        mark_safe(" data-ago") if relative else "",
        text,
    )


def _sprite() -> str:
    return static("img/icons.svg")


def _clamped(share: float | Decimal) -> float:
    return min(max(float(share), 0.0), 1.0)


def _svg_number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
