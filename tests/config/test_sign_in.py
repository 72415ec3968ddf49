"""Getting in, staying in, being thrown out; and what of it reaches mail and logs."""

from __future__ import annotations

import logging
import re
from time import monotonic

import pytest
from django.conf import settings as project
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone

from config.settings import accounts
from production import invitations
from production.models import User
from tests.people import PASSWORD, World

NEW_PASSWORD = "violet tractor meadow"
COOKIE = "sessionid"


def sign_in(person: User, password: str = PASSWORD, client: Client | None = None, **more: str):
    """A browser, after it has sent the sign-in form."""
    client = client or Client()
    client.answer = client.post(
        "/accounts/login/", {"login": person.email, "password": password}, **more
    )
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def change_password(client: Client) -> None:
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )


def test_signing_in_gives_a_new_session(world: World) -> None:
    client = Client()
    client.post("/language/", {"language": "fi", "next": "/"})
    planted = "planted0planted0planted0planted0"
    client.cookies[COOKIE] = planted

    sign_in(world.ann, client=client)

    assert is_in(client)
    assert client.cookies[COOKIE].value != planted


def test_a_session_is_dead_after_signing_out(world: World) -> None:
    client = sign_in(world.ann)
    kept = client.cookies[COOKIE].value

    client.post("/accounts/logout/")

    thief = Client()
    thief.cookies[COOKIE] = kept
    assert not is_in(thief)


def test_a_new_password_ends_every_other_session(world: World) -> None:
    desk, phone = sign_in(world.ann), sign_in(world.ann)
    assert is_in(desk) and is_in(phone)

    change_password(desk)

    assert not is_in(phone)
    assert is_in(sign_in(world.ann, NEW_PASSWORD))
    assert not is_in(sign_in(world.ann, PASSWORD))


def test_people_see_their_sessions_and_end_the_others(world: World) -> None:
    desk, phone = sign_in(world.ann), sign_in(world.ann, HTTP_USER_AGENT="Phone")
    somebody = sign_in(world.ben)

    page = desk.get("/accounts/sessions/")
    desk.post("/accounts/sessions/")

    assert "Phone" in page.text
    assert is_in(desk)
    assert not is_in(phone)
    assert is_in(somebody)


def test_sessions_end_by_themselves(world: World) -> None:
    client = sign_in(world.ann)
    session = Session.objects.get(session_key=client.cookies[COOKIE].value)

    assert (session.expire_date - timezone.now()).days <= 14
    Session.objects.update(expire_date=timezone.now())
    assert not is_in(client)


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [
        ("seven77", False),
        ("password", False),
        ("trustno1", False),
        ("eight it is", True),
        ("ääkkösiä riittää tähän", True),
        ("only lower case letters and more than sixty-four of them, which is fine", True),
    ],
)
def test_which_passwords_are_taken(client: Client, db, password: str, is_taken: bool) -> None:
    client.post(
        "/accounts/signup/",
        {"email": "new@aalto.example", "name": "New Person", "password1": password},
    )

    assert User.objects.filter(email="new@aalto.example").exists() is is_taken


def test_a_password_of_100_000_characters_costs_little(world: World, settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    world.ann.set_password(PASSWORD)
    world.ann.save()

    started = monotonic()
    client = sign_in(world.ann, "x" * 100_000)

    assert not is_in(client)
    assert monotonic() - started < 3


def test_passwords_are_kept_by_argon2_in_the_product() -> None:
    assert accounts.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_guessing_at_one_account_ends_from_every_address(world: World) -> None:
    tries = [
        sign_in(world.ann, f"guess {number}", REMOTE_ADDR=f"203.0.113.{number}")
        for number in range(50)
    ]

    right_but_late = sign_in(world.ann, REMOTE_ADDR="203.0.113.99")
    other_account = sign_in(world.ben, REMOTE_ADDR="203.0.113.99")

    assert not any(map(is_in, tries))
    assert not is_in(right_but_late)
    assert is_in(other_account)


def test_guessing_from_one_address_ends_for_every_account(world: World) -> None:
    for number in range(50):
        person = (world.ann, world.ben, world.vera, world.kim)[number % 4]
        sign_in(person, f"guess {number}", REMOTE_ADDR="203.0.113.7")

    assert not is_in(sign_in(world.otto, REMOTE_ADDR="203.0.113.7"))
    assert is_in(sign_in(world.otto, REMOTE_ADDR="203.0.113.8"))


def test_nobody_learns_who_has_an_account(world: World, client: Client) -> None:
    known = client.post("/accounts/password/reset/", {"email": world.ann.email})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@aalto.example"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    wrong = sign_in(world.ann, "wrong").answer
    missing = Client().post(
        "/accounts/login/", {"login": "nobody@aalto.example", "password": "wrong"}
    )
    assert wrong.status_code == missing.status_code == 200
    assert problem_of(wrong.text) == problem_of(missing.text) != ""


def problem_of(page: str) -> str:
    found = re.search(r'<ul class="errorlist.*?</ul>|role="alert".*?</', page, re.DOTALL)
    return re.sub(r"\s+", " ", found[0]) if found else ""


def test_links_in_mail_come_from_the_setting_and_not_from_the_visitor(world: World) -> None:
    Client().post(
        "/accounts/password/reset/", {"email": world.ann.email}, headers={"Host": "localhost:81"}
    )

    (letter,) = mail.outbox
    links = re.findall(r"https?://\S+", str(letter.body))
    assert links
    assert all(link.startswith(f"{project.SITE_URL}/") for link in links)


def test_a_forwarded_host_is_not_believed(world: World, client: Client) -> None:
    client.force_login(world.ann)

    page = client.get("/account/", headers={"X-Forwarded-Host": "evil.example"})

    assert "evil.example" not in page.text


def test_no_secret_reaches_the_log(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    client = sign_in(world.ann)
    page = client.post(
        "/w/studio-aalto/settings/tokens/",
        {"name": "Probe", "scopes": ["content:read"], "expires": ""},
        follow=True,
    )
    token = re.search(r"putki_[0-9A-Za-z]{30,}", page.text)[0]
    _row, invited = invitations.invite(
        "new@aalto.example", "creator", seat=world.seat("ann"), at=timezone.now()
    )

    for call in (
        lambda: Client().get("/api/v1/items/", headers={"Authorization": f"Bearer {token}"}),
        lambda: Client().get("/api/v1/items/", headers={"Authorization": f"Bearer {token}x"}),
        lambda: Client().get("/api/v1/items/", {"token": token}),
        lambda: Client().get(f"/join/{invited}/"),
        lambda: sign_in(world.ann, "a wrong secret"),
        lambda: Client().post("/accounts/password/reset/", {"email": world.ann.email}),
    ):
        call()
    link = re.search(r"/key/(\S+?)/?\s", f"{mail.outbox[-1].body} ")[1]
    Client().get(f"/accounts/password/reset/key/{link}/")

    lines = [str(record.msg) for record in caplog.records]
    logged = "\n".join([caplog.text, *lines, capsys.readouterr().err])
    assert "putki.request" in caplog.text
    for secret in (token, invited, "a wrong secret", PASSWORD, link, client.cookies[COOKIE].value):
        assert secret not in logged
