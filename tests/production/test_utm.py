"""Campaign parameters: what goes out is tracked, in small letters, and nothing is lost."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production import utm
from production.utm import Template, UnknownSlot, bare_links, build, is_tracked

VALUES = {
    "platform": "Instagram", "publication": "pub_01JQ8Z6T2M", "variant": "B", "year": "2026",
    "quarter": "2", "pillar": "Tyylikäs Studio",
}  # fmt: skip


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def test_a_link_as_the_contract_shows_it():
    template = Template(campaign="{year}q{quarter}-c1", content="{publication}.{variant}")

    made = build("https://example.fi/opas", template, VALUES)

    assert made.url == (
        "https://example.fi/opas?utm_source=instagram&utm_medium=social"
        "&utm_campaign=2026q2-c1&utm_content=pub_01JQ8Z6T2M.B"
    )
    assert made.utm["content"] == "pub_01JQ8Z6T2M.B"


def test_what_the_link_had_stays_and_an_earlier_campaign_goes():
    made = build("https://a.fi/x?b=%C3%A4&UTM_Source=old&empty=#part", Template(), VALUES)

    assert query(made.url) | {"utm_campaign": "…"} == {
        "b": "ä", "empty": "", "utm_source": "instagram", "utm_medium": "social",
        "utm_campaign": "…", "utm_content": "pub_01JQ8Z6T2M",
    }  # fmt: skip
    assert made.url.endswith("#part")


@pytest.mark.parametrize("typed", ["Kevät Kampanja", "KEVÄT  KAMPANJA", " kevät-kampanja "])
def test_one_campaign_has_one_name_however_it_is_typed(typed):
    assert build("https://a.fi", Template(campaign=typed), {}).utm["campaign"] == "kevat-kampanja"


def test_an_empty_slot_leaves_no_crumbs():
    made = build("https://a.fi", Template(content="{publication}.{variant}"), {"publication": "p"})

    assert made.utm["content"] == "p"
    assert "term" not in made.utm


def test_a_slot_that_there_is_not_is_named():
    with pytest.raises(UnknownSlot, match=r"\{colour\} is not a slot"):
        build("https://a.fi", Template(campaign="{colour}"), {})


@pytest.mark.parametrize("url", ["", "a.fi", "javascript:alert(1)", "mailto:a@b.fi", "https://"])
def test_only_web_addresses_become_links(url):
    with pytest.raises(ValueError, match="is not a web address"):
        build(url, Template(), VALUES)


def test_bare_links_are_found_in_a_text():
    text = "Read https://a.fi/x. Then (https://b.fi/y?utm_source=ig&utm_medium=social), https://a.fi/x!"

    assert bare_links(text) == ["https://a.fi/x"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_filled_in_arrives_whole_and_the_link_is_tracked(pillar, key):
    made = build(
        "https://a.fi/x?q=1", Template(term="{pillar}-{key}"), {"pillar": pillar, "key": key}
    )

    got = query(build("https://a.fi/x?q=1", Template(term="{pillar}"), {"pillar": pillar}).url)
    assert got["q"] == "1"
    assert query(made.url).get("utm_term", "") == made.utm.get("term", "")
    assert made.utm.get("term", "") == made.utm.get("term", "").lower()
    assert is_tracked(build("https://a.fi", Template(source="x"), {}).url)
    assert set(made.utm) <= {"source", "medium", "campaign", "content", "term"}
    assert utm.slots_of("{pillar}") == ["pillar"]
