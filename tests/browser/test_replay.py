"""The time machine in a browser: by mouse and keys, and nothing is asked of the server until the page is to follow."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from dashboard.charts.chart import build_chart
from dashboard.charts.colours import divide_chart, find_shade
from dashboard.formats import format_counts, format_date, format_percent
from dashboard.i18n import translator
from dashboard.measures.counts import by_dimension, headline
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.ui.overview import model
from tests.browser.ways import choose, open_page, query

pytestmark = pytest.mark.browser
FIRST = date(2021, 1, 1)


READ_STAGE = """() => {
  const stage = document.querySelector("[data-replaying]").shadowRoot;
  const wide = (row, name) => row.querySelector(name).getBoundingClientRect().width;
  const bars = [...stage.querySelectorAll(".ranks [data-code]")].map((row) => [row.dataset.code, {
    words: row.textContent,
    share: wide(row, ".done") / wide(row, ".whole"),
    place: row.getBoundingClientRect().top,
  }]);
  const shapes = [...stage.querySelectorAll(".map [data-code] [class*=f-shade_]")];
  const shades = shapes.map((shape) => [shape.closest("[data-code]").dataset.code, shape.getAttribute("class")]);
  return [Object.fromEntries(bars), Object.fromEntries(shades.reverse())];
}"""
"""The bars by their regions' codes, and the classes of the shapes of the map by their countries'."""


def write_sentence(selection: Selection, snapshot: Snapshot) -> str:
    total = headline(snapshot, selection)
    return model.make_sentence(snapshot, selection, total, translator(selection.lang)).text


def check_day(page: Page, day: date, snapshot: Snapshot, lang: str) -> None:
    """Everything on the stage stands at the day: date, figures, ranking, and the shades of the map."""
    selection = Selection(as_of=day, lang=lang)
    expect(page.locator(".time .date")).to_have_text(format_date(day, lang))
    total = headline(snapshot, selection)
    shares = ((total.completed, total.actions), (total.reported, total.actions), (total.day_number, total.days_total))
    completed, reported, passed = (format_percent(*share, lang) for share in shares)
    figures = [completed, reported, str(total.unknown), passed, re.compile(" · ")]
    expect(page.locator("h1")).to_have_text(write_sentence(selection, snapshot))  # the page's own sentence moves too
    expect(page.locator(".time .figures .value")).to_have_text(figures)
    bars, shades = page.evaluate(READ_STAGE)
    regions = {row["code"]: row for row in by_dimension(snapshot, selection, "region").to_dict("records")}
    for code, row in regions.items():
        if row["actions"]:
            assert format_counts(row["completed"], row["actions"], lang) in bars[code]["words"]
            assert bars[code]["share"] == pytest.approx(row["completed"] / row["actions"], abs=0.004)
    countries = by_dimension(snapshot, selection, "country").to_dict("records")
    drawn = {row["code"]: row for row in countries if row["actions"] >= 5 and row["code"] in shades}
    steps = divide_chart(build_chart(snapshot, "completion-map", Selection(lang=lang)))  # as the map's key says them
    expected = {
        code: f"f-shade_{find_shade(steps, row['completed'], row['actions'])} s-axis" for code, row in drawn.items()
    }
    assert expected and {code: shades[code] for code in drawn} == expected
    assert len({round(bar["place"]) for bar in bars.values()}) == len(bars)
    stage = page.locator("[data-replaying]")
    expect(stage.locator(".ranks .mean")).to_have_text(re.compile(rf"[a-z] .*\b{completed}"))  # the rate of all
    line, whole = (stage.locator(f".ranks {name}").first.bounding_box() for name in (".mean", ".whole"))
    assert line and whole
    rate = (line["x"] - whole["x"]) / whole["width"]
    assert rate == pytest.approx(total.completed / total.actions, abs=0.01)
    ranked = [code for code in sorted(bars, key=lambda code: bars[code]["place"]) if regions[code]["actions"] >= 5]
    rates = [regions[code]["completion_rate"] for code in ranked if code != "unclassified"]
    assert len(rates) > 1
    assert rates == sorted(rates, reverse=True)


def test_the_year_is_replayed_from_one_answer(reader: Page, server: str, snapshot: Snapshot) -> None:
    page, asked = reader, list[str]()
    page.emulate_media(reduced_motion="reduce")
    open_page(page, f"{server}/?lang=fr")
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: asked.append("websocket")))
    slider = page.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    check_day(page, FIRST, snapshot, "fr")
    expect(page.locator(".st-key-now")).to_be_hidden()
    for key, days in (("ArrowRight", 1), ("PageUp", 8), ("Shift+ArrowRight", 15), ("PageDown", 8), ("ArrowLeft", 7)):
        slider.press(key)
        expect(slider).to_have_value(str(days))
    for day in (date(2021, 6, 17), date(2021, 11, 25), date(2021, 12, 31)):
        slider.fill(str((day - FIRST).days))
        check_day(page, day, snapshot, "fr")
        expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^{format_date(day, 'fr')}"))

    # Without motion a week is a step; the announcement comes at a pause.
    slider.fill("0")
    page.get_by_role("button", name="Lecture").click()
    expect(slider).to_have_value("14")
    page.get_by_role("button", name="Pause").click()
    day = FIRST + timedelta(days=int(slider.input_value()))
    check_day(page, day, snapshot, "fr")
    expect(page.locator(".said[role=status]").filter(has_text="En pause")).to_contain_text(format_date(day, "fr"))
    assert [path for path in asked if path == "/charts/replay.json"] == ["/charts/replay.json"]
    assert "websocket" not in asked

    chosen = FIRST + timedelta(days=int(slider.input_value()))
    page.get_by_role("button", name="Afficher la page à cette date").click()
    page.wait_for_url(lambda url: f"as_of={chosen}" in url)
    expect(page.locator(".st-key-now")).to_be_visible()
    expect(page.locator("[data-chip=as_of]")).to_contain_text(format_date(chosen, "fr"))
    assert query(page)["as_of"] == [chosen.isoformat()]
    said = {day: write_sentence(Selection(as_of=day, lang="fr"), snapshot) for day in (FIRST, chosen)}
    expect(page.locator("h1")).to_have_text(said[chosen])
    expect(page.locator("h1 a").first).to_be_visible()

    # The page's words meanwhile stay when the time machine goes.
    slider.press("Home")
    expect(page.locator("h1")).to_have_text(said[FIRST])
    choose(page, "region", "Afrique")
    page.keyboard.press("Escape")
    slider.press("Escape")
    africa = Selection(regions=("africa",), as_of=chosen, lang="fr")
    expect(page.locator("h1")).to_have_text(write_sentence(africa, snapshot))
    expect(page.locator("h1 a").first).to_be_visible()
