"""Another initiative is a campaign folder: own categories, themes, completion scale and regions, recipes, no code.

Completion by region and by theme is compared with a computation of pandas on the raw file: for a fictional register of
two thousand rows, and for registers of real commitments where these are at hand.
"""

import re
from pathlib import Path

import pandas as pd
import pytest

from dashboard.campaign.folder import CampaignFolder
from dashboard.measures.counts import by_dimension, cross, headline
from dashboard.snapshot.selection import Selection
from tests.acceptance import published
from tests.acceptance.published import EXPORTS, account, ask, needs_exports, publish_folder, write_recipe
from tests.etl.campaigns import make_campaign

CAMPAIGN = """
start = {start}
submission_deadline = {end}
action_deadline = {end}
end = {end}
[title]
en = "A fictional initiative"
fr = "Une initiative fictive"
es = "Una iniciativa ficticia"
"""


def code(label: str) -> str:
    """Return a code made of a label."""
    return "c_" + re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")


def codelist(labels: dict[str, str], **more: dict[str, str]) -> str:
    """Return a codelist as CSV: codes with their label, further columns by name."""
    frame = pd.DataFrame({"code": labels.keys(), "label_en": labels.values(), "label_fr": "", "label_es": ""})
    frame = frame.assign(aliases="", sort_order=range(len(frame)))
    return frame.assign(**{name: frame["code"].map(values) for name, values in more.items()}).to_csv(index=False)


def make_folder(
    root: Path, exports: dict[str, str | bytes], recipe: str, codelists: dict[str, str], start: str, end: str
) -> CampaignFolder:
    name = re.search(r'id = "(\w+)"', recipe)[1]
    folder = make_campaign(root, exports, {name: recipe})
    (folder.root / "campaign.toml").write_text(CAMPAIGN.format(start=start, end=end), encoding="utf-8")
    (folder.root / "codelists").mkdir()
    for list_name, text in codelists.items():
        (folder.root / "codelists" / f"{list_name}.csv").write_text(text, encoding="utf-8")
    return folder


def shown(snapshot, dimension: str) -> dict[str, list[int]]:
    """Actions, reported and completed of each member that has actions, as the pages show them."""
    frame = by_dimension(snapshot, Selection(), dimension)
    numbers = zip(frame["code"], frame["actions"], frame["reported"], frame["completed"], strict=True)
    return {member: counts for member, *counts in numbers if counts[0]}


def reckoned(frame: pd.DataFrame, column: str) -> dict:
    """Return the same of a frame with one row an action and member; a row without member counts as unclassified."""
    frame = frame.assign(**{column: frame[column].fillna("unclassified")}).drop_duplicates(["action", column])
    counts = frame.groupby(column).agg(n=("action", "size"), reported=("reported", "sum"), completed=("done", "sum"))
    return {member: [int(n) for n in row] for member, row in zip(counts.index, counts.to_numpy(), strict=True)}


# A fictional river compact: 2,000 promises, made by arithmetic so that every run has the same.

BASINS = {
    "upper_reach": "Upper Reach",
    "middle_reach": "Middle Reach",
    "delta": "Delta",
    "africa": "African Tributaries",
}
SUBJECTS = {
    code(label): label for label in ("Clean water", "Fish; and eels", "Ferries", "Flood walls", "River schools")
}
KINDS = {code(label): label for label in ("Dredging", "Monitoring of locks", "Charter")}
SCALE = {
    "fully": ("Fully met", "completed"),
    "largely_met": ("Largely met", "in_progress"),
    "partly_met": ("Partly met", "in_progress"),
    "barely": ("Barely begun", "not_started"),
    "dropped": ("Given up", "discontinued"),
}
COUNTRIES = ("", "Kenya", "Peru", "France", "Japan; Peru", "Uganda; France")
AFRICAN = ("Kenya", "Uganda")
RIVER_RECIPE = write_recipe(
    "river_promises",
    ("No", "Signatory", "Score"),
    {
        "submission_id": {"headers": ["No"], "prefix": "RIV-"},
        "stakeholder": "Signatory", "title": "Promise", "category": "Kind",
        "themes": {"headers": ["Subjects"], "separators": [" / "]},
        "countries": "Country", "regions": "Reach", "status": "Score", "reported_on": "Scored on",
    },
    {"read": {"separators": ["; ", " / "], "date_order": "ymd"}},
)  # fmt: skip


def river_rows() -> pd.DataFrame:
    def pick(values, number, step):
        return [*values][number // step % len(values)]

    return pd.DataFrame(
        {
            "No": n,
            "Signatory": f"Imaginary Bargemen of {n % 900}",
            "Promise": f"Fictional promise number {n}",
            "Kind": pick(["", *KINDS.values()], n, 3),
            "Subjects": " / ".join(s for k, s in enumerate(SUBJECTS.values()) if (n * 7 + n // 11) % 32 >> k & 1),
            "Country": pick(COUNTRIES, n, 5),
            "Reach": pick(["", *BASINS.values(), "Delta / Upper Reach"], n, 1).replace(" / ", "; "),
            "Score": pick(["", *(label for label, _ in SCALE.values()), "In progress"], n, 7),
            "Scored on": f"2019-{n % 12 + 1:02}-{n % 28 + 1:02}",
        }
        for n in range(1, 2001)
    )


@pytest.mark.nightly
def test_a_fictional_register_with_its_own_lists_and_regions(tmp_path):
    rows = river_rows()
    codelists = {
        "regions": codelist(BASINS),
        "categories": codelist(KINDS),
        "themes": codelist(SUBJECTS),
        "statuses": codelist(
            {name: label for name, (label, _) in SCALE.items()},
            base_status={name: base for name, (_, base) in SCALE.items()},
        ),
    }
    exports = {"register.csv": rows.to_csv(index=False)}
    folder = make_folder(tmp_path / "c", exports, RIVER_RECIPE, codelists, "2019-01-01", "2019-12-31")
    snapshot = publish_folder(folder)
    assert account(snapshot) == {"register.csv": (2000, 2000, 0, 0)}
    assert ask(snapshot, "select count(*) from unmatched_values") == [(0,)]
    bases = dict(SCALE.values())
    rows = rows.assign(action=rows["No"], reported=rows["Score"] != "", done=rows["Score"].map(bases) == "completed")

    def exploded(column, separator, labels):
        codes = {label: name for name, label in labels.items()}
        members = rows[column].str.split(separator).map(lambda cells: [codes[cell] for cell in cells if cell] or [None])
        return rows.assign(**{column: members}).explode(column)

    assert shown(snapshot, "theme") == reckoned(exploded("Subjects", " / ", SUBJECTS), "Subjects")
    assert shown(snapshot, "category") == reckoned(exploded("Kind", "///", KINDS), "Kind")
    assert list(shown(snapshot, "category")) == [*KINDS, "unclassified"]
    # A country's own region goes before the stated one; here only African countries have one that the campaign knows.
    regions = exploded("Reach", "; ", BASINS)
    from_country = regions["Country"].str.split("; ").map(lambda cells: any(cell in AFRICAN for cell in cells))
    regions = regions.assign(Reach=regions["Reach"].mask(from_country, "africa"))
    assert shown(snapshot, "region") == reckoned(regions, "Reach")
    assert headline(snapshot, Selection()).completed == rows["done"].sum()
    both = regions.drop(columns="Subjects")
    both = both.merge(exploded("Subjects", " / ", SUBJECTS)[["action", "Subjects"]], on="action")
    pairs = both[["Reach", "Subjects"]].fillna("unclassified").itertuples(index=False, name=None)
    both = both.assign(pair=list(pairs))
    frame = cross(snapshot, Selection(), "region", "theme")
    crossed: dict = {
        (row.row_code, row.column_code): [row.actions, row.reported, row.completed]
        for row in frame.itertuples()
        if row.actions
    }
    assert crossed == reckoned(both, "pair")


def read_sheet(path: str, **options) -> pd.DataFrame:
    frame = pd.read_excel(EXPORTS / path, dtype=str, keep_default_na=False, **options)
    return frame.map(lambda cell: " ".join(cell.split()))


def read_companies(year: int, date_order: str, country: str, status: str, day: str, more: str = "") -> str:
    """Read the recipe of one layout of the companies' register, with its own regions and sectors."""
    fields = {
        "stakeholder": "Company Name", "title": {"headers": ["Company Name"], "required": True}, "countries": country,
        "regions": "Region", "themes": "Sector", "status": status, "reported_on": day,
    }  # fmt: skip
    aside = {"headers": ["Long term - Target Status", "Organization Type"]}
    tables = {"read": {"date_order": date_order}, "set_aside": aside}
    return write_recipe(f"climate_targets_{year}", ("Company Name", "Sector", "Region"), fields, tables) + more


def show_companies(snapshot, file: str, rows: pd.DataFrame, status: str, days: pd.Series) -> None:
    """Completion by region and sector of the companies of one version, as published and as pandas counts it."""
    rows = rows.assign(day=days, action=rows["Company Name"].str.casefold())
    assert account(snapshot)[file][2] == rows["action"].duplicated().sum()
    in_order = rows.sort_values("day", kind="stable", na_position="first")
    last = in_order.drop_duplicates("action", keep="last").set_index("action")
    kept = rows.drop_duplicates("action", keep="last")
    said = kept["action"].map(last[status].str.casefold())
    reported = kept["action"].map(last["day"].notna())
    kept = kept.assign(reported=reported, done=reported & (said == "targets set"))
    for dimension, column in (("region", "Region"), ("theme", "Sector")):
        codes = kept[column].map(lambda label: code(label) if label else None)
        assert shown(snapshot, dimension) == reckoned(kept.assign(**{column: codes}), column)


@needs_exports
@pytest.mark.nightly
def test_thousands_of_companies_in_two_versions_one_after_the_other(tmp_path):
    older, newer = "companies_taking_action_2021-09.xlsx", "companies_taking_action_2023-02.xlsx"
    was, now = read_sheet(f"sbti/{older}"), read_sheet(f"sbti/{newer}")
    was = was[was["Company Name"] != ""]
    regions, sectors = (
        {code(label): label for label in sorted({*was[c], *now[c]} - {""})} for c in ("Region", "Sector")
    )
    codelists = {
        "regions": codelist(regions),
        "themes": codelist(sectors),
        "statuses": codelist(
            {"targets_set": "Targets Set", "committed": "Committed"},
            base_status={"targets_set": "completed", "committed": "in_progress"},
        ),
    }
    day, status = "Date Committed / Target published", "Near term - Target Status"
    layouts = {
        2021: read_companies(2021, "ymd", "Country", "Status", day),
        2023: read_companies(
            2023,
            "dmy",
            "Location",
            status,
            "Date",
            '\n[replaces]\nfile_names = ["companies_taking_action_*"]\nnewest_by = "date_in_name"\n',
        ),  # fmt: skip
    }
    exports = {older: (EXPORTS / "sbti" / older).read_bytes()}
    folder = make_folder(tmp_path / "c", exports, layouts[2021], codelists, "2014-01-01", "2023-12-31")
    (folder.root / "recipes" / "climate_targets_2023.toml").write_text(layouts[2023], encoding="utf-8")
    # The day of each row is that of its status. One company has none: nobody knows since when its status holds.
    (folder.root / "answers.csv").write_text("kind,is\nday,rows\n", encoding="utf-8")
    show_companies(
        publish_folder(folder), older, was, "Status", pd.to_datetime(was[day].replace("", None), format="mixed")
    )
    (folder.inbox / newer).write_bytes((EXPORTS / "sbti" / newer).read_bytes())
    snapshot = publish_folder(folder)
    show_companies(snapshot, newer, now, status, pd.to_datetime(now["Date"], format="%d/%m/%Y"))
    assert account(snapshot)[older][1] == 0
    for table in ("actions", "progress_reports"):
        assert len(published.column(snapshot, "source_file", table)) == 1
    # The missing names are the difference of both lists of names, except for spellings that the program equates.
    gone = {title.casefold() for (title,) in ask(snapshot, "select title from gone_actions")}
    missing = set(was["Company Name"].str.casefold()) - set(now["Company Name"].str.casefold())
    assert gone <= missing
    assert len(gone) > 0.9 * len(missing) > 100
    named = {"Macau, Province of China": "MAC", "Myanmar (Burma)": "MMR", "Trinidad And Tobago": "TTO"}
    kept = now.drop_duplicates("Company Name", keep="last")["Location"]
    countries = published.actions_by(snapshot, "country")
    assert {name: countries[iso3] for name, iso3 in named.items()} == {name: (kept == name).sum() for name in named}


TRACKER = write_recipe(
    "tracker",
    ("party", "topic", "isNCPO"),
    {
        "submission_id": "id", "stakeholder": "party", "title": "title", "category": "party", "themes": "topic",
        "status": "status", "evidence": "link",
    },
    {
        "values.status": {
            "nodata": "unclassified", "done": "completed", "working": "in_progress", "paused": "in_progress",
            "proposed": "not_started",
        },
        "constants": {"countries": "Thailand", "reported_on": "Q4/2021"},
        "set_aside": {"headers": ["isNCPO", "description", "imageUrl"]},
    },
)  # fmt: skip


@needs_exports
def test_promises_in_a_language_that_the_interface_does_not_speak(tmp_path):
    rows = pd.read_json(EXPORTS / "wevis-thai-promises/promises.json", dtype=False)
    rows = rows.assign(link=rows["links"].map(lambda links: links[0]["url"] if links else None))
    parties = {f"party_{n}": label for n, label in enumerate(sorted(set(rows["party"])))}
    lists = {
        "categories": codelist(parties).replace("label_en,label_fr,label_es", "label_th,note_1,note_2"),
        "themes": codelist({name: name for name in sorted(set(rows["topic"]))}),
    }
    exports = {"promises.csv": rows.drop(columns=["links", "timelines"]).to_csv(index=False)}
    folder = make_folder(tmp_path / "c", exports, TRACKER, lists, "2019-01-01", "2022-12-31")
    dates = CAMPAIGN.format(start="2019-01-01", end="2022-12-31").split("[title]")[0]
    (folder.root / "campaign.toml").write_text(f'{dates}languages = ["th"]\n[title]\nth = "คำสัญญา"\n', encoding="utf-8")
    snapshot = publish_folder(folder)
    assert account(snapshot) == {"promises.csv": (329, 329, 0, 0)}
    assert ask(snapshot, "select count(*) from unmatched_values") == [(0,)]
    codes = {label: name for name, label in parties.items()}
    rows = rows.assign(action=rows["id"], reported=True, done=rows["status"] == "done", region="asia_and_the_pacific")
    assert shown(snapshot, "region") == reckoned(rows, "region")
    assert shown(snapshot, "category") == reckoned(rows.assign(category=rows["party"].map(codes)), "category")
    assert shown(snapshot, "theme") == reckoned(rows, "topic")
    assert ask(snapshot, "select titles, languages, default_language from campaign") == [
        ({"en": "คำสัญญา", "th": "คำสัญญา"}, ["en"], "en")
    ]
    known = rows["status"] != "nodata"
    told = dict(ask(snapshot, "select evidence, count(*) from progress_reports group by 1"))
    assert told == {"evidenced": (known & rows["link"].notna()).sum(), None: (~known).sum()}
