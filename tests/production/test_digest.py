"""The daily digest: when it is due, what it says, and how it reaches a real mail server."""

from __future__ import annotations

import email.message
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from production import comments, digestmail, members, purge, reviews, tasks
from production.digestmail import rules
from production.models import DigestMail, Membership, Notice, Stage, User, Workspace
from tests.house import free_port
from tests.people import World, make_world

HOUR = timedelta(hours=1)
# A Tuesday, 08:05 in Helsinki.
MORNING = datetime(2026, 11, 24, 6, 5, tzinfo=UTC)


# -- the rules -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("local", "wanted", "hour", "quiet", "due"),
    [
        ("2026-11-24T07:59", "daily", 8, (20, 7), False),
        ("2026-11-24T08:00", "daily", 8, (20, 7), True),
        ("2026-11-24T13:59", "daily", 8, (20, 7), True),
        ("2026-11-24T14:00", "daily", 8, (20, 7), False),
        ("2026-11-28T08:00", "daily", 8, (20, 7), True),  # a Saturday
        ("2026-11-28T08:00", "weekdays", 8, (20, 7), False),
        ("2026-11-27T08:00", "weekdays", 8, (20, 7), True),
        ("2026-11-24T08:00", "off", 8, (20, 7), False),
        ("2026-11-24T05:00", "daily", 5, (20, 7), False),
        ("2026-11-24T07:00", "daily", 5, (20, 7), True),  # the end of quiet
        ("2026-11-24T22:00", "daily", 22, (20, 7), False),
        ("2026-11-24T07:00", "daily", 22, (20, 7), True),
        ("2026-11-24T19:00", "daily", 18, (20, 7), True),
        ("2026-11-24T20:00", "daily", 18, (20, 7), False),
        ("2026-11-24T12:00", "daily", 8, (9, 13), False),
        ("2026-11-24T13:00", "daily", 8, (9, 13), True),
        ("2026-11-24T05:00", "daily", 5, (7, 7), True),
    ],
)
def test_a_digest_is_due_at_its_hour_and_never_in_quiet_time(
    local: str, wanted: str, hour: int, quiet: tuple[int, int], due: bool
) -> None:
    moment = datetime.fromisoformat(local)

    day = rules.day_due(
        moment, wanted=wanted, hour=hour, quiet_from=quiet[0], quiet_until=quiet[1],
        works=lambda day: day.isoweekday() < 6,
    )  # fmt: skip

    assert day == (moment.date() if due else None)


def test_no_wish_at_all_ever_breaks_the_quiet_time_or_the_day() -> None:
    for quiet_from in range(24):
        for quiet_until in range(24):
            for hour in (0, 6, 8, 15, 23):
                due = [
                    at
                    for at in range(24)
                    if rules.day_due(
                        datetime(2026, 11, 24, at), wanted="daily", hour=hour,
                        quiet_from=quiet_from, quiet_until=quiet_until,
                        works=lambda _day: True,
                    )
                ]  # fmt: skip
                quiet = [at for at in due if rules.is_quiet(at, quiet_from, quiet_until)]
                assert due and not quiet


def test_it_is_tried_again_later_and_later_and_then_no_more() -> None:
    pauses = [rules.pause(attempts) for attempts in range(1, 8)]

    assert pauses[:5] == sorted(pauses[:5])  # type: ignore[type-var]
    assert pauses[5:] == [None, None]


# -- who gets one ----------------------------------------------------------------------------


def member(world: World, name: str) -> Membership:
    return Membership.objects.get(workspace=world.workspace, user=getattr(world, name))


def planned() -> set[str]:
    return set(DigestMail.objects.values_list("membership__user__name", flat=True))


def test_everybody_gets_a_row_at_their_own_hour_in_their_own_zone(world: World) -> None:
    User.objects.filter(pk=world.ben.pk).update(time_zone="America/New_York")  # 01:05 there
    Membership.objects.filter(user=world.vera).update(digest="off")
    Membership.objects.filter(user=world.kim).update(digest_hour=9)
    Membership.objects.filter(user=world.otto).update(removed_at=MORNING)

    assert digestmail.plan(MORNING) == 1
    assert planned() == {"Ann Koski"}
    assert digestmail.plan(MORNING + HOUR) == 1
    assert planned() == {"Ann Koski", "Kim Niemi"}
    assert digestmail.plan(MORNING + 7 * HOUR) == 1
    assert planned() == {"Ann Koski", "Kim Niemi", "Ben Laine"}
    assert digestmail.plan(MORNING + 7 * HOUR) == 0


def test_nobody_gets_one_at_the_weekend_unless_they_ask(world: World) -> None:
    saturday = MORNING + timedelta(days=4)
    members.set_digest({"digest": "daily"}, seat=world.seat("kim"))

    digestmail.plan(saturday)

    assert planned() == {"Kim Niemi"}


def test_weekdays_are_the_days_on_which_the_team_works(world: World) -> None:
    saturday, monday = MORNING + timedelta(days=4), MORNING + timedelta(days=6)
    Workspace.objects.update(working_weekdays=[1, 6], holidays=[monday.date().isoformat()])

    assert [digestmail.plan(day) for day in (MORNING, saturday, monday)] == [0, 5, 0]


def test_the_clock_going_back_gives_no_second_digest(world: World) -> None:
    """On 25 October 2026 the hour from 3 to 4 comes twice in Helsinki."""
    Membership.objects.filter(user=world.ann).update(
        digest="daily", digest_hour=3, quiet_from=0, quiet_until=0
    )
    Membership.objects.exclude(user=world.ann).update(digest="off")

    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert [digestmail.plan(first + n * HOUR) for n in range(3)] == [1, 0, 0]


# -- what it says ----------------------------------------------------------------------------


@pytest.fixture
def busy(world: World) -> World:
    return fill(world)


def fill(world: World) -> World:
    """Ben has a late card and a mention; Vera is asked; the rest is well."""
    for kind in ("script", "shoot", "edit", "publish"):
        Stage.objects.filter(pk=world.stages[kind].pk).update(median_seconds=6 * 3600)
    late = world.item("Late & <b>bold</b>", stage="edit", assignees=[world.ben])
    late.committed_at = late.stage_entered_at = MORNING - 80 * HOUR
    late.save()
    asked = world.item("Asked", stage="edit", assignees=[world.ben])
    asked.committed_at = MORNING - 2 * HOUR
    asked.save()
    reviews.request(asked, by=world.ben, at=MORNING - 3 * HOUR, reviewer=world.vera)
    comments.add(asked, text="@Ben have a look", by=world.ann, at=MORNING - HOUR)
    for name in ("Ann", "Ben", "Vera", "Kim", "Otto"):
        User.objects.filter(name__startswith=name).update(language="en")
    return world


def composed(world: World, name: str) -> digestmail.Digest:
    return digestmail.digest_for(member(world, name), MORNING)


def test_ben_reads_what_is_new_and_what_is_his_at_risk(busy: World) -> None:
    found = composed(busy, "ben")

    assert [news.text for news in found.news] == ["Ann Koski mentioned you: Asked"]
    assert [line.title for line in found.today.lines] == ["Late & <b>bold</b>", "Asked"]
    assert found.reviews == []
    assert found.headline is None


def test_vera_reads_which_review_waits_and_nothing_of_the_others(busy: World) -> None:
    found = composed(busy, "vera")

    assert [each.item.title for each in found.reviews] == ["Asked"]
    assert found.today.count == 0
    assert not found.is_empty


def test_the_owner_reads_the_whole_days_list_and_the_headline(busy: World) -> None:
    found = composed(busy, "ann")

    assert [line.title for line in found.today.lines] == ["Late & <b>bold</b>", "Asked"]
    assert found.headline is not None and found.headline.promise.too_few
    assert found.news == [] and found.reviews == []  # her own comment is no news to her


def test_who_has_nothing_gets_nothing(busy: World) -> None:
    assert composed(busy, "kim").is_empty
    assert composed(busy, "otto").is_empty


def test_what_was_read_or_told_already_is_not_told_again(busy: World) -> None:
    mail = DigestMail.objects.create(
        membership=member(busy, "ben"), day=MORNING.date(), created_at=MORNING - 30 * HOUR,
        sent_at=MORNING,
    )  # fmt: skip
    assert composed(busy, "ben").news

    DigestMail.objects.filter(pk=mail.pk).update(created_at=MORNING - HOUR / 2)
    assert not composed(busy, "ben").news
    mail.delete()
    Notice.objects.update(read_at=MORNING)
    assert not composed(busy, "ben").news


def test_one_who_asked_for_a_review_is_not_asked_to_sign_it(world: World) -> None:
    item = world.item("Written by Ben", stage="edit")
    reviews.request(item, by=world.ann, at=MORNING)

    assert composed(world, "ann").reviews == []
    assert [each.item for each in composed(world, "vera").reviews] == [item]


# -- a real mail server ----------------------------------------------------------------------


@dataclass
class Post:
    """What a mail server does with what it is given, and what it has taken."""

    answer: str = ""  # refuses with this after the text
    to_recipient: str = ""  # refuses the recipient with this
    hang_up: bool = False  # takes the text, and breaks the line instead of answering
    taken: list[email.message.EmailMessage] = field(default_factory=list)
    asked: int = 0

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.asked += 1
        if self.to_recipient:
            return self.to_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer:
            return self.answer
        self.taken.append(email.message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        if self.hang_up:
            server.transport.abort()
        return "250 Taken"


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    handler, port = Post(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.SITE_URL = "https://putki.example"
    yield handler
    controller.stop()


def send(now: datetime = MORNING) -> int:
    digestmail.plan(now)
    return digestmail.send_due(now)


def addressees(post: Post) -> list[str]:
    return sorted(str(mail["To"]) for mail in post.taken)


def row_of(world: World, name: str) -> DigestMail:
    return DigestMail.objects.get(membership=member(world, name))


def part(mail: email.message.EmailMessage, kind: str) -> str:
    return mail.get_body((kind,)).get_content()  # type: ignore[union-attr]


def test_each_member_gets_one_mail_and_who_has_nothing_none(busy: World, post: Post) -> None:
    assert send() == 5
    assert send(MORNING + HOUR) == 0

    assert addressees(post) == ["ann@aalto.example", "ben@aalto.example", "vera@aalto.example"]
    assert row_of(busy, "kim").empty and row_of(busy, "otto").empty
    assert row_of(busy, "ben").sent_at == MORNING and row_of(busy, "ben").error == ""


def test_a_mail_reads_well_as_text_and_as_html_and_says_how_to_end_it(
    busy: World, post: Post
) -> None:
    send()
    [mail] = [mail for mail in post.taken if mail["To"] == "ann@aalto.example"]
    text, html = part(mail, "plain"), part(mail, "html")

    assert mail["Subject"] == "Studio Aalto: 2 things need somebody today"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    off = str(mail["List-Unsubscribe"]).strip()  # long enough to be folded
    assert off.startswith("<https://putki.example/digest/mem_")
    assert "Studio Aalto, Tue 24 Nov" in text
    assert "VID-1 Late & <b>bold</b> (late)" in text
    assert "  8\u00a0h past the target of 72\u00a0h" in text
    assert "https://putki.example/w/studio-aalto/items/VID-1/" in text
    assert "too few for a promise" in text
    assert "Late &amp; &lt;b&gt;bold&lt;/b&gt;" in html
    assert "<b>bold</b>" not in html
    assert "prefers-color-scheme: dark" in html
    for body in (text, html):
        assert "https://putki.example/w/studio-aalto/settings/digest/" in body
        assert off.strip("<>") in body
        assert "https://putki.example" in body and "testserver" not in body


def test_a_mail_is_in_the_language_and_the_zone_of_its_reader(busy: World, post: Post) -> None:
    User.objects.filter(pk=busy.ann.pk).update(language="fi")
    send()
    [mail] = [mail for mail in post.taken if mail["To"] == "ann@aalto.example"]

    assert str(mail["Subject"]).strip() == "Studio Aalto: 2 asiaa kaipaa tänään jotakuta"
    assert "8\u00a0h yli tavoitteen" in part(mail, "plain")
    assert '<html lang="fi">' in part(mail, "html")


def test_a_server_that_is_down_is_asked_again_later_and_the_mail_comes_once(
    busy: World, post: Post, settings: Any
) -> None:
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port()

    assert send() == 0
    tried = DigestMail.objects.filter(attempts=1)
    assert tried.count() == 1  # the others need not knock at a closed door
    assert "refused" in tried.get().error

    settings.EMAIL_PORT = there
    assert send(MORNING + timedelta(minutes=1)) == 4
    assert send(MORNING + timedelta(minutes=6)) == 1
    assert len(post.taken) == 3


def test_a_server_that_says_later_is_believed_and_given_up_in_the_end(
    busy: World, post: Post
) -> None:
    post.answer = "451 Greylisted"
    now = MORNING
    for _ in range(40):
        send(now)
        now += timedelta(minutes=10)

    row = row_of(busy, "ben")
    assert (row.attempts, row.next_attempt_at, row.sent_at) == (6, None, None)
    assert "Greylisted" in row.error
    post.answer = ""
    assert send(now) == 0 and post.taken == []


def test_greylisted_today_comes_today(busy: World, post: Post) -> None:
    post.to_recipient = "450 Try again in five minutes"
    send()
    post.to_recipient = ""

    assert send(MORNING + timedelta(minutes=4)) == 0
    send(MORNING + timedelta(minutes=6))

    assert len(post.taken) == 3
    assert row_of(busy, "ben").attempts == 2


@pytest.mark.parametrize("where", ["answer", "to_recipient"])
def test_a_server_that_says_never_is_not_asked_again(busy: World, post: Post, where: str) -> None:
    setattr(post, where, "550 No such person")
    send()
    asked = post.asked
    for hours in (1, 2, 3):
        send(MORNING + hours * HOUR)

    assert post.asked == asked == 3
    assert "No such person" in row_of(busy, "ben").error
    assert row_of(busy, "ben").sent_at is None


def test_a_line_that_breaks_after_the_text_gives_no_second_mail(busy: World, post: Post) -> None:
    post.hang_up = True
    send()
    post.hang_up = False
    for hours in (1, 2, 3):
        send(MORNING + hours * HOUR)

    assert len(post.taken) == 3
    assert row_of(busy, "ben").error == "unconfirmed"


def test_a_retry_waits_for_quiet_time_to_end_or_not_at_all(busy: World, post: Post) -> None:
    Membership.objects.update(digest_hour=18, quiet_from=19)
    evening = MORNING + 10 * HOUR + timedelta(minutes=50)  # 18:55
    post.answer = "451 Later"
    send(evening)
    post.answer = ""

    for minutes in range(10, 14 * 60, 20):
        send(evening + timedelta(minutes=minutes))

    sent = DigestMail.objects.filter(day=MORNING.date())
    assert not sent.exclude(sent_at=None).exists()
    assert all(row["attempts"] == 1 for row in sent.filter(empty=False).values("attempts"))


def test_who_ends_it_in_the_meantime_gets_none(busy: World, post: Post) -> None:
    digestmail.plan(MORNING)
    members.stop_digest(member(busy, "ben"))
    Membership.objects.filter(user=busy.vera).update(removed_at=MORNING)

    digestmail.send_due(MORNING)

    assert addressees(post) == ["ann@aalto.example"]


def test_the_task_does_it_all(busy: World, post: Post) -> None:
    local = timezone.localtime(timezone.now(), timezone.get_fixed_timezone(120))
    Membership.objects.update(digest="daily", digest_hour=local.hour, quiet_from=0, quiet_until=0)
    busy.workspace.time_zone = "Etc/GMT-2"
    busy.workspace.save()

    tasks.send_digests()
    tasks.send_digests()

    assert len(addressees(post)) == len(set(addressees(post))) >= 2


# -- several workers, and one that dies ------------------------------------------------------


@pytest.fixture
def shared(transactional_db: None) -> World:
    return fill(make_world())


def test_four_workers_send_each_mail_once(shared: World, post: Post) -> None:
    start = threading.Barrier(4)
    settled: list[int] = []

    def work() -> None:
        start.wait()
        try:
            digestmail.plan(MORNING)
            settled.append(digestmail.send_due(MORNING))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    digestmail.send_due(MORNING)

    assert len(settled) == 4
    assert DigestMail.objects.count() == 5
    assert addressees(post) == ["ann@aalto.example", "ben@aalto.example", "vera@aalto.example"]


def die_at(point: str, settings: Any) -> None:
    """A worker of its own that is gone in the middle of its work, as by kill -9."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        settings.FAULT_POINTS = [f"{point}=exit"]
        try:
            digestmail.send_due(MORNING)
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 137


def test_a_worker_killed_before_it_hands_over_costs_some_minutes(
    shared: World, post: Post, settings: Any
) -> None:
    digestmail.plan(MORNING)
    die_at("digest-claimed", settings)

    assert digestmail.send_due(MORNING) == 4  # all but the one that the dead worker has claimed
    assert digestmail.send_due(MORNING + timedelta(minutes=4)) == 0
    assert digestmail.send_due(MORNING + timedelta(minutes=6)) == 1
    assert addressees(post) == ["ann@aalto.example", "ben@aalto.example", "vera@aalto.example"]


def test_a_worker_killed_after_it_handed_over_sends_nothing_twice(
    shared: World, post: Post, settings: Any
) -> None:
    digestmail.plan(MORNING)
    die_at("digest-given", settings)
    for minutes in (0, 6, 30, 90):
        digestmail.send_due(MORNING + timedelta(minutes=minutes))

    assert addressees(post) == ["ann@aalto.example", "ben@aalto.example", "vera@aalto.example"]
    assert DigestMail.objects.filter(error="unconfirmed", sent_at=None).count() == 1


# -- ending it, and choosing the hour --------------------------------------------------------


def off_url(world: World, name: str) -> str:
    return urlsplit(digestmail.unsubscribe_url(member(world, name))).path


def test_one_click_in_the_mail_program_ends_it_without_signing_in(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(off_url(world, "ben"), {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert member(world, "ben").digest == "off"
    assert member(world, "ann").digest == "weekdays"
    assert strict.post(off_url(world, "ben")).status_code == 200


def test_looking_at_the_link_asks_first(world: World, client: Client) -> None:
    page = client.get(off_url(world, "ben"))

    assert "No more digests?" in page.content.decode()
    assert "ben@aalto.example" in page.content.decode()
    assert member(world, "ben").digest == "weekdays"


@pytest.mark.parametrize("token", ["mem_01", "mem_01:abc", "x"])
def test_a_link_that_nobody_wrote_leads_nowhere(world: World, client: Client, token: str) -> None:
    assert client.post(reverse("digest-off", args=[token])).status_code == 404
    own = digestmail.token_of(member(world, "ben"))
    forged = member(world, "ann").public_id + ":" + own.partition(":")[2]
    assert client.post(reverse("digest-off", args=[forged])).status_code == 404
    assert member(world, "ann").digest == "weekdays"


@pytest.mark.parametrize("name", ["ann", "ben", "vera", "kim", "otto"])
def test_everybody_chooses_their_own_hour(world: World, client: Client, name: str) -> None:
    client.force_login(getattr(world, name))
    here = reverse("settings-digest", args=["studio-aalto"])
    values = {"digest": "daily", "digest_hour": 6, "quiet_from": 21, "quiet_until": 5}

    assert client.get(here).status_code == 200
    assert client.post(here, values)["Location"] == here

    own = member(world, name)
    assert {field: getattr(own, field) for field in values} == values
    others = Membership.objects.exclude(pk=own.pk)
    assert set(others.values_list("digest_hour", flat=True)) == {8}


def test_no_stranger_chooses_and_no_hour_is_the_25th(
    world: World, strangers: World, client: Client
) -> None:
    here = reverse("settings-digest", args=["studio-aalto"])
    client.force_login(strangers.eve)
    assert client.get(here).status_code == 404
    client.force_login(world.ann)

    answer = client.post(
        here, {"digest": "hourly", "digest_hour": 24, "quiet_from": -1, "quiet_until": "noon"}
    )

    assert set(answer.context["form"].errors) == {
        "digest", "digest_hour", "quiet_from", "quiet_until",
    }  # fmt: skip


def test_old_rows_are_swept_away(world: World) -> None:
    for days in (89, 91):
        DigestMail.objects.create(
            membership=member(world, "ann"), day=MORNING.date() - timedelta(days=days),
            created_at=MORNING - timedelta(days=days),
        )  # fmt: skip

    assert purge.purge(at=MORNING)["digests"] == 1
