"""The Flow page: who may see it, what it says with many, few and no items, and what it refuses."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.preparation import compile_catalogues
from production import flowview, items, moves, publishing
from production.models import Channel, ContentItem, KpiDefinition, Workspace
from production.views.flow import published as published_words
from production.views.flow.words import Words
from tests.people import World


def page(world: World, person: object, /, **query: object):
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client.get(reverse("flow", args=[world.workspace.slug]), query)


def html(world: World, person: object, /, **query: object) -> str:
    answer = page(world, person, **query)
    assert answer.status_code == 200
    return answer.content.decode()


def words(text: str) -> str:
    """What a reader reads, spaces joined."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)).replace("\u00a0", " ")


def published(
    world: World, title: str, *, hours: float, ago: float = 24, **values: object
) -> ContentItem:
    """A card that was an idea, went through Edit, and came out so many hours ago."""
    out = timezone.now() - timedelta(hours=ago)
    begun = out - timedelta(hours=hours)
    seat = world.seat("ann")
    given = {"primary_kpi": KpiDefinition.objects.get(workspace=world.workspace), **values}
    item = items.create(world.board, title=title, seat=seat, at=begun, values=given)
    for share, kind in ((0.25, "script"), (0.5, "edit"), (0.9, "publish")):
        at = begun + (out - begun) * share
        moves.move(item, to=world.stages[kind], seat=seat, at=at)
        item = ContentItem.objects.get(pk=item.pk)
    publishing.i_posted_it(item, by=world.ann, at=out)
    return ContentItem.objects.get(pk=item.pk)


def some(world: World, count: int, late: int = 0) -> list[ContentItem]:
    """So many published cards, the first few of them past 72 hours."""
    return [
        published(world, f"Card {n}", hours=80 + n if n < late else 40 + n, ago=24 * (n + 1))
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("name", "status"), [("ann", 200), ("ben", 200), ("vera", 200), ("kim", 200), ("otto", 403)]
)
def test_the_team_sees_it_and_an_external_contributor_does_not(world, name, status):
    assert page(world, getattr(world, name)).status_code == status


def test_for_a_stranger_it_is_not_there(world, strangers):
    assert page(world, strangers.eve).status_code == 404


def test_nobody_finds_it_without_signing_in(world):
    answer = Client().get(reverse("flow", args=[world.workspace.slug]))

    assert answer.status_code == 302


def test_it_stands_in_the_navigation_after_the_board(world):
    text = html(world, world.kim)

    board = text.index(f'href="{reverse("board", args=[world.workspace.slug])}"')
    flow = text.index(f'href="{reverse("flow", args=[world.workspace.slug])}"')
    assert board < flow < text.index(f'href="{reverse("my-work", args=[world.workspace.slug])}"')


def test_without_a_card_it_teaches_one_thing(world):
    text = html(world, world.kim)

    assert "Create the first card" in text
    assert "<svg role=" not in text


def test_under_five_items_there_are_words_and_no_figure(world):
    some(world, 4, late=1)

    text = words(html(world, world.ann))

    assert "Too few to say" in text
    assert "4 items with a known beginning came out in these days. From 5 on" in text
    assert "Too few published items to say where the time went" in text
    assert "1 of 4 items came out past 72 h" in text  # the points themselves are facts
    assert "p85" not in text.split("Before")[0]


def test_from_five_on_the_share_stands_first_with_its_doubt(world):
    some(world, 8, late=2)

    text = words(html(world, world.ann))

    assert "75 % within 72 h" in text
    assert "6 of 8 items, likely 41–93 % (95 %)" in text
    assert "2 of 8 items came out past 72 h" in text
    assert "85 % within 72 h (3 d)" in text
    assert "168 h (7 d)" in text
    assert "the slow end must lose" in text
    assert text.index("within 72 h") < text.index("Forecast")


def test_every_figure_that_is_a_real_item_opens_it(world):
    made = some(world, 8, late=2)

    text = html(world, world.ann)

    for item in made:
        address = reverse("item", args=[world.workspace.slug, item.key])
        assert f'href="{address}" aria-label="{item.key}: ' in text
    assert re.search(r"<dt>p85</dt><dd><a href=", text)


def test_every_chart_has_a_table_with_the_same_items(world):
    made = some(world, 6)

    text = html(world, world.ann)

    assert text.count('<details class="tableview">') >= 5
    table = text[text.index("<caption>Published items, slowest first") :]
    assert re.findall(r">(VID-\d+)</a>", table[: table.index("</table>")]) == [
        item.key for item in reversed(made)
    ]


def test_a_title_cannot_break_out_of_a_chart(world):
    item = world.item("</title><script>alert(1)</script>", stage="edit")
    item.committed_at = timezone.now() - timedelta(hours=5)
    item.save()

    text = html(world, world.ann)

    assert "<script>alert" not in text
    assert "&lt;/title&gt;&lt;script&gt;alert(1)" in text


def test_what_nobody_can_know_is_said(world):
    some(world, 5)
    for item in ContentItem.objects.order_by("pk")[:2]:
        item.history_from = item.created_at
        item.save()
    world.item("Out, but since when?", stage="learn")

    text = words(html(world, world.ann))

    assert "2 items came out without a known beginning" in text
    assert "1 card stands as published, but nobody said when" in text


def test_very_many_items_are_counted_in_columns_wide_enough_to_see(world):
    """Three years of days would be columns of less than a pixel."""
    now = timezone.now()
    day = timezone.localdate() - timedelta(days=1000)
    asked = {"from": str(day), "to": str(day + timedelta(days=999))}
    ask = flowview.Ask.of(asked, world.workspace, now)
    step = timedelta(hours=6)
    fields = tuple(
        flowview.Field(day + timedelta(days=n), step * (n % 3), step * (n % 3 + 1), 2)
        for n in range(1000)
    )

    bins = published_words.bins(fields, ask.period, Words(ask))

    assert sum(each.count for each in bins) == 2000
    assert len({each.start for each in bins}) <= 60
    assert len(bins) <= 180
    assert {each.high - each.low for each in bins} == {6}
    assert all("items in" in each.say for each in bins)
    assert bins[0].start.date() == day


def test_filters_in_the_address_narrow_every_figure(world):
    other = Channel.objects.create(
        workspace=world.workspace, name="YouTube", platform="youtube", handle="@aalto"
    )
    some(world, 5)
    published(world, "Elsewhere", hours=300, ago=5, channel=other)

    everything = words(html(world, world.ann))
    narrowed = html(world, world.ann, channel=other.public_id, days="90")

    assert "1 of 6 items came out past 72 h" in everything
    assert "1 of 1 item came out past 72 h" in words(narrowed)
    assert f'<option value="{other.public_id}" selected>YouTube</option>' in narrowed
    assert '<input type="hidden" name="days" value="90">' in narrowed


def test_own_days_stay_in_the_address_of_every_form(world):
    some(world, 5)
    today = timezone.localdate()
    week = {"from": str(today - timedelta(days=6)), "to": str(today)}

    text = html(world, world.ann, **week)

    assert text.count(f'<input type="hidden" name="from" value="{week["from"]}">') == 2
    assert '<details class="own-days" open>' in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"flavour": "sweet"}, "There is no filter of this name."),
        ({"days": "12"}, "Select a valid choice"),
        ({"from": "2026-13-01"}, "Enter a valid date"),
        ({"channel": "drop table"}, "is not an id"),
        ({"by": "2001-01-01"}, "A forecast looks ahead"),
        ({"items": "0"}, "greater than or equal to 1"),
        ({"board": "brd_nobody0000000000000000000"}, "There is no board"),
    ],
)
def test_a_filter_that_means_nothing_is_answered_in_words(world, query, sentence):
    answer = page(world, world.ann, **query)

    text = words(answer.content.decode())
    assert answer.status_code == 400
    assert sentence in text or "is not an id" in text
    assert "Show without filters" in text


def test_the_forecast_answers_both_questions_and_says_what_it_assumes(world):
    some(world, 12)
    day = timezone.localdate() + timedelta(days=40)

    text = words(html(world, world.ann, by=str(day), items="9"))

    assert re.search(r"\d+ or more items by .*, with a chance of 85 %\.", text)
    assert re.search(r"9 items by .*, with a chance of 85 %\.", text)
    assert "drawn 10,000 times" in text
    assert "holds only while the team and the week stay as they were" in text


def test_without_publications_nothing_is_forecast(world):
    world.item("An idea")

    text = words(html(world, world.ann))

    assert "that forecasts nothing" in text
    assert "with a chance of" not in text


def test_limits_that_are_passed_are_named_first(world):
    world.stages["edit"].wip_limit = 1
    world.stages["edit"].save()
    for n in range(2):
        world.item(f"Cut {n}", stage="edit", assignees=[world.ben])

    text = words(html(world, world.ann))

    assert "Edit has more than agreed" in text
    assert "2 of 1 over" in text


def test_work_in_progress_stands_in_its_stage_with_its_age(world):
    item = world.item("Long in the making", stage="edit")
    ContentItem.objects.filter(pk=item.pk).update(committed_at=timezone.now() - timedelta(hours=31))

    text = html(world, world.ann)

    assert re.search(rf'aria-label="{item.key} Long in the making · 31\u00a0h since', text)


def test_working_days_are_shown_beside_and_named(world):
    Workspace.objects.filter(pk=world.workspace.pk).update(duration_mode="calendar")
    some(world, 6)

    text = words(html(world, world.ann))

    assert "Figures are elapsed time; beside them calendar days" in text
    assert re.search(r"p50 \d+ h \d calendar days", text)


def test_the_clock_of_the_workspace_is_named(world):
    Workspace.objects.filter(pk=world.workspace.pk).update(clock_start="commitment")
    some(world, 6)

    text = words(html(world, world.ann))

    assert "Commitment → first publication" in text
    assert "Time by stage from commitment to publication." in text


def test_it_speaks_finnish_with_finnish_numbers(world, settings):
    compile_catalogues()
    settings.LOCALE_PATHS = list(settings.LOCALE_PATHS)  # forget what was loaded before
    some(world, 8, late=2)
    world.ann.language = "fi"
    world.ann.save()

    text = words(html(world, world.ann))

    assert "75 % ajassa 72 h" in text
    assert "8 kortista 2 ylitti 72 h" in text
    assert re.search(r"\d,\d korttia päivässä", text)


def test_it_asks_the_same_questions_however_much_came_out(world, django_assert_max_num_queries):
    client = Client()
    client.force_login(world.ann)
    url = reverse("flow", args=[world.workspace.slug])
    some(world, 6)
    world.item("Begun", stage="edit", assignees=[world.ben])
    client.get(url)
    with django_assert_max_num_queries(40) as few:
        client.get(url)
    for n in range(12):
        published(world, f"More {n}", hours=50, ago=30 + n)
        world.item(f"Begun {n}", stage="edit", assignees=[world.ben])
    client.get(url)
    with django_assert_max_num_queries(40) as many:
        client.get(url)

    assert len(many) <= len(few) + 2


def test_the_items_come_as_a_file_with_the_same_question(world, strangers):
    some(world, 3, late=1)
    published(world, '=HYPERLINK("http://x")', hours=50, ago=5)
    address = reverse("flow-items", args=[world.workspace.slug])
    client = Client()
    client.force_login(world.kim)

    answer = client.get(address, {"days": "90"})

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert len(lines) == 5
    assert lines[0].startswith('"key","title","channel"')
    assert "\"'=HYPERLINK" in lines[-1]
    assert '"50.00"' in lines[-1]
    assert client.get(address, {"days": "12"}).status_code == 400
    assert f'href="{address}?days=30"' in html(world, world.kim)
    client.force_login(strangers.eve)
    assert client.get(address).status_code == 404
