"""Exports of an invented campaign, as messy as real ones: made from a seed, and read again by pandas alone.

`make_exports` writes the files; `reckon` reads those very files with pandas, its own spellings and its own
rules, knowing nothing of what was meant when they were made.
"""

import io
import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

import openpyxl
import pandas as pd

from tests.acceptance.reckoning import Reckoning

# Spellings by code, those of people; the first place after a country is its region, the second its subregion.
COUNTRIES = {
    ("CIV", "africa", "western_africa"): ("Côte d'Ivoire", "Côte d’Ivoire", "COTE D IVOIRE", "Ivory Coast", "CIV"),
    ("GHA", "africa", "western_africa"): ("Ghana", " ghana ", "Republic of Ghana", "GHA"),
    ("UGA", "africa", "eastern_africa"): ("Uganda", "Ouganda", "UGANDA"),
    ("COD", "africa", "central_africa"): ("Democratic Republic of the Congo", "DRC", "Congo, Dem. Rep."),
    ("BRA", "americas", "south_america"): ("Brazil", "Brésil", "Bre\u0301sil", "brasil"),
    ("PER", "americas", "south_america"): ("Perú", "Peru", "Pérou"),
    ("NPL", "asia_and_the_pacific", "southern_asia"): ("Nepal", "Népal", "NEPAL"),
    ("VNM", "asia_and_the_pacific", "south_eastern_asia"): ("Viet Nam", "Vietnam", "viet\u00a0nam"),
    ("FRA", "europe_and_central_asia", "western_europe"): ("France", "Francia", "FRA"),
    ("TUR", "europe_and_central_asia", "western_asia"): ("Turkey", "Türkiye", "Turquía"),
    ("JOR", "arab_states", "arab_states_subregion"): ("Jordan", "Jordanie", "JORDANIA"),
}
WIDE = {
    ("africa", None): ("Africa", "Afrique", "ÁFRICA"),
    ("arab_states", None): ("Arab States", "États arabes"),
    ("africa", "western_africa"): ("West Africa", "Afrique de l'Ouest"),
    ("global", None): ("Global", "Mondial", "worldwide"),
}
THEMES = {
    "agriculture": ("Agriculture", "agricultura", "AGRICULTURE "),
    "mining": ("Mining", "Mines", "Minería"),
    "education": ("Education", "Éducation", "educacion"),
    "supply_chains": ("Supply chains", "Chaînes d'approvisionnement", "supply-chains"),
    "covid_19": ("COVID-19", "Covid 19"),
    "social_protection": ("Social protection", "Protection sociale"),
}
CATEGORIES = {
    "research": ("Research", "Recherche", "Investigación"),
    "roadmap_or_policy": ("Roadmap or policy", "Feuille de route ou politique", "ROADMAP / POLICY"),
    "monitoring_system": ("Monitoring system", "Système de suivi"),
    "awareness_advocacy": ("Awareness-raising and advocacy", "Sensibilisation et plaidoyer"),
    "other": ("Other", "Autre", "otra"),
}
GROUPS = {
    "government": ("Governments", "Gouvernements", "government"),
    "business": ("Businesses", "Entreprises", "Company"),
    "civil_society": ("Civil society", "Société civile", "sociedad civil"),
    "workers_organisation": ("Workers' organizations", "Workers’ organizations", "Organisations de travailleurs"),
}
STATUSES = {
    ("completed", "completed"): ("Completed", "Achevée", "terminé", "COMPLETADO"),
    ("in_progress", "in_progress"): ("In progress", "En cours", "en curso", "Ongoing"),
    ("not_started", "not_started"): ("Not started", "Pas encore commencé", "No iniciada"),
    ("discontinued", "discontinued"): ("Discontinued", "Abandonnée"),
    ("in_progress", "adapted"): ("In progress, adapted", "En cours, adaptée"),
    ("discontinued", "withdrawn"): ("Withdrawn", "Retirada"),
}
UNKNOWN = ("Atlantis", "n. d.", "to be decided")
MONTHS = {
    "January": 1, "janvier": 1, "enero": 1, "février": 2, "March": 3, "marzo": 3, "avril": 4, "May": 5, "mayo": 5,
    "juin": 6, "July": 7, "juillet": 7, "août": 8, "agosto": 8, "septiembre": 9, "October": 10, "novembre": 11,
    "December": 12, "diciembre": 12, "décembre": 12,
}  # fmt: skip
DEADLINE = date(2021, 12, 30)
END = date(2021, 12, 31)
ACTIONS = ["No", "Organisation", "Action", "Sent", "Ends", "Kind of maker", "Kind", "Subjects", "Where", "Region"]
SHEET = ["Horodateur", "Organisme", "Intitulé", "Fin", "Type", "Genre", "Thèmes", "Pays"]
CODING = ["Action no", "Organisation", "Action", "Group", "Category", "Themes", "Countries"]
REPORTS = ["Answer", "No", "Organisation", "Action", "Sent", "Stands at", "State", "Done on", "Percent"]
DOWNLOAD, AGAIN, LINKED, CODED = "forms.csv", "forms (1).csv", "réponses.csv", "coding.xlsx"
SURVEY, LATE = "survey.csv", "final survey.xlsx"
# fmt: off
RECIPES = {
    "messy_forms": """
id = "messy_forms"
title = "Form"
holds = "actions"
[recognise]
headers = ["No", "Kind of maker"]
[read]
separators = [";"]
date_order = "mdy"
blank = ["N/A"]
[fields.submission_id]
headers = ["No"]
prefix = "F-"
[fields.stakeholder]
headers = ["Organisation"]
[fields.title]
headers = ["Action"]
[fields.submitted_at]
headers = ["Sent"]
[fields.due_on]
headers = ["Ends"]
[fields.stakeholder_group]
headers = ["Kind of maker"]
[fields.category]
headers = ["Kind"]
[fields.themes]
headers = ["Subjects"]
[fields.countries]
headers = ["Where"]
separators = [";", "|"]
[fields.regions]
headers = ["Region"]
""",
    "messy_sheet": """
id = "messy_sheet"
title = "Linked sheet"
holds = "actions"
[recognise]
headers = ["Horodateur", "Organisme"]
[read]
separators = [", "]
[fields.submitted_at]
headers = ["Horodateur"]
[fields.stakeholder]
headers = ["Organisme"]
[fields.title]
headers = ["Intitulé"]
[fields.due_on]
headers = ["Fin"]
[fields.stakeholder_group]
headers = ["Type"]
[fields.category]
headers = ["Genre"]
[fields.themes]
headers = ["Thèmes"]
[fields.countries]
headers = ["Pays"]
""",
    "messy_coding": """
id = "messy_coding"
title = "Coding"
holds = "classification"
[recognise]
headers = ["Action no", "Group"]
[read]
separators = [";"]
[fields.submission_id]
headers = ["Action no"]
[fields.stakeholder]
headers = ["Organisation"]
[fields.title]
headers = ["Action"]
[fields.stakeholder_group]
headers = ["Group"]
[fields.category]
headers = ["Category"]
[fields.themes]
headers = ["Themes"]
[fields.countries]
headers = ["Countries"]
""",
    "messy_survey": """
id = "messy_survey"
title = "Survey"
holds = "progress_reports"
[recognise]
headers = ["Answer", "State"]
[read]
date_order = "dmy"
[fields.report_id]
headers = ["Answer"]
[fields.submission_id]
headers = ["No"]
[fields.stakeholder]
headers = ["Organisation"]
[fields.title]
headers = ["Action"]
[fields.submitted_at]
headers = ["Sent"]
[fields.reported_on]
headers = ["Stands at"]
[fields.status]
headers = ["State"]
[fields.completed_on]
headers = ["Done on"]
[fields.percent]
headers = ["Percent"]
""",
}
# fmt: on


def make_exports(seed: int, actions: int = 120) -> dict[str, bytes]:
    """The six files of one invented campaign."""
    return _Maker(seed, actions).files()


class _Maker:
    """Writes the files; every choice comes from one seeded generator."""

    def __init__(self, seed: int, actions: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  (test data, nothing secret)
        self.promises = [(f"Fictional {self._word(n)} Nº {n}", f"Invented action {n}: {self._word(n)}") for n in
                         range(actions)]  # fmt: skip

    def files(self) -> dict[str, bytes]:
        half = len(self.promises) // 2
        forms, again = self._forms(self.promises[:half])
        sheet = self._sheet(self.promises[half:])
        numbered = [(line[0], line[1], line[2]) for line in forms]
        unnumbered = [("", line[1], line[2]) for line in sheet]
        known = numbered + unnumbered
        return {
            DOWNLOAD: _csv([ACTIONS, *forms], ",").encode("utf-8-sig"),
            AGAIN: _csv([ACTIONS, *again], ";").encode("utf-8"),
            LINKED: _csv([SHEET, *sheet], "\t").encode("utf-16"),
            CODED: _workbook([CODING, *self._coding(known)]),
            SURVEY: _csv([REPORTS, *self._survey(known)], ";").encode("utf-8"),
            LATE: _workbook([REPORTS, *self._late(known)]),
        }

    def _forms(self, promises: Sequence[tuple[str, str]]) -> tuple[list[list[str]], list[list[str]]]:
        """A download and a later one of the same form: some lines the same, some sent again under a new number."""
        lines, again = [], []
        for number, promise in enumerate(promises, start=1):
            line = self._submission(str(number), promise)
            lines.append(line)
            fate = self.random.random()
            if fate < 0.1:
                again.append(list(line))
            elif fate < 0.25:
                again.append(self._submission(str(number + 1000), (self._shout(promise[0]), self._shout(promise[1]))))
            elif fate < 0.3:
                again.append(self._submission(str(number), (promise[0], promise[1] + ", corrected")))
        return lines, again

    def _submission(self, number: str, promise: tuple[str, str]) -> list[str]:
        sent = self._moment(date(2021, 1, 20), date(2021, 5, 15))
        return [
            number, *promise, f"{sent.month}/{sent.day}/{sent:%y} {sent:%H:%M:%S}", self._deadline("mdy"),
            self._one(GROUPS), self._one(CATEGORIES), self._several(THEMES, ";"),
            self._where(self.random.choice(";|")), self._region(),
        ]  # fmt: skip

    def _sheet(self, promises: Sequence[tuple[str, str]]) -> list[list[str]]:
        lines = []
        for promise in promises:
            for times in range(self.random.choice((1, 1, 1, 2))):
                sent = self._moment(date(2021, 1, 20), date(2021, 5, 15))
                lines.append([
                    f"{sent:%d/%m/%Y %H:%M:%S}", *(map(self._shout, promise) if times else promise),
                    self._deadline("dmy"), self._one(GROUPS), self._one(CATEGORIES), self._several(THEMES, ", "),
                    self._where(", ", comma=False),
                ])  # fmt: skip
        self.random.shuffle(lines)
        return lines

    def _coding(self, known: Sequence[tuple[str, str, str]]) -> list[list[object]]:
        lines: list[list[object]] = []
        for number, maker, title in self.random.sample(list(known), len(known) // 3):
            by_number = bool(number) and self.random.random() < 0.5
            keys: list[object] = [int(number), None, None] if by_number else [None, maker.upper(), title]
            known_or_blank = [self._known(GROUPS), self._known(CATEGORIES), self._known(THEMES), self._known(COUNTRIES)]
            lines.append([*keys, *(value or None for value in known_or_blank)])
        return [*lines, [99999, None, None, "Business", None, None, None]]

    def _survey(self, known: Sequence[tuple[str, str, str]]) -> list[list[str]]:
        """A first wave with silence, several answers a day, an answer downloaded twice, and answers about nothing."""
        lines = []
        for place, (number, maker, title) in enumerate(self.random.sample(list(known), len(known) * 2 // 3), start=1):
            for time in range(self.random.choice((1, 1, 2))):
                sent = self._moment(date(2021, 6, 1), date(2021, 7, 20))
                keys = [number, "", ""] if number and self.random.random() < 0.6 else ["", maker, self._shout(title)]
                stands = self.random.choice(("", "", "15/06/2021", "2021-07-01", "1er juillet 2021"))
                lines.append([f"A{place}-{time}", *keys, f"{sent:%Y-%m-%dT%H:%M:%S}", stands, *self._progress(sent)])
                if self.random.random() < 0.1:
                    later = sent + timedelta(hours=30)
                    lines.append([lines[-1][0], *keys, f"{later:%Y-%m-%dT%H:%M:%S}", stands, *self._progress(later)])
        lines.append(["A-lost", "", "Fictional Stranger", "Nothing", "2021-06-30T10:00:00", "", "Completed", "", ""])
        lines.append(["A-void", "", "", "", "2021-06-30T10:00:00", "", "Completed", "", ""])
        self.random.shuffle(lines)
        return lines

    def _late(self, known: Sequence[tuple[str, str, str]]) -> list[list[object]]:
        """A last wave in a workbook with real dates, keyed by maker and title alone."""
        lines: list[list[object]] = []
        for place, (_, maker, title) in enumerate(self.random.sample(list(known), len(known) // 2), start=1):
            sent = self._moment(date(2021, 10, 1), date(2022, 1, 15))
            status, done, percent = self._progress(sent)
            lines.append([
                f"B{place}", None, maker.lower(), title, sent, self.random.choice((None, sent.date())), status or None,
                _iso(done) or None, percent or None,
            ])  # fmt: skip
        return lines

    def _progress(self, sent: datetime) -> list[str]:
        (base, _), spellings = self.random.choice(list(STATUSES.items()))
        status = self.random.choice(("", self.random.choice(UNKNOWN), *spellings, *spellings))
        done = sent.date() + timedelta(days=self.random.randint(-40, 0))
        dates = (f"{done:%d/%m/%Y}", f"{done:%Y-%m-%d}", str((done - date(1899, 12, 30)).days), "", "soon")
        return [
            status,
            self.random.choice(dates) if base == "completed" else "",
            self.random.choice(("", "40 %", "100")),
        ]

    def _deadline(self, order: str) -> str:
        day = date(2021, 6, 1) + timedelta(days=self.random.randint(0, 260))
        name = self.random.choice([name for name, number in MONTHS.items() if number == day.month])
        pair = f"{day.month}/{day.day}/{day.year}" if order == "mdy" else f"{day.day}/{day.month}/{day.year}"
        return self.random.choice(("", "", pair, day.isoformat(), f"{day.day} {name} {day.year}", "end of year"))

    def _where(self, separator: str, *, comma: bool = True) -> str:
        chosen = self.random.sample(list(COUNTRIES.items()), self.random.choice((0, 1, 1, 1, 2, 3)))
        spellings = [[s for s in names if comma or ", " not in s] for _, names in chosen]
        pieces = [self.random.choice(names) for names in spellings]
        if self.random.random() < 0.2:
            pieces.append(self.random.choice([s for names in WIDE.values() for s in names]))
        return separator.join(pieces)

    def _region(self) -> str:
        return self.random.choice(("", "", "N/A", self.random.choice([s for names in WIDE.values() for s in names])))

    def _one(self, table: dict[str, tuple[str, ...]]) -> str:
        return self.random.choice(("", self.random.choice(UNKNOWN), *(self._spelling(table) for _ in range(5))))

    def _known(self, table: dict) -> str:
        return self.random.choice(("", self._spelling(table), self._spelling(table)))

    def _spelling(self, table: dict) -> str:
        return self.random.choice(self.random.choice(list(table.values())))

    def _several(self, table: dict[str, tuple[str, ...]], separator: str) -> str:
        pieces = [self._spelling(table) for _ in range(self.random.choice((0, 1, 1, 2, 3)))]
        pieces += [self.random.choice(UNKNOWN)] if self.random.random() < 0.1 else []
        return separator.join(pieces) + (separator if pieces and separator == ";" else "")

    def _moment(self, first: date, last: date) -> datetime:
        day = first + timedelta(days=self.random.randint(0, (last - first).days))
        return datetime(day.year, day.month, day.day, self.random.randint(0, 23), self.random.randint(0, 59), 7)  # noqa: DTZ001

    def _shout(self, text: str) -> str:
        return self.random.choice((text.upper(), f"  {text} ", text.replace(" ", "\u00a0"), text + "."))

    def _word(self, number: int) -> str:
        return ("Coopérative", "Ministerio", "Union", "Señal", "Fondation")[number % 5]


def reckon(files: dict[str, bytes]) -> Reckoning:
    """The campaign of these files, read by pandas alone."""
    forms = pd.concat(
        [_read_csv(files[DOWNLOAD], ",", "utf-8-sig"), _read_csv(files[AGAIN], ";", "utf-8")], ignore_index=True
    )
    forms = forms.assign(
        due=[_day(t, "mdy") for t in forms["Ends"]], sent=[_moment_of(t, "mdy") for t in forms["Sent"]]
    )
    sheet = _read_csv(files[LINKED], "\t", "utf-16")
    sheet = pd.DataFrame({
        "No": "", "Organisation": sheet["Organisme"], "Action": sheet["Intitulé"], "Kind of maker": sheet["Type"],
        "Kind": sheet["Genre"], "Subjects": sheet["Thèmes"], "Where": sheet["Pays"], "Region": "", "comma": True,
        "due": [_day(t, "dmy") for t in sheet["Fin"]], "sent": [_moment_of(t, "dmy") for t in sheet["Horodateur"]],
    })  # fmt: skip
    rows = pd.concat([forms.assign(comma=False), sheet], ignore_index=True)
    rows["maker"], rows["title"] = rows["Organisation"].map(_plain), rows["Action"].map(_plain)
    rows["action"] = _same([
        [f"no {row.No} {row.maker}"] * bool(row.No) + [f"name {row.maker} {row.title}"] for row in rows.itertuples()
    ])  # fmt: skip
    numbers = {f"{row.No}": row.action for row in rows.itertuples() if row.No}
    names = {(row.maker, row.title): row.action for row in rows.itertuples()}
    kept = rows.assign(place=range(len(rows))).sort_values(["sent", "place"]).groupby("action").tail(1)
    coding = pd.read_excel(io.BytesIO(files[CODED]), dtype=str, keep_default_na=False)
    coded = {}
    for row in coding.to_dict("records"):
        key = numbers.get(row["Action no"], names.get((_plain(row["Organisation"]), _plain(row["Action"]))))
        if key is not None:
            coded[key] = row
    due = [day or DEADLINE for day in kept["due"]]
    actions = pd.DataFrame({"action": list(kept["action"]), "due_on": pd.to_datetime(due)})
    survey = _read_csv(files[SURVEY], ";", "utf-8")
    late = pd.read_excel(io.BytesIO(files[LATE]), dtype=str, keep_default_na=False)
    reports = _reports(pd.concat([survey, late], ignore_index=True), numbers, names)
    inside = {code: {region, subregion} for code, region, subregion in COUNTRIES}
    inside |= {subregion: {region} for _, region, subregion in COUNTRIES}
    return Reckoning(actions, _members(kept, coded), reports, inside)


def _reports(rows: pd.DataFrame, numbers: dict[str, int], names: dict[tuple[str, str], int]) -> pd.DataFrame:
    rows = rows.assign(sent=[_moment_of(text, "dmy") for text in rows["Sent"]], order=range(len(rows)))
    rows = rows.sort_values(["sent", "order"]).drop_duplicates("Answer", keep="last")
    maker, title = rows["Organisation"].map(_plain), rows["Action"].map(_plain)
    named = [names.get(key) for key in zip(maker, title, strict=True)]
    rows["action"] = [numbers.get(n, name) for n, name in zip(rows["No"], named, strict=True)]
    meant = [_one_of(STATUSES, text) for text in rows["State"]]
    told = [_day(text, "dmy") or sent.date() for text, sent in zip(rows["Stands at"], rows["sent"], strict=True)]
    frame = pd.DataFrame({
        "action": list(rows["action"]),
        "reported_on": pd.to_datetime(told),
        "submitted_at": list(rows["sent"]),
        "order": list(rows["order"]),
        "base": [pair[0] if pair else None for pair in meant],
        "code": [pair[1] if pair else None for pair in meant],
        "completed_on": pd.to_datetime([_day(text, "dmy") for text in rows["Done on"]]),
    })  # fmt: skip
    return frame[frame["action"].notna()]


def _members(kept: pd.DataFrame, coded: dict[int, dict[str, str]]) -> pd.DataFrame:
    found = []
    for row in kept.to_dict("records"):
        staff = coded.get(row["action"], dict.fromkeys(CODING, ""))
        split: Callable[[str], list[str]] = re.compile(", " if row["comma"] else r"[;|]").split
        places = [staff["Countries"]] if staff["Countries"] else [*split(row["Where"]), *split(row["Region"])]
        themes = [staff["Themes"]] if staff["Themes"] else split(row["Subjects"])
        countries = {c for text in places if (c := _one_of(COUNTRIES, text))}
        wide = {w for text in places if (w := _one_of(WIDE, text))}
        is_global = ("global", None) in wide
        regions = {"global"} if is_global else {c[1] for c in countries} or {w[0] for w in wide}
        subregions = {c[2] for c in countries} or {w[1] for w in wide if w[1]}
        own = {
            "region": regions,
            "country": {c[0] for c in countries},
            "subregion": set() if is_global else subregions,
            "category": {_one_of(CATEGORIES, staff["Category"]) or _one_of(CATEGORIES, row["Kind"])} - {None},
            "group": {_one_of(GROUPS, staff["Group"]) or _one_of(GROUPS, row["Kind of maker"])} - {None},
            "theme": {t for text in themes if (t := _one_of(THEMES, text))},
        }
        for dimension, members in own.items():
            # A global or regional action that names no country is not one that waits to be classified.
            if not members and not (dimension in ("country", "subregion") and regions):
                members = {"unclassified"}
            found += [(dimension, row["action"], member) for member in sorted(members)]
    return pd.DataFrame(found, columns=["dimension", "action", "member"])


def _one_of(table: dict, text: str) -> object:
    """The key of the table under which a spelling stands; None when it stands under none."""
    wanted = _plain(text)
    return next((key for key, names in table.items() if wanted in {_plain(name) for name in names}), None)


def _plain(text: str) -> str:
    """Lower case, no accents, words of letters and digits."""
    bare = "".join(c for c in unicodedata.normalize("NFD", str(text).lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare))


def _same(keys: Iterable[list[str]]) -> list[int]:
    """A number for each row; rows that share a key, directly or through others, share the number."""
    rows = list(keys)
    number = list(range(len(rows)))
    while True:
        least: dict[str, int] = {}
        for place, names in enumerate(rows):
            for name in names:
                least[name] = min(least.get(name, number[place]), number[place])
        settled = [min(least[name] for name in names) for names in rows]
        if settled == number:
            return number
        number = settled


def _day(text: str, order: str) -> date | None:
    text = text.strip()
    if match := re.match(r"(\d{4})-(\d\d)-(\d\d)", text):
        return date(*map(int, match.groups()))
    if match := re.match(r"(\d+)/(\d+)/(\d+)", text):
        first, second, year = map(int, match.groups())
        day, month = (second, first) if order == "mdy" else (first, second)
        return date(year + 2000 if year < 100 else year, month, day)
    if match := re.fullmatch(r"(\d+)(?:er)? (\w+) (\d{4})", text):
        names = {_plain(name): number for name, number in {**MONTHS, "juillet": 7}.items()}
        return date(int(match[3]), names[_plain(match[2])], int(match[1]))
    return date(1899, 12, 30) + timedelta(days=int(text)) if text.isdigit() else None


def _moment_of(text: str, order: str) -> pd.Timestamp:
    day = _day(text, order)
    assert day is not None
    hours, minutes, seconds = map(int, re.findall(r"(\d+):(\d+):(\d+)", text)[0])
    return pd.Timestamp(day) + pd.Timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _read_csv(content: bytes, separator: str, encoding: str) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), sep=separator, encoding=encoding, dtype=str, keep_default_na=False)


def _iso(text: str) -> str:
    """A day as an ISO date where it is one, so that a workbook's cell is unambiguous; else the text itself."""
    day = _day(text, "dmy")
    return day.isoformat() if day else text


def _csv(rows: Sequence[Sequence[object]], separator: str) -> str:
    text = io.StringIO()
    pd.DataFrame(rows[1:], columns=rows[0]).to_csv(text, sep=separator, index=False, lineterminator="\r\n")
    return text.getvalue()


def _workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
