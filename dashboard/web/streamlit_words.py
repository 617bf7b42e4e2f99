"""Streamlit's own words in the reader's language, by a script in the first HTML of every page.

Streamlit writes its widgets' own words in English (`No results`, `Press Enter to apply`, the names of buttons for
screen readers) and offers no way to change them. The script replaces these words in their known places only, so that no
text of the data is changed that happens to read the same.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from dashboard.formats import format_date, format_month_name
from dashboard.i18n import N_, Translator, translator
from dashboard.languages import SOURCE

_SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_LIST = '[data-testid="stMultiSelectDropdown"], [data-testid="stSelectboxVirtualDropdown"]'
_FIELD = '[data-testid="stTextInput"], [data-testid="stNumberInput"], [data-testid="stTextArea"]'
_DAY = '[data-testid="stDateInput"], [data-testid="stDateInputCalendar"]'


class Place(NamedTuple):
    """Words that Streamlit writes in one kind of element.

    Attributes:
        where: A CSS selector of the elements with the words, or of what contains them.
        words: Streamlit's words and this program's; a `{name}` in both stands for any text there.
    """

    where: str
    words: tuple[tuple[str, str], ...]


PLACES = (
    Place('[data-testid="stSkipToContent"]', (("Skip to main content", N_("Skip to main content")),)),
    Place(
        '[role="dialog"] button, [data-testid="stStatusWidget"], [data-testid="stMainMenu"], '
        '[data-testid="stToastContainer"]',
        (
            ("Running...", N_("Being drawn …")),
            ("Stop", N_("Stop")),
            ("Rerun", N_("Draw anew")),
            ("Main menu", N_("Main menu")),
            ("Notifications", N_("Notices")),
            ("Close", N_("Close")),
            ("view more", N_("Show more")),
            ("view less", N_("Show less")),
        ),
    ),
    Place(
        '[data-testid="stMultiSelect"], [data-testid="stSelectbox"]',
        (
            ("Open", N_("Open the list")),
            ("Choose an option", N_("Choose")),
            ("Choose options", N_("Choose")),
            ("Clear all", N_("Clear all")),
            ("Clear value", N_("Empty the field")),
            ("Selected values", N_("What is chosen")),
            ("Remove {what}", N_("Take away: {what}")),
        ),
    ),
    Place(
        _LIST,
        (
            ("No results", N_("Nothing fits")),
            ("Select all", N_("Choose all")),
            ("Select {n} matches", N_("Choose these {n}")),
            ("Dismiss", N_("Close")),
        ),
    ),
    Place(
        _FIELD,
        (
            ("Press Enter to apply", N_("Enter applies it")),
            ("Press Enter to submit form", N_("Enter sends it")),
            ("Press Ctrl+Enter to apply", N_("Ctrl+Enter applies it")),
            ("Press Ctrl+Enter to submit form", N_("Ctrl+Enter sends it")),
            ("Press ⌘+Enter to apply", N_("⌘+Enter applies it")),
            ("Press ⌘+Enter to submit form", N_("⌘+Enter sends it")),
            ("Clear entry", N_("Empty the field")),
            ("Clear value", N_("Empty the field")),
            ("Show password", N_("Show the password")),
            ("Hide password", N_("Hide the password")),
            ("Increment", N_("One more")),
            ("Decrement", N_("One less")),
        ),
    ),
    Place(
        _DAY,
        (
            ("Choose date", N_("Choose a day")),
            ("Choose date, {month}", N_("Choose a day, {month}")),
            ("Next month", N_("Next month")),
            ("Next", N_("Next month")),
            ("Previous month", N_("Previous month")),
            ("Clear date", N_("Empty the field")),
            (
                "Use arrow keys to navigate dates. Enter to select. Escape to close.",
                N_("The arrow keys go from day to day, Enter chooses one, Escape closes the calendar."),
            ),
            ("day, {field}", N_("day, {field}")),
            ("month, {field}", N_("month, {field}")),
            ("year, {field}", N_("year, {field}")),
            ("day", N_("day")),
            ("month", N_("month")),
            ("year", N_("year")),
            ("dd", N_("dd")),
            ("mm", N_("mm")),
            ("yyyy", N_("yyyy")),
            ("Empty", N_("empty")),
        ),
    ),
    Place(
        '[data-testid="stFileUploader"]',
        (
            ("Upload", N_("Choose files")),
            ("Add files", N_("Add files")),
            ("file upload", N_("Choose files")),
            ("Drag and drop files here", N_("Drop the files here")),
            ("{size}MB per file • {kinds}", N_("at most {size} MB a file • {kinds}")),
            ("{size}MB per file", N_("at most {size} MB a file")),
            ("{name}, {n}.{d}KB", N_("{name}, {n}.{d} kB")),
            ("{name}, {n}.{d}MB", N_("{name}, {n}.{d} MB")),
            ("{n}.{d}KB", N_("{n}.{d} kB")),
            ("{n}.{d}MB", N_("{n}.{d} MB")),
            ("Remove {what}", N_("Take away: {what}")),
            ("Cancel upload of {what}", N_("Stop the upload: {what}")),
            ("Click to retry upload", N_("Try again")),
            ("Upload failed", N_("It did not arrive")),
            ("File must be {size} or smaller.", N_("The file is larger than {size}.")),
            ("{kind} files are not allowed.", N_("Files of this kind ({kind}) cannot be read.")),
            ("Error:", N_("Error:")),
            ("Unexpected error. Please try again.", N_("It did not arrive. Please try again.")),
        ),
    ),
    Place(
        '[data-testid="stElementToolbar"], [data-testid="stTooltipContent"], [data-testid="stDataFrameColumnMenu"], '
        ".gdg-search-bar",
        (
            ("Search", N_("Search")),
            ("Search: {table}", N_("Search: {table}")),
            ("Fullscreen", N_("Whole window")),
            ("Fullscreen: {table}", N_("Whole window: {table}")),
            ("Close fullscreen", N_("Close the whole window")),
            ("Close fullscreen: {table}", N_("Close the whole window: {table}")),
            ("Show/hide columns", N_("Show or hide columns")),
            ("Show/hide columns: {table}", N_("Show or hide columns: {table}")),
            ("Clear selection", N_("Choose nothing")),
            ("Clear selection: {table}", N_("Choose nothing: {table}")),
            ("Dataframe column menu", N_("Menu of the column")),
            ("Copy column name", N_("Copy the column’s name")),
            ("Sort ascending", N_("Sort upwards")),
            ("Sort descending", N_("Sort downwards")),
            ("Format", N_("Format")),
            ("Statistics", N_("Statistics")),
            ("Autosize", N_("Fit the width")),
            ("Pin column", N_("Keep the column in view")),
            ("Unpin column", N_("Let the column move")),
            ("Hide column", N_("Hide the column")),
            ("Type to search", N_("Type what is looked for")),
            ("Previous Result", N_("The one before")),
            ("Next Result", N_("The next one")),
            ("Close Search", N_("Close the search")),
            ("{n} result", N_("{n} found")),
            ("{n} results", N_("{n} found")),
            ("{k} of {n} results", N_("{k} of {n}")),
            ("over 1000", N_("more than 1000")),
        ),
    ),
    Place('[data-testid="stDataFrameColumnVisibilityMenu"]', (("Select all", N_("Choose all")),)),
    Place(
        '[data-testid="stDataFrameColumnFormattingMenu"]',
        (
            ("Automatic", N_("As it comes")),
            ("Localized", N_("As in my language")),
            ("Plain", N_("Digits alone")),
            ("Compact", N_("Compact")),
            ("Dollar", N_("Dollar")),
            ("Euro", N_("Euro")),
            ("Yen", N_("Yen")),
            ("Percent", N_("Percent")),
            ("Scientific", N_("Powers of ten")),
            ("Accounting", N_("As in accounts")),
            ("Duration", N_("Duration")),
            ("Distance", N_("Time since")),
            ("Calendar", N_("As in a calendar")),
        ),
    ),
    Place(
        '[data-testid="stDataFrameStatisticsMenu"]',
        (
            ("Values", N_("Values")),
            ("Empty", N_("Empty ones")),
            ("Distinct", N_("Different ones")),
            ("Average", N_("Average")),
            ("Standard deviation", N_("Standard deviation")),
            ("Minimum", N_("Minimum")),
            ("25th percentile", N_("First quartile")),
            ("Median", N_("Median")),
            ("75th percentile", N_("Third quartile")),
            ("Maximum", N_("Maximum")),
            ("Sum", N_("Sum")),
            ("Range", N_("Span")),
            ("Minimum length", N_("Least length")),
            ("Maximum length", N_("Most length")),
            ("Average length", N_("Average length")),
            ("No data", N_("No data")),
        ),
    ),
    Place(
        '[data-testid="stPagination"], [data-testid="stFileUploader"]',
        (
            ("Pagination", N_("Pages of the list")),
            ("Page {n}", N_("Page {n}")),
            ("Next page", N_("Next page")),
            ("Previous page", N_("Previous page")),
        ),
    ),
    Place('[data-testid="stProgress"]', (("progress", N_("Progress")),)),
    Place('[data-testid="stTooltipIcon"]', (("Help for {what}", N_("Help: {what}")), ("Help", N_("Help")))),
    Place(
        '[data-testid="stCode"], [data-testid="stElementToolbarButton"], [data-testid="stTooltipContent"]',
        (("Copy to clipboard", N_("Copy")), ("Copy", N_("Copy")), ("Copied", N_("Copied"))),
    ),
)
"""Every word of Streamlit's that a page may show or read out; those left in English are in docs/architecture.md."""


_MONTHS = f'{_DAY}, [id^="react-aria-description"]'
"""What names a month in English whatever the language of the calendar is."""
_CHOSEN = N_("Chosen day: {day}")


def write_script(languages: Iterable[str]) -> str:
    """Write the script, with the words in these languages; English needs none."""
    places = [*(place.where for place in PLACES), _MONTHS]
    words = {lang: _translate(translator(lang)) for lang in languages if lang != SOURCE}
    data = json.dumps({"places": places, "words": words}, ensure_ascii=False, separators=(",", ":"))
    return f"{_SCRIPT.strip()}({data.replace('<', chr(92) + 'u003c')});"


def _translate(t: Translator) -> list[dict[str, str]]:
    """Translate each of Streamlit's words into a language, by place."""
    rows = [{english: t(message) for english, message in place.words} for place in PLACES]
    return [*rows, dict(chain.from_iterable(_name_month(date(2000, month, 28), t) for month in range(1, 13)))]


def _name_month(day: date, t: Translator) -> Iterator[tuple[str, str]]:
    """Write a month as a date field reads it out, and any of its days as the field reads out the chosen one."""
    english_name, name = (format_month_name(day, lang) for lang in (SOURCE, t.language))
    yield f"{day:%m} – {english_name}", f"{day:%m} – {name}"
    yield f"{day.month} – {english_name}", f"{day.month} – {name}"
    date_pattern = format_date(day, t.language).replace("28", "{d}").replace("2000", "{y}")
    yield f"Selected Date: {english_name} {{d}}, {{y}}", t(_CHOSEN, day=date_pattern)
