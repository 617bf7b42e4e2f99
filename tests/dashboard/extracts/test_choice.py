"""A reader's choice of an extract: its link, what it becomes with another table or format, ready choices."""

import asyncio
import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from dashboard.errors import SelectionError
from dashboard.extracts import order
from dashboard.extracts.choice import (
    ALL,
    CODES,
    PRESETS,
    SHORT,
    Choice,
    find_preset,
    read_choice,
    ready_columns,
    ready_kind,
    take_preset,
)
from dashboard.extracts.tables import TABLES
from dashboard.snapshot.selection import Selection
from dashboard.web import extracts

CHOICES = [
    Choice(),
    Choice("reports", "csv", ("percent", "action_id")),
    Choice("themes_countries", "xlsx", (), ("actions", "reports")),
    Choice(file_format="zip", include=("actions", "events")),
    *(preset.choice for preset in PRESETS),
]


def test_a_link_gives_the_choice_back_and_the_default_adds_nothing() -> None:
    for choice in CHOICES:
        stated = {name: value for name, value in choice.parameters().items() if value is not None}
        assert read_choice(stated) == choice
        assert stated or choice == Choice()
    assert set(Choice().parameters().values()) == {None}


def test_an_address_is_answered_with_the_file_of_the_choice(campaign_folder, monkeypatch, snapshot) -> None:
    monkeypatch.setenv("DASHBOARD_CAMPAIGN", str(campaign_folder))
    selection = Selection(regions=("africa",), q="a b&c", lang="fr")

    async def ask(address: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=extracts.routes()))
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.head(address)

    for choice in CHOICES:
        address = choice.address("https://example.org", selection)
        answer = asyncio.run(ask(address))
        assert answer.status_code == 200
        name = order.name_file(snapshot, selection, choice.file_format, choice.table, choice.include)
        assert f'filename="{name}"' in answer.headers["content-disposition"]
        query = parse_qs(urlsplit(address).query)
        assert query["q"] == ["a b&c"]
        assert tuple(filter(None, query.get("columns", [""])[0].split(","))) == choice.columns


@pytest.mark.parametrize(
    "stated",
    [
        {"table": "salaries"},
        {"format": "docx"},
        {"columns": "salary"},
        {"include": "salaries"},
        {"format": "csv", "include": "reports"},
        {"format": "zip", "columns": "title"},
        {"format": "zip", "table": "reports"},
    ],
)
def test_what_there_is_not_is_refused(stated) -> None:
    with pytest.raises(SelectionError):
        read_choice(stated)


def test_all_columns_and_all_tables_are_no_choice() -> None:
    everything = ",".join(field.name for field in TABLES["reports"].fields)
    assert read_choice({"table": "reports", "columns": everything}).columns == ()
    assert read_choice({"format": "zip", "include": ",".join(TABLES)}) == Choice(file_format="zip")
    assert read_choice({"include": "actions,reports"}).include == ("reports",)


def test_another_table_keeps_a_ready_choice_and_drops_names_it_does_not_have() -> None:
    short = Choice(columns=ready_columns(TABLES["actions"])[SHORT])
    assert ready_kind(TABLES["reports"], short.with_table("reports").columns) == SHORT
    assert Choice(columns=("title",), include=("reports", "events")).with_table("reports") == Choice(
        "reports", include=("events",)
    )
    codes = Choice(columns=ready_columns(TABLES["actions"])[CODES])
    assert codes.with_table("milestones").columns == ()  # which has no codes


def test_another_format_drops_what_it_cannot_hold() -> None:
    full = Choice("reports", "xlsx", ("percent",), ("events",))
    assert full.with_format("csv") == Choice("reports", "csv", ("percent",))
    assert full.with_format("zip") == Choice(file_format="zip")
    assert full.with_format("zip").with_format("xlsx") == Choice()
    for file_format in order.FORMATS:
        chosen = full.with_format(file_format)
        order.check_choice(chosen.file_format, chosen.table, chosen.columns, chosen.include)


def test_ready_columns_are_the_tables_own() -> None:
    for table in TABLES.values():
        ready = ready_columns(table)
        fields = {field.name: field for field in table.fields}
        assert ready[ALL] == ()
        for columns in ready.values():
            assert [name for name in fields if name in columns] == list(columns)
        assert not [name for name in ready[SHORT] if name.endswith(("_code", "_codes")) or name.startswith("source_")]
        for name in ready.get(CODES, ()):
            assert fields[name].kind != "text" or fields[name].is_code or name.endswith("id")


def test_presets_are_recognised_allowed_and_bring_their_choices_and_filter() -> None:
    for preset in PRESETS:
        choice = preset.choice
        order.check_choice(choice.file_format, choice.table, choice.columns, choice.include)
        assert find_preset(choice, preset.statuses) is preset
        taken = take_preset(preset.name, Choice("themes_countries", columns=("title",)), ())
        assert taken == (choice, preset.statuses) == take_preset(None, *taken)
    assert find_preset(PRESETS[-1].choice, ()) is None
    assert find_preset(Choice("events"), ()) is None
    assert len({json.dumps(preset.choice.parameters()) for preset in PRESETS}) == len(PRESETS)


def test_a_filter_goes_with_the_preset_that_brought_it_and_a_reader_s_own_stays() -> None:
    missing = take_preset("missing", Choice(), ())
    assert missing[1] == ("not_reported",)
    assert take_preset("register", *missing) == (Choice(), ())
    assert take_preset("reports", Choice(), ("completed",)) == (Choice("reports"), ("completed",))
    assert take_preset("missing", Choice(), ("completed",))[1] == ("not_reported",)


def test_further_tables_stand_in_their_own_order_and_only_where_the_format_holds_them() -> None:
    assert Choice().with_include(["milestones", "reports"]).include == ("reports", "milestones")
    assert Choice(file_format="csv").with_include(["reports"]) == Choice(file_format="csv")
    whole = Choice(file_format="zip")
    assert whole.with_include(["actions"]).include == ("actions",)
    assert whole.with_include(list(TABLES)) == whole


def test_columns_and_csv_are_taken_only_by_the_file_that_has_them() -> None:
    assert Choice().with_columns("actions", ["title", "percent"]).columns == ("title", "percent")
    assert Choice().with_columns("reports", ["percent"]) == Choice()  # another table was chosen meanwhile
    assert Choice(file_format="zip").with_columns("actions", ["title"]) == Choice(file_format="zip")
    assert Choice(file_format="csv").with_csv("semicolon").csv == "semicolon"
    assert Choice(file_format="json").with_csv("semicolon") == Choice(file_format="json")
