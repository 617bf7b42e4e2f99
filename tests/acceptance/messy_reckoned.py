"""The messy campaign's files read by pandas alone, by separate rules, without the intended meaning."""

import io
import re
from collections.abc import Callable
from datetime import date

import pandas as pd

from tests.acceptance.messy import (
    AGAIN,
    CATEGORIES,
    CODED,
    CODING,
    COUNTRIES,
    DOWNLOAD,
    GROUPS,
    LATE,
    LINKED,
    STATUSES,
    SURVEY,
    THEMES,
    WIDE,
)
from tests.acceptance.plain_text import number_same, plain, read_csv, read_day, read_moment
from tests.acceptance.reckoning import Reckoning, list_members, place

DEADLINE = date(2021, 12, 30)
SUBREGIONS = {subregion for _, _, subregion in COUNTRIES}


def reckon(files: dict[str, bytes]) -> Reckoning:
    """Return the campaign of these files, read by pandas alone."""
    forms = pd.concat(
        [read_csv(files[DOWNLOAD], ",", "utf-8-sig"), read_csv(files[AGAIN], ";", "utf-8")], ignore_index=True
    )
    forms = forms.assign(
        due=[read_day(t, "mdy") for t in forms["Ends"]], sent=[read_moment(t, "mdy") for t in forms["Sent"]]
    )
    sheet = read_csv(files[LINKED], "\t", "utf-16")
    sheet = pd.DataFrame({
        "No": "", "Organisation": sheet["Organisme"], "Action": sheet["Intitulé"], "Kind of maker": sheet["Type"],
        "Kind": sheet["Genre"], "Subjects": sheet["Thèmes"], "Where": sheet["Pays"], "Region": "", "comma": True,
        "due": [read_day(t, "dmy") for t in sheet["Fin"]], "sent": [read_moment(t, "dmy") for t in sheet["Horodateur"]],
    })  # fmt: skip
    rows = pd.concat([forms.assign(comma=False), sheet], ignore_index=True)
    rows["maker"], rows["title"] = rows["Organisation"].map(plain), rows["Action"].map(plain)
    rows["action"] = number_same([
        [f"no {row.No} {row.maker}"] * bool(row.No) + [f"name {row.maker} {row.title}"] for row in rows.itertuples()
    ])  # fmt: skip
    numbers = {f"{row.No}": row.action for row in rows.itertuples() if row.No}
    names = {(row.maker, row.title): row.action for row in rows.itertuples()}
    kept = rows.assign(place=range(len(rows))).sort_values(["sent", "place"]).groupby("action").tail(1)
    coding = pd.read_excel(io.BytesIO(files[CODED]), dtype=str, keep_default_na=False)
    coded = {}
    for row in coding.to_dict("records"):
        key = numbers.get(row["Action no"], names.get((plain(row["Organisation"]), plain(row["Action"]))))
        if key is not None:
            coded[key] = row
    due = [day or DEADLINE for day in kept["due"]]
    actions = pd.DataFrame({"action": list(kept["action"]), "due_on": pd.to_datetime(due)})
    survey = read_csv(files[SURVEY], ";", "utf-8")
    late = pd.read_excel(io.BytesIO(files[LATE]), dtype=str, keep_default_na=False)
    reports = _reports(pd.concat([survey, late], ignore_index=True), numbers, names)
    inside = {code: {region, subregion} for code, region, subregion in COUNTRIES}
    inside |= {subregion: {region} for _, region, subregion in COUNTRIES}
    return Reckoning(actions, _members(kept, coded, inside), reports, inside)


def _reports(rows: pd.DataFrame, numbers: dict[str, int], names: dict[tuple[str, str], int]) -> pd.DataFrame:
    rows = rows.assign(sent=[read_moment(text, "dmy") for text in rows["Sent"]], order=range(len(rows)))
    rows = rows.sort_values(["sent", "order"]).drop_duplicates("Answer", keep="last")
    maker, title = rows["Organisation"].map(plain), rows["Action"].map(plain)
    named = [names.get(key) for key in zip(maker, title, strict=True)]
    rows["action"] = [numbers.get(n, name) for n, name in zip(rows["No"], named, strict=True)]
    meant = [_one_of(STATUSES, text) for text in rows["State"]]
    told = [read_day(text, "dmy") or sent.date() for text, sent in zip(rows["Stands at"], rows["sent"], strict=True)]
    frame = pd.DataFrame({
        "action": list(rows["action"]),
        "reported_on": pd.to_datetime(told),
        "submitted_at": list(rows["sent"]),
        "order": list(rows["order"]),
        "base": [pair[0] if pair else None for pair in meant],
        "code": [pair[1] if pair else None for pair in meant],
        "completed_on": pd.to_datetime([read_day(text, "dmy") for text in rows["Done on"]]),
    })  # fmt: skip
    return frame[frame["action"].notna()]


def _members(kept: pd.DataFrame, coded: dict[int, dict[str, str]], inside: dict[str, set[str]]) -> pd.DataFrame:
    belonging = {}
    for row in kept.to_dict("records"):
        staff = coded.get(row["action"], dict.fromkeys(CODING, ""))
        split: Callable[[str], list[str]] = re.compile(", " if row["comma"] else r"[;|]").split
        texts = [staff["Countries"]] if staff["Countries"] else [*split(row["Where"]), *split(row["Region"])]
        themes = [staff["Themes"]] if staff["Themes"] else split(row["Subjects"])
        wide = {pair[1] or pair[0] for text in texts if (pair := _one_of(WIDE, text))}
        countries = {country[0] for text in texts if (country := _one_of(COUNTRIES, text))}
        belonging[row["action"]] = {
            **place(countries | wide, inside, SUBREGIONS),
            "category": {_one_of(CATEGORIES, staff["Category"]) or _one_of(CATEGORIES, row["Kind"])} - {None},
            "group": {_one_of(GROUPS, staff["Group"]) or _one_of(GROUPS, row["Kind of maker"])} - {None},
            "theme": {t for text in themes if (t := _one_of(THEMES, text))},
        }
    return list_members(belonging)


def _one_of(table: dict, text: str) -> object:
    """Return the key of the table that has a spelling; None where none has it."""
    wanted = plain(text)
    return next((key for key, names in table.items() if wanted in {plain(name) for name in names}), None)
