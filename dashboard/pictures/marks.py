"""What several kinds of picture say about a mark: rates with their counts, and the words shown when pointed at."""

from dashboard.charts import Chart
from dashboard.formats import format_count, format_percent


def counts(numerator: int, denominator: int, lang: str) -> str:
    """n/N, as `12/96`."""
    return f"{format_count(numerator, lang)}/{format_count(denominator, lang)}"


def rate_of(numerator: int, denominator: int, lang: str) -> str:
    """A rate with its counts, as `13% (12/96)`."""
    return f"{format_percent(numerator, denominator, lang)} ({counts(numerator, denominator, lang)})"


def pair(chart: Chart, name: str, value: str) -> str:
    """A name and its value, with the colon as the language sets it."""
    return chart.words["pair"].format(name=name, value=value)


def share(numerator: int, denominator: int) -> float:
    """A part of a whole as a fraction of 1; 0 of 0 is 0, for drawing only."""
    return numerator / denominator if denominator else 0.0
