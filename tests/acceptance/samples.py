"""The shipped sample exports read by pandas alone, with the codelists' spellings and rules of their own."""

import re
from functools import cache
from pathlib import Path

import pandas as pd

from dashboard.paths import PROJECT
from tests.acceptance.messy_reckoned import DEADLINE
from tests.acceptance.plain_text import number_same, plain, read_day
from tests.acceptance.reckoning import Reckoning, list_members, place

SAMPLES = PROJECT / "data" / "samples"
CODELISTS = PROJECT / "data" / "codelists"
BLANK = {"", "N/A", "n/a", "-", "?"}
MICROSOFT = {"ID": "no", "Completion time": "sent", "Name of your organisation\u00a0": "maker"}
GOOGLE = {
    "Horodateur": "sent",
    "Nom de votre organisation": "maker",
    "Intitulé de votre Action 2021 (20 mots au plus)": "title",
    "Date de fin prévue": "due",
}
CODING = {
    "Submission no.": "no", "Stakeholder": "maker", "Title": "title", "Stakeholder group": "group", "Themes": "theme",
    "Country or region": "places", "Category": "category", "End date": "due",
}  # fmt: skip
MID_YEAR = {
    "today": "reported_on", "action/action_reference": "no", "action/stakeholder": "maker", "action/title": "title",
    "progress/action_status": "status", "progress/completion_date": "completed_on", "_id": "id",
    "_submission_time": "sent",
}  # fmt: skip
FINAL = {
    "today": "reported_on", "About your action/Reference of your action": "no",
    "About your action/Name of your organisation": "maker", "About your action/Title of your action": "title",
    "Progress/Where does your action stand?": "status", "Progress/Date of completion": "completed_on", "_id": "id",
    "_submission_time": "sent",
}  # fmt: skip


def reckon() -> Reckoning:
    """Return the sample campaign as pandas sees it."""
    submissions = _submissions()
    kept = submissions.sort_values(["sent", "place"]).groupby("action").tail(1).set_index("action")
    numbers = {row.no: row.action for row in submissions.itertuples() if row.no}
    names = {(plain(row.maker), plain(row.title)): row.action for row in submissions.itertuples()}
    coding = _coding()
    coding["action"] = [_find(row, numbers, names) for row in coding.itertuples()]
    coded = coding[coding["action"].notna()].drop_duplicates("action", keep="last").set_index("action")
    due = {}
    for action, row in kept.iterrows():
        staff = read_day(coded.loc[action, "due"], "dmy") if action in coded.index else None
        due[action] = staff or read_day(row["due"], "dmy") or DEADLINE
    actions = pd.DataFrame({"action": list(due), "due_on": pd.to_datetime(list(due.values()))})
    countries = pd.read_csv(CODELISTS / "countries.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    inside = {c.code: {c.region, c.subregion} - {""} for c in countries.itertuples()}
    subregions = pd.read_csv(CODELISTS / "subregions.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    inside |= {s.code: {s.region} for s in subregions.itertuples()}
    del inside["unclassified"]  # it lies in the member of the same name
    return Reckoning(actions, _members(kept, coded, inside), _reports(numbers, names), inside)


def _read(pattern: str, headers: dict[str, str], **options) -> pd.DataFrame:
    path = next(SAMPLES.glob(pattern))
    options = {"dtype": str, "keep_default_na": False, **options}
    read = pd.read_excel if path.suffix == ".xlsx" else pd.read_csv
    frame = read(path, **options)
    frame = frame[(frame != "").any(axis=1)]
    return frame.rename(columns=headers).map(lambda cell: "" if cell.strip() in BLANK else cell.strip())


def _submissions() -> pd.DataFrame:
    microsoft = _read("*Microsoft*", MICROSOFT)
    title = next(header for header in microsoft.columns if "name of your 2021 Action" in header)
    microsoft = microsoft.rename(columns={title: "title"}).assign(due="")
    microsoft["sent"] = pd.to_datetime(microsoft["sent"])
    google = _read("Promesses*", GOOGLE).assign(no="")
    google["sent"] = pd.to_datetime(google["sent"], format="%d/%m/%Y %H:%M:%S")
    rows = pd.concat([google, microsoft], ignore_index=True)[["no", "maker", "title", "sent", "due"]]
    rows = rows[rows["title"] != ""].reset_index(drop=True)
    rows["no"] = rows["no"].map(lambda number: f"MSF-{number}" if number else "")
    rows["place"] = range(len(rows))
    rows["action"] = number_same(
        [f"no {row.no}"] * bool(row.no) + [f"name {plain(row.maker)} / {plain(row.title)}"] for row in rows.itertuples()
    )
    return rows


def _coding() -> pd.DataFrame:
    return _read("classification*", CODING, sheet_name="Coding", header=2)


def _find(row, numbers: dict[str, int], names: dict[tuple[str, str], int]) -> int | None:
    return numbers.get(row.no, names.get((plain(row.maker), plain(row.title))))


def _reports(numbers: dict[str, int], names: dict[tuple[str, str], int]) -> pd.DataFrame:
    final = _read("*final*", FINAL, sep=";", encoding="utf-8-sig")
    rows = pd.concat([final, _read("*mid-year*", MID_YEAR)], ignore_index=True)
    rows = rows.assign(order=range(len(rows)), submitted_at=pd.to_datetime(rows["sent"], format="mixed"))
    rows = rows.sort_values(["submitted_at", "order"]).drop_duplicates("id", keep="last")
    rows["action"] = [_find(row, numbers, names) for row in rows.itertuples()]
    bases = pd.read_csv(CODELISTS / "statuses.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    base = dict(zip(bases["code"], bases["base_status"], strict=True))
    codes = [_one("statuses", text) for text in rows["status"]]
    rows["code"], rows["base"] = codes, [base[code] if code else None for code in codes]
    stated = [read_day(text, "dmy") for text in rows["reported_on"]]
    sent = [moment.date() for moment in rows["submitted_at"]]
    rows["reported_on"] = pd.to_datetime([day or other for day, other in zip(stated, sent, strict=True)])
    rows["completed_on"] = pd.to_datetime([read_day(text, "dmy") for text in rows["completed_on"]])
    wanted = ["action", "reported_on", "submitted_at", "order", "base", "code", "completed_on"]
    return rows.loc[rows["action"].notna(), wanted]


def _members(kept: pd.DataFrame, coded: pd.DataFrame, inside: dict[str, set[str]]) -> pd.DataFrame:
    subregions = set(pd.read_csv(CODELISTS / "subregions.csv", dtype=str, encoding="utf-8-sig")["code"])
    belonging = {}
    for action, row in kept.iterrows():
        staff = coded.loc[action] if action in coded.index else dict.fromkeys(CODING.values(), "")
        places = _several("places", staff["places"])
        if not staff["places"] and " - " in row["maker"]:
            places = {code for code in [_one("places", row["maker"].split(" - ")[0])] if code and len(code) == 3}
        belonging[action] = {
            **place(places, inside, subregions),
            "category": {_one("categories", staff["category"])} - {None},
            "group": {_one("stakeholder_groups", staff["group"])} - {None},
            "theme": _several("themes", staff["theme"]),
        }
    return list_members(belonging)


@cache
def _spellings(name: str) -> dict[str, str]:
    """Return every folded spelling of a codelist; `places` are regions, then subregions, then countries."""
    files = ["regions", "subregions", "countries"] if name == "places" else [name]
    meanings: dict[str, str] = {}
    for file in files:
        rows = pd.read_csv(Path(CODELISTS) / f"{file}.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
        rows = rows[~rows["code"].isin(["unclassified", "not_reported", "overdue"])]
        for column in ("code", "label_en", "label_fr", "label_es", "aliases"):
            for code, cell in zip(rows["code"], rows[column], strict=True):
                for spelling in cell.split("|"):
                    meanings.setdefault(plain(spelling.replace("_", " ")), code)
    return meanings


def _one(codelist: str, text: str) -> str | None:
    return _spellings(codelist).get(plain(text.replace("_", " "))) if text else None


def _several(codelist: str, cell: str) -> set[str]:
    pieces = [piece for piece in re.split(r"[;|\n]", cell) if piece.strip()]
    codes = set()
    for piece in pieces:
        whole = _one(codelist, piece)
        codes |= {whole} if whole else {_one(codelist, part) for part in piece.split(", ")}
    return {code for code in codes if code}
