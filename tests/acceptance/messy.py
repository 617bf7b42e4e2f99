"""Exports of an invented campaign, as messy as real ones, made from a seed; `messy_reckoned` reads them again."""

import io
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd

from tests.acceptance.plain_text import MONTHS, read_day
from tests.etl.files import make_workbook

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
ACTIONS = ["No", "Organisation", "Action", "Sent", "Ends", "Kind of maker", "Kind", "Subjects", "Where", "Region"]
SHEET = ["Horodateur", "Organisme", "Intitulé", "Fin", "Type", "Genre", "Thèmes", "Pays"]
CODING = ["Action no", "Organisation", "Action", "Group", "Category", "Themes", "Countries"]
REPORTS = ["Answer", "No", "Organisation", "Action", "Sent", "Stands at", "State", "Done on", "Percent"]
DOWNLOAD, AGAIN, LINKED, CODED = "forms.csv", "forms (1).csv", "réponses.csv", "coding.xlsx"
SURVEY, LATE = "survey.csv", "final survey.xlsx"
RECIPES = {
    recipe.stem: recipe.read_text(encoding="utf-8")
    for recipe in (Path(__file__).parent / "recipes" / "messy").iterdir()
}


def make_exports(seed: int, actions: int = 120) -> dict[str, bytes]:
    """Make the six files of one invented campaign."""
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
            CODED: make_workbook({"Sheet": [CODING, *self._coding(known)]}),
            SURVEY: _csv([REPORTS, *self._survey(known)], ";").encode("utf-8"),
            LATE: make_workbook({"Sheet": [REPORTS, *self._late(known)]}),
        }

    def _forms(self, promises: Sequence[tuple[str, str]]) -> tuple[list[list[str]], list[list[str]]]:
        """Make two downloads of one form: some lines the same, some sent again under a new number."""
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
        """Make a first wave with silence, several answers a day, one downloaded twice, and answers about nothing."""
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
        """Make a last wave in a workbook with real dates, keyed by maker and title alone."""
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
        return datetime(day.year, day.month, day.day, self.random.randint(0, 23), self.random.randint(0, 59), 7)

    def _shout(self, text: str) -> str:
        return self.random.choice((text.upper(), f"  {text} ", text.replace(" ", "\u00a0"), text + "."))

    def _word(self, number: int) -> str:
        return ("Coopérative", "Ministerio", "Union", "Señal", "Fondation")[number % 5]


def _iso(text: str) -> str:
    """Return a day as an ISO date where it is one, so that a workbook's cell is unambiguous; else the text itself."""
    day = read_day(text, "dmy")
    return day.isoformat() if day else text


def _csv(rows: Sequence[Sequence[object]], separator: str) -> str:
    text = io.StringIO()
    pd.DataFrame(rows[1:], columns=rows[0]).to_csv(text, sep=separator, index=False, lineterminator="\r\n")
    return text.getvalue()
