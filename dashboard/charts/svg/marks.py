"""What several kinds of picture say and draw about a mark."""

from dashboard.charts.chart import Chart


def pair(chart: Chart, name: str, value: str) -> str:
    """A name and its value, with the colon as the language sets it."""
    return chart.words["pair"].format(name=name, value=value)


def share(numerator: int, denominator: int) -> float:
    """A part of a whole as a fraction of 1; 0 of 0 is 0, for drawing only."""
    return numerator / denominator if denominator else 0.0
