"""A query that is built once answers like one that is built anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db.models import Count, F

from production.models import ContentItem, Membership
from production.prepared import Prepared, Slot
from tests.people import NOON, World


def titles(query: Prepared, **values: object) -> list[str]:
    return [item.title for item in query.models(**values)]


def test_it_answers_for_each_value_it_is_asked_with(world: World) -> None:
    query = Prepared(
        lambda: ContentItem.objects.filter(stage__kind=Slot("kind"), board=Slot("board")).order_by(
            "rank"
        )
    )
    world.item("one")
    world.item("two", stage="script")
    world.item("three", stage="script")

    assert titles(query, kind="script", board=world.board.pk) == ["two", "three"]
    assert titles(query, kind="idea", board=world.board.pk) == ["one"]
    assert titles(query, kind="script", board=0) == []


def test_a_value_is_never_part_of_the_text(world: World) -> None:
    query = Prepared(lambda: ContentItem.objects.filter(title=Slot("title")))
    world.item("one")

    assert titles(query, title="' OR 1 = 1 --") == []
    assert titles(query, title="100 % %s") == []


def test_its_models_are_whole(
    world: World, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    made = world.item(b_roll=["Kettle"], due_at=NOON + timedelta(days=1), target_value="1.50")
    query = Prepared(
        lambda: (
            ContentItem.objects.filter(pk=Slot("item"))
            .select_related("stage", "channel")
            .annotate(of=F("workspace__name"), people=Count("assignments"))
        )
    )

    with django_assert_num_queries(1):  # type: ignore[operator]
        item = query.models(item=made.pk)[0]
        assert item.stage == world.stages["idea"]
        assert item.channel is None
    assert (item.of, item.people) == ("Studio Aalto", 0)
    for field in ContentItem._meta.concrete_fields:
        assert getattr(item, field.attname) == getattr(made, field.attname), field.name


def test_values_are_as_python_has_them(world: World) -> None:
    made = world.item(b_roll=["Kettle"])
    query = Prepared(
        lambda: ContentItem.objects.filter(pk=Slot("item")).values_list("b_roll", "idea_at")
    )

    assert [tuple(row) for row in query.rows(item=made.pk)] == [(["Kettle"], NOON)]


def test_many_may_ask_first(world: World) -> None:
    built = []

    def build() -> object:
        built.append(1)
        return Membership.objects.filter(role=Slot("role"))

    query = Prepared(build)  # type: ignore[arg-type]
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda _: query._query().sql, range(32)))

    assert len(built) == len(set(texts)) == 1
