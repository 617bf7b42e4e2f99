"""The screen for a hall: its charts, its clock, its allowed resources, and its way to new figures."""

import re
from dataclasses import replace
from datetime import date

import httpx
import pytest
from lxml import html
from starlette.applications import Starlette

from dashboard.charts.catalogue import CATALOGUE
from dashboard.charts.chart import build_chart
from dashboard.charts.options import Options
from dashboard.charts.svg.draw import draw_screen
from dashboard.errors import SelectionError
from dashboard.i18n import translator
from dashboard.snapshot.selection import Selection
from dashboard.web.charts import show_page
from dashboard.web.charts.show_page import CHARTS, draw_show, read_show
from tests.cases import of_which
from tests.charts_over_http import ask, hash_of
from tests.shipped import LANGUAGES


def read_slides(answer: httpx.Response) -> list[str]:
    return [slide.get("aria-label") for slide in html.fromstring(answer.text).xpath("//section[@class='slide']")]


@pytest.mark.nightly
@pytest.mark.parametrize("lang", of_which(LANGUAGES, lambda _, lang: lang == "fr"))
def test_every_chart_can_be_shown_in_every_language_with_its_figures(app: Starlette, snapshot, lang: str) -> None:
    chosen = "&".join(f"chart={name}" for name in CATALOGUE)
    answer = ask(app, f"/show?{chosen}&region=africa&lang={lang}")
    assert answer.status_code == 200
    africa = snapshot.codes["regions"]["africa"].labels[lang]
    assert read_slides(answer) == [f"{translator(lang)(spec.title)} – {africa}" for spec in CATALOGUE.values()]
    page = html.fromstring(answer.text)
    assert page.get("lang") == lang
    chart = build_chart(snapshot, "completion-by-theme", Selection(regions=("africa",), lang=lang))
    assert chart.alt in page.xpath("//*[local-name()='desc']/text()")


def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else(app: Starlette) -> None:
    for scheme in ("dark", "light"):
        answer = ask(app, f"/show?scheme={scheme}")
        policy = answer.headers["content-security-policy"]
        for kind in ("style", "script"):
            (text,) = re.findall(rf"<{kind}>(.*?)</{kind}>", answer.text, re.S)
            assert f"{kind}-src {hash_of(text)}" in policy
        assert "default-src 'none'" in policy
        assert not re.search(r"""\sstyle=|\son\w+=""", answer.text)
        assert (html.fromstring(answer.text).get("class")) == scheme


def test_the_clock_shows_the_day_of_the_campaign_and_an_address_is_written_as_it_is_read(snapshot) -> None:
    show = read_show({"lang": ["en"]}, snapshot)
    assert show.charts == CHARTS

    def clock(today: date, **chosen: object) -> str:
        page = html.fromstring(draw_show(snapshot, replace(show, selection=replace(show.selection, **chosen)), today))
        return " ".join(page.xpath("//*[@id='clock']//text()"))

    deadline = snapshot.campaign["action_deadline_on"]
    assert "Day 32 of 365" in clock(date(2021, 2, 1))
    assert f"{(deadline - date(2021, 2, 1)).days} days to the deadline" in clock(date(2021, 2, 1))
    assert "Day 365 of 365" in clock(date(2026, 2, 1))  # the last day of the figures
    assert "Day 181 of 365" in clock(date(2021, 2, 1), as_of=date(2021, 6, 30))
    query = {"chart": ["region-by-theme", "completion-by-region", "explore", "explore.2"], "seconds": ["45"]}
    query |= {"scheme": ["light"], "sort": ["completion-by-region:name,explore:rate"], "by": ["explore.2:group"]}
    show = read_show({**query, "region": ["africa"], "lang": ["fr"]}, snapshot)
    pairs: dict[str, list[str]] = {}
    for name, value in show_page.write_query(show):
        pairs.setdefault(name, []).append(value)
    assert read_show(pairs, snapshot) == show
    own = [name for name in pairs if name in show_page.PARAMETERS]
    assert own == ["chart", "by", "sort", "seconds", "scheme"]
    with pytest.raises(SelectionError, match="no chart"):
        read_show({"chart": ["nothing"]}, snapshot)


def test_each_chart_keeps_what_is_chosen_of_it(app: Starlette, snapshot) -> None:
    choices = "sort=completion-by-region:name&measure=explore.2:pace&by=explore:theme,explore.2:group&as=explore:bars"
    answer = ask(app, f"/show?chart=completion-by-region&chart=explore&chart=explore.2&{choices}")
    assert answer.status_code == 200
    of_themes, of_groups = Options(by="theme"), Options(measure="pace", by="group")
    charts = [
        build_chart(snapshot, "completion-by-region", Selection(), Options(sort="name")),
        *(build_chart(snapshot, "explore", Selection(), options) for options in (of_themes, of_groups)),
    ]
    assert read_slides(answer) == [chart.title for chart in charts]
    assert [draw_screen(chart) in answer.text for chart in charts] == [True] * 3
    ids = re.findall(r'\bid="(pic-[^"]+)"', answer.text)
    assert len(set(ids)) == len(ids)
    usual = ask(app, "/show?sort=completion-by-region:name")
    assert draw_screen(charts[0]) in usual.text  # of the charts that are shown where none is named
