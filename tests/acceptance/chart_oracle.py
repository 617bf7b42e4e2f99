"""The expected content of every chart, computed with pandas from the snapshot's raw tables, and its words."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from unicodedata import combining, normalize

import numpy as np
import pandas as pd

from dashboard.charts.catalogue import ChartSpec
from dashboard.charts.marks import AREAS
from dashboard.snapshot.database import Snapshot
from tests.acceptance.extract_oracle import Filters, Oracle
from tests.tables import STATED

STATUSES = (*STATED, "unclassified", "not_reported")
COUNTS = ["actions", "reported", *STATUSES, "unknown", "overdue"]
OUTCOMES = tuple(f"milestones_{name}" for name in ("reached", "missed", "unknown", "ahead", "coming", "undated"))
MILESTONES = ["milestones", "milestones_due", *OUTCOMES, "milestones_late", "milestones_soon"]
STEPS = ("verified", "reviewed_only", "evidenced_only", "claimed_only")
EVIDENCE = [*STEPS, "evidenced", "reviewed"]
RATES = {
    "outcomes": {"milestone_rate": ["milestones_reached"],
                 "milestone_upper_bound": ["milestones_reached", "milestones_unknown"]},
    "evidence": {f"{step}_rate": [step] for step in ("evidenced", "reviewed", "verified")},
}  # fmt: skip
"""The rates of stacked bars: the added counts, over those due, or completed."""
WHOLES = {"statuses": "actions", "outcomes": "milestones", "evidence": "completed"}
CODELISTS = {"region": "regions", "subregion": "subregions", "country": "countries", "category": "categories"}
CODELISTS |= {"grouping": "groupings", "theme": "themes", "group": "stakeholder_groups"}
COLUMN_OF = {status: status for status in STATUSES} | {"unclassified": "status_unclassified"}
"""The column of the program's data that holds the count of a status."""
FEW = 5
MOST_DRAWN = 25
MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
# The words above numbers and beside marks, written down here once more.
WORDS = {
    "fr": {"actions": "Actions", "reported": "Avec rapport", "completed": "Achevées", "overdue": "Échéance dépassée",
           "completion_rate": "Taux d’achèvement", "upper_bound": "Taux d’achèvement, jusqu’à",
           "reporting_rate": "Taux de réponse",
           "elapsed": "Temps écoulé", "at_most": "Jusqu’à", "nothing": "aucune action", "day": "Jour",
           "possible": "Peut-être achevées", "unclassified": "Statut non précisé",
           "not_reported": "Sans rapport", "unknown": "Statut inconnu", "code": "Code",
           "milestones": "Jalons", "milestones_reached": "Jalons atteints",
           "milestones_missed": "Jalons manqués", "milestones_unknown": "Jalons au statut inconnu",
           "milestones_ahead": "Atteints avant l’échéance", "milestones_coming": "Jalons à venir",
           "milestones_undated": "Jalons sans date", "milestone_rate": "Taux de jalons atteints",
           "milestone_upper_bound": "Taux de jalons atteints, jusqu’à", "verified": "Vérifié",
           "reviewed_only": "Examinées, non vérifiées", "evidenced_only": "Documentées, non examinées",
           "claimed_only": "Seulement déclaré", "evidenced_rate": "Part documentée",
           "reviewed_rate": "Part examinée", "verified_rate": "Part vérifiée", "none_completed": "aucune achevée",
           "no_date": "Date non indiquée"},
    "es": {"actions": "Acciones", "reported": "Con informe", "completed": "Finalizadas", "overdue": "Plazo vencido",
           "completion_rate": "Tasa de finalización", "upper_bound": "Tasa de finalización, hasta",
           "reporting_rate": "Tasa de respuesta", "elapsed": "Tiempo transcurrido", "at_most": "Hasta",
           "nothing": "ninguna acción", "day": "Día", "possible": "Podrían estar finalizadas",
           "unclassified": "Estado no indicado", "not_reported": "Sin informe",
           "unknown": "Estado desconocido", "code": "Código",
           "milestones": "Hitos", "milestones_reached": "Hitos alcanzados",
           "milestones_missed": "Hitos incumplidos", "milestones_unknown": "Hitos en estado desconocido",
           "milestones_ahead": "Alcanzados antes de vencer", "milestones_coming": "Hitos por venir",
           "milestones_undated": "Hitos sin fecha", "milestone_rate": "Tasa de hitos alcanzados",
           "milestone_upper_bound": "Tasa de hitos alcanzados, hasta", "verified": "Verificado",
           "reviewed_only": "Revisadas, no verificadas", "evidenced_only": "Documentadas, no revisadas",
           "claimed_only": "Solo declarado", "evidenced_rate": "Proporción documentada",
           "reviewed_rate": "Proporción revisada", "verified_rate": "Proporción verificada",
           "none_completed": "ninguna finalizada", "no_date": "Fecha no indicada"},
}  # fmt: skip


def fold(words: str) -> str:
    """Words without accents and case."""
    return "".join(part for part in normalize("NFKD", words.lower()) if not combining(part))


def percent(part: int, denominator: int) -> str:
    """Return a rate in whole percent, halves up."""
    return f"{(200 * part + denominator) // (2 * denominator)}\u00a0%"


def rate_cell(part: int, denominator: int) -> str:
    """Return a rate as a table for readers has it: of few actions the counts, of none a dash."""
    if not denominator:
        return "—"
    return f"{part}/{denominator}" if denominator < FEW else percent(part, denominator)


def day_words(day: date, lang: str) -> str:
    """Return a day as the language writes it."""
    month = MONTHS[lang].split()[day.month - 1]
    if lang == "es":
        return f"{day.day} de {month} de {day.year}"
    return f"{'1er' if lang == 'fr' and day.day == 1 else day.day} {month} {day.year}"


class ChartOracle(Oracle):
    """The marks of every chart. Filters may be those by region, category, theme, group, status and day."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Read the tables, and the campaign's days."""
        super().__init__(snapshot)
        self.first, self.last = (snapshot.campaign[name] for name in ("starts_on", "ends_on"))
        self._states: dict[str, pd.DataFrame] = {}

    def marks(self, spec: ChartSpec, filters: Filters, lang: str) -> pd.DataFrame:
        """Return one row a mark, in the order of the screen: codes, labels, counts, rates as fractions of 1."""
        if spec.kind == "curve":
            return self._curve(self.state(filters), filters)
        if spec.kind == "multiples":
            return self._curves(spec, filters, lang)
        if spec.kind == "grid":
            return self._pairs(spec, filters, lang)
        if spec.dimension == "due":
            return self._months(filters, lang)
        frame = self._of_members(spec, filters, lang)
        return self._tiles(frame, spec, lang) if spec.kind in ("tiles", "map") else frame

    def state(self, filters: Filters) -> pd.DataFrame:
        """Return the chosen actions, with a column of ones and noughts for each count."""
        key = str(filters)
        if key not in self._states:
            self._states[key] = self._find_state(filters)
        return self._states[key]

    def _find_state(self, filters: Filters) -> pd.DataFrame:
        chosen, day = self.chosen(filters), self.day(filters)
        judged = self.judge(chosen, day).groupby("action_id")[MILESTONES].sum()
        weighed = self.weigh(chosen, day).set_index("action_id")
        counted = chosen.rename(columns={"status_unclassified": "unclassified"}).set_index("action_id")[COUNTS]
        return counted.join(judged).join(weighed[EVIDENCE]).fillna(0).astype(int)

    def day(self, filters: Filters) -> date:
        """Return the day the figures stand at."""
        return self.asked(filters).day(self.snapshot)

    def _months(self, filters: Filters, lang: str) -> pd.DataFrame:
        """Return one row a month with milestones due, those between such months too; one for those without a date."""
        state = self.state(filters)
        judged = self.judge(self.chosen(filters), self.day(filters))
        judged["code"] = judged["due_on"].dt.strftime("%Y-%m").fillna("unclassified")
        pairs = judged[["action_id", "code"]].drop_duplicates().join(state[COUNTS], on="action_id")
        frame = pairs.groupby("code")[COUNTS].sum().join(judged.groupby("code")[MILESTONES].sum())
        dated = sorted(set(frame.index) - {"unclassified"})
        months = [str(month) for month in pd.period_range(dated[0], dated[-1], freq="M")]
        frame = frame.reindex([*months, *(["unclassified"] if "unclassified" in frame.index else [])], fill_value=0)
        frame = add_rates(frame.rename_axis("code").reset_index(), "outcomes")
        names = MONTHS[lang].split()
        between = " de " if lang == "es" else " "
        frame["label"] = [
            WORDS[lang]["no_date"] if code == "unclassified" else f"{names[int(code[5:]) - 1]}{between}{code[:4]}"
            for code in frame["code"]
        ]
        return frame

    def total(self, filters: Filters) -> pd.Series:
        """Return the counts of all chosen actions."""
        return self.state(filters).sum()

    def blocks(self, filters: Filters, lang: str) -> pd.DataFrame:
        """Return the totals of the regions, as tiles and multiples have them above."""
        spec = ChartSpec("", "", "rates", "region", ("completion_rate",), order="codelist")
        return self._of_members(spec, filters, lang)

    def _belongings(self, dimension: str, filters: Filters) -> pd.Series:
        """Return by action the members of a dimension that the filters leave in sight."""
        found = self.members[dimension]
        if dimension in filters:
            found = found[found["member"].isin(filters[dimension])]
        if dimension in ("subregion", "country") and "region" in filters:
            found = found[[self._region(dimension, code) in filters["region"] for code in found["member"]]]
        return found.set_index("action_id")["member"]

    def _region(self, dimension: str, code: str) -> str:
        subregion = self.parents["countries"].get(code, "") if dimension == "country" else code
        return self.parents["subregions"].get(subregion) or "unclassified"

    def _of_members(self, spec: ChartSpec, filters: Filters, lang: str) -> pd.DataFrame:
        belongings = self._belongings(spec.dimension, filters).rename("code")
        joined = self.state(filters).join(belongings, how="inner")
        own = {"outcomes": MILESTONES, "evidence": EVIDENCE}.get(spec.kind, [])
        counted = joined.groupby("code")[[*COUNTS, *own]].sum()
        counted = counted.reindex([*counted.index, *sorted(self._silent(spec, filters) - set(counted.index))])
        frame = counted.fillna(0).astype(int).rename_axis("code").reset_index()
        frame = add_rates(self._labelled(frame, spec.dimension, lang), spec.kind)
        frame = frame.sort_values("place").reset_index(drop=True)
        if spec.order == "codelist":
            return frame
        rate = "reporting_rate" if spec.measures[0] == "reporting_rate" else "completion_rate"
        rate, size = next(iter(RATES.get(spec.kind, {rate: []}))), WHOLES.get(spec.kind, "actions")
        frame["last"] = frame["code"] == "unclassified"
        frame["few"] = (frame[size] < FEW) & (spec.order == "rate")
        frame[rate] = frame[rate].fillna(-1)
        keys = [size, rate] if spec.order == "actions" else [rate, size]
        ascending = [True, True, False, False, True]
        frame = frame.sort_values(["last", "few", *keys, "place"], ascending=ascending).reset_index(drop=True)
        return frame.assign(**{rate: frame[rate].where(frame[rate] >= 0)})

    def _silent(self, spec: ChartSpec, filters: Filters) -> set[str]:
        """Return the members that are listed even without an action."""
        own = set(self.labels(CODELISTS[spec.dimension], lang="en")) - {"unclassified"}
        if spec.dimension in filters:
            return set(filters[spec.dimension])
        if spec.kind in ("tiles", "map"):
            regions = filters.get("region", list(self.labels("regions", lang="en")))
            return {code for code in own - AREAS if self._region("country", code) in regions}
        return own if spec.dimension == "region" else set()

    def _labelled(self, frame: pd.DataFrame, dimension: str, lang: str, prefix: str = "") -> pd.DataFrame:
        """With the label of each code, and its place in the codelist."""
        own = self.codes[self.codes["codelist"] == CODELISTS[dimension]].set_index("code")
        codes = frame[f"{prefix}code"]
        frame[f"{prefix}label"] = codes.map(own[f"label_{lang}"])
        frame[f"{prefix}place"] = codes.map(own["sort_order"])
        return frame

    def _pairs(self, spec: ChartSpec, filters: Filters, lang: str) -> pd.DataFrame:
        joined = self.state(filters).join(self._belongings(spec.dimension, filters).rename("code"), how="inner")
        joined = joined.join(self._belongings(spec.second, filters).rename("column_code"), how="inner")
        frame = joined.groupby(["code", "column_code"])[COUNTS].sum().reset_index()
        frame = self._labelled(self._labelled(frame, spec.dimension, lang), spec.second, lang, "column_")
        return add_rates(frame.sort_values(["place", "column_place"]).reset_index(drop=True))

    def _tiles(self, frame: pd.DataFrame, spec: ChartSpec, lang: str) -> pd.DataFrame:
        frame = frame[frame["code"] != "unclassified"].copy()
        frame["region_code"] = [self._region("country", code) for code in frame["code"]]
        frame = self._labelled(frame, spec.second, lang, "region_")
        frame["name"] = [fold(label).replace("’", " ").replace("'", " ") for label in frame["label"]]
        return frame.sort_values(["region_place", "name"]).reset_index(drop=True)

    def _curve(self, state: pd.DataFrame, filters: Filters) -> pd.DataFrame:
        """Return one row a day of the campaign: the last reports by then of the actions chosen on the last day."""
        days = pd.date_range(self.first, self.day(filters))
        reports = self.reports[self.reports["action_id"].isin(state.index)]
        reports = reports.assign(status=reports["status"].fillna("none stated"))
        reports = reports.sort_values(["reported_on", "submitted_at", "report_no"], na_position="first")
        daily = reports.drop_duplicates(["action_id", "reported_on"], keep="last")
        wide = daily.pivot_table("status", "reported_on", "action_id", aggfunc="last")
        wide = wide.reindex(wide.index.union(days)).ffill().reindex(days)
        frame = pd.DataFrame({"on_date": days, "actions": len(state)})
        frame["reported"] = wide.notna().sum(axis=1).to_numpy()
        frame["completed"] = (wide == "completed").sum(axis=1).to_numpy()
        frame["not_reported"] = frame["actions"] - frame["reported"]
        frame["unknown"] = frame["actions"] - wide.isin(STATED).sum(axis=1).to_numpy()
        length = (self.last - self.first).days + 1
        frame["elapsed"] = np.minimum(np.arange(1, len(days) + 1), length) / length
        return add_rates(frame)

    def _curves(self, spec: ChartSpec, filters: Filters, lang: str) -> pd.DataFrame:
        state, belongings = self.state(filters), self._belongings(spec.dimension, filters)
        parts = []
        for block in self.blocks(filters, lang).itertuples():
            own = state[state.index.isin(belongings.index[belongings == block.code])]
            curve = self._curve(own, filters)
            curve.insert(0, "code", block.code)
            curve.insert(1, "label", block.label)
            parts.append(curve)
        return pd.concat(parts, ignore_index=True)


def add_rates(frame: pd.DataFrame, kind: str = "") -> pd.DataFrame:
    """With the three rates as fractions of 1, and those of stacked bars; nothing for none of none."""
    for rate, parts in RATES.get(kind, {}).items():
        of = frame["milestones_due" if kind == "outcomes" else "completed"]
        frame[rate] = frame[parts].sum(axis=1) / of.where(of > 0)
    denominator = frame["actions"].where(frame["actions"] > 0)
    frame["completion_rate"] = frame["completed"] / denominator
    frame["upper_bound"] = (frame["completed"] + frame["unknown"]) / denominator
    frame["reporting_rate"] = frame["reported"] / denominator
    return frame


@dataclass
class Expected:
    """A chart of the catalogue with some filters, in one language."""

    oracle: ChartOracle
    spec: ChartSpec
    filters: Filters
    lang: str

    @cached_property
    def marks(self) -> pd.DataFrame:
        """Return the marks as `ChartOracle.marks` does."""
        return self.oracle.marks(self.spec, self.filters, self.lang)

    @property
    def drawn(self) -> pd.DataFrame:
        """Return the marks that a picture has."""
        return self.marks.head(MOST_DRAWN) if self.spec.kind in ("rates", *WHOLES) else self.marks

    @cached_property
    def blocks(self) -> pd.DataFrame:
        """Return the regions' totals."""
        return self.oracle.blocks(self.filters, self.lang)

    @cached_property
    def total(self) -> "pd.Series[int]":
        """Return the counts of all actions."""
        return self.oracle.total(self.filters)

    @property
    def day(self) -> date:
        """Return the day that the figures stand at."""
        return self.oracle.day(self.filters)

    @property
    def elapsed(self) -> tuple[int, int]:
        """Days of the campaign that have passed, and all of them."""
        denominator = (self.oracle.last - self.oracle.first).days + 1
        return min((self.day - self.oracle.first).days + 1, denominator), denominator

    @property
    def words(self) -> dict[str, str]:
        """Return the names of measures."""
        return WORDS[self.lang]

    @cached_property
    def statuses(self) -> dict[str, str]:
        """Return the names of statuses, by their columns."""
        own = self.oracle.labels("statuses", self.lang)
        return {status: own.get(status, self.words.get(status)) for status in STATUSES}

    @property
    def is_stacked(self) -> bool:
        """Whether its bars are stacked to 100 %."""
        return self.spec.kind in WHOLES

    @property
    def segments(self) -> dict[str, str]:
        """Return the names of the parts of stacked bars, by their columns."""
        own = {"outcomes": OUTCOMES, "evidence": STEPS}.get(self.spec.kind, ())
        return {name: self.words[name] for name in own} or self.statuses

    @property
    def denominator(self) -> str:
        """Return the column that the segments add up to."""
        return WHOLES[self.spec.kind]

    @property
    def headline(self) -> tuple[int, int]:
        """Numerator and denominator of the number that stands out."""
        reports = self.spec.measures[0] == "reporting_rate"
        usual = "reported" if reports else "completed", "actions"
        own = {"outcomes": ("milestones_reached", "milestones_due"), "evidence": ("evidenced", "completed")}
        part, denominator = own.get(self.spec.kind, usual)
        return int(self.total[part]), int(self.total[denominator])

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Return the columns of a grid: code and label."""
        own = self.marks.sort_values("column_place").drop_duplicates("column_code")
        return list(zip(own["column_code"], own["column_label"], strict=True))

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Return the rows of a grid: code and label."""
        own = self.marks.drop_duplicates("code")
        return list(zip(own["code"], own["label"], strict=True))

    def cells(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Completed and actions of each pair of a grid."""
        frame = self.marks
        keys = zip(frame["code"], frame["column_code"], strict=True)
        return dict(zip(keys, zip(frame["completed"].tolist(), frame["actions"].tolist(), strict=True), strict=True))

    def rate_parts(self, frame: pd.DataFrame) -> list[tuple[int, int]]:
        """Numerator and denominator of the chart's first measure, for each row."""
        part = "reported" if self.spec.measures[0] == "reporting_rate" else "completed"
        return list(zip(frame[part].tolist(), frame["actions"].tolist(), strict=True))

    def rate_label(self, part: int, denominator: int) -> str:
        """Return the label at the end of a bar."""
        return f"{percent(part, denominator)} · {part}/{denominator}" if denominator else self.words["nothing"]

    def in_brackets(self, part: int, denominator: int) -> str:
        """Return a rate with its counts in a sentence."""
        return f"{percent(part, denominator)} ({part}/{denominator})"

    # The table for readers

    def table(self) -> list[list[str]]:
        """Return the rows of the table, its headings first."""
        kind = self.spec.kind
        if self.is_stacked:
            return self._stacked_table()
        if kind == "grid":
            return self._grid_table()
        if kind in ("curve", "multiples"):
            return self._days_table()
        body = [[row["label"], *self._numbers(row)] for _, row in self.marks.iterrows()]
        heads = ["", *(self.words[name] for name in _NUMBERS)]
        if kind in ("tiles", "map"):
            body = [[region, *row] for region, row in zip(self.marks["region_label"], body, strict=True)]
            heads.insert(0, "")
        return [heads, *body]

    def _numbers(self, row: "pd.Series") -> list[str]:
        n, said, done, unknown = (int(row[name]) for name in ("actions", "reported", "completed", "unknown"))
        least, most, response = (rate_cell(part, n) for part in (done, done + unknown, said))
        return [str(n), str(said), str(done), least, str(unknown), most, response]

    def _stacked_table(self) -> list[list[str]]:
        others = ["overdue"] if self.spec.kind == "statuses" else []
        rates = RATES.get(self.spec.kind, {"completion_rate": ["completed"]})
        of = {"outcomes": "milestones_due"}.get(self.spec.kind, self.denominator)
        heads = [
            "",
            self.words[self.denominator],
            *self.segments.values(),
            *(self.words[name] for name in (*others, *rates)),
        ]
        body = [
            [row["label"], *(str(row[name]) for name in (self.denominator, *self.segments, *others))]
            + [rate_cell(sum(row[part] for part in parts), row[of]) for parts in rates.values()]
            for _, row in self.marks.iterrows()
        ]
        return [heads, *body]

    def _grid_table(self) -> list[list[str]]:
        cells = {key: f"{n}/{of}" for key, (n, of) in self.cells().items()}
        body = [[label, *(cells.get((row, column), "—") for column, _ in self.columns)] for row, label in self.rows]
        return [["", *(label for _, label in self.columns)], *body]

    def _days_table(self) -> list[list[str]]:
        frame, denominator = self.marks, self.elapsed[1]
        if self.spec.kind == "curve":
            counts = frame[["reported", "completed", "unknown"]]
            shown = (counts != counts.shift()).any(axis=1)
            shown.iloc[-1] = True
        else:
            shown = frame["on_date"].dt.is_month_end | (frame["on_date"].dt.date == self.day)
        heads = [self.words[name] for name in ("day", *_NUMBERS, "elapsed")]
        body = [
            [day_words(row["on_date"].date(), self.lang), *self._numbers(row)]
            + [percent(round(row["elapsed"] * denominator), denominator)]
            for _, row in frame[shown].iterrows()
        ]
        if self.spec.kind == "multiples":
            body = [[label, *row] for label, row in zip(frame.loc[shown, "label"], body, strict=True)]
            heads.insert(0, "")
        return [heads, *body]


_NUMBERS = ("actions", "reported", "completed", "completion_rate", "unknown", "upper_bound", "reporting_rate")
