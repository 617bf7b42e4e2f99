"""Numbers and dates as each language writes them."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import formats

LANGUAGES = ("en", "fr", "es")


def test_shares_round_halves_up_and_nothing_of_nothing_is_no_zero() -> None:
    counts = {(54, 96): "56%", (12, 96): "13%", (1, 96): "1%", (11, 96): "11%", (18, 96): "19%", (0, 7): "0%"}
    for (numerator, denominator), shown in (counts | {(7, 7): "100%", (29, 200): "15%"}).items():
        assert formats.format_percent(numerator, denominator, "en") == shown
    assert formats.format_percent(67, 301, "en", 1) == "22.3%"
    assert 0.145 * 100 < 14.5
    assert formats.format_share(0.145, "en") == "15%", "also where a float falls below the half"
    assert formats.format_percent(0, 0, "fr") == formats.format_points(None, "es") == formats.NOTHING
    assert formats.format_share(None, "fr") == formats.format_share(float("nan"), "en") == formats.NOTHING
    points = {0.125: "+13", -0.125: "−13", 0.004: "0", -0.5: "−50"}
    assert {difference: formats.format_points(difference, "en") for difference in points} == points


def test_each_language_has_its_marks() -> None:
    def say(write: Callable[[str], str]) -> list[str]:
        return [write(lang) for lang in LANGUAGES]

    assert say(lambda lang: formats.format_percent(1, 3, lang, 1)) == ["33.3%", "33,3\u00a0%", "33,3\u00a0%"]
    assert say(lambda lang: formats.format_count(1234567, lang)) == ["1,234,567", "1\u202f234\u202f567", "1.234.567"]
    assert formats.format_count(-3, "en") == "−3"
    assert say(lambda lang: formats.format_date(date(2021, 12, 31), lang)) == [
        "31 December 2021", "31 décembre 2021", "31 de diciembre de 2021",
    ]  # fmt: skip
    assert formats.format_date(date(2021, 12, 1), "fr") == "1er décembre 2021"
    assert say(formats.plotly_separators) == [".,", ",\u202f", ",."]
    assert say(formats.excel_date_format) == ["dd mmm yyyy", "dd/mm/yyyy", "dd/mm/yyyy"]


@pytest.mark.drawn
@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 3))
def test_rounding_is_off_by_at_most_a_half(numerator: int, denominator: int, decimals: int) -> None:
    scale = 10**decimals
    rounded = formats.round_half_up(numerator, denominator, scale)
    assert abs(2 * scale * numerator - 2 * rounded * denominator) <= denominator
    # Exactly between two numbers, the larger one is taken.
    if 2 * scale * numerator - 2 * rounded * denominator == denominator:
        pytest.fail("a half was rounded down")


def test_language_names_are_in_the_readers_language_and_sizes_of_files_are_short() -> None:
    assert formats.format_language("en", "fr") == "Anglais"
    assert formats.format_language("fr", "es") == "Francés"
    assert formats.format_language("fr", "es", is_inside=True) == "francés"
    assert formats.format_language("zzz", "en") == "zzz"
    for size, lang, shown in (
        (0, "en", "1 kB"), (34_600, "en", "35 kB"), (124_668, "fr", "120 ko"), (996_000, "en", "1 MB"),
        (1_250_000, "es", "1,3 MB"), (66_458_508, "fr", "66 Mo"), (1_234_000_000, "en", "1,234 MB"),
    ):  # fmt: skip
        assert formats.format_bytes(size, lang).replace("\xa0", " ").replace("\u202f", " ") == shown
