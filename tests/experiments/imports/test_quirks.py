"""Each oddity of the platforms' exports, one by one (the numbers are those of the rules)."""

from __future__ import annotations

import codecs
from datetime import date, datetime

import pytest

from experiments.imports import numbers, percents, sentences
from experiments.imports.values import Answers
from tests.experiments.imports.exports import (
    FACEBOOK,
    INSTAGRAM,
    TIKTOK_DAYS,
    TIKTOK_VIDEOS,
    YOUTUBE,
    instagram,
    read,
    surveyed,
)

CARD = 'sep=,\r\n"Instagram profile visits"\r\n"Date","Primary"\r\n"2025-10-31T00:00:00","47"\r\n'
VIDEO = 'dQw4w9WgXc1,Hooks,"Dec 18, 2022",419,46,3.5,1,378,4.59'


@pytest.mark.parametrize(
    ("mark", "encoding", "told"),
    [
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (b"", "utf-8", "utf-8"),
        (b"", "utf-16-le", "utf-16-le"),
    ],
)
def test_1_the_encoding_is_that_of_the_mark(tmp_path, mark, encoding, told) -> None:
    found = surveyed(tmp_path, mark + CARD.encode(encoding))

    assert found.survey.encoding == told
    assert [(each.source, each.rows) for each in found.survey.tables] == [("instagram", 1)]


def test_1_windows_letters_far_down_are_read_with_a_warning(tmp_path) -> None:
    rows = "\n".join(
        f'dQw4w9W{at:04},Hooks,"Dec 18, 2022",419,46,3.5,1,378,4' for at in range(8000)
    )
    text = f'{YOUTUBE}\n{rows}\ndQw4w9WgXc1,Käse,"Dec 18, 2022",419,46,3.5,1,378,4.59\n'

    rows, _, told = read(tmp_path, text.replace("Views", "Vi\u00adews"), encoding="cp1252")

    assert told["encoding_guessed"].params == {"encoding": "cp1252"}
    assert (len(rows), rows[-1].subject.title) == (8001, "Käse")


def test_2_headers_match_without_what_cannot_be_seen(tmp_path) -> None:
    header = YOUTUBE.replace("Video title", "Vi\u00adde\u00ado\u200b\u00a0 TITLE ")
    rows, _, _ = read(tmp_path, f"{header}\n{VIDEO}\n")

    assert rows[0].subject.title == "Hooks"


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_3_the_delimiter_is_counted(tmp_path, sign) -> None:
    text = f"{TIKTOK_DAYS}\n2025/10/31,715,700,25,26,4,7,0,0,10,10,0\n".replace(",", sign)

    rows, _, _ = read(tmp_path, text)

    assert rows[0].metrics["views"] == 715


def test_3_sep_is_no_row_even_after_a_spreadsheet_changed_the_rest(tmp_path) -> None:
    found = surveyed(tmp_path, "sep=,\nViews;\nDate;Primary\n2025-10-31T00:00:00;5213\n")

    assert found.survey.delimiter == ";"
    assert found.survey.rows == 1


@pytest.mark.parametrize("word", ["Total", "Ge\u00adsamt", "Grand total"])
def test_4_totals_are_no_posts(tmp_path, word) -> None:
    rows, _, _ = read(tmp_path, f"{YOUTUBE}\n{word},,,,51075,4046.5,1576,748855,3.06\n{VIDEO}\n")

    assert [each.subject.external_id for each in rows] == ["dQw4w9WgXc1"]


def test_4_a_video_called_total_stays_and_so_does_one_without_a_date(tmp_path) -> None:
    named = 'dQw4w9WgXc2,Total,"Dec 18, 2022",419,46,3.5,1,378,4.59'
    undated = "dQw4w9WgXc3,Hooks again,,419,46,3.5,1,378,4.59"

    rows, _, _ = read(tmp_path, f"{YOUTUBE}\n{named}\n{undated}\n")

    assert [each.subject.published for each in rows] == [datetime(2022, 12, 18), None]


def test_4_a_footer_tells_that_the_export_was_cut(tmp_path) -> None:
    rows, _, told = read(
        tmp_path, f"{YOUTUBE}\n{VIDEO}\nDie 500 be\u00adsten Er\u00adgeb\u00adnisse\n"
    )

    assert len(rows) == 1
    assert (told["truncated"].line, told["truncated"].params["limit"]) == (3, 500)


def test_5_the_space_before_a_dash_is_no_part_of_the_id(tmp_path) -> None:
    rows, _, _ = read(tmp_path, f"{YOUTUBE}\n{VIDEO.replace('dQw4w9WgXc1', ' -CfzXp8-eCU')}\n")

    assert rows[0].subject.external_id == "-CfzXp8-eCU"


@pytest.mark.parametrize(
    ("ident", "code"),
    [("#NAME?", "id_lost_name"), ("1.83552E+16", "id_lost_digits"), ("1,8E+16", "id_lost_digits")],
)
def test_5_ids_that_excel_destroyed_are_turned_away(tmp_path, ident, code) -> None:
    header = YOUTUBE.replace(",", ";") if "," in ident else YOUTUBE
    row = VIDEO.replace('"Dec 18, 2022"', "2022-12-18")
    row = row.replace(",", ";") if "," in ident else row

    rows, rejected, told = read(tmp_path, f"{header}\n{row.replace('dQw4w9WgXc1', ident)}\n")

    assert rows == []
    assert [(each.code, each.line, each.column) for each in rejected] == [(code, 2, "Content")]
    assert "not one saved by Excel" in sentences.sentence(told[code])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Geography,Views,Watch time (hours)\nFI,12,0.4\n", "other_dimension"),
        ("Viewer age,Views (%)\n18–24 years,10.8\n", "other_dimension"),
        ('sep=,\n"Age & gender"\n"","Women","Men"\n"18-24","10.6","6.5"\n', "audience"),
        ('"Facebook stars"\n"Date","Primary"\n"2025-10-31T00:00:00","4"\n', "card_unknown"),
        ("name,age\nAnn,30\n", "not_recognised"),
        ("fecha,Views2\n1970-03-14,7\n", "years_lost"),
        ("Date,Views\n1970-03-14,7\n", "years_lost"),
        (f"{YOUTUBE}\n", "no_rows"),
        ("  \n", "file_empty"),
        ("%PDF-1.7 whatever", "not_a_table"),
        (f'{YOUTUBE}\ndQw4w9WgXc1,"Hooks{"x" * 140_000}', "quote_open"),
        (b"PK\x03\x04 is no workbook", "workbook_broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 is none", "workbook_broken"),
    ],
)
def test_6_what_is_no_export_of_posts_or_days_is_refused_politely(tmp_path, text, code) -> None:
    found = surveyed(tmp_path, text)

    assert [each.code for each in found.survey.refusals] == [code]
    assert sentences.sentence(found.survey.refusals[0])


OVERVIEW = '"Date","Video Views","Profile Views","Likes","Comments","Shares"\n'


def _days(*days: str) -> str:
    return OVERVIEW + "".join(
        f'"{day}","{at}","7","10","1","0"\n' for at, day in enumerate(days, 1)
    )


def test_7_days_without_a_year_are_asked_for_and_walked_back_from_the_end(tmp_path) -> None:
    text = _days("December 30", "31 de diciembre", "January 1", "2 de enero")

    unanswered = surveyed(tmp_path, text)
    rows, _, _ = read(tmp_path, text, Answers(period_end=date(2025, 1, 2)))

    assert [each.code for each in unanswered.survey.questions] == ["year_missing"]
    assert [each.period_start for each in rows] == [
        date(2024, 12, 30), date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "start"),
    [
        (("April 1", "May 2", "April 3", "June 4", "April 2"), None),
        (("April 1",), date(2025, 4, 5)),
    ],
)
def test_7_days_that_fit_no_single_year_are_asked_about_again(tmp_path, days, start) -> None:
    said = Answers(period_start=start, period_end=date(2025, 4, 20))

    found = surveyed(tmp_path, _days(*days), said)

    assert [each.code for each in found.survey.questions] == ["year_ambiguous"]


@pytest.mark.parametrize(
    ("days", "first"),
    [
        (("03/04/2025 09:00", "03/18/2025 09:48"), datetime(2025, 3, 4, 9)),
        (("03/04/2025 09:00", "18/03/2025 09:48"), datetime(2025, 4, 3, 9)),
        (("03/04/2025 09:00", "05/04/2025 09:48"), datetime(2025, 3, 4, 9)),  # as Meta writes
    ],
)
def test_8_the_order_of_a_date_is_decided_by_the_whole_column(tmp_path, days, first) -> None:
    text = "\n".join([INSTAGRAM, *(instagram(at=day) for day in days)])

    rows, _, _ = read(tmp_path, text)

    assert rows[0].subject.published == first


@pytest.mark.parametrize(
    "days", [("08-05-2020", "7-16-2020"), ("18/05/2020", "05/18/2020"), ("08-05-2020", "8/5/2020")]
)
def test_8_a_column_with_two_orders_stops_and_asks(tmp_path, days) -> None:
    rows = [VIDEO.replace('"Dec 18, 2022"', day) for day in days]
    text = "\n".join([YOUTUBE, *rows])

    asked = surveyed(tmp_path, text).survey.questions
    answered = surveyed(tmp_path, text, Answers({"Video publish time": "mdy"})).survey.questions

    assert [(each.code, each.column) for each in asked] == [("dates_mixed", "Video publish time")]
    assert days[0] in sentences.sentence(asked[0])
    assert answered == ()


def test_8_an_open_order_is_asked_where_the_source_has_none(tmp_path) -> None:
    row = VIDEO.replace('"Dec 18, 2022"', "04/05/2020")

    assert [each.code for each in surveyed(tmp_path, f"{YOUTUBE}\n{row}\n").survey.questions] == [
        "date_order"
    ]


def test_9_files_with_times_need_a_zone_once(tmp_path) -> None:
    table = surveyed(tmp_path, f"{INSTAGRAM}\n{instagram()}\n").survey.tables[0]
    dated = surveyed(tmp_path, f"{YOUTUBE}\n{VIDEO}\n").survey.tables[0]

    assert (table.zone_needed, table.zone_default) == (True, "America/Los_Angeles")
    assert not dated.zone_needed


def test_9_days_stay_days_when_their_stamps_shift_with_the_clocks(tmp_path) -> None:
    text = "Views;\nDate;Primary\n2025-11-02T00:00:00;5\n2025-11-03T01:00:00;6\n"

    rows, _, told = read(tmp_path, text)

    assert [each.period_start for each in rows] == [date(2025, 11, 2), date(2025, 11, 3)]
    assert "clock_changed" in told


def test_10_an_impossible_zero_is_missing(tmp_path) -> None:
    row = "939005954986064,1,Ann,Title,,0,02/16/2025 05:14,https://fb.example/1,Lifetime,0,37,0,0,0,0,,"

    rows, _, told = read(tmp_path, f"{FACEBOOK}\n{row}\n")

    assert rows[0].metrics["views"] is None
    assert rows[0].metrics["reach"] == 37
    assert rows[0].metrics["likes"] == 0
    assert told["zero_means_missing"].line == 2


@pytest.mark.parametrize("word", ["", "NAN", "--", "undefined", "N/A", "null"])
def test_10_the_words_for_missing_are_never_zero(tmp_path, word) -> None:
    rows, _, told = read(tmp_path, f"{TIKTOK_DAYS}\n2025/10/31,715,{word},0,26,4,7,0,0,10,10,0\n")

    assert rows[0].metrics["reach"] is None
    assert rows[0].metrics["profile_visits"] == 0
    assert "number_unreadable" not in told


def test_11_a_header_that_comes_twice_is_told_and_compared(tmp_path) -> None:
    header = f"{INSTAGRAM},Views"
    text = f"{header}\n{instagram(views='52')},52\n{instagram('18000000000000002')},53\n"

    rows, _, told = read(tmp_path, text)

    assert [each.metrics["views"] for each in rows] == [52, 52]
    assert told["header_twice"].column == "Views"
    assert (told["twins_differ"].count, told["twins_differ"].line) == (1, 3)


def test_12_short_rows_are_filled_up_and_counted(tmp_path) -> None:
    short = "939005954986064,1,Ann,Title,,0,02/16/2025 05:14,https://fb.example/1,Lifetime,40,15"

    rows, _, told = read(tmp_path, f"{FACEBOOK}\n{short}\n{short}\n")

    assert (rows[0].metrics["views"], rows[0].metrics["likes"]) == (40, None)
    assert (told["row_short"].count, told["row_short"].line) == (2, 2)


def test_13_a_table_encoded_twice_is_decoded_once_more(tmp_path) -> None:
    lines = f"{INSTAGRAM}\n{instagram(caption='One, two')}".splitlines()
    text = "\n".join('"' + line.replace('"', '""') + '"' for line in lines)

    found = surveyed(tmp_path, text.replace("Post type", '""Post type""'))
    rows, _, _ = read(tmp_path, text.replace("Post type", '""Post type""'))

    assert found.survey.double_encoded
    assert rows[0].subject.title == "One, two"


def test_14_captions_have_lines_emoji_and_every_script(tmp_path) -> None:
    caption = 'Обед 🍝\n\n""quoted"", with comma\nend'

    rows, _, _ = read(tmp_path, f"{INSTAGRAM}\n{instagram(caption=caption)}\n{instagram()}\n")

    assert rows[0].subject.title == 'Обед 🍝\n\n"quoted", with comma\nend'
    assert [each.line for each in rows] == [2, 6]


def test_15_each_source_has_its_scale_and_a_sign_settles_it(tmp_path) -> None:
    studio = "Video title,Video link,Post time,Total views,Average watch time,Watched full video"
    row = "Hooks,https://www.tiktok.com/@ann/video/7567452112981069079,2025/10/31,100,0:12,38%"
    youtube = "Content,Video title,Video publish time,Views,Average percentage viewed (%)"

    tiktok, _, _ = read(tmp_path, f"{studio}\n{row}\n")
    tube, _, _ = read(tmp_path, f'{youtube}\ndQw4w9WgXc1,Hooks,"Dec 18, 2022",46,0.6\n')

    assert scaled(["38%"], percents.RATIO) == [38]
    assert scaled(["0.38", "1"], percents.RATIO) == [38, 100]
    assert scaled(["38", "117.3"], percents.PERCENT) == [38, 117.3]
    assert scaled(["38%", "0.38"], percents.RATIO) is None  # two scales in one column
    assert scaled(["0.38", "38"], percents.RATIO) is None
    assert tiktok[0].metrics["avg_view_seconds"] == 12
    assert tube[0].metrics["avg_view_pct"] == 0.6


def scaled(written: list[str], unit: str) -> list[float | None] | None:
    """The column as percent; None where it cannot be read."""
    seen = numbers.Evidence()
    for each in written:
        seen.see(each)
    style = numbers.style_of(seen, whole=False, delimiter=",")
    if style is None or not percents.scale_is_clear(unit, seen, style):
        return None
    read_one = [numbers.read(each, style, whole=False) for each in written]
    return [percents.as_percent(each, unit, style) for each in read_one]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.2K", 1200), ('"18,400"', 18400), ("1.250", 1250), ("84717282.0", 84717282),
        ("18\u00a0400", 18400), ("1.2M", 1_200_000), ('"1.234.567"', 1_234_567), ("-3", -3),
        ("\u22123", -3), ("half", None),
    ],
)  # fmt: skip
def test_16_numbers_as_people_and_spreadsheets_write_them(tmp_path, written, value) -> None:
    link = "https://www.tiktok.com/@ann/video/7567452112981069079"
    row = f"Hooks,{link},2025/10/31 18:19:10,{written},0,0,0,0"

    rows, _, told = read(tmp_path, f"{TIKTOK_VIDEOS}\n{row}\n")

    assert rows[0].metrics["views"] == value
    assert ("number_unreadable" in told) == (value is None)


def test_16_a_point_means_one_thing_in_a_column(tmp_path) -> None:
    link = "https://www.tiktok.com/@ann/video/756745211298106907"
    rows = [f"Hooks,{link}{at},2025/10/31,{n},0,0,0,0" for at, n in enumerate(["1.250", "2.0"])]

    found, _, told = read(tmp_path, "\n".join([TIKTOK_VIDEOS, *rows]))

    assert [each.metrics["views"] for each in found] == [None, 2]
    assert told["number_unreadable"].column == "Video views"


def test_17_days_left_out_are_not_made_zero(tmp_path) -> None:
    days = '"2025-10-31T00:00:00","4"\n"2025-11-02T00:00:00","0"\n'
    text = f'"Instagram follows"\n"Date","Primary"\n{days}'

    rows, _, _ = read(tmp_path, text)

    assert [(each.period_start, each.metrics["follows"]) for each in rows] == [
        (date(2025, 10, 31), 4),
        (date(2025, 11, 2), 0),
    ]


def test_18_old_names_lead_to_the_same_metric_and_a_new_meaning_is_told(tmp_path) -> None:
    new = YOUTUBE.replace("Impressions,", "Thumbnail impressions,")
    plays = INSTAGRAM.replace(",Views,", ",Plays,")

    old_rows, _, old_told = read(tmp_path, f"{YOUTUBE}\n{VIDEO}\n")
    new_rows, _, _ = read(tmp_path, f"{new}\n{VIDEO}\n")
    rows, _, told = read(tmp_path, f"{plays}\n{instagram()}\n")

    assert old_rows[0].metrics == new_rows[0].metrics
    assert "metric_redefined" not in old_told
    assert rows[0].metrics["views"] == 52
    assert told["metric_redefined"].params["since"] == "2025-04-21"


def test_19_columns_are_found_by_name_and_the_missing_are_named(tmp_path) -> None:
    text = 'Views,Content,Video publish time,Video title\n46,dQw4w9WgXc1,"Dec 18, 2022",Hooks\n'

    found = surveyed(tmp_path, text)
    rows, _, _ = read(tmp_path, text)

    assert rows[0].metrics == {"views": 46}
    assert "Watch time (hours)" in found.survey.tables[0].not_found
    assert "Views" not in found.survey.tables[0].not_found


def test_21_intervals_are_seconds_and_their_base_are_three_second_views(tmp_path) -> None:
    intervals = ",".join(f"Percentage of total views at interval {n}" for n in (1, 2, 0, 3, 4))
    header = (
        f"Video asset ID,Page name,Title,Duration (sec),Publish time,Reach,3-second video views,"
        f"Average Seconds viewed,{intervals}"
    )
    row = "4388442338054561,Ann,,10,11/01/2025 11:04,2000,1488,5.404,1,0.9,1,0.7,0.5"

    rows, _, _ = read(tmp_path, f"{header}\n{row}\n")

    metrics, curve = rows[0].metrics, rows[0].curve
    assert metrics["retention_25_pct"] == 80  # at 2.5 of 10 seconds, between 0.9 and 0.7
    assert metrics["hold_3s_pct"] == 74.4  # 1488 of 2000, not the curve's 0.7
    assert metrics["avg_view_pct"] == 54.04
    assert curve is not None
    assert (curve.axis, curve.base, curve.points[-1]) == ("seconds", "views_3s", (4, 0.5))
    longer, _, _ = read(tmp_path, f"{header}\n{row.replace(',10,11/01', ',60,11/01')}\n")
    assert "retention_25_pct" not in longer[0].metrics  # second 15 was not measured
