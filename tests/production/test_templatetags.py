"""What templates say about time, numbers and people."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from production import marks
from production.models import User
from production.templatetags import putki

HELSINKI = ZoneInfo("Europe/Helsinki")


def render(source: str, **context: object) -> str:
    return Template("{% load putki %}" + source).render(Context(context))


@pytest.fixture
def in_helsinki():
    with timezone.override(HELSINKI), translation.override("en"):
        yield


def at(days: int, hour: int) -> datetime:
    """That many days from today at that hour in Helsinki."""
    today = timezone.localdate(timezone=HELSINKI)
    day = today + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=HELSINKI).astimezone(UTC)


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today 17:05"), (-1, "yesterday 17:05"), (1, "tomorrow 17:05")]
)
def test_near_days_are_named_in_the_reader_s_zone(in_helsinki, days, words):
    assert putki.when_text(at(days, 17)) == words


def test_a_far_day_has_its_year(in_helsinki):
    moment = datetime(2019, 3, 1, 22, 30, tzinfo=UTC)

    html = putki.when(moment)

    assert ">Sat 2 Mar 2019 00:30<" in html
    assert 'datetime="2019-03-02T00:30:00+02:00"' in html
    assert 'title="2019-03-02 00:30:00 Europe/Helsinki"' in html


@pytest.mark.parametrize(
    "name", ["hours", "whole_hours", "days", "number", "percent", "isoweek", "when", "ago", "day"]
)
def test_what_is_missing_is_a_dash(name):
    assert render("{{ value|" + name + " }}", value=None) == "–"


def test_zero_is_not_missing():
    assert render("{{ value|number }}", value=0) == "0"
    assert render("{{ value|percent }}", value=0.0).replace("\u00a0", " ") == "0 %"


def test_numbers_follow_the_active_language():
    with translation.override("fi"):
        text = render(
            "{{ n|number }} {{ share|percent }} {{ age|hours }}",
            n=100_000,
            share=0.012,
            age=291_600,
        )

    assert text.replace("\u00a0", " ") == "100 000 1,2 % 3,4 pv"


def test_a_week_is_the_week_of_the_reader_s_own_day(in_helsinki):
    sunday_night_in_utc = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)

    assert putki.isoweek(sunday_night_in_utc).replace("\u00a0", " ") == "week 48"
    assert putki.isoweek(date(2026, 11, 22)).replace("\u00a0", " ") == "week 47"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ann Koski", "AK"),
        ("ben@example.org", "BO"),
        ("Vera", "VE"),
        ("", "?"),
        ("Åke von Öst", "ÅÖ"),
    ],
)
def test_initials_are_two_letters(name, letters):
    assert marks.initials(name) == letters


def test_a_person_without_a_name_is_called_by_address():
    assert marks.person_name(User(email="ann@example.org")) == "ann@example.org"
    assert marks.person_name(User(name="Ann Koski", email="ann@example.org")) == "Ann Koski"


def test_a_name_cannot_bring_markup_along():
    html = render("{% avatar person %}", person=User(name='<b>"Ann" Koski'))

    assert "<b>" not in html
    assert "&lt;b&gt;&quot;Ann&quot; Koski" in html


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(0.43, "43"), (0, "0"), (1, "100"), (1.7, "100"), (-1, "0"), (0.1234, "12.3")],
)
def test_drawings_stay_inside_their_track(share, drawn):
    assert f'stroke-dasharray="{drawn} 100"' in marks.ring(share)
    assert f'class="gone" width="{drawn}"' in marks.age_bar(share)
    assert f'class="value" y="2" width="{drawn}"' in marks.meter(share)


def test_a_meter_with_a_label_is_a_picture_and_without_one_is_decoration():
    assert 'role="img" aria-label="3 of 12"' in marks.meter(0.25, label="3 of 12")
    assert 'aria-hidden="true"' in marks.meter(0.25)
    assert 'class="target"' not in marks.meter(0.25)
    assert 'd="M41.7 0V10"' in marks.meter(0.25, target=0.417)


def root(cookies: dict[str, str], user: User | None = None) -> str:
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)
    with translation.override("fi"):
        return render("{% root_attributes %}", request=request, user=user)


def test_the_page_is_written_in_the_theme_of_this_browser():
    chosen = {"putki_theme": "dark", "putki_density": "compact", "putki_keys": "off"}

    assert root(chosen) == 'data-theme="dark" data-density="compact" data-keys="off"'
    assert root({}) == ""


def test_a_new_browser_gets_what_the_person_keeps_and_a_cookie_goes_before_it():
    ann = User(theme="dark", dense=True, single_key_shortcuts=False)

    assert root({}, ann) == 'data-theme="dark" data-density="compact" data-keys="off"'
    assert root({"putki_theme": "auto", "putki_density": "calm", "putki_keys": "on"}, ann) == ""


def test_a_cookie_cannot_write_attributes_of_its_own():
    assert root({"putki_theme": 'dark" onload="x'}) == ""


def test_where_one_is_is_marked():
    request = RequestFactory().get("/w/aalto/settings/people/")
    source = "{% active here %}|{% active above %}|{% active elsewhere %}"

    text = render(
        source,
        request=request,
        here="/w/aalto/settings/people/",
        above="/w/aalto/settings/",
        elsewhere="/w/aalto/board/",
    )

    assert text == 'aria-current="page"|aria-current="true"|'


def test_a_query_keeps_what_it_does_not_change():
    request = RequestFactory().get("/", {"channel": ["tiktok", "youtube"], "page": "3"})

    assert (
        render("{% query page=4 %}", request=request)
        == "?channel=tiktok&amp;channel=youtube&amp;page=4"
    )
    assert render("{% query page=None channel='' %}", request=request) == "?"
