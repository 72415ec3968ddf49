"""What is peculiar to a source: two tables in one line, sheets, reports with comments above."""

from __future__ import annotations

from datetime import date, datetime

import openpyxl
import xlwt

from experiments.imports import reading, surveying, workbook
from tests.experiments.imports.exports import read, surveyed

POST = "https://www.linkedin.com/feed/update/urn:li:activity:7406535690785632"
COMMENTS = "# ------\n# Report CSV Export\n# \n# Start date: 20250601\n# End date: 20250607\n"


def test_linkedin_puts_two_tables_side_by_side_and_a_post_is_one_row(tmp_path) -> None:
    text = (
        "Maximum of 50 posts available to include in this list,,,,,,\n,,,,,,\n"
        "Post URL,Post publish date,Engagements,,Post URL,Post publish date,Impressions\n"
        f"{POST}256,12/16/2025,3,,{POST}999,12/14/2025,1358\n"
        f",,,,{POST}256,12/16/2025,29\n"
    )

    rows, _, told = read(tmp_path, text)

    assert [(each.subject.external_id[-3:], each.metrics) for each in rows] == [
        ("256", {"engagements": 3, "impressions": 29}),
        ("999", {"impressions": 1358}),
    ]
    assert told == {}


def test_a_page_of_linkedin_has_a_sheet_of_days_and_one_of_posts(tmp_path) -> None:
    book = openpyxl.Workbook()
    days = book.active
    days.title = "Metrics"
    days.append(["Organic and sponsored"])
    days.append(["Date", "Impressions (organic)", "Impressions (sponsored)", "Reposts (organic)"])
    days.append([datetime(2025, 12, 16), 120, 30, None])
    posts = book.create_sheet("All posts")
    posts.append(["Post Title", "Post Link", "Created date", "Impressions", "Clicks", "Likes"])
    posts.append(["Hooks", f"{POST}256", "12/16/2025", 90, 4, 2])
    path = tmp_path / "page.xlsx"
    book.save(path)

    found = surveying.survey(path)
    rows = list(reading.rows(found))

    assert [(each.kind, each.sheet, each.rows) for each in found.survey.tables] == [
        ("page_by_day", "Metrics", 1),
        ("page_posts", "All posts", 1),
    ]
    assert [(each.traffic, each.metrics) for each in rows[:2]] == [
        ("organic", {"impressions": 120, "shares": None}),
        ("paid", {"impressions": 30}),
    ]
    assert rows[0].period_start == date(2025, 12, 16)
    assert rows[2].metrics == {
        "impressions": 90,
        "clicks": 4,
        "likes": 2,
        "reactions": 2,
    }
    assert rows[2].subject.published == datetime(2025, 12, 16)


def test_an_old_workbook_is_read_like_a_new_one(tmp_path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("All posts")
    sheet.write(0, 0, "What your posts did")
    header = ["Post title", "Post link", "Created date", "Impressions", "Clicks", "Engagement rate"]
    for at, name in enumerate(header):
        sheet.write(1, at, name)
    for at, value in enumerate(["Hooks", f"{POST}256", datetime(2025, 12, 16), 90.0, 4, 0.1]):
        day = xlwt.easyxf(num_format_str="MM/DD/YYYY") if at == 2 else xlwt.Style.default_style
        sheet.write(2, at, value, day)
    path = tmp_path / "page.xls"
    book.save(str(path))

    found = surveying.survey(path)
    rows = list(reading.rows(found))

    assert [(each.kind, each.rows) for each in found.survey.tables] == [("page_posts", 1)]
    assert rows[0].subject.published == datetime(2025, 12, 16)
    assert rows[0].metrics == {"impressions": 90, "clicks": 4}


def test_ids_of_a_workbook_that_lost_their_end_say_so() -> None:
    assert workbook.written(18355151116178767) == "1.83552E+16"
    assert workbook.written(12.0) == "12"
    assert workbook.written(0.25) == "0.25"


def test_ga4_sums_the_parts_of_one_account_and_leaves_notes_out(tmp_path) -> None:
    text = (
        f"{COMMENTS}\nSession default channel group,Users,Sessions,Engaged sessions,"
        "Engagement rate,Conversions\nOrganic Search,309,482,323,0.67,\n"
        "Direct,175,243,128,0.52,2\n\n"
        "our notes,,,,,\n6/25-7/2,,,,,\n"
    )

    rows, _, told = read(tmp_path, text)

    assert [each.metrics for each in rows] == [
        {
            "sessions": 725,
            "engaged_sessions": 451,
            "key_events": 2,
            "bounce_rate_pct": 37.7931,
        }
    ]
    assert (rows[0].period_start, rows[0].period_end) == (date(2025, 6, 1), date(2025, 6, 7))
    assert told["line_not_understood"].count == 2


def test_ga4_names_our_posts_by_utm_content_and_events_of_leads(tmp_path) -> None:
    text = (
        f"{COMMENTS}Session manual ad content,Sessions,Engaged sessions,Key events\r\n"
        "Grand total,12,9,1\r\npub_01JQ8Z6T2M.B,7,6,1\r\n(not set),5,3,0\r\n\r\n"
        "# ------\r\n# Start date: 20250607\r\n# End date: 20250607\r\n"
        "Event name,Event count,Total users\r\npage_view,120,80\r\ngenerate_lead,3,2\r\n"
    )

    rows, _, _ = read(tmp_path, text)

    ours, unset, events = rows
    assert (ours.subject.publication, ours.subject.variant) == ("pub_01JQ8Z6T2M", "B")
    assert ours.metrics == {
        "sessions": 7,
        "engaged_sessions": 6,
        "key_events": 1,
        "bounce_rate_pct": 14.2857,
    }
    assert (unset.subject.publication, unset.subject.title) == ("", "(not set)")
    assert events.metrics == {"page_views": 120, "leads": 3}
    assert (events.grain, events.period_start) == ("day", date(2025, 6, 7))


def test_a_chart_of_youtube_is_a_row_per_video_and_day(tmp_path) -> None:
    text = (
        "Date,Content,Video title,Video publish time,Duration,Views\n"
        '2025-06-01,dQw4w9WgXc1,Hooks,"Dec 18, 2022",419,12\n'
    )

    rows, _, _ = read(tmp_path, text)

    assert (rows[0].grain, rows[0].period_start) == ("day", date(2025, 6, 1))
    assert rows[0].subject.external_id == "dQw4w9WgXc1"


def test_lists_that_are_full_are_told_to_be_cut(tmp_path) -> None:
    lines = [f"{POST}{at:03},12/16/2025,3,,{POST}{at:03},12/16/2025,9" for at in range(50)]
    header = "Post URL,Post publish date,Engagements,,Post URL,Post publish date,Impressions"

    found = surveyed(tmp_path, "\n".join([header, *lines]))

    assert [each.code for each in found.survey.warnings] == ["truncated"]
