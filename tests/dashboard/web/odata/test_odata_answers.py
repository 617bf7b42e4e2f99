"""OData: as programs ask for it, page by page, filters against the rows themselves, and what is refused."""

import base64
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from starlette.applications import Starlette

from dashboard.access.signed_links import open_links
from dashboard.errors import SelectionError
from dashboard.files.extracts.tables import TABLES
from dashboard.measures.counts import by_dimension, headline
from dashboard.measures.rates_by_member import UNKNOWN_COUNTS
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection
from dashboard.web.odata.entity_sets import EDM, SETS
from dashboard.web.odata.filter_sql import DEEPEST, FUNCTIONS, LONGEST, UnsupportedError, write_filter
from dashboard.web.odata.odata_answers import LARGEST_PAGE
from tests.charts_over_http import BASE, ask, ask_all, make_site, read_csv, republish
from tests.signed_in import make_link, write_roles
from tests.snapshots import copy_published
from tests.standard_schemas import MissingSchemasError, read_csdl_schema

POWER_QUERY = {
    "accept": "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,"
    "application/atomsvc+xml;q=0.8,application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7",
    "odata_maxversion": "4.0",
    "maxdataserviceversion": "3.0",
}
"""The headers of Power BI and Excel."""
EDM_SPACE, EDMX_SPACE = ("{http://docs.oasis-open.org/odata/ns/" + name + "}" for name in ("edm", "edmx"))


def get(app: Any, address: str, **headers: str) -> dict[str, Any]:
    answer = ask(app, address, **POWER_QUERY | headers)
    assert answer.status_code == 200, (address, answer.text[:300])
    assert answer.headers["odata-version"] == "4.0"
    told: dict[str, Any] = answer.json()
    return told


def read_all(app: Any, address: str, **headers: str) -> list[dict[str, Any]]:
    """Read all pages as programs do: by the link in each to the next one."""
    rows: list[dict[str, Any]] = []
    while address:
        page = get(app, address, **headers)
        rows += page["value"]
        address = page.get("@odata.nextLink", "").removeprefix(BASE)
    return rows


def read_extract(app: Any, table: str, query: str = "") -> list[dict[str, Any]]:
    """Read the rows of a table's file."""
    rows: list[dict[str, Any]] = ask(app, f"/extracts/{table}.json?{query}").json()
    return rows


def filtered(text: str, name: str = "actions") -> str:
    return f"/odata/{name}?$filter={quote(text)}"


@pytest.fixture
def site(campaign_folder: Path, kept: pytest.MonkeyPatch, tmp_path: Path) -> Starlette:
    """Return the server of a campaign that a test may publish in and close."""
    return make_site(copy_published(campaign_folder, tmp_path / "campaign"), kept)


def test_a_program_goes_from_the_service_to_the_rows_of_every_table(app: Starlette) -> None:
    service = get(app, "/odata/?region=africa&lang=fr")
    assert service == get(app, "/odata?region=africa&lang=fr")
    assert {one["name"] for one in service["value"]} == {*TABLES, "measures"}
    metadata = ask(app, service["@odata.context"].removeprefix(BASE), **POWER_QUERY)
    assert metadata.headers["content-type"] == "application/xml"
    for entity_set in service["value"]:
        name, address = entity_set["name"], f"/odata/{entity_set['url']}"
        page = get(app, f"{address}&$top=1000&$count=true")
        assert page["@odata.context"] == f"{service['@odata.context']}#{name}"
        assert page["@odata.count"] == len(page["value"])
        assert name in ("events", "stories") or [*page["value"][0]] == [field.name for field in SETS[name].fields]
        if name in TABLES:
            rows = [{key: row[key] for key in row if key != "row_no"} for row in page["value"]]
            assert rows == read_extract(app, name, "region=africa&lang=fr")
        columns = [field.name for field in SETS[name].fields[:2]][::-1]
        chosen = get(app, f"{address}&$top=1000&$select={','.join(columns)}")
        assert chosen["@odata.context"].endswith(f"#{name}({','.join(columns)})")
        assert chosen["value"] == [{column: row[column] for column in columns} for row in page["value"]]
        assert int(ask(app, address.replace("?", "/$count?")).text) == page["@odata.count"]


@pytest.mark.nightly
def test_the_metadata_describe_every_property_by_the_type_of_its_values(app: Starlette) -> None:
    root = etree.fromstring(ask(app, "/odata/$metadata").content)
    assert (root.tag, root.get("Version")) == (f"{EDMX_SPACE}Edmx", "4.0")
    schema = root.find(f"{EDMX_SPACE}DataServices/{EDM_SPACE}Schema")
    sets = {one.get("Name"): one.get("EntityType") for one in schema.iter(f"{EDM_SPACE}EntitySet")}
    assert sets == {name: f"{schema.get('Namespace')}.{name}" for name in SETS}
    values = {"Edm.String": str, "Edm.Date": str, "Edm.Boolean": bool, "Edm.Int64": int, "Edm.Double": (int, float)}
    assert set(values) == set(EDM.values())
    for entity in schema.iter(f"{EDM_SPACE}EntityType"):
        properties = {one.get("Name"): one for one in entity.iter(f"{EDM_SPACE}Property")}
        (key,) = (one.get("Name") for one in entity.iter(f"{EDM_SPACE}PropertyRef"))
        assert [name for name, one in properties.items() if one.get("Nullable") == "false"] == [key]
        rows = read_all(app, f"/odata/{entity.get('Name')}")
        assert len({row[key] for row in rows} - {None}) == len(rows)
        for row in rows:
            for name, value in row.items():
                assert value is None or isinstance(value, values[properties[name].get("Type")]), (name, value)
                if properties[name].get("Type") == "Edm.Date":
                    assert value is None or re.fullmatch(r"\d{4}-\d\d-\d\d", value)


@pytest.mark.nightly
def test_the_metadata_are_valid_by_the_schema_of_oasis(app: Starlette) -> None:
    try:
        schema = read_csdl_schema()
    except MissingSchemasError as error:
        pytest.skip(str(error))
    for lang in ("en", "fr", "es"):
        schema.assertValid(etree.fromstring(ask(app, f"/odata/$metadata?lang={lang}").content))


@pytest.mark.nightly
def test_pages_are_whole_without_repeats_and_stay_with_the_build_of_the_first(site: Starlette, tmp_path: Path) -> None:
    reports, wanted = "/odata/reports?$orderby=status_code desc,wave", {"prefer": "odata.maxpagesize=7"}
    expected = get(site, reports)["value"]
    assert len(expected) > 40
    first = ask(site, reports, **wanted)
    assert first.headers["preference-applied"] == "odata.maxpagesize=7"
    assert len(first.json()["value"]) == 7
    for name in SETS:
        rows = get(site, f"/odata/{name}")["value"]
        assert read_all(site, f"/odata/{name}", prefer=f"odata.maxpagesize={max(len(rows) // 3, 1)}") == rows
    part = read_all(site, f"{reports}&$skip=5&$top=20", **wanted)
    assert part == expected[5:25]
    republish(tmp_path / "campaign", "another", without=20)
    assert len(get(site, "/odata/actions")["value"]) == 20
    address = first.json()["@odata.nextLink"].removeprefix(BASE)
    assert first.json()["value"] + read_all(site, address) == expected
    assert ask(site, address, if_none_match=ask(site, address).headers["etag"]).status_code == 304
    refused = ask(site, f"{address}&build=another")
    assert (refused.status_code, refused.json()["error"]["target"]) == (400, "$skiptoken")
    shutil.move(tmp_path / "campaign" / "published" / "snapshot-fixture.duckdb", tmp_path / "gone")
    assert ask(site, address.replace("fixture", "nowhere")).status_code == 410


def lower(value: str | None) -> str:
    return (value or "").lower()


FILTERS = {
    "status_code eq 'completed'": lambda row: row["status_code"] == "completed",
    "status_code ne 'completed'": lambda row: row["status_code"] != "completed",
    "'completed' eq status_code": lambda row: row["status_code"] == "completed",
    "percent gt 50": lambda row: (row["percent"] or 0) > 50,
    "percent ge 40 and percent le 100.0": lambda row: row["percent"] is not None and row["percent"] >= 40,
    "percent lt 50 or percent eq null": lambda row: row["percent"] is None or row["percent"] < 50,
    "not (percent gt 50)": lambda row: not (row["percent"] or 0) > 50,
    "completed_on ne null": lambda row: row["completed_on"] is not None,
    "completed_on ge 2021-10-01": lambda row: (row["completed_on"] or "") >= "2021-10-01",
    "completed_on eq 2021-11-30": lambda row: row["completed_on"] == "2021-11-30",
    "year(submitted_on) eq 2021 and month(submitted_on) le 3": lambda row: "2021" <= row["submitted_on"] < "2021-04",
    "day(due_on) eq 30": lambda row: row["due_on"].endswith("-30"),
    "is_overdue": lambda row: row["is_overdue"],
    "is_overdue eq false": lambda row: not row["is_overdue"],
    "is_on_time eq null": lambda row: row["is_on_time"] is None,
    "status_code in ('completed','in_progress')": lambda row: row["status_code"] in ("completed", "in_progress"),
    "group_code in ('government')": lambda row: row["group_code"] == "government",
    "contains(tolower(title),'school')": lambda row: "school" in lower(row["title"]),
    "not contains(title,'a') and startswith(action_id,'FIX-0')": lambda row: "a" not in row["title"],
    "endswith(toupper(action_id),'-007')": lambda row: row["action_id"] == "FIX-007",
    "length(trim(title)) gt 30": lambda row: len(row["title"].strip()) > 30,
    "contains(stakeholder,'''')": lambda row: "'" in (row["stakeholder"] or ""),
    "results gt 0 and (results_met eq 0 or is_overdue)": (
        lambda row: row["results"] > 0 and (row["results_met"] == 0 or row["is_overdue"])
    ),
    " or ".join(f"action_id eq 'FIX-{number:03}'" for number in range(1, 200)): lambda row: True,
}
"""Filters, each with what it means of a row."""


def test_a_filter_keeps_the_rows_that_it_means(app: Starlette) -> None:
    rows = read_extract(app, "actions")
    answers = ask_all(app, [filtered(text) for text in FILTERS])
    found = []
    for (text, means), answer in zip(FILTERS.items(), answers, strict=True):
        expected = [row for row in rows if means(row)]
        assert answer.status_code == 200, (text, answer.text[:300])
        assert answer.json()["value"] == expected, text
        found.append(0 < len(expected) < len(rows))
    assert sum(found) >= 20
    both = ask(app, f"{filtered('is_overdue')}&theme=education&$orderby=due_on desc,title&$count=true").json()
    expected = [row for row in read_extract(app, "actions", "theme=education") if row["is_overdue"]]
    assert both["@odata.count"] == len(expected) > 0
    by_title = sorted(expected, key=lambda row: (row["title"], row["action_id"]))
    assert both["value"] == sorted(by_title, key=lambda row: row["due_on"], reverse=True)
    dates = [row["completed_on"] for row in get(app, "/odata/actions?$orderby=completed_on")["value"]]
    assert dates == sorted(dates, key=lambda day: day or "")


OF_REGIONS = "dimension eq 'region'"


def test_a_measure_is_that_of_the_charts_with_what_is_not_known(app: Starlette, snapshot: Snapshot) -> None:
    rows = {(row["dimension"], row["member"], row["measure"]): row for row in get(app, "/odata/measures")["value"]}
    chart = read_csv(ask(app, "/charts/completion-by-region.csv?lang=en").content).set_index("code")
    for code, figures in chart.iterrows():
        row = rows["region", code, "completion_rate"]
        counts = [row[name] for name in ("numerator", "denominator", "unknown")]
        assert counts == [figures["completed"], figures["actions"], figures["unknown"]]
        assert [row["rate"], row["upper_bound"]] == pytest.approx(figures[["completion_rate", "upper_bound"]].tolist())
        assert rows["region", code, "reporting_rate"]["numerator"] == figures["reported"]
    total = headline(snapshot, Selection())
    for rate in ("completion_rate", "reporting_rate", "on_time_rate", "milestone_rate"):
        row = rows["all", "all", rate]
        assert (row["numerator"], row["denominator"]) == total.fraction(rate)
    assert rows["all", "all", "on_time_rate"]["unknown"] == total.on_time_unknown
    assert {measure for *_, measure in rows} == set(UNKNOWN_COUNTS)
    members = {member for dimension, member, _ in rows if dimension == "theme"}
    assert members == set(by_dimension(snapshot, Selection(), "theme")["code"])
    french = get(app, f"{filtered(OF_REGIONS, 'measures')}&lang=fr&region=africa")
    assert [row["member_name"] for row in french["value"]][:1] == ["Afrique"]


HOSTILE = (
    "title eq 'x' --",
    "title eq 'x'; drop table actions",
    "title eq 'x' or 1=1",
    'title eq "x"',
    "\"title\" eq 'x'",
    "title eq ‘x’ or ‘1’ eq ‘1’",
    "title eq 'x' /* */",
    "title eq $lang",
    "$lang eq 'en'",
    "title eq ?",
    "password eq 'x'",
    "search_text eq 'x'",
    "row_no eq 1",
    "stakeholder_id eq (select 1)",
    "read_csv('/etc/passwd') eq 'x'",
    "getenv('HOME') eq 'x'",
    "sql(title) eq 'x'",
    "concat(title,'x') eq 'x'",
    "matchesPattern(title,'(a+)+$')",
    "title add 1 eq 'x'",
    "actions/any(a:a eq 1)",
    "a/b/c eq 'x'",
    "title eq title/$count",
    "cast(title,'Edm.Int32') eq 1",
    "now() gt due_on",
    "due_on eq 2021-02-31",
    "due_on gt 'x'",
    "percent eq 'x'",
    "percent eq 1e99999999999999999",
    f"percent eq {'9' * 400}",
    "title",
    "'x'",
    "",
    "not",
    "(((",
    "title in ()",
    "title eq 'x",
    "title eq 'x\\' or 1 eq 1 or title eq '",
    "title eq 'a' and",
    f"{'not ' * 500}is_overdue",
    "tolower(" * 200 + "title" + ")" * 200 + " eq 'x'",
    f"title eq '{'x' * LONGEST}'",
    "\x00",
)
"""What gets no rows and a reason."""
HARMLESS = (
    "title eq 'x'' or ''1'' eq ''1'",
    "title eq ''';drop table actions;--'",
    "contains(title,'\\''; select')",
    "title eq '$lang'",
    "title eq '{0}{}'",
    "title eq\u00a0'x'\u2028",
    "title eq '\x00\ufffe'",
    f"{'(' * 60}is_overdue and false{')' * 60}",
)
"""What is a value like any other, which no row has."""


def test_what_a_filter_should_not_hold_is_refused_or_a_value_like_any_other(app: Starlette) -> None:
    for text, answer in zip(HOSTILE, ask_all(app, [filtered(text) for text in HOSTILE]), strict=True):
        assert answer.status_code in (400, 501), (text, answer.text[:300])
        told = answer.json()["error"]
        assert answer.headers["odata-version"] == "4.0" and told["code"] in ("BadRequest", "NotImplemented")
        assert len(told["message"]) > 20 and "Error" not in told["message"], told
    for text, answer in zip(HARMLESS, ask_all(app, [filtered(text) for text in HARMLESS]), strict=True):
        assert (answer.status_code, answer.json().get("value")) == (200, []), (text, answer.text[:300])
    for option in ("$orderby", "$select"):
        for name in ("title;drop", 'title"', "1", "(select 1)", "title desc nulls first", "password", "lower(title)"):
            answer = ask(app, f"/odata/actions?{option}={quote(name)}")
            assert (answer.status_code, answer.json()["error"]["target"]) == (400, option), name
    assert len(read_extract(app, "actions")) == 40


def quote_text(text: str) -> str:
    """Write a text as a value of OData."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


WORDS = ["title", "percent", "'x'", "1", "2021-02-03", "null", "(", ")", ",", " ", "/", "'", '"', ";", "--", "\x00"]
WORDS += [" eq ", " lt ", " in ", " and ", "not ", " add ", *FUNCTIONS]
VALUES = st.text(max_size=12).map(lambda text: (quote_text(text), text))
CONDITIONS = st.recursive(
    st.builds(
        "{} {} {}".format, st.sampled_from(["title", "tolower(title)"]), st.sampled_from(["eq", "gt"]), st.just("@")
    ),
    lambda inner: st.builds("({} {} not ({}))".format, inner, st.sampled_from(["and", "or"]), inner),
    max_leaves=5,
)


def assert_bound(text: str) -> list[Any]:
    """Check that only declared columns, what is written here and parameters are in the SQL; return the values."""
    columns = SETS["actions"].fields
    condition, values = write_filter(text, columns)
    assert set(re.findall(r'"([^"]*)"', condition)) <= {field.name for field in columns}
    assert set(re.findall(r"\$(\w+)", condition)) == set(values)
    plain = re.sub(r'"[^"]*"|\$filter_\d+', "", condition)
    assert re.fullmatch(r"[a-z_ (),<>=:]*", plain), condition
    return [*values.values()]


@pytest.mark.drawn
@given(CONDITIONS, VALUES, st.lists(st.sampled_from(WORDS), max_size=12).map("".join))
def test_a_value_is_bound_as_it_stands_and_nothing_else_gets_into_the_sql(form: str, value: Any, text: str) -> None:
    quoted, meant = value
    assert assert_bound(form.replace("@", quoted)) == [meant] * form.count("@")
    try:
        assert_bound(text)
    except (SelectionError, UnsupportedError):
        return


def test_a_chain_may_be_long_and_nothing_nested_without_end() -> None:
    columns = SETS["actions"].fields
    assert write_filter(" and ".join(["is_overdue"] * 400), columns)[0].count("and") == 399
    with pytest.raises(SelectionError, match="nested"):
        write_filter("not " * (DEEPEST + 1) + "is_overdue", columns)


REFUSED = {
    "/odata/people": (404, "themes_countries"),
    "/odata/actions('FIX-001')": (404, "actions"),
    "/odata/actions/title": (404, "actions"),
    "/odata/actions?$expand=reports": (501, "$filter"),
    "/odata/?$search=x": (501, "$format"),
    "/odata/actions?$top=-1": (400, "whole number"),
    "/odata/actions?$skip=x": (400, "whole number"),
    "/odata/actions?$top=1&$top=2": (400, "twice"),
    "/odata/actions?$count=yes": (400, "true, false"),
    "/odata/actions?$skiptoken=x": (400, "$skiptoken"),
    "/odata/actions?$skiptoken=../x.1.1": (400, "$skiptoken"),
    "/odata/actions?$skiptoken=fixture.1.-1": (400, "$skiptoken"),
    "/odata/actions?$format=xml": (406, "JSON"),
    "/odata/actions?$top=1&colour=blue": (400, "region"),
    "/odata/actions?region=atlantis": (400, "africa"),
    "/odata/actions?vs.region=africa": (400, "region"),
    "/odata/$metadata?$top=1": (400, "lang"),
}


def test_what_is_not_offered_is_refused_in_the_form_of_odata(app: Starlette) -> None:
    for address, (status, part) in REFUSED.items():
        answer = ask(app, address)
        assert (answer.status_code, [*answer.json()]) == (status, ["error"]), address
        assert part in answer.json()["error"]["message"], address
        assert answer.headers["odata-version"] == "4.0" and answer.headers["cache-control"] == "no-store"
    for headers in ({"odata_maxversion": "3.0"}, {"accept": "application/atom+xml"}):
        assert ask(app, "/odata/actions", **headers).status_code == 406
    for headers in ({"odata_maxversion": "4.01"}, {"accept": "*/*"}, {"accept": "text/html"}):
        assert ask(app, "/odata/actions?$top=0", **headers).json()["value"] == []
    bare = ask(app, "/odata/actions?$top=1", accept="application/json;odata.metadata=none")
    assert [*bare.json()] == ["value"]
    assert "odata.metadata=none" in bare.headers["content-type"]
    assert get(app, f"/odata/actions?$top=1&$format=json&$skip={LARGEST_PAGE}")["value"] == []
    answer = ask(app, "/odata/actions")
    assert "Prefer" in answer.headers["vary"]
    assert ask(app, "/odata/actions", if_none_match=answer.headers["etag"]).status_code == 304
    assert ask(app, "/odata/actions?build=fixture").headers["cache-control"].endswith("immutable")


def test_a_signed_link_opens_all_below_it_for_its_selection(site: Starlette, tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    write_roles(folder, closed=True)
    links = open_links(folder / "private")
    _, token = make_link(links, "/odata/", "region=africa&lang=fr", 90)
    _, of_a_file = make_link(links, "/extracts/actions.json", "region=africa&lang=fr", 90)
    password = {"authorization": f"Basic {base64.b64encode(f'link:{token}'.encode()).decode()}"}
    assert ask(site, "/odata/").headers["www-authenticate"].startswith("Basic")

    rows = get(site, "/odata/actions?region=africa&lang=fr", **password)["value"]
    assert 0 < len(rows) < 40 and {"Afrique"} <= set(rows[0]["regions"].split("; "))
    for address in (
        "/odata/actions",
        "/odata/actions?$top=1000&$select=action_id,regions",
        "/odata/$metadata",
        "/odata",
    ):
        assert ask(site, address, **password).status_code == 200, address
    assert get(site, "/odata/actions", **password)["value"] == rows, "the link brings its selection"
    service = get(site, "/odata/", **password)
    assert all(one["url"].endswith("?region=africa&lang=fr") for one in service["value"])
    assert read_all(site, "/odata/actions", prefer="odata.maxpagesize=3", **password) == rows
    for address in (
        "/odata/actions?region=americas",
        "/odata/actions?lang=en",
        "/odata/actions?region=africa&theme=mining",
    ):
        assert ask(site, address, **password).status_code == 403, address
    for address in (
        "/extracts/actions.json?region=africa&lang=fr",
        "/charts/completion-by-region?region=africa&lang=fr",
    ):
        assert ask(site, address, **password).status_code == 403, address
    assert ask(site, f"/odata/actions?region=africa&lang=fr&token={token}").json()["value"] == rows
    assert ask(site, f"/odata/actions?region=africa&lang=fr&token={of_a_file}").status_code == 403
    assert ask(site, "/odata/actions?region=africa&lang=fr").status_code == 401
    answer = ask(site, "/odata/actions", **password)
    assert (answer.headers["cache-control"], token in answer.text) == ("private, no-cache", False)
    _, of_a_day = make_link(links, "/odata/", "q=school&as_of=2021-07-01&lang=fr", 90)
    narrow = get(site, f"/odata/actions?token={of_a_day}")["value"]
    for lifted in ("as_of=&q=&lang=", "$top=50&q=", "utm_source=x&as_of="):
        assert get(site, f"/odata/actions?{lifted}&token={of_a_day}")["value"] == narrow
    assert all((row["reported_on"] or "") <= "2021-07-01" for row in narrow) and 0 < len(narrow) < 20
    first = get(site, "/odata/actions", prefer="odata.maxpagesize=3", **password)
    following = first["@odata.nextLink"].removeprefix(BASE)
    republish(folder, "another", without=20)
    assert first["value"] + read_all(site, following, **password) == rows, "its pages stay with their build"
    place, beside = following.rpartition(".")[0], following.replace("region=africa", "q=school&as_of=2021-07-01")
    for forged, opener in (
        (place, token), (f"{place}.x", token), (following.replace(".3.", ".0."), token),
        (following.replace("fixture", "another"), token), (beside, of_a_day),
    ):  # fmt: skip
        answer = ask(site, f"{forged}&token={opener}")
        assert (answer.status_code, answer.json()["error"]["target"]) == (400, "$skiptoken"), forged
    assert ask(site, "/odata/actions?build=fixture", **password).status_code == 403
    for link in links.list():
        links.revoke(link.handle)
    assert ask(site, "/odata/actions", **password).status_code == 410
