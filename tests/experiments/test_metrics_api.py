"""Numbers over the API: a batch in which one item is bad, and a post that is found later."""

from __future__ import annotations

import pytest

from experiments.models import MetricDay, MetricSubject, Observation
from production.models import Event, Publication
from tests.people import NOON
from tests.production.api.calls import Caller

URL = "/metrics/observations/"


@pytest.fixture
def api(client, world):
    client.force_login(world.ben)
    return Caller(client, {"Putki-Workspace": world.workspace.slug})


def push(api, *items, tool="n8n"):
    answer = api.call("post", URL, {"source": {"tool": tool}, "observations": list(items)})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_one_bad_item_does_not_sink_the_batch(api, world):
    post = world.publication()
    Publication.objects.filter(pk=post.pk).update(state="published", published_at=NOON)
    channel = post.channel.public_id
    good = {"publication": post.public_id, "as_of": "2026-03-17T04:00:00Z", "grain": "lifetime",
            "traffic": "organic", "metrics": {"impressions": 18240, "saves": None,
            "avg_view_pct": 117.3, "views": 100, "spend": {"amount": "42.50", "currency": "EUR"}},
            "curve": {"axis": "fraction", "points": [[0, 1], [1, 0.2]]}}  # fmt: skip
    items = [
        good,
        {"publication": "pub_01JQ8Z6T2M4N5P6Q7R8S9TAVBW", "as_of": "2026-03-17", "grain": "day",
         "metrics": {"views": 1}},
        {**good, "metrics": {"avg_view_pct": -3}},
        {**good, "metrics": {"ctr": 3}},
        {**good, "as_of": "soon"},
        {**good, "name": "x"},
        {"channel": channel, "as_of": "2026-03-16", "grain": "day", "metrics": {"follows": 4}},
        {"external": {"platform": "tiktok", "id": "75"}, "as_of": "2026-03-16", "grain": "day",
         "metrics": {"views": 3382, "saves": None}},
        None,
    ]  # fmt: skip

    said, again = push(api, *items), push(api, *items)

    assert (said["created"], said["unmatched"]) == (6, 1)
    assert [(each["index"], each["code"], each["field"]) for each in said["rejected"]] == [
        (1, "does_not_exist", "publication"),
        (2, "out_of_range", "avg_view_pct"),
        (3, "unknown_metric", "ctr"),
        (4, "invalid", "as_of"),
        (5, "unknown_field", "name"),
        (8, "invalid", ""),
    ]
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 6)
    assert not Observation.objects.filter(value=0).exists()
    event = Event.objects.get(type="metrics.imported")
    assert event.data["created"] == 6 and event.data["source"] == "n8n"


def test_an_unknown_post_is_attached_and_from_then_on_known(api, world):
    post = world.publication()
    Publication.objects.filter(pk=post.pk).update(state="published", published_at=NOON)
    told = {"external": {"platform": "tiktok", "id": "75"}, "as_of": "2026-03-18T10:00:00Z",
            "grain": "lifetime", "metrics": {"views": 3382}}  # fmt: skip
    push(api, told)
    waiting = api.call("get", "/metrics/unmatched/").json()["data"]

    answer = api.call(
        "post", f"/metrics/unmatched/{waiting[0]['id']}/attach/", {"publication": post.public_id}
    )

    assert answer.status_code == 200, answer.content
    assert not MetricSubject.objects.filter(kind="unmatched").exists()
    assert MetricDay.objects.get(metric="views").total == 3382
    later = push(api, {**told, "as_of": "2026-03-19T10:00:00Z", "metrics": {"views": 4000}})
    assert later["unmatched"] == 0
    assert MetricDay.objects.get(metric="views").total == 4000
