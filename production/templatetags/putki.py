"""What templates say about time, numbers, people and state."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateformat import format as date_text
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext, pgettext

from production import durations, marks

register = template.Library()

NOTHING = "–"
PAGE_HERE = format_html('aria-current="{}"', "page")
PAGE_BELOW = format_html('aria-current="{}"', "true")

register.simple_tag(marks.icon)
register.simple_tag(marks.avatar)
register.simple_tag(marks.channel_mark)
register.simple_tag(marks.ring)
register.simple_tag(marks.age_bar)
register.simple_tag(marks.meter)
register.filter(marks.initials)
register.filter(marks.person_name)


# -- numbers and durations -------------------------------------------------------------------


@register.filter
def hours(value: timedelta | float | Decimal | None) -> str:
    """`41 h`, `3.4 d`, `25 min` of a timedelta or of seconds; an en dash where there is none."""
    return NOTHING if value in (None, "") else durations.hours(value, _language())


@register.filter
def whole_hours(value: timedelta | float | Decimal | None) -> str:
    """`63 h`, `102 h` of a timedelta or of seconds, always in hours."""
    return NOTHING if value in (None, "") else durations.whole_hours(value, _language())


@register.filter
def days(value: timedelta | float | Decimal | None) -> str:
    """`13 d` of a timedelta or of seconds, always in whole days."""
    return NOTHING if value in (None, "") else durations.days(value, _language())


@register.filter
def number(value: float | Decimal | None, places: int | None = None) -> str:
    """`1,234.5` or `1 234,5` by the active language; an en dash where there is none."""
    return NOTHING if value in (None, "") else durations.number(value, places, _language())


@register.filter
def percent(value: float | Decimal | None, places: int | None = None) -> str:
    """A share of one as `1.2 %` or `1,2 %`; an en dash where there is none."""
    return NOTHING if value in (None, "") else durations.percent(value, places, _language())


@register.filter
def isoweek(value: date | datetime | None) -> str:
    """`week 47` of a day, or of a moment in the reader's zone."""
    if not value:
        return NOTHING
    return durations.iso_week(_local(value) if isinstance(value, datetime) else value, _language())


# -- moments ---------------------------------------------------------------------------------


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """The moment in the reader's zone, `Fri 20 Nov 17:00` or `today 13:52`.

    The title has the whole time and its zone.
    """
    return _time_element(moment, when_text(moment)) if moment else NOTHING


@register.filter
def when_text(moment: datetime | None) -> str:
    """The words of `when` without its element, for titles and plain text."""
    if not moment:
        return NOTHING
    local, today = _local(moment), timezone.localdate()
    clock = date_text(local, pgettext("time of day, Django format", "H:i"))
    near = {
        today: gettext("today %(time)s"),
        today - timedelta(days=1): gettext("yesterday %(time)s"),
        today + timedelta(days=1): gettext("tomorrow %(time)s"),
    }.get(local.date())
    return near % {"time": clock} if near else f"{day_text(local)} {clock}"


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """The day alone, `Fri 20 Nov`, with its year where that is another one."""
    if not value:
        return NOTHING
    local = _local(value).date() if isinstance(value, datetime) else value
    iso = local.isoformat()
    return format_html('<time datetime="{}" title="{}">{}</time>', iso, iso, day_text(local))


@register.filter
def day_text(value: date | datetime | None) -> str:
    """The words of `day` without its element."""
    if not value:
        return NOTHING
    if value.year == timezone.localdate().year:
        return date_text(value, pgettext("day, Django format", "D j M"))
    return date_text(value, pgettext("day with year, Django format", "D j M Y"))


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """How long ago, `3 hours ago`, kept fresh by script; the whole time in its title."""
    if not moment:
        return NOTHING
    words = gettext("%(time)s ago") % {"time": timesince(moment, depth=1)}
    return _time_element(moment, words, kind="data-ago")


# -- the page itself -------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def root_attributes(context: template.Context) -> SafeString:
    """Theme, density and keys of the root element, known before the first paint.

    What was chosen in this browser (a cookie) goes before what the person keeps in the account.
    """
    request, user = context.get("request"), context.get("user")
    cookies = getattr(request, "COOKIES", {})
    theme = cookies.get("putki_theme") or getattr(user, "theme", "")
    dense = cookies.get("putki_density") or ("compact" if getattr(user, "dense", False) else "")
    single = getattr(user, "single_key_shortcuts", True)
    keys = cookies.get("putki_keys") or ("on" if single else "off")
    attributes = []
    if theme in ("light", "dark"):
        attributes.append(("data-theme", theme))
    if dense == "compact":
        attributes.append(("data-density", dense))
    if keys == "off":
        attributes.append(("data-keys", keys))
    return format_html_join(" ", '{}="{}"', attributes)


@register.simple_tag(takes_context=True)
def active(context: template.Context, *addresses: str) -> SafeString | str:
    """`aria-current="page"` on the page itself, `"true"` below it, nothing elsewhere."""
    path = getattr(context.get("request"), "path", "")
    if path in addresses:
        return PAGE_HERE
    return PAGE_BELOW if any(part and path.startswith(part) for part in addresses) else ""


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """This page's query string with some parameters changed; None or empty drops one."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            parameters.pop(name, None)
        else:
            parameters[name] = value
    return f"?{parameters.urlencode()}"


def _language() -> str:
    return get_language() or "en"


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def _time_element(moment: datetime, words: str, kind: str = "data-at") -> SafeString:
    local = _local(moment)
    return format_html(
        '<time datetime="{}" title="{} {}" {}>{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%Y-%m-%d %H:%M:%S"),
        timezone.get_current_timezone_name(),
        kind,
        words,
    )
