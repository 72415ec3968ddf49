"""The contract with schedulers, as a tool sees it over HTTP."""

from __future__ import annotations

import json
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from production import tokens, windows
from production.models import Channel, Event, KpiDefinition, Lease, Notice, Publication, Report
from tests.people import NOON, World

ME = {"name": "n8n@studio", "run": "wf-77"}


class Tool:
    """A scheduler with a token of Ben's."""

    def __init__(self, world: World, **more: Any) -> None:
        scopes = ("publications:read", "publications:lease", "publications:report")
        token, plain = tokens.create(
            seat=world.seat("ben"), name="n8n", scopes=scopes, at=timezone.now(), **more
        )
        self.token, self.client = token, Client()
        self.headers = {"HTTP_AUTHORIZATION": f"Bearer {plain}"}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        send = getattr(self.client, method)
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        return send(f"/api/v1/{path}", **more, **self.headers, **headers)

    def claim(self, publication: Publication, **more: Any) -> Any:
        body = {"publication": publication.public_id, "client": ME} | more
        return self.call("post", "leases/", body)

    def report(self, lease: dict[str, Any], status: str, **more: Any) -> Any:
        body = {
            "lease": lease["id"], "fence": lease["fence"], "status": status, "report_id": status,
        } | more  # fmt: skip
        return self.call("post", f"publications/{lease['publication']['id']}/reports/", body)


@pytest.fixture
def tool(world: World) -> Tool:
    return Tool(world)


@pytest.fixture
def publication(world: World) -> Publication:
    return world.publication(link_url="https://example.fi/opas", hashtags=["cta"])


def test_the_list_of_what_is_ready_in_a_window(
    world: World, tool: Tool, publication: Publication
) -> None:
    world.publication(state="draft")
    window = "from=2026-03-17T00:00:00%2B02:00&to=2026-03-31T00:00:00%2B03:00"

    found = tool.call("get", f"publications/?state=ready&{window}&limit=50").json()

    (one,) = found["data"]
    assert one["id"] == publication.public_id
    assert one["publish_at"] == {
        "local": "2026-03-17T18:00", "timezone": "Europe/Helsinki", "utc": "2026-03-17T16:00:00Z",
    }  # fmt: skip
    assert one["item"]["key"].startswith("VID-")
    assert one["channel"]["platform"] == "tiktok"
    assert one["content_digest"].startswith("sha256:")
    assert (one["lease"], "caption" in one) == (None, False)
    assert found["next_cursor"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=redy", "state"),
        ("from=2026-03-17T00:00:00", "from"),
        ("to=tomorrow", "to"),
        ("colour=red", "colour"),
        ("expand=all", "expand"),
    ],
)
def test_what_the_list_does_not_know_is_a_400(tool: Tool, query: str, field: str) -> None:
    answer = tool.call("get", f"publications/?{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


def test_a_walk_by_cursor_misses_nothing_while_things_change(world: World, tool: Tool) -> None:
    made = [world.publication(state="draft") for _ in range(7)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = tool.call("get", f"publications/?limit=2&cursor={cursor}").json()
        seen += [each["id"] for each in page["data"]]
        Publication.objects.filter(pk=made[0].pk).update(caption="changed meanwhile")
        if not (cursor := page["next_cursor"] or ""):
            break

    assert sorted(seen) == sorted(each.public_id for each in made)


def test_a_claim_brings_everything_that_has_to_be_posted(
    tool: Tool, publication: Publication
) -> None:
    answer = tool.claim(publication, ttl_seconds=900, if_version=publication.version)

    assert answer.status_code == 201
    (lease,) = answer.json()["leases"]
    content = lease["publication"]
    assert (lease["fence"], lease["client"]["name"]) == (1, "n8n@studio")
    assert content["caption"]["platform_limit"] == 4000
    assert content["hashtags"] == ["#cta"]
    assert content["links"][0]["utm"]["source"] == "tiktok"
    assert lease["publication"]["lease"]["holder"] == "n8n@studio"


def test_who_comes_second_is_told_who_has_it_and_until_when(
    world: World, tool: Tool, publication: Publication
) -> None:
    tool.claim(publication)

    answer = Tool(world).claim(publication)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "already_leased")
    assert problem["holder"] == "n8n@studio"
    assert problem["expires_at"]
    assert 890 <= problem["retry_after"] <= 900
    assert answer["Retry-After"] == str(problem["retry_after"])


def test_a_claim_of_what_is_not_ready_names_what_is_missing(world: World, tool: Tool) -> None:
    problem = tool.claim(world.publication(state="draft")).json()

    assert problem["code"] == "not_ready"
    assert [each["code"] for each in problem["refusals"]] == ["needs_review"]


def test_a_claim_of_another_version_is_refused(tool: Tool, publication: Publication) -> None:
    answer = tool.claim(publication, if_version=publication.version + 1)

    assert (answer.status_code, answer.json()["code"]) == (409, "version_conflict")
    assert answer.json()["current_version"] == publication.version


def test_the_next_few_in_one_call(world: World, tool: Tool, publication: Publication) -> None:
    channel = Channel.objects.get(workspace=world.workspace)
    wish = {"channels": [channel.public_id], "due_before": "2026-03-18T00:00:00Z"}

    answer = tool.call(
        "post", "leases/", {"filter": wish, "max": 5, "ttl_seconds": 300, "client": ME}
    )

    assert [each["publication"]["id"] for each in answer.json()["leases"]] == [
        publication.public_id
    ]


def test_a_token_for_other_channels_claims_nothing(world: World, publication: Publication) -> None:
    (lease,) = Tool(world).claim(publication).json()["leases"]
    other = Channel.objects.create(
        workspace=world.workspace, name="Shorts", platform="youtube_shorts"
    )
    tool = Tool(world, channels=[other.public_id])

    assert tool.call("get", "me/").json()["token"]["channels"] == [other.public_id]
    assert tool.claim(publication).json()["code"] == "channel_not_allowed"
    assert tool.report(lease, "scheduled").json()["code"] == "channel_not_allowed"
    answer = tool.call("post", "leases/", {"filter": {}, "max": 5, "client": ME})
    assert answer.json()["leases"] == []


def test_from_claim_to_published(tool: Tool, publication: Publication) -> None:
    (lease,) = tool.claim(publication).json()["leases"]

    scheduled = tool.report(lease, "scheduled", tool={"name": "postiz", "ref": "cm8"})
    assert scheduled.json()["publication"]["state"] == "scheduled"
    published = tool.report(
        lease, "published", external_id="179", permalink="https://www.tiktok.com/@a/video/1"
    )
    again = tool.report(
        lease, "published", external_id="179", permalink="https://www.tiktok.com/@a/video/1"
    )

    assert published.json()["publication"]["state"] == "published"
    assert (again.status_code, again.json()["accepted"]) == (200, True)
    assert Event.objects.filter(type="publication.published").count() == 1


def test_the_same_call_under_one_key_is_answered_the_same(
    tool: Tool, publication: Publication
) -> None:
    body = {"publication": publication.public_id, "client": ME}
    first = tool.call("post", "leases/", body, HTTP_IDEMPOTENCY_KEY="6f1e")
    again = tool.call("post", "leases/", body, HTTP_IDEMPOTENCY_KEY="6f1e")

    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Lease.objects.count() == 1


def test_an_old_fence_is_a_409_that_says_stop(tool: Tool, publication: Publication) -> None:
    (lease,) = tool.claim(publication).json()["leases"]
    Lease.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    tool.claim(publication)

    answer = tool.report(lease, "scheduled")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_fence")
    assert answer.json()["accepted"] is False

    late = tool.report(lease, "published", external_id="1")
    assert late.status_code == 409
    assert late.json()["publication"]["state"] == "unconfirmed"


def test_evidence_stays_when_the_report_came_under_a_key(
    tool: Tool, publication: Publication
) -> None:
    """The answer is a no; what was kept, the alarm and the stopped second holder are not undone."""
    (lease,) = tool.claim(publication).json()["leases"]
    Lease.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    tool.claim(publication)
    said = {
        "lease": lease["id"], "fence": lease["fence"], "status": "published", "report_id": "1",
        "external_id": "1",
    }  # fmt: skip
    where = f"publications/{publication.public_id}/reports/"

    first = tool.call("post", where, said, HTTP_IDEMPOTENCY_KEY="late")
    again = tool.call("post", where, said, HTTP_IDEMPOTENCY_KEY="late")

    assert [first.status_code, again.status_code] == [409, 409]
    assert again.json()["code"] == "stale_fence"
    assert again["Idempotent-Replayed"] == "true"
    (report,) = Report.objects.all()
    assert not report.accepted
    assert Event.objects.get(type="publication.unconfirmed").data["reason"] == "stale_published"
    assert Notice.objects.filter(reason="alarm").exists()


def test_what_ran_out_is_there_for_the_next_without_waiting_for_the_sweep(
    world: World, tool: Tool, publication: Publication
) -> None:
    tool.claim(publication)
    Lease.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    got = Tool(world).call("post", "leases/", {"filter": {}, "max": 5, "client": ME}).json()

    assert [lease["fence"] for lease in got["leases"]] == [2]


def test_the_same_content_again_within_a_day_cannot_be_claimed(world: World, tool: Tool) -> None:
    first = world.publication(caption="The same", allow_duplicate=True)
    second = world.publication(caption="The same", allow_duplicate=True)
    Publication.objects.filter(pk=second.pk).update(allow_duplicate=False)

    refused = tool.claim(second)
    Publication.objects.filter(pk=second.pk).update(allow_duplicate=True)

    assert (refused.status_code, refused.json()["code"]) == (409, "duplicate_content")
    assert refused.json()["refusals"][0]["params"] == {"key": first.item.key}
    assert tool.claim(second).status_code == 201


def test_a_channel_says_what_a_scheduler_has_to_know(
    world: World, publication: Publication
) -> None:
    windows.add(
        publication.channel, weekdays=[1, 2], begins=time(17), ends=time(19),
        seat=world.seat("ann"), at=NOON,
    )  # fmt: skip
    _row, plain = tokens.create(
        seat=world.seat("ben"), name="n8n", scopes=["content:read"], at=timezone.now()
    )

    said = (
        Client()
        .get(
            f"/api/v1/channels/{publication.channel.public_id}/",
            HTTP_AUTHORIZATION=f"Bearer {plain}",
        )
        .json()
    )

    assert (said["platform"], said["handle"], said["role"]) == ("tiktok", "@aalto", "primary")
    assert (said["time_zone"], said["locked_until"]) == ("Europe/Helsinki", None)
    assert said["limits"] == {"caption_chars": 4000, "repeats_after_hours": 24}
    (window,) = said["windows"]
    assert (window["weekdays"], window["begins"], window["ends"]) == ([1, 2], "17:00", "19:00")


def test_a_person_says_what_became_of_it(world: World, publication: Publication) -> None:
    Publication.objects.update(state="unconfirmed")
    tool = Tool(world)
    where = f"publications/{publication.public_id}/resolve/"

    blank = tool.call("post", where, {"out": False})
    assert blank.status_code == 400
    answer = tool.call("post", where, {"out": False, "evidence": "Not on the profile"})
    assert answer.json()["state"] == "ready"


@pytest.mark.parametrize("tool_name", ["generic", "postiz", "mixpost", "ayrshare", "buffer"])
def test_a_body_ready_for_another_tool(
    tool: Tool, publication: Publication, tool_name: str
) -> None:
    answer = tool.call("get", f"publications/{publication.public_id}/?render={tool_name}").json()

    assert "utm_source=tiktok" in json.dumps(answer["rendered"])


def test_an_unknown_tool_is_a_400(tool: Tool, publication: Publication) -> None:
    answer = tool.call("get", f"publications/{publication.public_id}/?render=hootsuite")

    assert answer.status_code == 400
    assert KpiDefinition.objects.exists()
