"""The tests' reading of text, days and moments, to check the program's."""

import io
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

MONTHS = {
    "January": 1, "janvier": 1, "enero": 1, "février": 2, "March": 3, "marzo": 3, "avril": 4, "May": 5, "mayo": 5,
    "juin": 6, "July": 7, "juillet": 7, "août": 8, "agosto": 8, "septiembre": 9, "October": 10, "novembre": 11,
    "December": 12, "diciembre": 12, "décembre": 12,
}  # fmt: skip


def plain(text: str) -> str:
    """Lower case, no accents, words of letters and digits."""
    bare = "".join(c for c in unicodedata.normalize("NFD", str(text).lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare))


def number_same(keys: Iterable[list[str]]) -> list[int]:
    """Return a number for each row; rows that share a key, directly or through others, share the number."""
    rows = list(keys)
    number = list(range(len(rows)))
    while True:
        least: dict[str, int] = {}
        for place, names in enumerate(rows):
            for name in names:
                least[name] = min(least.get(name, number[place]), number[place])
        settled = [min(least[name] for name in names) for names in rows]
        if settled == number:
            return number
        number = settled


def read_day(text: str, order: str) -> date | None:
    text = text.strip()
    if match := re.match(r"(\d{4})-(\d\d)-(\d\d)", text):
        return date(*map(int, match.groups()))
    if match := re.match(r"(\d+)/(\d+)/(\d+)", text):
        first, second, year = map(int, match.groups())
        day, month = (second, first) if order == "mdy" else (first, second)
        return date(year + 2000 if year < 100 else year, month, day)
    if match := re.fullmatch(r"(\d+)(?:er)? (\w+) (\d{4})", text):
        names = {plain(name): number for name, number in {**MONTHS, "juillet": 7}.items()}
        return date(int(match[3]), names[plain(match[2])], int(match[1]))
    return date(1899, 12, 30) + timedelta(days=int(text)) if text.isdigit() else None


def read_moment(text: str, order: str) -> pd.Timestamp:
    day = read_day(text, order)
    assert day is not None
    hours, minutes, seconds = map(int, re.findall(r"(\d+):(\d+):(\d+)", text)[0])
    return pd.Timestamp(day) + pd.Timedelta(hours=hours, minutes=minutes, seconds=seconds)


def read_csv(content: bytes, separator: str, encoding: str) -> pd.DataFrame:
    """Read a CSV file as text, blank cells ''."""
    return pd.read_csv(io.BytesIO(content), sep=separator, encoding=encoding, dtype=str, keep_default_na=False)
