"""Questions in words, each with the readings that must be offered: three files beside this one."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from dashboard.asking.days_in_words import SINCE
from dashboard.asking.question_readings import MOST, Answer, ask
from dashboard.charts.options import EXPLORE, find_spec, parse_options, read_choices
from dashboard.ground.page_addresses import PARTS
from dashboard.lists.for_readers import BY_STATE, STATE
from dashboard.measures.results import choose_amount
from dashboard.measures.search import search
from dashboard.measures.surveys import questions
from dashboard.snapshot.selection import VERSUS, parse

Link = tuple[str, frozenset[tuple[str, str]]]


class Question(NamedTuple):
    """A question, the links that must be among its readings, and the words that must be named."""

    text: str
    links: frozenset[Link]
    unknown: frozenset[str]


def _read(name: str) -> Iterator[Question]:
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            _, text, meant = line.split(" | ", 2)
            links, _, unknown = meant.partition(" ? ")
            parsed = frozenset(_parse(link.strip()) for link in links.split(";;") if link.strip() != "-")
            yield Question(text, parsed, frozenset(unknown.split()))


def _parse(link: str) -> Link:
    page_id, _, query = link.partition("?")
    named = (part.partition("=") for part in query.split("&") if part)
    return page_id, frozenset((name, value) for name, _, values in named for value in values.split(","))


_FILES = ("asked_in_words.txt", "asked_otherwise.txt", "asked_in_a_third_way.txt")
QUESTIONS = [question for name in _FILES for question in _read(name)]


def _links(answer: Answer) -> set[Link]:
    return {(reading.page_id, frozenset(reading.pairs)) for reading in answer.readings}


def test_every_meaning_is_offered_and_what_was_not_understood_is_named(sample_snapshot):
    wrong = {}
    for question in QUESTIONS:
        answer = ask(sample_snapshot, question.text)
        unknown = {word for text in answer.unknown for word in text.split()}
        is_named = question.unknown <= unknown and bool(unknown) <= bool(question.unknown)
        if not question.links <= _links(answer) or bool(answer.readings) != bool(question.links) or not is_named:
            wrong[question.text] = answer
    assert len(QUESTIONS) > 340
    assert not wrong


def test_every_reading_is_a_link_that_its_page_takes(sample_snapshot):
    for question in QUESTIONS:
        answer = ask(sample_snapshot, question.text)
        assert len(answer.readings) <= MOST
        for reading in answer.readings:
            choices = {name: [value] for name, value in reading.choices}
            filters: dict[str, list[str]] = {}
            for name, value in reading.selection.query_pairs():
                filters.setdefault(name, []).append(value)
            assert reading.page_id in PARTS
            assert parse(filters, sample_snapshot, VERSUS) == reading.selection, question.text
            assert choices.get(STATE, ["soon"])[0] in BY_STATE.words
            if reading.page_id == EXPLORE:
                parse_options(choices, find_spec(EXPLORE))
            elif large := choices.get("large"):
                options = parse_options(read_choices(choices)[large[0]], find_spec(large[0]))
                assert choose_amount(sample_snapshot, options.indicator, options.unit)
            elif reading.page_id == "surveys":
                assert choices["question"][0] in {one.code for one in questions(sample_snapshot, reading.selection)}
            else:
                assert choices.keys() <= {SINCE if reading.page_id == "latest" else STATE}


@pytest.mark.nightly
@pytest.mark.parametrize(
    "write",
    [str.upper, lambda text: "".join(sign for sign in text if sign not in "¿?,:")],
    ids=["in capitals", "without signs"],
)
def test_capitals_and_signs_do_not_matter(sample_snapshot, write):
    for question in QUESTIONS[::4]:
        if "/" not in question.text and "UN " not in question.text:
            assert ask(sample_snapshot, write(question.text)).readings == ask(sample_snapshot, question.text).readings


def test_names_of_one_code_are_no_question_and_nonsense_of_any_length_ends(sample_snapshot):
    (reading,) = ask(sample_snapshot, "Ghana").readings
    assert (reading.page_id, reading.pairs) == ("country", (("country", "GHA"),))
    for text in (
        "",
        " ",
        "?" * 500,
        "completd " * 200,
        "%_'\"\\;--",
        "\x00\x1f",
        "Africa vs " * 30,
        "not " * 60,
        "education " * 20,
    ):
        assert len(ask(sample_snapshot, text).readings) <= MOST
    assert search(sample_snapshot, "colourless green ideas", "en") is not None
