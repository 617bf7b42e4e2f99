"""The register counts, pages, sorts and explains actions as the fixture's own files say."""

from datetime import date
from itertools import product
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from dashboard.errors import UserError
from dashboard.measures import register
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from tests.cases import of_which, some
from tests.register_oracle import LAST_DAY, expected_register, join, matching
from tests.tables import on

DAYS = (LAST_DAY, date(2021, 6, 17), date(2021, 1, 1))
SELECTIONS = {
    "everything": (Selection(), {}),
    "a region": (Selection(regions=("africa",)), {"regions": {"africa"}}),
    "global": (Selection(regions=("global",)), {"regions": {"global"}}),
    "nowhere": (Selection(regions=("unclassified",)), {"regions": {"unclassified"}}),
    "two themes": (Selection(themes=("education", "mining")), {"themes": {"education", "mining"}}),
    "no category": (Selection(categories=("unclassified",)), {"category": {"unclassified"}}),
    "several filters": (
        Selection(regions=("africa", "americas"), themes=("agriculture",), groups=("business", "civil_society")),
        {"regions": {"africa", "americas"}, "themes": {"agriculture"}, "group": {"business", "civil_society"}},
    ),
    "a country": (Selection(countries=("IND",)), {"countries": {"IND"}}),
    "a subregion": (Selection(subregions=("western_africa",)), {"subregions": {"western_africa"}}),
    "a status": (Selection(statuses=("completed",)), {"status": {"completed"}}),
    "no report": (Selection(statuses=("not_reported",)), {"status": {"not_reported"}}),
}


def plain(frame: pd.DataFrame) -> list[dict[object, object]]:
    """Return the rows as plain values: arrays as sets, dates as dates, missing as None."""
    return [{name: plain_value(value) for name, value in row.items()} for row in frame.to_dict("records")]


def plain_value(value: Any) -> object:
    if isinstance(value, (set, np.ndarray)):
        return set(value)
    if pd.isna(value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def strip_accents(texts: pd.Series) -> list[str]:
    with duckdb.connect() as connection:  # the module's own connection may be closed by whoever used it last
        found = connection.execute("select strip_accents(lower(unnest($texts)))", {"texts": texts.tolist()}).fetchall()
    return [text for (text,) in found]


@pytest.mark.parametrize(("name", "day"), of_which(list(product(SELECTIONS, DAYS)), lambda place, _: place % 5 == 0))
def test_page_and_count_say_what_the_files_say(snapshot: Snapshot, name: str, day: date) -> None:
    selection, filters = SELECTIONS[name]
    expected = matching(expected_register(day), **filters).sort_values("action_id")
    found = register.page(snapshot, on(selection, day), sort="action_id")
    columns = list(expected.columns)
    assert plain(found[columns]) == plain(expected)
    assert register.count(snapshot, on(selection, day)) == len(expected)


@pytest.mark.parametrize(("sort", "descending"), some(list(product(register.SORTS, (False, True))), 8))
def test_every_sort_is_a_stable_order_of_all_rows_with_the_unknown_last(snapshot, sort: str, descending: bool) -> None:
    frame = register.page(snapshot, Selection(), sort=sort, descending=descending)
    assert sorted(frame["action_id"]) == sorted(expected_register()["action_id"])
    keys = frame[sort]
    known = keys[keys.notna()]
    assert keys.notna().tolist() == [True] * len(known) + [False] * (len(keys) - len(known))
    if sort in register.CODED:
        order = list(snapshot.codes[register.CODED[sort]])
        known = known.map(order.index)
    elif sort in ("title", "stakeholder"):
        known = pd.Series(strip_accents(known))
    assert known.tolist() == sorted(known, reverse=descending)
    ties = frame.assign(key=keys.astype(str)).groupby("key", sort=False)["action_id"]
    assert all(list(ids) == sorted(ids) for _key, ids in ties)


def test_pages_put_together_are_the_register_and_others_have_no_place_in_it(snapshot: Snapshot) -> None:
    whole = register.page(snapshot, Selection(), sort="status", descending=True)
    parts = [
        register.page(snapshot, Selection(), sort="status", descending=True, limit=7, offset=offset)
        for offset in range(0, 49, 7)
    ]
    assert [len(part) for part in parts] == [7, 7, 7, 7, 7, 5, 0]
    assert pd.concat(parts)["action_id"].tolist() == whole["action_id"].tolist()
    assert register.find_place(snapshot, Selection(regions=("africa",)), "FIX-009") is None
    assert register.find_place(snapshot, Selection(), "FIX-999") is None
    with pytest.raises(UserError, match="sorted by"):
        register.find_place(snapshot, Selection(), "FIX-001", sort="made up")


@pytest.mark.parametrize(("wrong", "what", "remedy"), [
    ({"sort": "search_text"}, "The register cannot be sorted by 'search_text'.", "Use one of action_id, title, "),
    ({"sort": "title; drop table actions"}, "The register cannot be sorted by 'title; drop ", "Use one of "),
    ({"limit": -1}, "A page of the register cannot have fewer than no rows.", "Use 0 or a positive number."),
    ({"offset": -1}, "A page of the register cannot have fewer than no rows.", "Use 0 or a positive number."),
])  # fmt: skip
def test_what_cannot_be_a_page_is_refused(snapshot, wrong: dict[str, str | int], what: str, remedy: str) -> None:
    with pytest.raises(UserError) as refused:
        register.page(snapshot, Selection(), **wrong)  # type: ignore[arg-type]
    assert refused.value.what.startswith(what)
    assert refused.value.remedy.startswith(remedy)


@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_labels_are_in_the_language_and_in_the_codelists_order(snapshot: Snapshot, lang: str, monkeypatch) -> None:
    shown_as = {"en": "An individual", "fr": "Une personne", "es": "Una persona"}
    monkeypatch.setattr(snapshot, "person_names", {"Somebody Imaginary": shown_as})
    frame = register.page(snapshot, Selection(), sort="action_id")
    shown = register.labelled(frame, snapshot, lang)
    expected = expected_register()
    for column, codelist in register.LISTED.items():
        assert shown[column].tolist() == [join(codes, codelist, lang) or "" for codes in expected[column]]
    for column in ("group", "category", "status"):
        codelist = register.CODED[column]
        assert shown[column].tolist() == [join({code}, codelist, lang) for code in expected[column]]
    names = expected["stakeholder"].replace("Somebody Imaginary", shown_as[lang])
    assert shown["stakeholder"].tolist() == names.tolist()
    assert frame["status"].isin(list(snapshot.codes["statuses"])).all(), "the codes themselves are left alone"
    few = register.labelled(frame[["action_id", "themes"]], snapshot, lang)
    assert few.to_dict() == shown[["action_id", "themes"]].to_dict()
    nothing = Selection(q="no such words anywhere")
    assert register.labelled(register.page(snapshot, nothing), snapshot, lang).empty
    assert register.count(snapshot, nothing) == len(register.page(snapshot, Selection(), limit=0)) == 0


def test_codes_without_a_label_stand_for_themselves_after_the_others(snapshot: Snapshot) -> None:
    known = snapshot.codes["themes"]
    codes = ("zinc", "education", "coal", "agriculture")
    assert register.join_labels(codes, known, "fr") == "Agriculture; Éducation; coal; zinc"
    assert register.join_labels("coal", known, "fr") == "coal"


def details(snapshot: Snapshot, action_id: str, day: date | None = None) -> register.ActionDetails:
    """Return the details of an existing action."""
    found = register.details(snapshot, action_id, day)
    assert found is not None
    return found


def test_details_tell_one_action_whole(snapshot: Snapshot) -> None:
    told = details(snapshot, "FIX-001")
    facts = {
        "title": "Roadmap against child labour in cocoa", "themes": ("agriculture", "education"),
        "regions": ("africa",), "status": "completed", "completed_on": date(2021, 11, 30),
        "source_file": "formulaire.csv", "source_sheet": None, "source_row": 2,
        "classification_file": "classification.xlsx", "classification_row": 2,
    }  # fmt: skip
    assert {name: told.facts[name] for name in facts} == facts
    assert {type(value) for value in told.facts.values()} <= {str, int, float, bool, date, tuple, type(None)}
    labels = ["First consultation", "Draft roadmap", 'Adoption; signature, and "launch"']
    assert told.milestones["label"].tolist() == labels
    assert told.reports["status"].tolist() == ["completed", "in_progress"]
    assert told.reports["source_row"].tolist() == [2, 2]
    latest, first = told.reports.to_dict("records")
    former = [latest[f"{name}_before"] for name in ("status", "percent", "reported")]
    assert former == [first[name] for name in ("status", "percent", "reported_on")]
    assert pd.isna(first["status_before"]) and pd.isna(first["percent_before"])
    assert told.merged.empty
    assert details(snapshot, "FIX-002").merged["source_row"].tolist() == [37]
    before = details(snapshot, "FIX-001", date(2021, 6, 1)).facts
    assert (before["status"], before["percent"]) == ("not_reported", None)
    assert register.details(snapshot, "FIX-999") is None
    assert register.details(snapshot, "' or 1=1 --") is None


@pytest.mark.parametrize("sort", ["title", "status", "reported_on"])
@pytest.mark.parametrize("descending", [False, True])
def test_the_place_of_each_action_is_that_of_the_register(snapshot, sort, descending):
    selection = Selection(regions=("africa",))
    ids = register.page(snapshot, selection, sort=sort, descending=descending)["action_id"].tolist()
    for number, action_id in [*enumerate(ids)][:3] + [*enumerate(ids)][-3:]:
        place = register.find_place(snapshot, selection, action_id, sort=sort, descending=descending)
        assert (place.number, place.actions) == (number + 1, len(ids))
        assert (place.before and place.before.action_id) == (ids[number - 1] if number else None)
        assert (place.after and place.after.action_id) == (ids[number + 1] if number + 1 < len(ids) else None)


def test_what_became_of_a_milestone_depends_on_the_day(snapshot):
    def outcomes(day):
        frame = register.details(snapshot, "FIX-001", day).milestones
        return dict(zip(frame["label"], frame["outcome"], strict=True))

    frame = register.details(snapshot, "FIX-001").milestones
    for row in frame.to_dict("records"):
        label, due, reached = row["label"], row["due_on"], row["reached_on"]
        if pd.isna(due):
            continue
        assert outcomes((due - pd.Timedelta(days=400)).date())[label] == "coming"
        if not pd.isna(reached):
            assert outcomes(reached.date())[label] == "reached"
            assert outcomes((reached - pd.Timedelta(days=1)).date())[label] != "reached"
    assert set(outcomes(date(2021, 1, 2)).values()) <= {"coming", "undated"}
