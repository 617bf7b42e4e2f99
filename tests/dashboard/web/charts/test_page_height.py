"""The computed height of a chart's page: its lines, its font; a browser compares in `tests/browser`."""

import pytest
from fontTools.ttLib import TTFont

from dashboard.charts.chart import build_chart
from dashboard.charts.svg.fonts import metrics
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.charts import oembed, words_font
from dashboard.web.charts.page_height import LOOKS, PageHeight, count_lines, measure
from dashboard.web.charts.requests import ChartRequest


@pytest.mark.parametrize("weight", [400, 600])
def test_the_font_of_pages_is_as_wide_as_words_are_reckoned(weight: int) -> None:
    """Make it anew by `python -m dashboard.web.charts.words_font` where Streamlit brings another Source Sans."""
    with TTFont(words_font.FILE) as font:
        glyphs, names = font.getGlyphSet(location={"wght": weight}), font.getBestCmap()
        own = {code: round(glyphs[name].width) for code, name in names.items()}
        assert "GPOS" not in font  # pairs that are closed up would be narrower
    widths = metrics(weight).widths
    assert own.keys() == {code for code in words_font.list_letters() if code in widths}
    assert max(abs(width - widths[code]) for code, width in own.items()) <= 1  # in thousandths: they are rounded
    assert {ord(letter) for letter in "aZ09éñÇœ’«»–\u00a0\u202f"} <= own.keys()


def test_words_break_where_browsers_break_them() -> None:
    look = LOOKS["finding"]
    room = measure("one two", look) + 0.1
    assert count_lines("one two", room, look) == 1
    assert count_lines("one two three", room, look) == 2
    assert count_lines("one\u00a0two three one", room, look) == 2 + (measure("three one", look) > room)
    assert count_lines("one sub-two", measure("one sub-", look) + 0.1, look) == 2
    assert count_lines("w" * 30, measure("w" * 10, look) + 0.1, look) == 3
    assert count_lines("a " + "w" * 10, measure("w" * 10, look) + 0.1, look) == 2


def test_every_word_of_a_page_counts(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-by-theme", Selection())
    page = PageHeight(chart, ["Picture"])
    usual = page.find(680)
    assert PageHeight(chart, ["Picture"], "A title that is so long " * 8).find(680) - usual == 25 * 2
    assert PageHeight(chart, ["Picture"] * 20).find(680) > usual
    assert page.find(320) > usual


def test_the_most_that_a_page_needs_does_for_every_width_and_is_little_more(snapshot: Snapshot) -> None:
    page = PageHeight(build_chart(snapshot, "completion-by-theme", Selection(lang="fr")), ["Picture"] * 5)
    for least, most in ((320, 519), (520, 679)):
        needed = max(page.find(width) for width in range(least, most + 1))
        assert needed <= page.find_most(least, most) <= needed + 15


@pytest.mark.parametrize(
    ("base", "origin"),
    [
        ("https://actions.example.org/dashboard", "https://actions.example.org"),
        ("https://Actions.example.org:443", "https://actions.example.org"),
        ("http://[::1]:8501/x", "http://[::1]:8501"),
    ],
)
def test_the_script_of_a_frame_names_the_origin_of_its_messages(snapshot: Snapshot, base: str, origin: str) -> None:
    settings = Settings.from_environment({"DASHBOARD_BASE_URL": base})
    request = ChartRequest("completion-by-theme", "html", Selection(), snapshot.build_id, title='"Mine" <b>')
    chart = build_chart(snapshot, request.chart_id, request.selection)
    code = oembed.write_embed(chart, request, settings)
    script, plain = code.split("</script>")
    assert f'e.origin!=="{origin}"' in script
    assert "\n" not in code  # editors make paragraphs of lines
    assert not set("&<") & set(script.removeprefix("<script>"))  # and entities of these
    frame = oembed.make_frame(chart, request, base)
    assert (plain, f' height="{frame.height}"' in plain) == (frame.html, True)
    assert "&quot;Mine&quot; &lt;b&gt;" in plain
