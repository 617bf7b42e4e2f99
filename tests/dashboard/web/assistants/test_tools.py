"""Assistants ask by the official client: each figure is that of the tables, and what is wrong is said with remedies."""

import asyncio
import json
import resource
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from mcp.client import Client
from starlette.applications import Starlette

from dashboard.access.signed_links import open_links
from dashboard.campaign.folder import CampaignFolder
from dashboard.settings import Settings
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.receipts.kinds import find_receipts
from dashboard.snapshot.receipts.receipt import read_receipt
from dashboard.snapshot.selection import FILTERS, Selection
from dashboard.web import check_page
from dashboard.web.assistants import protocol
from dashboard.web.assistants.assistant_tools import BY, MOST_ACTIONS, MOST_ROWS, NOTICE, TOOLS
from dashboard.web.handouts import Store
from tests.assistants import PATH, call, call_all, list_tools, read_answer
from tests.charts_over_http import BASE, ask, make_site, read_csv, republish
from tests.signed_in import make_link, write_roles
from tests.snapshots import copy_published
from tests.tables import DIMENSIONS, Tables
from tests.verified import Here, make

OF_ACTIONS = {
    "completion": ("completed", "unknown", "actions"),
    "reporting": ("reported", "", "actions"),
    "on_time": ("on_time", "on_time_unknown", "actions"),
}
MEASURED = {
    **OF_ACTIONS,
    "milestones": ("milestones_reached", "milestones_unknown", "milestones_due"),
    "evidenced": ("evidenced", "", "completed"),
    "verified": ("verified", "", "completed"),
}
"""By measure: what is counted, what may be part of it, and of what."""
SELECTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"region": ["africa"]},
    {"theme": ["education", "mining"], "as_of": "2021-09-30"},
    {"group": "government", "lang": "fr"},
    {"status": ["completed", "not_reported"], "region": ["africa", "americas"]},
    {"country": "gha", "as_of": "2021-07-01"},
)
PAIRS = (("theme", "region"), ("category", "group"))
OTHER_SIDES: tuple[dict[str, Any], ...] = (
    {"vs.region": ["americas"]},
    {"vs.as_of": "2021-08-01"},
    {"vs.theme": "mining"},
)
"""As in a link; in one of the selections each."""

Case = tuple[str, dict[str, Any]]


@pytest.fixture
def app(site: Starlette, store: Store) -> Starlette:
    return site


def list_cases() -> list[Case]:
    """List two hundred calls whose figures the tables have."""
    ways = [{}, *({"by": by} for by in DIMENSIONS), *({"by": by, "and": second} for by, second in PAIRS)]
    measured = [
        ("measure", {"measure": measure, **way, **selection})
        for measure, way, selection in product(MEASURED, ways, SELECTIONS)
    ]
    compared = [
        ("compare", {"measure": measure, **way, **selection, **side})
        for measure, way, selection, side in product(OF_ACTIONS, ({}, {"by": "category"}), SELECTIONS[:3], OTHER_SIDES)
    ]
    listed = [("list_actions", {**selection, "limit": 7, "offset": 3}) for selection in SELECTIONS]
    return [*measured[::2], *compared, *listed]


ALL = list_cases()


def read_selection(arguments: dict[str, Any], snapshot: Snapshot) -> tuple[Selection, date]:
    """Read the selection of a call; written here anew."""
    codes = {f.attribute: arguments.get(f.parameter, ()) for f in FILTERS}
    codes = {name: (value,) if isinstance(value, str) else tuple(value) for name, value in codes.items()}
    codes["countries"] = tuple(code.upper() for code in codes["countries"])
    day = date.fromisoformat(arguments["as_of"]) if "as_of" in arguments else snapshot.last_date
    return Selection(**codes), day


def reckon(tables: Tables, arguments: dict[str, Any], snapshot: Snapshot, *members: tuple[str, str]) -> tuple[int, ...]:
    """Reckon n, N and the unknown of a call, of the actions with all the given members of dimensions."""
    selection, day = read_selection(arguments, snapshot)
    chosen = tables.select(selection, day)
    for dimension, member in members:
        of_member = tables.members[dimension]
        chosen = chosen[chosen["action_id"].isin(of_member.loc[of_member["member"] == member, "action_id"])]
    measure = arguments.get("measure", "completion")
    part, unknown, whole = MEASURED[measure]
    frame = tables.judge(chosen, day) if measure == "milestones" else chosen
    if measure in ("evidenced", "verified"):
        frame = tables.weigh(chosen, day)
    return int(frame[part].sum()), int(frame[whole].sum()), int(frame[unknown].sum()) if unknown else 0


def assert_figure(figure: dict[str, Any], expected: tuple[int, ...]) -> None:
    """Check the counts, and the rate and bounds that follow from them."""
    n, count, unknown = expected
    assert (figure["n"], figure["N"], figure["unknown"]) == expected
    is_few = count < 5
    assert figure.get("is_few", False) == is_few
    assert figure["rate"] == figure["lower"] == (None if is_few else pytest.approx(n / count, abs=5e-5))
    assert figure["upper"] == (None if is_few else pytest.approx((n + unknown) / count, abs=5e-5))


def check_measured(tables: Tables, snapshot: Snapshot, arguments: dict[str, Any], answer: dict[str, Any]) -> None:
    """Check every figure of an answer; none is missing."""
    assert_figure(answer["in_all"], reckon(tables, arguments, snapshot))
    assert ("rows" in answer) == ("by" in arguments)
    dimensions = [arguments[name] for name in ("by", "and") if name in arguments]
    seen = set()
    for row in answer.get("rows", ()):
        members = tuple(zip(dimensions, [row[name] for name in ("code", "column_code") if name in row], strict=True))
        assert_figure(row, reckon(tables, arguments, snapshot, *members))
        seen.add(members)
    if len(dimensions) == 1 and not arguments.get(dimensions[0]):
        selection, day = read_selection(arguments, snapshot)
        of_selected = tables.select(selection, day)["action_id"]
        of_dimension = tables.members[dimensions[0]]
        present = set(of_dimension.loc[of_dimension["action_id"].isin(of_selected), "member"])
        inside = present if set(arguments) & {"region", "country"} else set()  # only places inside are listed
        assert present - {code for ((_, code),) in seen} <= (inside if dimensions[0] in PLACES else set())


PLACES = ("region", "subregion", "country", "grouping")


def check_compared(tables: Tables, snapshot: Snapshot, arguments: dict[str, Any], answer: dict[str, Any]) -> None:
    """Check both sides, and that one is called higher only where its lower bound is above the other's upper."""
    plain = {name: value for name, value in arguments.items() if not name.startswith("vs.")}
    other = plain | {name.removeprefix("vs."): value for name, value in arguments.items() if name.startswith("vs.")}
    sides = {"this": plain, "vs": other}
    for row in (answer, *answer.get("rows", ())):
        members = (("category", row["code"]),) if "code" in row else ()
        for side, own in sides.items():
            assert_figure(row[side], reckon(tables, own, snapshot, *members))
        first, second = row["this"], row["vs"]
        if "verdict" not in row:
            assert plain != other and "vs.as_of" in arguments and "status" not in arguments
            continue
        if first.get("is_few") or second.get("is_few") or row.get("code") == "unclassified":
            assert row["verdict"] == "unranked"
        elif first["lower"] > second["upper"] or second["lower"] > first["upper"]:
            assert row["verdict"] == ("higher" if first["lower"] > second["upper"] else "lower")
        else:
            assert row["verdict"] in ("untold", "equal")
        if row["verdict"] == "untold":
            assert row["difference"].startswith("cannot be told apart")


def check_origin(app: Starlette, snapshot: Snapshot, answer: dict[str, Any]) -> None:
    """Check the day, the build, the link to the same figures, and the receipt."""
    assert answer["build"] == snapshot.build_id
    assert answer["link"].startswith(f"{BASE}/") and f"build={snapshot.build_id}" in answer["link"]
    receipt = read_receipt(json.dumps(answer["receipt"]))
    assert receipt.build == snapshot.build_id and receipt.values
    data = read_csv(ask(app, answer["link"].removeprefix(BASE).replace("/explore?", "/explore.csv?")).content)
    named = {name for name in ("code", "column_code") if name in data}
    rows = {tuple(row[name] for name in sorted(named)) for row in data.to_dict("records")}
    stated = {tuple(row[name] for name in sorted(named)) for row in answer.get("rows", ())}
    assert stated <= rows


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.nightly)], ids=["some", "all"])
def test_every_figure_is_that_of_the_tables(app: Starlette, snapshot: Snapshot, tables: Tables, step: int) -> None:
    cases = ALL[::step]
    assert len(cases) >= (25 if step > 1 else 200)
    answers = call_all(app, cases, mode="auto" if step > 1 else "legacy")
    for number, ((name, arguments), answer) in enumerate(zip(cases, answers, strict=True)):
        assert "error" not in answer, (name, arguments, answer)
        assert answer["as_of"] == arguments.get("as_of", snapshot.last_date.isoformat())
        if name == "measure":
            check_measured(tables, snapshot, arguments, answer)
        elif name == "compare":
            check_compared(tables, snapshot, arguments, answer)
        else:
            check_listed(tables, snapshot, arguments, answer)
        if name != "list_actions" and number % 5 == 0:
            check_origin(app, snapshot, answer)


def check_listed(tables: Tables, snapshot: Snapshot, arguments: dict[str, Any], answer: dict[str, Any]) -> None:
    """Check the actions of a page, in their order."""
    chosen = tables.select(*read_selection(arguments, snapshot))
    assert answer["total"] == len(chosen)
    ids = [row["action_id"] for row in answer["rows"]]
    assert set(ids) <= set(chosen["action_id"]) and len(ids) == max(min(7, len(chosen) - 3), 0)
    assert answer["notice"] == NOTICE
    assert ("next_offset" in answer) == (len(chosen) > 10)


def test_what_the_tools_take_is_described_and_no_answer_is_too_long(app: Starlette, snapshot: Snapshot) -> None:
    for mode in ("auto", "legacy"):
        described = {tool.name: tool for tool in list_tools(app, mode=mode).tools}
        assert list(described) == list(TOOLS)
        for name, tool in described.items():
            assert tool.annotations.read_only_hint and tool.input_schema["additionalProperties"] is False
            assert (NOTICE in tool.description) == (name in ("list_actions", "latest"))
        assert len(json.dumps([tool.input_schema for tool in described.values()])) < 30_000
    properties = described["measure"].input_schema["properties"]
    themes = snapshot.ask("select code from codes where codelist = 'themes'")["code"]
    assert set(properties["theme"]["items"]["enum"]) == set(themes)
    assert set(properties["by"]["enum"]) == set(BY) and "completion" in properties["measure"]["enum"]
    answers = call_all(
        app,
        [
            ("measure", {"by": "country", "and": "theme"}), ("list_actions", {"limit": MOST_ACTIONS}),
            ("latest", {"limit": 50}), ("definitions", {"about": ["country"]}), ("definitions", {}),
        ],
    )  # fmt: skip
    assert max(len(json.dumps(answer)) for answer in answers) < 100_000
    assert len(answers[0]["rows"]) <= MOST_ROWS and answers[0].get("left_out", 1) > 0
    news = ask(app, "/latest.json?lang=en").json()["items"]
    assert answers[2]["rows"] == news[:50] and answers[2]["notice"] == NOTICE
    assert answers[3]["codes"]["country"]["GHA"] == "Ghana" and answers[3]["definitions"] == []
    assert {"completion_rate", "upper_bound"} <= {one["id"] for one in answers[4]["definitions"]}


FAULTS: dict[str, list[tuple[str, dict[str, Any], str]]] = {
    "region": [("measure", {"region": "afrika"}, "africa"),
               ("list_actions", {"region": ["africa", "'; drop"]}, "africa")],
    "vs.region": [("compare", {"vs.region": "atlantis"}, "americas")],
    "vs.": [("compare", {}, "vs.region")],
    "measure": [("measure", {"measure": "moon"}, "milestones"),
                ("compare", {"measure": "verified", "vs.region": "africa"}, "completion")],
    "by": [("measure", {"by": "moon"}, "theme"), ("measure", {"by": "completed"}, "theme")],
    "and": [("measure", {"by": "region", "and": "country"}, "theme")],
    "as_of": [("measure", {"as_of": "tomorrow"}, "YYYY-MM-DD"), ("latest", {"as_of": "9999-01-01"}, "")],
    "lang": [("definitions", {"lang": "de"}, "fr")],
    "colour": [("measure", {"colour": "blue"}, "region")],
    "tool": [("delete_actions", {}, "measure")],
    "limit": [("list_actions", {"limit": 51}, "1–50"), ("latest", {"limit": "²"}, "1–50")],
    "offset": [("list_actions", {"offset": -1}, "")],
    "sort": [("list_actions", {"sort": "e_mail"}, "title")],
    "about": [("definitions", {"about": "stakeholder"}, "region")],
    "kind": [("latest", {"kind": "rumour"}, "story")],
    "receipt": [("verify", {}, "link")],
    "link": [("verify", {"link": f"{BASE}/extracts/actions.xlsx"}, "")],
    "chart": [("verify", {"link": f"{BASE}/charts/nothing"}, "completion-by-region")],
    "theme": [("measure", {"theme": {"a": 1}}, ""), ("measure", {"theme": [True]}, "")],
    "build": [("measure", {"build": "../../etc"}, "")],
}  # fmt: skip
"""By the parameter that is named: calls, and something that it may be."""


def test_what_is_wrong_is_said_with_what_is_allowed(app: Starlette) -> None:
    expected = [(parameter, *fault) for parameter, faults in FAULTS.items() for fault in faults]
    answers = call_all(app, [(name, arguments) for _, name, arguments, _ in expected])
    for (parameter, _, arguments, allowed), answer in zip(expected, answers, strict=True):
        assert answer["parameter"] == parameter, (arguments, answer)
        assert not allowed or allowed in answer["allowed"], answer
        assert answer["error"]
    assert answers[0]["near"][0] == "africa"
    gone, unread = call_all(app, [("measure", {"build": "0123456789abcdef"}), ("verify", {"receipt": "{}"})])
    assert "0123456789abcdef" in gone["error"] and "receipt" in unread["error"]


def test_an_unexpected_fault_tells_nothing_and_too_much_at_once_is_refused(app, monkeypatch, caplog) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("/srv/secret/place")

    monkeypatch.setattr("dashboard.web.assistants.assistant_tools.answer", fail)
    assert call(app, "measure") == {"error": "The server could not answer because of an unexpected error."}
    assert "secret" in caplog.text
    monkeypatch.setenv("DASHBOARD_WORK_PER_MINUTE", "1")
    monkeypatch.setattr("dashboard.web.guard.allowances.name_client", lambda scope: "192.0.2.7")
    first, second = call_all(app, [("definitions", {}), ("definitions", {})])
    assert "Too many requests" in second["error"]


def test_a_figure_is_as_published_or_changed_or_of_an_earlier_build(
    campaign_folder: Path, kept: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = make_site(copy_published(campaign_folder, tmp_path), kept)
    kept.setattr(check_page, "checkers", Here(tmp_path))
    kept.setattr(resource, "setrlimit", lambda *_: None)
    book = make(CampaignFolder(tmp_path), tmp_path / "a.xlsx", "extract", "--region", "africa")
    (of_book,) = find_receipts(book.read_bytes(), "xlsx")
    by_region, sides = call_all(
        app, [("measure", {"by": "region", "lang": "fr"}), ("compare", {"region": "africa", "vs.region": "americas"})]
    )
    africa = next(row for row in by_region["rows"] if row["code"] == "africa")
    member = {"member": "africa", "n": africa["n"], "N": africa["N"]}
    receipt, link = json.dumps(by_region["receipt"]), by_region["link"]
    calls: list[Case] = [
        ("verify", {"receipt": receipt, **member}),
        ("verify", {"receipt": {**by_region["receipt"], "values": "sha256:0"}}),
        ("verify", {"link": link, **member, "n": africa["n"] + 1}),
        ("verify", {"receipt": json.dumps(sides["receipt"]), "side": "vs", "n": sides["vs"]["n"]}),
        ("verify", {"link": f"{BASE}/charts/survey-answers", "n": 1}),
        ("verify", {"link": f"{BASE}/charts/completion-over-time.svg?size=slide", "N": by_region["in_all"]["N"]}),
        ("verify", {"receipt": of_book.write()}),
        ("verify", {"receipt": {**of_book.state(), "values": "sha256:0"}}),
        ("verify", {"receipt": {**of_book.state(), "values": ""}}),
    ]
    right, forged, wrong, other_side, survey, curve, *books = call_all(app, calls)
    assert [one["receipt_is"] for one in books] == ["as published", "changed", "not known"]
    assert (right["receipt_is"], right["figure_is"], right["changed_since"]) == ("as published", "as published", False)
    assert right["is_of_present_build"] and right["figure"]["n"] == africa["n"] and "now" not in right
    assert forged["receipt_is"] == wrong["figure_is"] == "changed"
    assert other_side["figure_is"] == curve["figure_is"] == "as published"
    assert survey["figure"] is None and "figure_is" not in survey
    republish(tmp_path, "fedcba9876543210", without=12)
    then, gone = call_all(app, [calls[0], ("verify", {"receipt": {**by_region["receipt"], "build": "0" * 16}})])
    assert (then["receipt_is"], then["figure_is"], then["changed_since"]) == ("as published", "as published", True)
    assert (then["is_of_present_build"], then["present_build"]) == (False, "fedcba9876543210")
    assert then["now"]["N"] < then["figure"]["N"] == africa["N"]
    assert "error" in gone
    assert call_all(app, [calls[6]])[0]["found"][0]["now"]


def test_a_closed_campaign_tells_nothing_but_by_a_signed_link_and_no_more_than_that_opens(
    campaign_folder: Path, kept: pytest.MonkeyPatch, tmp_path: Path, snapshot: Snapshot, tables: Tables
) -> None:
    app = make_site(copy_published(campaign_folder, tmp_path), kept)
    world = call(app, "measure")
    write_roles(tmp_path, closed=True)
    accepted = {"accept": "application/json, text/event-stream", "content_type": "application/json"}
    for method in ("initialize", "tools/list", "tools/call", "server/discover"):
        message = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": method,
            "params": {"name": "measure", "arguments": {"region": "x"}},
        }
        for version in ("2025-06-18", "2026-07-28"):
            answer = ask(app, "/mcp", "POST", content=json.dumps(message), mcp_protocol_version=version, **accepted)
            assert answer.status_code == 401
            assert "africa" not in answer.text.casefold() and snapshot.build_id not in answer.text
    assert ask(app, "/llms.txt").status_code == 401
    scope = "region=africa&lang=en"
    _, token = make_link(open_links(tmp_path / "private"), "/mcp", scope)
    path = f"{PATH}?{scope}&token={token}"
    assert ask(app, f"/mcp?lang=en&token={token}", "POST", content="{}", **accepted).status_code == 403
    calls: list[Case] = [
        ("measure", {}), ("measure", {"region": "Americas"}), ("compare", {"vs.country": "BRA"}),
        ("compare", {"vs.region": ""}), ("verify", {"link": world["link"], "n": 1}),
        ("verify", {"receipt": world["receipt"]}), ("list_actions", {"theme": "education"}), ("latest", {}),
    ]  # fmt: skip
    own, *others, listed, news = call_all(app, calls, path)
    for name in ("measure", "list_actions", "latest"):
        assert call(app, name, path, build=snapshot.build_id)["parameter"] == "build"
    assert_figure(own["in_all"], reckon(tables, {"region": "africa"}, snapshot))
    assert token not in json.dumps(own)
    refused, beside, lifted, by_link, by_receipt = others
    for refusal in (refused, lifted, by_link, by_receipt):
        assert refusal["parameter"].removeprefix("vs.") == "region" and "n" not in refusal
    in_both = Selection(regions=("africa",), countries=("BRA",))
    assert beside["vs"]["N"] == len(tables.select(in_both, snapshot.last_date))
    assert call(app, "verify", path, link=own["link"], n=own["in_all"]["n"])["figure_is"] == "as published"
    assert listed["total"] == len(
        tables.select(Selection(regions=("africa",), themes=("education",)), snapshot.last_date)
    )
    assert {item["_entry"]["action_id"] for item in news["rows"]} <= {
        None, *tables.select(Selection(regions=("africa",)), snapshot.last_date)["action_id"]
    }  # fmt: skip


def test_it_answers_messages_alone_and_not_the_pages_of_other_sites(app: Starlette) -> None:
    assert ask(app, "/mcp").status_code == 405
    accepted = {"accept": "application/json", "content_type": "application/json"}
    foreign = ask(app, "/mcp", "POST", content="{}", origin="https://example.org", **accepted)
    large = ask(app, "/mcp", "POST", content="x" * 64_001, **accepted)
    broken = ask(app, "/mcp", "POST", content="{", mcp_protocol_version="2026-07-28", **accepted)
    unaccepted = ask(app, "/mcp", "POST", content="{}", content_type="application/json", accept="text/html")
    assert [one.status_code for one in (foreign, large, broken, unaccepted)] == [403, 413, 400, 406]
    assert broken.headers["cache-control"] == "no-store"
    assert call(app, "measure", f"{PATH}?colour=blue")["parameter"] == "colour"


def test_a_program_on_this_computer_is_answered_on_standard_input_and_output(campaign_folder: Path, snapshot) -> None:
    async def talk(server: Any) -> dict[str, Any]:
        async with Client(server) as client:
            result = await client.call_tool("measure", {"region": "africa"})
            return read_answer(result)

    settings = Settings.from_environment({"DASHBOARD_CAMPAIGN": str(campaign_folder)})
    answer = asyncio.run(talk(protocol.make_server(settings)))
    assert answer["build"] == snapshot.build_id
    assert urlsplit(answer["receipt"]["of"]).netloc == ""


def test_what_is_said_of_the_dashboard_leads_to_what_there_is(app: Starlette, snapshot: Snapshot) -> None:
    answer = ask(app, "/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("# ") and snapshot.build_id in answer.text
    links = [line.partition("](")[2].partition(")")[0] for line in answer.text.splitlines() if "](" in line]
    assert len(links) >= 7
    for link in links:
        status = ask(app, link.removeprefix(BASE), "HEAD").status_code
        assert status == (405 if link.endswith("/mcp") else 200), link
