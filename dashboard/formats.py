"""Numbers and dates as a reader's language writes them, and texts for documents; nothing else asks Babel.

Values stay numbers until they are shown. A rate of 0 of 0 is shown as a dash, never as zero. Texts from
files and people lose the characters that a document cannot hold.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache, lru_cache
from math import isnan

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton, format_timedelta, get_date_format
from babel.numbers import format_decimal
from babel.units import format_unit

from dashboard.languages import find_office_language, is_rtl, read_settings

NOTHING = "—"
MINUS = "−"
written_once = lru_cache(maxsize=8_192)
"""Keeps what was written last: a chart is drawn in two widths, and says its numbers in several places."""
_write_day = written_once(babel_date)
_find_locale = cache(Locale.parse)


def round_half_up(numerator: int, denominator: int, scale: int = 1) -> int:
    """Round `scale * numerator / denominator` to the nearest whole number, halves away from zero, without floats."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    magnitude = (2 * scale * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


@written_once
def divide(numerator: float, denominator: float) -> Fraction:
    """Divide exactly: counts are whole numbers, sums of amounts need not be."""
    if numerator % 1 == 0 and denominator % 1 == 0:
        return Fraction(int(numerator), int(denominator))
    return Fraction(repr(float(numerator))) / Fraction(repr(float(denominator)))


@written_once
def format_percent(numerator: float, denominator: float, lang: str, decimals: int = 0) -> str:
    """Write a rate as a percentage: 12 of 96 is `13%` in English, `13 %` in French; `—` for 0 of 0."""
    if denominator == 0:
        return NOTHING
    part, whole = divide(numerator, denominator).as_integer_ratio()
    return _percent(round_half_up(part, whole, 100 * 10**decimals), lang, decimals)


@written_once
def format_counts(numerator: float, denominator: float, lang: str) -> str:
    """Write the counts behind a rate: `12/96`."""
    return f"{format_count(numerator, lang)}/{format_count(denominator, lang)}"


@written_once
def format_rate(numerator: float, denominator: float, lang: str) -> str:
    """Write a rate with its counts in a sentence: `13% (12/96)`."""
    return f"{format_percent(numerator, denominator, lang)} ({format_counts(numerator, denominator, lang)})"


def format_rate_label(numerator: float, denominator: float, lang: str) -> str:
    """Write a rate with its counts beside a mark: `13% · 12/96`."""
    return f"{format_percent(numerator, denominator, lang)} · {format_counts(numerator, denominator, lang)}"


def format_share(share: float | None, lang: str, decimals: int = 0) -> str:
    """Write a fraction of 1 as a percentage, halves up; prefer `format_percent` where the counts are available."""
    if share is None or isnan(share):
        return NOTHING
    exact = Fraction(repr(float(share)))
    return format_percent(exact.numerator, exact.denominator, lang, decimals)


def format_points(difference: float | None, lang: str) -> str:
    """Write a difference between two rates in percentage points, with its sign: `+4`, `−12`, `0`."""
    if difference is None or isnan(difference):
        return NOTHING
    exact = Fraction(repr(float(difference)))
    return format_exact_points(exact.numerator, exact.denominator, lang)


def format_exact_points(numerator: int, denominator: int, lang: str) -> str:
    """Write a difference between two rates from their counts, as `format_points` does."""
    return format_change(round_half_up(int(numerator), int(denominator), 100), lang)


def format_change(change: int, lang: str) -> str:
    """Write a change of a count, with its sign: `+4`, `−12`, `0`."""
    return (_sign("+", lang) if change > 0 else "") + format_count(change, lang)


def format_count(count: float, lang: str) -> str:
    """Write a number with the language's groups: `12,345`, `12 345` (thin space), `12.345`; two decimals at most."""
    number = int(count) if count % 1 == 0 else round(count, 2)
    text = _digits(abs(number), lang)
    return f"{_sign(MINUS, lang)}{text}" if number < 0 else text


def format_amount(number: float, lang: str) -> str:
    """Write a number with the language's groups and at most three decimals: `12,345.5`, `12 345,5`, `12.345,5`."""
    return str(format_decimal(number, locale=lang))


def write_amount(number: float, lang: str) -> str:
    """Write a number as somebody would type it: without groups, with the language's decimal mark."""
    text = str(int(number)) if number == int(number) else repr(number)
    return text.replace(".", decimal_mark(lang))


def format_bytes(size: int, lang: str) -> str:
    """Write a file's size in two digits or whole megabytes: `35 kB`, `1.2 MB`, `1,2 Mo`, `118 MB`; at least `1 kB`."""
    amount: float
    if size < 99_500:
        amount, unit = max(1, round_half_up(size, 1_000)), "kilobyte"
    elif size < 995_000:
        amount, unit = 10 * round_half_up(size, 10_000), "kilobyte"
    elif size < 9_950_000:
        tenths = round_half_up(size, 100_000)
        amount, unit = (tenths / 10 if tenths % 10 else tenths // 10), "megabyte"
    else:
        amount, unit = round_half_up(size, 1_000_000), "megabyte"
    return str(format_unit(amount, f"digital-{unit}", "short", locale=lang))


def format_date(day: date, lang: str) -> str:
    """Write a date in words: `31 December 2021`, `1er décembre 2021`, `31 de diciembre de 2021`."""
    lang_settings = read_settings(lang)
    pattern = lang_settings.first_of_month if day.day == 1 else ""
    return _write_day(day, pattern or lang_settings.long_date or "long", locale=lang)


def format_moment(moment: datetime | str, lang: str) -> str:
    """Write a day and a time: `1 July 2021, 09:00`; a text is ISO 8601."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return f"{format_date(moment.date(), lang)}, {moment:%H:%M}"


def format_since(seconds: float, lang: str) -> str:
    """Write how long ago something was, or how soon it will be, where `seconds` is below 0: `4 minutes ago`."""
    return format_timedelta(timedelta(seconds=-seconds), add_direction=True, threshold=1.2, locale=lang)


def format_span(seconds: float, lang: str) -> str:
    """Write a span of time in one unit: `15 minutes`, `1 day`."""
    return format_timedelta(timedelta(seconds=seconds), threshold=1, locale=lang)


def format_short_date(day: date, lang: str) -> str:
    """Write a date for a table: `31 Dec 2021`, `1er déc. 2021`, `31 dic 2021`."""
    lang_settings = read_settings(lang)
    pattern = lang_settings.first_of_short_month if day.day == 1 else ""
    return _write_day(day, pattern or lang_settings.short_date or "medium", locale=lang)


def format_month(day: date, lang: str) -> str:
    """Write a month's short name for an axis: `Jan`, `janv.`, `ene`."""
    return _write_day(day, "LLL", locale=lang)


def format_month_of_year(day: date, lang: str) -> str:
    """Write a month of a year in words: `March 2021`, `mars 2021`, `marzo de 2021`."""
    return format_skeleton("yMMMM", day, locale=lang)


def format_month_name(day: date, lang: str) -> str:
    """Write a month by itself in words: `March`, `mars`, `marzo`."""
    return _write_day(day, "LLLL", locale=lang)


def decimal_mark(lang: str) -> str:
    """Return the sign before the decimals of a number."""
    return plotly_separators(lang)[0]


@cache
def plotly_separators(lang: str) -> str:
    """Plotly's `separators`: the decimal mark, then the thousands mark."""
    symbols = Locale.parse(lang).number_symbols["latn"]
    return f"{symbols['decimal']}{symbols['group']}"


@cache
def excel_date_format(lang: str) -> str:
    """Return an Excel number format for dates in the language's usual order; in English with the month's name."""
    return _write_date_format(lang, {"d": "dd", "M": "mm", "MMM": "mmm", "y": "yyyy"})


@cache
def table_date_format(lang: str) -> str:
    """Return a format of dates for tables in the browser (that of moment.js), in the language's usual order."""
    return _write_date_format(
        lang, {"d": "D" if read_settings(lang).short_date else "DD", "M": "MM", "MMM": "MMM", "y": "YYYY"}
    )


@cache
def plotly_date_format(lang: str) -> str:
    """Return Plotly's (d3's) format of dates in the language's usual order; in English with the month's name."""
    return _write_date_format(
        lang, {"d": "%-d" if read_settings(lang).short_date else "%d", "M": "%m", "MMM": "%B", "y": "%Y"}
    )


def _write_date_format(lang: str, parts: dict[str, str]) -> str:
    """Return the language's short date, its settings' else CLDR's in figures, in the letters of another notation."""
    pattern = read_settings(lang).short_date or get_date_format("short", locale=lang).pattern
    return re.sub(
        r"(d+|M+|y+)|[\u200e\u200f\u061c]",
        lambda match: parts[match[1] if match[1] == "MMM" else match[1][0]] if match[1] else "",
        pattern,
    )


@cache
def excel_percent_format(lang: str) -> str:
    """Return an Office number format for a fraction of 1 as a percentage, with the language's gap before the sign."""
    sign = _percent_sign(lang)
    gap = sign.removesuffix("%")
    return f'0"{gap}"%' if gap else "0%"


def whole_percent_format(lang: str) -> str:
    """Return an Office number format for whole percents (12 for 12%)."""
    return f'0"{_percent_sign(lang)}"'


POINTS_FORMAT = f'+0;"{MINUS}"0;0'
"""An Office number format for percentage points."""


@cache
def excel_month_format(lang: str) -> str:
    """Return an Office number format for a month and year in the language, whatever the program's own is."""
    number = find_office_language(lang)
    return f"[$-{number}]mmm yyyy" if number else "mmm yyyy"


@cache
def _list_mark(lang: str) -> str:
    return str(Locale.parse(lang).list_patterns["standard"]["start"]).removeprefix("{0}").removesuffix("{1}")


def join_list(texts: Iterable[str], lang: str) -> str:
    """Return several texts one after the other, with the language's own mark between them: `a, b`."""
    return _list_mark(lang).join(texts)


@cache
def list_languages(lang: str) -> dict[str, str]:
    """Return the languages of two letters by code, called as in `lang`, in the order of their names."""
    names = {code: name for code, name in Locale(lang).languages.items() if len(code) == 2}
    return dict(sorted(names.items(), key=lambda language: language[1]))


def format_language(code: str, lang: str, *, is_inside: bool = False) -> str:
    """Return the name of the language `code` in the language `lang`, else the code.

    Capitalised as in a list; `is_inside` a sentence as the language does there: English, français.
    """
    name: str = Locale.parse(lang).languages.get(code) or code
    return name if is_inside or name == code else name[:1].upper() + name[1:]


@cache
def _percent_sign(lang: str) -> str:
    """Return the percent sign with the gap the language puts before it."""
    suffix: str = Locale.parse(lang).percent_formats[None].suffix[0]
    return suffix


def _sign(sign: str, lang: str) -> str:
    """Return a sign before a number; from right to left it needs the mark of CLDR, else it would stand behind it."""
    return f"\u200e{sign}" if is_rtl(lang) else sign


@cache
def _digits(number: float, lang: str) -> str:
    return format_decimal(number, locale=_find_locale(lang))


def _percent(scaled: int, lang: str, decimals: int) -> str:
    unit = 10**decimals
    units, rest = divmod(abs(scaled), unit)
    sign = _sign(MINUS, lang) if scaled < 0 else ""
    mark = plotly_separators(lang)[0]
    fraction = f"{mark}{rest:0{decimals}d}" if decimals else ""
    return f"{sign}{_digits(units, lang)}{fraction}{_percent_sign(lang)}"


# Characters forbidden in XML 1.0, and marks that end a line: PowerPoint, Excel and HTML would refuse or break them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"[\t\r\n\u2028\u2029]+")


def clean(text: str) -> str:
    """`text` in one line, without what a document cannot hold."""
    return _UNWRITABLE.sub("", _BREAKS.sub(" ", text))


def shorten(text: str, longest: int) -> str:
    """`text` cut at a word, if there is one near, with an ellipsis; at most `longest` characters."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    space = cut.rfind(" ")
    return f"{cut[:space] if space > longest * 0.7 else cut}…"
