"""The sentence for each code: what is the matter with the file, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from experiments.imports.values import Issue

SENTENCES: Mapping[str, str | Promise] = {
    # The file is refused.
    "file_empty": _("The file is empty. Export it again."),
    "not_a_table": _("This is no table. Choose the CSV or Excel file that the platform gave."),
    "not_recognised": _(
        "No known export: the header fits none of YouTube Studio, Meta Business Suite, TikTok,"
        " LinkedIn and Google Analytics 4. Choose the file as it was downloaded, with its header."
    ),
    "other_dimension": _(
        "This table is by “%(column)s”, not by video or day. In YouTube Studio choose Content"
        " or Date and export again."
    ),
    "audience": _(
        "This file describes the audience; there are no numbers of posts or days in it. In Meta"
        " Business Suite export Content, or a card of Results."
    ),
    "card_unknown": _("The card “%(column)s” is none of the numbers that are read here."),
    "no_rows": _("There is a header but no row below it. Choose a longer period and export again."),
    "years_lost": _(
        "The days lie in 1970: somebody's table lost the year. Choose the original export; its"
        " year is asked for."
    ),
    "line_too_long": _("Line %(line)s is longer than %(limit)s characters. Export the file again."),
    "quote_open": _(
        "A quote mark is opened and never closed. Export the file again and do not edit it."
    ),
    "workbook_broken": _(
        "The workbook cannot be opened: it is damaged or locked. Export it again."
    ),
    "workbook_too_large": _("The workbook is too large. Save its sheet as CSV and choose that."),
    # Questions.
    "dates_mixed": _(
        "The column “%(column)s” writes its dates in two ways (%(examples)s): a spreadsheet has"
        " changed a part of them. Choose the original file, or say which order holds."
    ),
    "date_order": _("Column “%(column)s” (%(examples)s): does the month come first, or the day?"),
    "year_missing": _(
        "The days in “%(column)s” have no year (%(examples)s). Which period did you choose in"
        " the export?"
    ),
    "year_ambiguous": _(
        "The days in “%(column)s” (%(examples)s) fit more than one year of that period, or none."
        " Check the first and the last day."
    ),
    # Rows left out.
    "id_lost_name": _(
        "The id in “%(column)s” (line %(line)s) was destroyed by Excel (#NAME?). Open the original"
        " file, not one saved by Excel."
    ),
    "id_lost_digits": _(
        "The id in “%(column)s” (line %(line)s) was rounded by Excel (E+16). Open the original"
        " file, not one saved by Excel."
    ),
    "day_unreadable": _("Line %(line)s has no readable day in “%(column)s”; it is left out."),
    "subject_missing": _("Line %(line)s names no post; it is left out."),
    # Worth knowing.
    "encoding_guessed": _(
        "The file is not in UTF-8; it was read as %(encoding)s. Look at the accented letters."
    ),
    "truncated": _(
        "The export was cut at %(limit)s rows. What came after is missing: export shorter periods."
    ),
    "footer_left_out": _("Line %(line)s is text, not a row; it is left out."),
    "line_not_understood": _("Line %(line)s belongs to no table; it is left out."),
    "row_short": _("Line %(line)s has fewer cells than the header; the missing are not available."),
    "header_twice": _("The column “%(column)s” is there twice; the first is taken."),
    "twins_differ": _("The two columns “%(column)s” differ (line %(line)s); the first is taken."),
    "numbers_mixed": _(
        "The column “%(column)s” writes its numbers in two ways (1.5 and 1,5); it is not read."
    ),
    "scale_unclear": _(
        "The column “%(column)s” should hold shares from 0 to 1 and does not; it is not read."
    ),
    "numbers_rounded": _("The column “%(column)s” has rounded numbers such as 1.2K."),
    "number_unreadable": _(
        "“%(value)s” in “%(column)s” (line %(line)s) is no number; taken as not available."
    ),
    "date_unreadable": _(
        "“%(value)s” in “%(column)s” (line %(line)s) is no date; taken as not available."
    ),
    "zero_means_missing": _(
        "“%(column)s” is 0 in line %(line)s although other numbers say it cannot be; taken as not"
        " available."
    ),
    "metric_redefined": _(
        "“%(column)s” was replaced by “%(new)s” on %(since)s and counted in another way. Do not"
        " compare numbers from before and after."
    ),
    "clock_changed": _(
        "The times of the days shift by an hour where the clocks changed; the days are kept."
    ),
    "value_impossible": _(
        "“%(column)s” in line %(line)s cannot be such a number; taken as not available."
    ),
    "id_unlike": _(
        "The ids in “%(column)s” are not those of YouTube; posts cannot be found by them."
    ),
    # Files of experiments.
    "experiments_not_recognised": _(
        "No known header: a file of experiments has the columns experiment, variant, day, exposures"
        " and total, or is the Upworthy archive."
    ),
    "archive_too_large": _("Unpacked, the file is larger than a gigabyte. Split it."),
    "too_many_experiments": _("The file holds more than %(limit)s experiments. Split it."),
    "totals_only": _(
        "The archive has totals only: each experiment is one period, phi is 1, and the rule for the"
        " fewest days is waived. Every page of such an experiment says so."
    ),
    "result_unreadable": _(
        "Line %(line)s: the day or a number cannot be read, or a name is empty."
    ),
    "result_not_begun": _("Line %(line)s: %(column)s has not begun, or was called off."),
    "result_unknown_variant": _("Line %(line)s: %(column)s has no such variant."),
    "result_unknown_kpi": _("Line %(line)s: %(column)s does not count such a KPI."),
    "result_one_variant": _("Line %(line)s: %(column)s has one variant; it takes two to compare."),
    "result_too_many_variants": _("Line %(line)s: %(column)s has too many variants."),
    "result_variable_missing": _(
        "Line %(line)s: %(column)s is new here. Its column “variable” says what differs: hook,"
        " title, length, thumbnail, cta or opening."
    ),
    "result_allocation_unknown": _("Line %(line)s: %(column)s has an allocation nobody knows."),
    "result_not_a_number": _("Line %(line)s: a number is not finite."),
    "result_negative": _("Line %(line)s: a number is below 0."),
    "result_day_out_of_range": _("Line %(line)s: the day is before 2000 or to come."),
    "result_more_than_exposures": _("Line %(line)s: more events than exposures."),
    "result_without_exposures": _("Line %(line)s: events without exposures."),
    "result_sum_squares_missing": _("Line %(line)s: a mean needs its sum of squares."),
    "result_sum_squares_too_small": _("Line %(line)s: no numbers have such a sum of squares."),
}


def sentence(issue: Issue) -> str:
    """What a person reads, in the language of the moment, with how often it occurred."""
    known = {"line": issue.line, "column": issue.column, **issue.params}
    said = str(SENTENCES[issue.code]) % known
    if issue.count == 1:
        return said
    times = ngettext("(%(count)s time)", "(%(count)s times)", issue.count) % {"count": issue.count}
    return f"{said} {times}"


# Why a run as a whole came to nothing.
PROBLEMS: Mapping[str, str | Promise] = {
    "import_failed": _("Something went wrong. Nothing of the file came in; it may be tried again."),
    "import_given_up": _(
        "The import was interrupted three times, so it is not tried again by itself. Nothing is "
        "half done: choose the file again, or a part of it."
    ),
    "undo_refused": _(
        "Something that came with the file has been worked on since; it was not taken back."
    ),
    "undo_given_up": _(
        "Taking it back was interrupted three times. A part of the numbers is taken back already; "
        "take it back again to go on."
    ),
}
