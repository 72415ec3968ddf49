"""Nothing goes into a private network: asked when an address is saved and when it is used."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from production.errors import Invalid
from production.models import WebhookAttempt, WebhookEndpoint
from production.webhooks import addresses, client, delivery, endpoints
from production.webhooks.addresses import Forbidden
from tests.people import NOON, World
from tests.production.webhooks.receiver import Receiver

PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "8.8.8.8")
# fmt: off
INSIDE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192",
    "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "192.88.99.1", "168.63.129.16",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "fe80::1", "fe80::1%eth0",
    "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::808:808",
    "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1", "2001:10::1", "3fff::1", "100::1", "5f00::1",
    "2a00:1:2:3:0:5efe:7f00:1", "2a00:1:2:3:200:5efe:7f00:1", "nonsense", "",
)
UNREADABLE = {
    "ftp://example.org/": "invalid", "//example.org/": "invalid", "https://": "invalid",
    "https:///path": "invalid", "javascript:alert(1)": "invalid",
    "https://example.org:99999/": "invalid", "https://example.org:x/": "invalid",
    "https://exa mple.org/": "invalid", "https://example.org\\@127.0.0.1/": "invalid",
    "https://example.org/\r\nX: y": "invalid", "https://example.org/ä": "invalid",
    "https://a..b/": "invalid", "https://[::1/": "invalid",
    "https://ann@example.org/": "credentials", "https://ann:pw@example.org/": "credentials",
    "https://example.org:22/": "port", "http://example.org:6379/": "port",
}
# fmt: on


@pytest.fixture
def guarded(settings: Any) -> None:
    """As it is everywhere but in tests."""
    settings.WEBHOOK_ALLOW_PRIVATE = False


def leads_to(*found: str) -> addresses.Resolver:
    return lambda _host, _port: list(found)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize("address", INSIDE)
def test_everything_else_is_not(address: str) -> None:
    assert not addresses.is_public(address)


def test_an_address_of_this_very_machine_is_told() -> None:
    assert addresses.is_ours("127.0.0.1")
    assert not addresses.is_ours("8.8.8.8")


@pytest.mark.parametrize(("url", "code"), UNREADABLE.items())
def test_what_is_no_plain_web_address_is_refused(url: str, code: str) -> None:
    with pytest.raises(Forbidden) as refused:
        addresses.read(url, ports=[80, 443])

    assert refused.value.code == code


def test_an_address_is_taken_apart_as_it_will_be_used() -> None:
    target = addresses.read("https://Hëllo.Example.org:8443/a/b?c=d#e", ports=None)

    assert (target.host, target.port, target.path) == ("xn--hllo-lpa.example.org", 8443, "/a/b?c=d")
    assert target.authority == "xn--hllo-lpa.example.org:8443"
    assert addresses.read("http://[2606:2800::1]/", ports=[80]).authority == "[2606:2800::1]"


# How people write 127.0.0.1 so that it does not look like it.
@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
     "localhost", "LOCALHOST", "169.254.169.254", "[fd00:ec2::254]", "0"],
)  # fmt: skip
def test_an_address_inside_cannot_be_saved(host: str, world: World, guarded: None) -> None:
    with pytest.raises(Invalid) as refused:
        endpoints.add(f"http://{host}/", seat=world.seat("ann"), at=NOON)

    assert refused.value.errors["url"][0][0] in ("private", "unresolvable")
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("found", [("10.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("::ffff:8.8.8.8",)])
def test_a_name_that_leads_inside_cannot_be_saved_or_changed_to(
    found: Sequence[str], world: World, guarded: None
) -> None:
    ann = world.seat("ann")
    url, inside = "https://hooks.example.org/", leads_to(*found)
    endpoint, _secret = endpoints.add(url, seat=ann, at=NOON, resolver=leads_to("8.8.8.8"))

    with pytest.raises(Invalid) as added:
        endpoints.add("https://b.example.org/", seat=ann, at=NOON, resolver=inside)
    with pytest.raises(Invalid) as changed:
        endpoints.change(
            endpoint, {"url": "https://c.example.org/"}, seat=ann, at=NOON, resolver=inside
        )

    for refused in (added, changed):
        assert refused.value.errors["url"][0][0] == "private"
    endpoint.refresh_from_db()
    assert endpoint.url == url


def test_a_name_that_leads_nowhere_cannot_be_saved(world: World, guarded: None) -> None:
    def nowhere(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    with pytest.raises(Invalid) as refused:
        endpoints.add("https://nope.example/", seat=world.seat("ann"), at=NOON, resolver=nowhere)

    assert refused.value.errors["url"][0][0] == "unresolvable"


def test_a_name_that_has_come_to_lead_inside_gets_nothing(
    world: World, hook: Receiver, settings: Any
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    settings.WEBHOOK_PORTS = [hook.port]
    endpoints.add(
        f"http://hooks.example.org:{hook.port}/",
        seat=world.seat("ann"),
        at=NOON,
        resolver=leads_to("8.8.8.8"),
    )
    world.item()

    told = delivery.run(lambda: NOON, resolver=leads_to("127.0.0.1"))

    assert told == Counter(failed=1)
    assert WebhookAttempt.objects.get().error == "private"
    assert hook.got == []


def test_the_address_that_was_checked_is_the_one_connected_to(world: World, hook: Receiver) -> None:
    """A name that changes its mind between two questions is asked only one."""
    asked: list[tuple[str, int]] = []

    def changing(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    endpoints.add(f"http://hooks.example.org:{hook.port}/in?a=b", seat=world.seat("ann"), at=NOON)
    world.item()

    told = delivery.run(lambda: NOON, resolver=changing)

    (got,) = hook.got
    assert told == Counter(delivered=1)
    assert asked == [("hooks.example.org", hook.port)]
    assert got.headers["host"] == f"hooks.example.org:{hook.port}"
    assert got.path == "/in?a=b"


def test_the_next_address_of_a_name_is_tried_when_the_first_takes_no_connection(
    hook: Receiver,
) -> None:
    outcome = client.post(
        f"http://hooks.example.org:{hook.port}/",
        {},
        b"{}",
        allow_private=True,
        ports=(),
        resolver=leads_to("127.0.0.9", "127.0.0.1"),
    )

    assert outcome.status == 200


def test_a_resolver_that_hangs_is_left_behind(hook: Receiver) -> None:
    def slow(_host: str, _port: int) -> Sequence[str]:
        sleep(3)
        return ["127.0.0.1"]

    outcome = client.post(
        f"http://slow.example:{hook.port}/", {}, b"{}",
        allow_private=True, ports=(), resolver=slow, seconds=0.5,
    )  # fmt: skip

    assert outcome.error == "timeout"
    assert outcome.milliseconds < 2_000
    assert hook.got == []


@pytest.fixture
def secure(tmp_path: Path, hook: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """The receiver behind a certificate for `hooks.example.org`, from a root that is trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [
                    x509.DNSName("hooks.example.org"),
                    x509.IPAddress(ipaddress.ip_address("127.0.0.7")),
                ]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "receiver.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    trusted = tmp_path / "root.pem"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    hook.wrap = lambda connection: context.wrap_socket(connection, server_side=True)
    yield hook


@pytest.mark.parametrize(
    ("host", "status", "error"),
    [("hooks.example.org", 200, ""), ("other.example.org", None, "certificate")],
)
def test_a_certificate_has_to_be_for_the_name(
    secure: Receiver, host: str, status: int | None, error: str
) -> None:
    outcome = client.post(
        f"https://{host}:{secure.port}/",
        {"webhook-id": "msg_1"},
        b"{}",
        allow_private=True,
        ports=(),
        resolver=leads_to("127.0.0.1"),
    )

    assert (outcome.status, outcome.error) == (status, error)
    assert len(secure.got) == (1 if status else 0)


def test_https_to_who_speaks_none_is_said(hook: Receiver) -> None:
    outcome = client.post(
        f"https://hooks.example.org:{hook.port}/",
        {},
        b"{}",
        allow_private=True,
        ports=(),
        resolver=leads_to("127.0.0.1"),
        seconds=2,
    )

    assert outcome.error in ("tls", "connection", "timeout")
    assert outcome.status is None
