"""Pictures of charts: the frame's numbers on the marks, text inside the picture, readable colours, the same bytes."""

import io
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from lxml import etree
from PIL import Image

from dashboard import theme
from dashboard.charts.catalogue import CATALOGUE, Kind
from dashboard.charts.chart import Chart, build_chart, read_rows
from dashboard.charts.colours import CHOSEN_DARK, CHOSEN_LIGHT, DARK, LIGHT
from dashboard.charts.options import Options
from dashboard.charts.svg import fonts, static_fonts, styles, texts
from dashboard.charts.svg.canvas import LEGIBLE
from dashboard.charts.svg.curve import Plot, band_path, spread, step_path
from dashboard.charts.svg.draw import draw_on_page, draw_svg
from dashboard.charts.svg.outlines import with_outlines
from dashboard.charts.svg.painting import PaintingError, paint
from dashboard.charts.svg.png import draw_bare_png, render_png
from dashboard.charts.svg.styles import style_hashes
from dashboard.charts.svg.surround import SIZES
from dashboard.errors import SelectionError, UserError
from dashboard.formats import format_percent
from dashboard.measures.definitions import FEW
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import VERSUS, Selection, parse
from dashboard.web.verifying.comparing import compare
from dashboard.web.verifying.drawn_figures import read_markup
from tests.cases import of_which, some
from tests.drawings import SVG, assert_tidy, labels, parsed, view
from tests.presentations import ONE_A_KIND
from tests.shipped import LANGUAGES

NOTHING = Selection(regions=("global",), countries=("GHA",))
READABLE = 4.5
LONG = "A very long name that nobody would ever give a theme " * 4
HOSTILE = (
    LONG,
    "منظمة العمل الدولية (ILO) في الدول العربية",
    "ארגון העבודה הבינלאומי",
    "国际劳工组织消除童工劳动国际年行动计划",
    "<script>alert(\"x\")</script> & 'co'",
    "Donaudampfschifffahrtsgesellschaftskapitänskajütentürschlüssel",
    "😀 \x00\x07 controls \u202eturned",
    "",
)


def marks(root: etree._Element, measure: str) -> dict[str, float]:
    """Return the value of each member's mark for a measure, by the member's code."""
    return {
        next(e.get("data-code") for e in mark.iterancestors() if e.get("data-code")): float(mark.get("data-value"))
        for mark in root.iter()
        if mark.get("data-measure") == measure
    }


def renamed(chart: Chart, names: tuple[str, ...]) -> Chart:
    """Return the chart with the labels of its members replaced, in turn."""
    frame = chart.frame.copy()
    rows = {code: names[n % len(names)] for n, code in enumerate(dict.fromkeys(frame["code"]))}
    frame["label"] = [rows[code] for code in frame["code"]]
    columns = tuple((code, names[(n + 1) % len(names)]) for n, (code, _) in enumerate(chart.columns))
    if columns:
        frame["column_label"] = [dict(columns)[code] for code in frame["column_code"]]
    return replace(chart, frame=frame, columns=columns)


def said(root: etree._Element) -> str:
    """Return every line of text of a picture."""
    return " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))


def variants(chart: Chart, every: int = 1) -> Iterator[str]:
    yield from (draw_svg(chart, width=width) for width in (680, 360)[::every])
    yield from (draw_svg(chart, size, link="https://dashboard.example.org/charts/x") for size in list(SIZES)[::every])


@pytest.mark.nightly
def test_no_text_of_a_drawing_is_too_small_to_read(snapshot: Snapshot) -> None:
    for chart_id in CATALOGUE:
        picture = draw_svg(build_chart(snapshot, chart_id, Selection(lang="fr")), width=320)
        assert min(map(float, re.findall(r'font-size[:=]"?([0-9.]+)', picture))) >= LEGIBLE, chart_id


@pytest.mark.parametrize("is_sample", [True, False])
def test_a_picture_has_the_whole_name_of_its_campaign(snapshot: Snapshot, is_sample: bool) -> None:
    name = "Progress of the actions that stakeholders of all regions promised for the year against child labour " * 3
    chart = build_chart(snapshot, "completion-by-theme", Selection())
    chart = replace(chart, campaign={**chart.campaign, "title_en": name, "is_sample": is_sample})
    for size in SIZES:
        root = parsed(draw_svg(chart, size))
        assert name.strip() in said(root), size
        assert_tidy(root)


def test_bars_are_as_long_as_they_say_and_segments_fill_theirs(snapshot: Snapshot) -> None:
    for chart_id, spec in CATALOGUE.items():
        if spec.kind not in ("rates", "statuses"):
            continue
        root = parsed(draw_svg(build_chart(snapshot, chart_id, Selection(as_of=date(2021, 9, 15)))))
        if spec.kind == "rates":
            bars = [bar for bar in root.iter(f"{SVG}rect") if bar.get("data-measure") == spec.measures[0]]
            lengths, values = (np.array([float(bar.get(name)) for bar in bars]) for name in ("width", "data-value"))
            unit = (lengths / np.where(values, values, np.nan))[values > 0].mean()
            assert lengths == pytest.approx(values * unit, abs=0.3)
            continue
        for group in (g for g in root.iter(f"{SVG}g") if int(g.get("data-actions") or 0)):
            bars = [bar for bar in group.iter(f"{SVG}rect") if bar.get("data-measure")]
            ends = [(float(bar.get("x")), float(bar.get("x")) + float(bar.get("width"))) for bar in bars]
            assert all(after[0] - before[1] < 1.3 for before, after in zip(ends, ends[1:], strict=False))
            assert sum(float(bar.get("data-value")) for bar in bars) == int(group.get("data-actions"))


@pytest.mark.nightly
@pytest.mark.parametrize("lang", LANGUAGES)
def test_bars_say_their_rate_and_how_far_they_could_come_beside_the_line_of_all(snapshot: Snapshot, lang: str) -> None:
    for chart_id in (one for one, spec in CATALOGUE.items() if spec.kind == "rates"):
        chart = build_chart(snapshot, chart_id, Selection(lang=lang))
        root = parsed(draw_svg(chart))
        assert_tidy(root)
        written = list(labels(root))
        line = {float(one.get("x1")) for one in root.iter(f"{SVG}line") if one.get("data-measure") == "reference"}
        drawn = [one for one in root.iter(f"{SVG}line") if one.get("data-measure") == "reference"]
        assert len(line) == 1 and any(label.text == chart.reference for label in written)
        rows = list(
            read_rows(chart.drawn, (chart.spec.part, chart.spec.unknown or chart.spec.part, chart.spec.denominator))
        )
        rates = [chart.write_value(part, denominator) for part, _, denominator in rows if denominator]
        assert not Counter(rates) - Counter(label.text for label in written)
        most = [
            chart.words["up_to"].format(rate=chart.write_value(part + more, denominator))
            for part, more, denominator in rows
        ]
        assert not chart.spec.bound or set(most) & {label.text for label in written}
        for label in (
            one for one in written if one.text in (*rates, *most) and one.left < line.copy().pop() < one.right
        ):
            middle = (label.top + label.bottom) / 2
            assert not any(float(one.get("y1")) < middle < float(one.get("y2")) for one in drawn), label


def test_cells_have_the_shade_of_their_pair(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "region-by-theme", Selection())
    least = chart.frame.index[~chart.frame["is_few"]][0]
    chart.frame.loc[least, ["actions", "completed", "completion_rate"]] = [FEW, 2, 2 / FEW]
    root = parsed(draw_svg(chart))
    cells = [group for group in root.iter(f"{SVG}g") if group.get("data-column")]
    assert cells
    for cell in cells:
        n, of = int(cell.get("data-n")), int(cell.get("data-of"))
        role = cell.find(f"{SVG}rect").get("class")
        assert role == ("f-empty" if of < FEW else f"f-shade_{min(n * 10 // of, 9)}")
        assert "".join(cell.find(f"{SVG}text").itertext())


def test_steps_keep_each_value_until_it_changes_and_labels_are_moved_apart_between_the_edges() -> None:
    plot = Plot(0, 0, 100, 100, date(2021, 1, 1), date(2021, 1, 11))
    values = np.array([0.0, 0.0, 0.5, 0.5, 1.0])
    assert step_path(plot, values) == "M0 100h20v-50h20v-50H40"
    assert band_path(plot, values * 0, values + 0) == "M0 100h20v-50h20v-50H40V100H0Z"
    heights = [20.0, 20.0, 20.0]
    for places in ([10.0, 11.0, 12.0], [0.0, 50.0, 100.0], [99.0, 99.0, 99.0]):
        moved = spread(places, heights, 0, 100)
        assert all(after - before >= 19.99 for before, after in zip(moved, moved[1:], strict=False))
        assert min(moved) >= 10 and max(moved) <= 90
    assert spread([20.0, 50.0, 80.0], heights, 0, 100) == [20.0, 50.0, 80.0]


@pytest.mark.parametrize("lang", of_which(LANGUAGES, lambda _, lang: lang == "fr"))
@pytest.mark.parametrize("chart_id", of_which(CATALOGUE, lambda _, chart_id: chart_id in ONE_A_KIND))
def test_texts_lie_inside_the_picture_and_never_on_each_other(chart_id: str, lang: str, snapshot: Snapshot) -> None:
    """On days that move the ends of the curve's lines: on all of them in the language of the longest words."""
    days = (
        None,
        *map(date.fromisoformat, ("2021-01-05", "2021-03-01", "2021-07-09", "2021-11-20", "2021-12-30", "2020-12-01")),
    )
    is_whole = lang == "fr" and chart_id == "completion-over-time"
    for day in days if is_whole else days[LANGUAGES.index(lang) :: 3]:
        selection = Selection(lang=lang, as_of=day)
        for svg in variants(build_chart(snapshot, chart_id, selection), 1 if chart_id in ONE_A_KIND else 2):
            assert_tidy(parsed(svg))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_curve_of_a_given_height_is_tidy_and_its_ends_are_read_in_order(lang: str, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-over-time", Selection(lang=lang))
    root = parsed(draw_on_page(chart, 588, height=200))
    assert_tidy(root)
    assert [round(float(extent)) for extent in root.get("viewBox").split()[2:]] == [588, 208]
    words = [text.text for text in root.iter(f"{SVG}text")]
    assert len([word for word in words if "%" in word]) == 3 + 3  # of the axis, and of the ends
    assert chart.words["deadline_name"] in words and chart.words["deadline"] not in words
    assert not root.findall(f".//{SVG}text[@aria-hidden]")  # a page needs no second text as a halo
    said = [text.text for text in root.findall(f".//*[@data-part='ends']/{SVG}text")]
    rates = [format_percent(n, 40, lang) for n in (chart.total.completed + chart.total.unknown, chart.total.completed)]
    assert said[2:] == [chart.words["at_most"], rates[0], rates[1], chart.words["completed"]]


def test_the_label_of_the_band_is_never_cut_inside_a_word(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-over-time", Selection())
    chart = replace(chart, words={**chart.words, "possible": "Could be wholly completed"})
    lines = {
        text.text for width in range(300, 700, 20) for text in parsed(draw_svg(chart, width=width)).iter(f"{SVG}text")
    }
    broken = {line for line in lines if line and line in chart.words["possible"]}
    assert broken and {word for line in broken for word in line.split()} == set(chart.words["possible"].split())


@pytest.mark.parametrize("chart_id", ["completion-by-theme", "status-overview", "region-by-theme"])
def test_any_label_is_shortened_escaped_and_kept_in_its_place(chart_id: str, snapshot: Snapshot) -> None:
    chart = renamed(build_chart(snapshot, chart_id, Selection()), HOSTILE)
    for svg in variants(chart):
        root = parsed(svg)
        assert_tidy(root)
        assert not list(root.iter(f"{SVG}script"))
        assert re.search("[\x00-\x08\x0b-\x1f\u202e]", svg) is None
    whole = {"".join(title.itertext()) for title in parsed(draw_svg(chart, width=360)).iter(f"{SVG}title")}
    assert any(LONG.strip() in title for title in whole)
    title = parsed(draw_svg(chart, "slide", title="".join(HOSTILE) * 3))
    assert_tidy(title)


@pytest.mark.nightly
@pytest.mark.parametrize("chart_id", some(CATALOGUE, 3))
def test_pictures_are_small_complete_and_alike_each_time(chart_id: str, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, chart_id, Selection(lang="fr"))
    for svg in variants(chart):
        root = parsed(svg)
        assert root.get("role") == "img"
        assert root.get("lang") == "fr"
        named = [root.find(f".//*[@id='{root.get(name)}']") for name in ("aria-labelledby", "aria-describedby")]
        assert [element.text for element in named] == [chart.title, chart.alt]
        assert "style=" not in svg
        assert "<script" not in svg
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
    embed = draw_svg(chart)
    assert len(embed.encode()) < (120_000 if chart.spec.kind == "map" else 35_000)  # the world has coasts
    assert not re.search(r"<g[^>]* data-mark[^>]*></g>", embed)  # a mark of nothing could be focused and not be seen
    assert embed == draw_svg(build_chart(snapshot, chart_id, Selection(lang="fr")))
    assert render_png(draw_svg(chart, "column"), 0.3) == render_png(draw_svg(chart, "column"), 0.3)


def test_an_embed_has_one_style_sheet_whose_hash_is_published(snapshot: Snapshot) -> None:
    for chart_id in ONE_A_KIND:
        chart = build_chart(snapshot, chart_id, Selection())
        spec = chart.spec
        root = parsed(draw_svg(chart, width=360))
        (sheet,) = root.iter(f"{SVG}style")
        assert sheet.text == styles.style_sheet(spec.kind)
        assert style_hashes(spec.kind)[0] in style_hashes()
        used = {name for element in root.iter() for name in (element.get("class") or "").split()} - {"pic", "hatched"}
        assert all(f".pic .{name}{{" in sheet.text for name in used), used
        assert not list(parsed(draw_svg(chart, "slide")).iter(f"{SVG}style"))
        assert "class=" not in draw_svg(chart, "slide")


def test_text_is_readable_on_what_it_stands_on() -> None:
    for colours in (LIGHT, DARK):
        assert set(colours) == set(LIGHT)
        pairs = [(role, "paper") for role in ("text", "muted", "elapsed", "completed", "reported")]
        pairs += [("text", "possible"), ("muted", "empty"), ("text", "empty")]
        pairs += [(role, role.removeprefix("on_")) for role in colours if role.startswith("on_")]
        for role, ground in pairs:
            assert theme.contrast(colours[role], colours[ground]) >= READABLE, (role, ground)
    for chosen in (CHOSEN_LIGHT, CHOSEN_DARK):
        assert set(chosen) == set(CHOSEN_LIGHT)
        for role in (role for role in chosen if role.startswith("on_")):
            assert theme.contrast(chosen[role], chosen[role.removeprefix("on_")]) >= READABLE, role


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_every_mark_or_its_outline_is_told_from_the_ground(is_dark: bool) -> None:
    paper = (DARK if is_dark else LIGHT)["paper"]
    seen = set()
    for kind in get_args(Kind):
        sheet = styles.style_sheet(kind, has_choices=True).split("@media")[is_dark]
        for role, *colours in re.findall(r"\.f-(\w+){fill:(#\w+)(?:;stroke:(#\w+))?}", sheet):
            if not role.startswith("on_") and role not in ("paper", "text", "muted", "grid", "axis", "empty"):
                assert max(theme.contrast(colour, paper) for colour in colours if colour) >= 3, role
                seen.add(role)
    assert {"not_started", "shade_0", "possible", "peer"} <= seen


def test_named_sizes_say_what_a_picture_alone_must_say(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-by-theme", Selection(regions=("africa",), lang="en"))
    address, caption = "https://dashboard.example.org/charts/completion-by-theme", chart.caption
    words = (chart.title, *caption.findings, caption.summary, "Africa", caption.as_of, address, caption.source_line)
    for size, extent in SIZES.items():
        root = parsed(draw_svg(chart, size, link=address))
        assert view(root) == (extent.width, extent.height or view(root)[1])
        for part in (*words, "completed ÷ actions"):
            assert part in said(root), (size, part)
        svg = draw_svg(chart, size)
        assert svg.count("The data is fictional.") == 1  # on a ground of its own, above the title
        places = [svg.index(text) for text in (f'fill="{theme.WARNING}"', "The data is", f">{chart.title}</text>")]
        assert places == sorted(places)
    assert "My own title" in draw_svg(chart, "slide", title="My own title")
    with pytest.raises(SelectionError, match="no picture size"):
        draw_svg(chart, "poster")


def test_a_picture_with_fewer_rows_than_members_says_how_many_it_shows(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-by-country", Selection(), Options(sort="actions"))
    frame = pd.concat([chart.frame.assign(code=chart.frame["code"] + str(n)) for n in range(3)], ignore_index=True)
    chart = replace(chart, frame=frame)
    root = parsed(draw_svg(chart, "social"))
    drawn = len(marks(root, "completion_rate"))
    assert 5 < drawn < len(chart.drawn)
    sentence = f"The first {drawn} of {len(frame)} by number of actions are drawn; the table has them all."
    assert sentence in said(root)


def test_pictures_of_two_sides_keep_both_rows_of_a_member_and_say_all_words(snapshot: Snapshot) -> None:
    asked = {"region": ["africa"], "vs.region": ["americas"], "lang": ["fr"]}
    chart = build_chart(snapshot, "status-by-group", parse(asked, snapshot, VERSUS))
    caption, members = chart.caption, chart.frame["code"].nunique()
    cut = 0
    for size in SIZES:
        root = parsed(draw_svg(chart, size))
        rows = Counter(group.get("data-code") for group in root.iter(f"{SVG}g") if group.get("data-actions"))
        assert set(rows.values()) == {2}, size
        words = [chart.title, caption.findings[0], caption.as_of, caption.source_line]
        if len(rows) < members:
            words.append(chart.words["first_drawn"].format(drawn=len(rows), all=members))
            cut += 1
        assert all(one in said(root) for one in words), size
    assert cut


@pytest.mark.nightly
def test_a_selection_without_actions_is_said_in_words(snapshot: Snapshot) -> None:
    for chart_id in CATALOGUE:
        chart = build_chart(snapshot, chart_id, NOTHING)
        for svg in (draw_svg(chart, width=360), *(draw_svg(chart, size) for size in ("slide", "column"))):
            root = parsed(svg)
            assert chart.words["none_selected"] in said(root)
            assert not [mark for mark in root.iter() if mark.get("data-measure")]
            assert_tidy(root)


@pytest.mark.parametrize("chart_id", ["completion-over-time", "over-time-by-region"])
def test_a_line_is_not_filled_where_a_style_sheet_is_read_in_part(chart_id: str, snapshot: Snapshot) -> None:
    """As on paper and in mails: there a drawing of a page is painted with its style sheet, which knows no `:where`."""
    picture = Image.open(io.BytesIO(draw_bare_png(build_chart(snapshot, chart_id, Selection()), 560))).convert("L")
    assert np.mean(np.asarray(picture) < 10) < 0.01


def test_a_png_has_its_size_and_its_text_is_really_drawn(snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, "completion-by-region", Selection(lang="fr"))
    for size, scale in (("slide", 1), ("social", 1), ("column", 2)):
        svg = draw_svg(chart, size)
        width, height = view(parsed(svg))
        with Image.open(io.BytesIO(render_png(draw_svg(chart, size), scale))) as picture:
            assert picture.size == (round(width * scale), round(height * scale))
            grey = np.asarray(picture.convert("L"))
        for label in labels(parsed(svg)):
            if label.text.strip():
                box = grey[
                    int(label.top * scale) : int(label.bottom * scale) + 1,
                    int(label.left * scale) : int(label.right * scale) + 1,
                ]
                assert box.max() - box.min() > 60, label.text


@pytest.mark.parametrize("chart_id", some(["completion-over-time", "completion-tiles", "milestones-by-region"], 1))
def test_outlines_are_the_letters_without_any_font_and_their_texts_stay(chart_id: str, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, chart_id, Selection(lang="fr"))
    svg = draw_svg(chart, "slide", link="https://example.org/&")
    outlined = with_outlines(svg)
    assert "paint-order" not in outlined and 'fill="none"' in outlined
    ours, theirs = (
        np.asarray(Image.open(io.BytesIO(picture)).convert("L"), dtype=float)
        for picture in (paint(outlined, []), render_png(svg))
    )
    assert ours.shape == theirs.shape
    blank = np.asarray(Image.open(io.BytesIO(paint(svg, []))).convert("L"), dtype=float)
    assert np.abs(ours - theirs).mean() < 0.1 * np.abs(blank - theirs).mean()
    assert said(parsed(svg)) == said(parsed(outlined))
    grounds = [text for text in etree.fromstring(svg.encode()).iter(f"{SVG}text") if text.get("aria-hidden")]
    assert bool(grounds) == (chart.spec.kind == "curve")
    assert all(text.getnext().text == text.text and text.get("stroke") == theme.PAPER for text in grounds)
    assert not compare(
        read_markup(outlined.encode(), is_svg=True), read_markup(outlined.encode(), is_svg=True)
    ).deviations
    assert not compare(
        read_markup(svg.encode(), is_svg=True), read_markup(outlined.encode(), is_svg=True)
    ).deviations, "of an earlier program"
    first = re.search(r'xlink:href="#(r[0-9a-f]+)"', outlined)
    assert first is not None
    other = next(name for name in re.findall(r'<path id="(r\w+)"', outlined) if name != first[1])
    forged = outlined[: first.start(1)] + other + outlined[first.end(1) :]
    assert compare(read_markup(forged.encode(), is_svg=True), read_markup(outlined.encode(), is_svg=True)).deviations


def test_lines_that_need_other_fonts_stay_texts(snapshot: Snapshot) -> None:
    chart = renamed(build_chart(snapshot, "completion-by-theme", Selection()), HOSTILE[1:4])
    drawn = etree.fromstring(with_outlines(draw_svg(chart, "slide")).encode())
    painted = [text.text for text in drawn.iter(f"{SVG}text") if text.get("fill") != "none"]
    assert painted and all(any(ord(letter) > 0x590 for letter in text or "") for text in painted)


def test_lines_break_at_spaces_and_are_as_wide_as_they_are_drawn_also_from_right_to_left() -> None:
    room = 120.0
    lines = texts.wrap(LONG, room, 14, 3)
    assert len(lines) == 3
    assert all(texts.width(line, 14) <= room for line in lines)
    assert lines[-1].endswith("…")
    assert LONG.startswith(" ".join(lines[:2]))
    assert texts.wrap("short", room, 14) == ["short"]
    assert texts.wrap("", room, 14) == [""]
    assert texts.wrap("peut-être non", texts.width("peut-être", 14) + 1, 14) == ["peut-être", "non"]
    assert len(texts.wrap("W" * 300, room, 14, 2)) == 2
    assert texts.wrap("e\u0301" * 3, room, 14) == ["é" * 3]
    assert texts.isolate("Africa") == "Africa"
    assert texts.isolate("שלום (ILO)") == "\u2068שלום (ILO)\u2069"
    assert texts.clean("a\u202eb\x00c\ud800 \n d") == "a b c d"
    lines = texts.wrap("منظمة (ILO) العمل", texts.width("منظمة", 14) + 1, 14, 3)
    assert lines == ["منظمة", "\u200f(ILO)", "العمل"]
    assert texts.isolate(lines[1]) == "\u2068\u200f(ILO)\u2069"
    assert texts.wrap("ILO منظمة", texts.width("منظمة", 14) + 1, 14) == ["ILO", "\u200eمنظمة"]
    text = "Taux d’achèvement 44 % · AVATAR"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="60" font-family="Source Sans"><rect width="900" height="60" fill="#fff"/><text x="10" y="40" font-size="40">{text}</text></svg>'  # noqa: E501
    with Image.open(io.BytesIO(render_png(svg))) as picture:
        columns = np.flatnonzero((np.asarray(picture.convert("L")) < 128).any(axis=0))
    drawn = columns[-1] - 10
    assert texts.width(text, 40) / texts.SLACK == pytest.approx(drawn, rel=0.03)


@pytest.fixture
def making(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Yield the sources of the fonts that are made, as copies in an empty folder, each time that they are."""
    ready, made = fonts.font_files()[0].parent, []

    def make(source: Path, folder: Path) -> None:
        made.append(source)
        shutil.copytree(ready, folder, dirs_exist_ok=True)

    monkeypatch.setattr("dashboard.charts.svg.fonts.tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(fonts, "_make", make)
    fonts._find_files.cache_clear()
    yield made
    fonts._find_files.cache_clear()


def test_the_fonts_are_made_once_and_for_two_at_once(making: list[Path], tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        asked = list(pool.map(lambda _: fonts._find_files.__wrapped__(), range(2)))
    assert asked[0] == asked[1]
    assert len(making) == 1
    for file in asked[0]:
        assert file.parent.parent.parent == tmp_path
        assert file.parent.parent.stat().st_mode & 0o077 == 0
        assert file.is_file()


def test_fonts_that_were_swept_away_are_made_again(making: list[Path]) -> None:
    first = fonts.font_files()
    first[0].unlink()
    assert fonts.font_files() == first
    assert first[0].is_file() and len(making) == 2


def test_each_weight_has_a_font_of_its_own_with_every_letter_and_its_width() -> None:
    letters = "Taux d’achèvement Ελλάδα Україна Việt €"
    for weight, file in zip(static_fonts.WEIGHTS, fonts.font_files(), strict=True):
        with TTFont(file) as font:
            assert font["name"].getDebugName(1) == static_fonts.FAMILY
            assert font["OS/2"].usWeightClass == weight
            assert "fvar" not in font
            scale = 1000 / font["head"].unitsPerEm
            widths = {code: round(font["hmtx"][name][0] * scale) for code, name in font.getBestCmap().items()}
            assert "GPOS" in font
        expected = fonts.find_widths(weight)
        assert widths.keys() == expected.keys()
        assert all(widths[ord(letter)] == pytest.approx(expected[ord(letter)], abs=1) for letter in letters)


def test_a_drawing_that_is_none_and_a_missing_font_are_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for svg in ("<svg", '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>'):
        with pytest.raises(PaintingError):
            paint(svg, ())
    static_fonts.find_source.cache_clear()
    monkeypatch.setattr(static_fonts, "_PATTERN", "static/static/media/None*.woff2")
    try:
        with pytest.raises(UserError, match="Source Sans was not found"):
            static_fonts.find_source()
    finally:
        static_fonts.find_source.cache_clear()


DEFINED = re.compile(r'<defs><rect id="([^"]+)"([^>]*)/></defs>')


@pytest.mark.nightly
@pytest.mark.parametrize("chart_id", ["completion-tiles", "region-by-theme"])
def test_pictures_of_one_page_share_a_name_only_for_the_same_shape(chart_id: str, snapshot: Snapshot) -> None:
    chart = build_chart(snapshot, chart_id, Selection())
    long = replace(chart, frame=chart.frame.assign(label=chart.frame["label"] + " and a good deal more of it" * 3))
    french = build_chart(snapshot, chart_id, Selection(lang="fr"))
    pictures = [draw_svg(one, width=width) for one in (chart, long, french) for width in (680, 360, 500)]
    pictures += [draw_svg(one, size) for one in (chart, long, french) for size in SIZES]
    shapes: dict[str, set[str]] = {}
    for picture in pictures:
        defined = dict(DEFINED.findall(picture))
        assert defined
        assert set(re.findall(r'href="#([^"]+)"', picture)) <= defined.keys()
        for name, shape in defined.items():
            assert "class=" not in shape
            shapes.setdefault(name, set()).add(shape)
    assert all(len(found) == 1 for found in shapes.values())
