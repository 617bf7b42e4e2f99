"""The comparison of texts: ornamental accents go, signs that make another word stay."""

import unicodedata
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from etl.sqlfiles import SQL
from etl.texts.folding import Folding, matches
from etl.texts.plain import plain

ACCENTED = "A-Za-z0-9 àÉÎõüçñÅŠžłØœßÆ ΆάϋΣ ЁйЇў .,;:!'’()/_-–"
SIGNED = "กาิีุูเแ่้ำ कािीुूेैोौं्ड़ढ தமிொ் বাংলা מנחםׁ עברית أإآمُحَمَّد かがはばぱーガ 한국어 中文 မြန် ខ្មែរ ᬅ"
MARKS = "\u0300\u0301\u0308\u0327\u0330"
LATIN = "".join(chr(c) for c in range(0x20, 0x590) if unicodedata.category(chr(c))[0] not in "C")
"""Everything before the first script with signs of its own: Latin, Greek, Cyrillic, Armenian, punctuation."""


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute(
            "create macro fold_before(words) as trim(regexp_replace(replace(replace(replace(replace(lower("
            "strip_accents(nfc_normalize(words))), 'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'ø', 'o'), "
            r"'[^\p{L}\p{N}]+', ' ', 'g'))"
        )
        yield opened


@pytest.fixture(scope="module")
def fold(connection: duckdb.DuckDBPyConnection) -> Folding:
    return Folding(connection)


def test_titles_that_differ_in_a_sign_only_are_two(fold):
    for one, other in (
        ("ปา", "ปี"),  # Thai: to throw, year
        ("ไม่มี", "ไม้มี"),
        ("बल", "बाल"),  # Hindi: strength, child
        ("दिन", "दीन"),
        ("கல்", "கால்"),
        ("かき", "がぎ"),
        ("شمس", "شَمس"),
    ):
        assert fold(f"2021: {one}") != fold(f"2021: {other}")


def test_accents_of_latin_greek_and_cyrillic_go_whatever_stands_beside_them(fold):
    for written, folded in (
        ("  Côte d’Ivoire – ÉCOLE ", "cote d ivoire ecole"),
        ("Œuvre, Straße, Ærø", "oeuvre strasse aero"),
        ("Việt Nam", "viet nam"),
        ("Ελλάδα, Σχολείο", "ελλαδα σχολειο"),
        ("Йошкар-Ола, Ёлка", "иошкар ола елка"),
        ("Côte ไทย: été", "cote ไทย ete"),
        ("हिन्दी / École", "हिन्दी ecole"),
    ):
        assert fold(written) == plain(written) == fold(unicodedata.normalize("NFD", written)) == folded


def test_a_star_beside_a_sign_goes_on_with_the_word(fold):
    assert matches(fold.pattern("ที่*"), fold("ที่อยู่"))


@pytest.mark.drawn
@given(st.text(LATIN))
@example("Ǆ İ ẞ ſ \u0301a")
def test_texts_without_signs_fold_as_ever(connection, fold, text):
    before = connection.execute("select fold_before($1)", [text]).fetchall()[0][0]
    assert fold._fold(text) == before


@pytest.mark.drawn
@given(st.text(st.sampled_from([*ACCENTED, *SIGNED, *MARKS])))
def test_python_and_sql_agree(fold, text):
    composed = unicodedata.normalize("NFKC", text)
    assert plain(text) == fold._fold(composed)
    assert fold._fold(fold._fold(composed)) == fold._fold(composed)


def test_parts_fold_alone_as_they_fold_together(fold):
    parts = [part for word in f"{ACCENTED} {SIGNED} \u0301e 2 \u200b e\u0301 # …".split(" ") if (part := word.strip())]
    pairs = list(zip(parts, parts[1:], strict=False))
    joined = {f"{one}{sign}{other}": (one, other) for one, other in pairs for sign in " ;,|/\n\t&-\x1f"}
    together = fold.fold_bare(joined)
    alone = Folding(fold._connection, is_defined=True)
    alone.learn(parts)
    for text, both in joined.items():
        alone.join(text, both)
    assert {text: alone.list_bare([text])[0] for text in joined} == together


def test_all_that_parts_words_becomes_one_blank(fold):
    versions = (unicodedata, unicodedata.ucd_3_2_0)  # the newest signs are unknown to the database, or to this Python
    written = [chr(code) for code in range(0x20, 0x3100)]
    signs = [sign for sign in written if all(one.category(sign)[0] in "PSZ" for one in versions)]
    apart = [text for sign in signs for text in (f"a{sign}b", f"a {sign}{sign} b", f" {sign}a  b{sign} ")]
    assert {text: folded for text, folded in fold.fold_bare(apart).items() if folded != "a b"} == {}


def test_the_quick_way_to_fold_plain_texts_gives_the_same(connection, fold):
    statements = duckdb.extract_statements((SQL / "macros.sql").read_text(encoding="utf-8"))
    (quick,) = [statement for statement in statements if "macro fold_ascii" in statement.query]
    connection.execute(quick)
    plain_signs = [chr(c) for c in range(0x80)]
    texts = [text for one in plain_signs for other in plain_signs for text in (f"Aa{one}{other}B9", f"{one}C {other}")]
    asked = "select words, fold_ascii(words), fold(words) from (select unnest($texts) as words) where "
    assert connection.execute(asked + "fold_ascii(words) <> fold(words)", {"texts": texts}).fetchall() == []
    folded = connection.execute("select fold(words) from (select unnest($texts) as words)", {"texts": texts}).fetchall()
    assert [text for text, (words,) in zip(texts, folded, strict=True) if plain(text) != words] == []
