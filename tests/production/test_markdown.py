import time

import pytest

from production.markdown import render


def test_paragraphs_lists_and_headings_below_those_of_the_page() -> None:
    html = render("# Hook\n\n- *one*\n- **two**\n")

    assert (
        html == "<h3>Hook</h3>\n<ul>\n<li><em>one</em></li>\n<li><strong>two</strong></li>\n</ul>\n"
    )


def test_breaks_count_in_comments_only() -> None:
    assert "<br>" not in render("one\ntwo")
    assert "<br>" in render("one\ntwo", breaks=True)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://tracker.example/p.gif)",
        "<svg/onload=alert(1)>",
        '[x](https://a.example "\\" onmouseover=alert(1)")',
        "`<b onclick=alert(1)>`",
        "<a href='https://a.example' style='position:fixed'>x</a>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_nothing_that_runs_or_loads_survives(text: str) -> None:
    html = render(text).lower()

    for bad in ("<script", "<img", "<svg", "<iframe", 'href="javascript', 'href="data', "<b "):
        assert bad not in html
    assert " onmouseover=" not in html.replace("&quot;", '"').split("title=")[0]
    assert "style=" not in html or "&lt;" in html


def test_links_leave_without_telling_and_without_an_opener() -> None:
    assert 'rel="noopener noreferrer nofollow"' in render("[x](https://a.example)")


def test_mentions_stand_out_and_only_those_of_people_who_exist() -> None:
    html = render("@Ann & @nobody <b>", names=["Ann Koski"], breaks=True)

    assert '<b class="mention">@Ann</b> &amp; @nobody &lt;b&gt;' in html


def test_a_mention_inside_code_is_code() -> None:
    assert "mention" not in render("`@Ann`", names=["Ann Koski"])


def test_deep_nesting_and_long_delimiters_end_in_time() -> None:
    began = time.monotonic()

    render(">" * 20_000 + "x")
    render("[" * 20_000)
    render("*a _b" * 4_000)

    assert time.monotonic() - began < 10
