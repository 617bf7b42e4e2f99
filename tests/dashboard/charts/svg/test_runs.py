"""Lines in several writings: their visual order, a font for each letter, and the picture itself."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from lxml import etree
from PIL import Image

from dashboard.charts.svg import fonts, runs, texts
from dashboard.charts.svg.fonts import InstalledFont, find_installed, find_widths, font_files
from dashboard.charts.svg.painting import paint
from dashboard.charts.svg.png import render_png
from dashboard.charts.svg.runs import measure, split, with_runs
from dashboard.charts.svg.static_fonts import REGULAR

LINES = (
    "منظمة العمل الدولية (ILO) في 12 من 96 الدول العربية، لا 2021 الأطفال",
    "Rate of منظمة العمل 2021, الأطفال 45 % of 12 (العمل)",
    "ארגון העבודה (ILO) 12 מתוך 96 הבינלאומי!",
    "٤٥٪ من ١٢ (٢٠٢١) العَرَبِيَّة",
)
WRITINGS = {
    "Arabic": "الأطفال",
    "Hebrew": "ארגון",
    "Thai": "เด็กทำงาน",
    "Devanagari": "अंतर्राष्ट्रीय बच्चों क्षत्रिय",
    "CJK": "国际劳工组织 東京 국제",
    "Cyrillic and Greek": "Международная Ελλάδα",
}


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Forget the machine's fonts, in the test and after it."""
    for kept in (find_installed, fonts._files):
        kept.cache_clear()
    yield
    for kept in (find_installed, fonts._files):
        kept.cache_clear()


def font(name: str, letters: str) -> InstalledFont:
    return InstalledFont(name, f"{name}.ttf", f"{name}-Bold.ttf", 0, {ord(letter): 500 for letter in letters})


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("only 2021", "only 2021"),
        ("", ""),
        ("אבג 12 ILO", "ILO 12 גבא"),
        ("ILO אב (גד)", "ILO (דג) בא"),
        ("אבג (ILO)!", "!(ILO) גבא"),
        ("a אב, גד b", "a דג ,בא b"),
        ("دار 12 % of", "of % 12 راد"),
        ("of دار 12 %", "of 12 راد %"),
        ("12/34 אב", "בא 12/34"),
    ],
)
def test_lines_are_ordered_as_unicode_says(text: str, seen: str) -> None:
    assert "".join(runs.mirror(part) if turned else part for part, turned in runs.order(text)) == seen


def test_each_run_has_one_font_and_one_direction_and_they_stand_one_after_the_other(monkeypatch) -> None:
    arabic = font("Arabic", " ()" + "".join(map(chr, range(0x600, 0x700))))
    indic = font("Indic", " " + "".join(map(chr, (*range(0x900, 0x980), *range(0xE00, 0xE80)))))
    have = {code: one for one in (arabic, indic) for code in one.widths}
    monkeypatch.setattr(runs, "find_installed", lambda code, *, is_japanese: have.get(code))
    assert [(text, one and one.family) for text, one in split("\u2068(عمل) لا 2021 ILO 国\u2069")] == [
        ("ILO 国", None),
        (" ", None),
        ("2021", None),
        (" ", None),
        ("عمل) لا", "Arabic"),
        (")", None),
    ]
    assert [(text, one and one.family) for text, one in split("ILO क्षत्रिय 12 ทำ")] == [
        ("ILO ", None),
        ("क्ष", "Indic"),
        ("त्रि", "Indic"),
        ("य", "Indic"),
        (" 12 ", None),
        ("ทำ", "Indic"),
    ]
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text x="1">Taux d’achèvement · Україна Ελλάδα 45 %…</text></svg>'
    assert with_runs(svg) == (svg, ())
    monkeypatch.setattr(runs, "measure", lambda run, is_bold: len(run.text) * (2 if is_bold else 1))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg"><g text-anchor="{anchor}" font-size="10" {more}>'
        "<text x='100' y='5'>ILO عمل</text></g></svg>"
    )
    for anchor, start in (("start", 100), ("end", 30), ("middle", 65)):
        root = etree.fromstring(with_runs(svg.format(anchor=anchor, more=""))[0])
        found = [(part.text, float(part.get("x"))) for part in root.iter("{*}tspan")]
        assert found == [("ILO ", start), ("عمل", start + 40)]
    bold, files = with_runs(svg.format(anchor="start", more='font-weight="600"'))
    assert [float(part.get("x")) for part in etree.fromstring(bold).iter("{*}tspan")][-1] == 180
    assert files == ("Arabic.ttf", "Arabic-Bold.ttf")


def line(text: str, family: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="60" font-family="{family}" font-size="24">'
        f'<rect width="900" height="60" fill="#fff"/><text x="10" y="40">{texts.isolate(text)}</text></svg>'
    )


def ink(png: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(png)) as picture:
        return 255 - np.asarray(picture.convert("L")).astype(int)


def test_a_line_in_runs_is_the_line_of_a_font_that_has_all_its_letters(forgotten: None, monkeypatch) -> None:
    """The painter's own order and shapes of a whole line are the oracle, where one font has all its letters."""
    monkeypatch.setattr(fonts, "_NAMES", ("DejaVuSans",))
    monkeypatch.setattr(runs, "find_widths", lambda weight: {})
    monkeypatch.setattr(runs, "_FOREIGN", re.compile("."))
    whole = find_installed(ord("ع"))
    if whole is None:
        pytest.skip("DejaVu Sans is not installed (Debian: fonts-dejavu-core)")
    for text in LINES:
        expected = ink(paint(line(text, "DejaVu Sans"), [whole.file])).sum(axis=0)
        drawn = ink(render_png(line(text, "Source Sans"))).sum(axis=0)
        assert expected.sum() > 100_000
        assert np.abs(expected.cumsum() - drawn.cumsum()).max() < 0.02 * expected.sum()


@pytest.mark.parametrize("writing", WRITINGS)
def test_letters_mixed_with_figures_are_no_boxes(writing: str) -> None:
    words = WRITINGS[writing]
    text = f"ILO {words} 2021 (45 %)"
    for letter in words:
        if runs._is_foreign(letter) and find_installed(ord(letter)) is None:
            pytest.skip(f"no font with {writing} is installed (Debian: fonts-noto-core, fonts-noto-cjk)")
    own = find_widths(REGULAR)
    cut = split(text)
    for part, one in cut:
        assert not [letter for letter in part if ord(letter) not in (one.widths if one else own)]
    drawn = ink(render_png(line(text, "Source Sans")))
    assert (drawn.sum(axis=0) > 0).any()
    right = np.flatnonzero(drawn.sum(axis=0))[-1]
    assert right - 10 == pytest.approx(sum(measure(run, False) for run in cut) * 24, abs=4)
    assert right - 10 < texts.width(text, 24) + 1  # the room that a drawing reserves for it


def test_a_font_that_is_broken_is_passed_over(forgotten: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "NotoSansArabic-Regular.ttf").write_bytes(b"no font")
    (tmp_path / "DejaVuSans.ttf").write_bytes(font_files()[0].read_bytes())
    monkeypatch.setattr(fonts, "_FOLDERS", (str(tmp_path), str(tmp_path / "none")))
    found = find_installed(ord("a"))
    assert found is not None
    assert (found.family, found.file) == ("Source Sans", str(tmp_path / "DejaVuSans.ttf"))
    assert find_installed(ord("ع")) is None
