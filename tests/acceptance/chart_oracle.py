"""What every chart should show, computed with pandas from the snapshot's raw tables, and how readers see it written."""

from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from dashboard.charts.catalogue import ChartSpec
from dashboard.charts.marks import AREAS
from tests.acceptance.extract_oracle import MONTHS, Filters, Oracle, fold_words

STATUSES = ("completed", "in_progress", "not_started", "discontinued", "unclassified", "not_reported")
KNOWN = STATUSES[:4]
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
"""The rates of stacked bars: the counts that are added up, over what is due, or completed."""
WHOLES = {"statuses": "actions", "outcomes": "milestones", "evidence": "completed"}
CODELISTS = {"region": "regions", "subregion": "subregions", "country": "countries", "category": "categories"}
CODELISTS |= {"grouping": "groupings", "theme": "themes", "group": "stakeholder_groups"}
FEW = 5
MOST_DRAWN = 25
DAY = pd.Timedelta(days=1)
# What stands above numbers and beside marks, written down here once more.
WORDS = {
    "en": {"actions": "Actions", "reported": "Reported", "completed": "Completed", "overdue": "Overdue",
           "completion_rate": "Completion rate", "upper_bound": "Upper bound", "reporting_rate": "Reporting rate",
           "elapsed": "Time elapsed", "at_most": "At most", "nothing": "no actions", "day": "Day",
           "possible": "Unknown: could be completed", "unclassified": "Status not stated",
           "not_reported": "Not reported", "unknown": "Unknown", "code": "Code",
           "milestones": "Milestones", "milestones_reached": "Milestones reached",
           "milestones_missed": "Milestones missed", "milestones_unknown": "Milestones unknown",
           "milestones_ahead": "Reached before due", "milestones_coming": "Milestones coming",
           "milestones_undated": "Milestones without a date", "milestone_rate": "Milestone rate",
           "milestone_upper_bound": "Milestone rate, at most", "verified": "Verified",
           "reviewed_only": "Reviewed, not verified", "evidenced_only": "Evidenced, not reviewed",
           "claimed_only": "Claimed only", "evidenced_rate": "Evidenced share", "reviewed_rate": "Reviewed share",
           "verified_rate": "Verified share", "none_completed": "none completed", "no_date": "Date not stated"},
    "fr": {"actions": "Actions", "reported": "Avec rapport", "completed": "Achevées", "overdue": "Échéance dépassée",
           "completion_rate": "Taux d’achèvement", "upper_bound": "Borne supérieure",
           "reporting_rate": "Taux de réponse",
           "elapsed": "Temps écoulé", "at_most": "Au plus", "nothing": "aucune action", "day": "Jour",
           "possible": "Statut inconnu\u00a0: peut-être achevée", "unclassified": "Statut non précisé",
           "not_reported": "Sans rapport", "unknown": "Statut inconnu", "code": "Code",
           "milestones": "Jalons", "milestones_reached": "Jalons atteints",
           "milestones_missed": "Jalons manqués", "milestones_unknown": "Jalons au statut inconnu",
           "milestones_ahead": "Atteints avant l’échéance", "milestones_coming": "Jalons à venir",
           "milestones_undated": "Jalons sans date", "milestone_rate": "Taux de jalons atteints",
           "milestone_upper_bound": "Taux de jalons atteints, au plus", "verified": "Vérifié",
           "reviewed_only": "Examinées, non vérifiées", "evidenced_only": "Documentées, non examinées",
           "claimed_only": "Seulement déclaré", "evidenced_rate": "Part documentée",
           "reviewed_rate": "Part examinée", "verified_rate": "Part vérifiée", "none_completed": "aucune achevée",
           "no_date": "Date non indiquée"},
    "es": {"actions": "Acciones", "reported": "Con informe", "completed": "Finalizadas", "overdue": "Plazo vencido",
           "completion_rate": "Tasa de finalización", "upper_bound": "Límite superior",
           "reporting_rate": "Tasa de respuesta", "elapsed": "Tiempo transcurrido", "at_most": "Como máximo",
           "nothing": "ninguna acción", "day": "Día", "possible": "Estado desconocido: podría estar finalizada",
           "unclassified": "Estado no indicado", "not_reported": "Sin informe",
           "unknown": "Estado desconocido", "code": "Código",
           "milestones": "Hitos", "milestones_reached": "Hitos alcanzados",
           "milestones_missed": "Hitos incumplidos", "milestones_unknown": "Hitos en estado desconocido",
           "milestones_ahead": "Alcanzados antes de vencer", "milestones_coming": "Hitos por venir",
           "milestones_undated": "Hitos sin fecha", "milestone_rate": "Tasa de hitos alcanzados",
           "milestone_upper_bound": "Tasa de hitos alcanzados, como máximo", "verified": "Verificado",
           "reviewed_only": "Revisadas, no verificadas", "evidenced_only": "Documentadas, no revisadas",
           "claimed_only": "Solo declarado", "evidenced_rate": "Proporción documentada",
           "reviewed_rate": "Proporción revisada", "verified_rate": "Proporción verificada",
           "none_completed": "ninguna finalizada", "no_date": "Fecha no indicada"},
}  # fmt: skip


def percent(part: int, whole: int, lang: str) -> str:
    """A rate in whole percent, halves up."""
    return f"{(200 * part + whole) // (2 * whole)}{'%' if lang == 'en' else chr(160) + '%'}"


def rate_cell(part: int, whole: int, lang: str) -> str:
    """A rate as a table for readers has it: of few actions the counts, of none a dash."""
    if not whole:
        return "—"
    return f"{part}/{whole}" if whole < FEW else percent(part, whole, lang)


def day_words(day: date, lang: str) -> str:
    """A day as the language writes it."""
    month = MONTHS[lang].split()[day.month - 1]
    if lang == "es":
        return f"{day.day} de {month} de {day.year}"
    return f"{'1er' if lang == 'fr' and day.day == 1 else day.day} {month} {day.year}"


class ChartOracle(Oracle):
    """The marks of every chart. Filters may be those by region, category, theme, group, status and day."""

    def __init__(self, file: Path) -> None:
        """Read the tables, and the campaign's days."""
        super().__init__(file)
        with duckdb.connect(file, read_only=True) as connection:
            row = connection.execute("select starts_on, ends_on from campaign").fetchone()
        self.first, self.last = row
        self._states: dict[str, pd.DataFrame] = {}

    def marks(self, spec: ChartSpec, filters: Filters, lang: str) -> pd.DataFrame:
        """One row a mark, in the order of the screen: codes, labels, counts, rates as fractions of 1."""
        if spec.kind == "curve":
            return self._curve(self.state(filters), filters)
        if spec.kind == "multiples":
            return self._curves(spec, filters, lang)
        if spec.kind == "grid":
            return self._pairs(spec, filters, lang)
        if spec.dimension == "due":
            return self._months(filters, lang)
        frame = self._members(spec, filters, lang)
        return self._tiles(frame, spec, lang) if spec.kind in ("tiles", "map") else frame

    def state(self, filters: Filters) -> pd.DataFrame:
        """The chosen actions, with a column of ones and noughts for each count."""
        key = str(filters)
        if key not in self._states:
            self._states[key] = self._find_state(filters)
        return self._states[key]

    def _find_state(self, filters: Filters) -> pd.DataFrame:
        frame = self.actions(filters).set_index("action_no")
        flags = pd.DataFrame({status: frame["status"] == status for status in STATUSES})
        flags.insert(0, "actions", True)
        flags.insert(1, "reported", ~flags["not_reported"])
        flags["unknown"] = ~frame["status"].isin(KNOWN)
        flags["overdue"] = frame["is_overdue"]
        flags = flags.join(self.judged(filters, frame.index).groupby("action_no")[MILESTONES].sum())
        flags = flags.join(self._weigh(filters))
        for step in EVIDENCE:
            flags[step] = flags[step].eq(True) & flags["completed"]
        flags["claimed_only"] = flags["completed"] & ~flags["evidenced"]
        flags[MILESTONES] = flags[MILESTONES].fillna(0)
        return flags.astype(int)

    def judged(self, filters: Filters, actions: pd.Index) -> pd.DataFrame:
        """The milestones of some actions, with a column of ones and noughts for each count."""
        frame, today = self.raw["milestones"], pd.Timestamp(self.day(filters))
        frame = frame[frame["action_no"].isin(actions)].copy()
        reports = self.raw["progress_reports"]
        last = reports[reports["reported_on"] <= today].groupby("action_no")["reported_on"].max()
        told = frame["told_on"].fillna(frame["action_no"].map(last))
        due, reached = frame["due_on"].le(today), frame["reached_on"].le(today)
        missed = due & ~reached & told.ge(frame["due_on"]) & told.le(today)
        flags = {
            "milestones": due | ~due,
            "milestones_due": due,
            "milestones_reached": due & reached,
            "milestones_missed": missed,
            "milestones_unknown": due & ~reached & ~missed,
            "milestones_ahead": ~due & reached,
            "milestones_coming": ~reached & frame["due_on"].gt(today),
            "milestones_undated": ~reached & frame["due_on"].isna(),
            "milestones_late": due & reached & frame["reached_on"].gt(frame["due_on"]),
            "milestones_soon": ~reached & frame["due_on"].between(today + DAY, today + 30 * DAY),
        }
        return frame.assign(**{name: flag.astype(int) for name, flag in flags.items()})

    def _weigh(self, filters: Filters) -> pd.DataFrame:
        """By action, which steps of evidence stand behind its status on the day."""
        spells, today = self.raw["evidence_spells"], pd.Timestamp(self.day(filters))
        spells = spells[(spells["valid_from"] <= today) & (spells["valid_to"] > today)].set_index("action_no")
        step = spells["step_no"]
        return pd.DataFrame(
            {
                "verified": step.eq(4),
                "reviewed_only": step.eq(3),
                "evidenced_only": step.eq(2),
                "claimed_only": step.lt(2),
                "evidenced": step.ge(2),
                "reviewed": step.ge(3),
            }
        )

    def _months(self, filters: Filters, lang: str) -> pd.DataFrame:
        """One row a month in which milestones are due, those between such months too; one for those without a date."""
        state = self.state(filters)
        judged = self.judged(filters, state.index)
        judged["code"] = judged["due_on"].dt.strftime("%Y-%m").fillna("unclassified")
        pairs = judged[["action_no", "code"]].drop_duplicates().join(state[COUNTS], on="action_no")
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
        """The counts of all chosen actions."""
        return self.state(filters).sum()

    def blocks(self, filters: Filters, lang: str) -> pd.DataFrame:
        """The totals of the regions, as tiles and multiples have them above."""
        spec = ChartSpec("", "", "rates", "region", ("completion_rate",), order="codelist")
        return self._members(spec, filters, lang)

    def _belongings(self, dimension: str, filters: Filters) -> pd.Series:
        """By action, the members of a dimension that the filters leave in sight."""
        pairs = [(number, member) for number, members in self.members[dimension].items() for member in members]
        found = pd.DataFrame(pairs, columns=["action_no", "member"])
        if dimension in filters:
            found = found[found["member"].isin(filters[dimension])]
        if dimension in ("subregion", "country") and "region" in filters:
            found = found[[self._region(dimension, code) in filters["region"] for code in found["member"]]]
        return found.set_index("action_no")["member"]

    def _region(self, dimension: str, code: str) -> str:
        subregion = self.subregions.get(code) if dimension == "country" else code
        return self.parents.get(subregion) or "unclassified"

    @cached_property
    def subregions(self) -> dict[str, str]:
        """The subregion of every country."""
        codes = self.raw["codes"]
        own = codes[codes["codelist"] == "countries"]
        return dict(zip(own["code"], own["parent"], strict=True))

    def _members(self, spec: ChartSpec, filters: Filters, lang: str) -> pd.DataFrame:
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
        """The members that are listed even without an action."""
        codes = self.raw["codes"]
        own = set(codes.loc[codes["codelist"] == CODELISTS[spec.dimension], "code"]) - {"unclassified"}
        if spec.dimension in filters:
            return set(filters[spec.dimension])
        if spec.kind in ("tiles", "map"):
            return {c for c in own - AREAS if self._region("country", c) in filters.get("region", self._regions)}
        return own if spec.dimension == "region" else set()

    @property
    def _regions(self) -> list[str]:
        codes = self.raw["codes"]
        return codes.loc[codes["codelist"] == "regions", "code"].tolist()

    def _labelled(self, frame: pd.DataFrame, dimension: str, lang: str, prefix: str = "") -> pd.DataFrame:
        """With the label of each code, and its place in the codelist."""
        table = self.raw["codes"]
        own = table[table["codelist"] == CODELISTS[dimension]].set_index("code")
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
        frame["name"] = [fold_words(label).replace("’", " ").replace("'", " ") for label in frame["label"]]
        return frame.sort_values(["region_place", "name"]).reset_index(drop=True)

    def _curve(self, state: pd.DataFrame, filters: Filters) -> pd.DataFrame:
        """One row a day of the campaign: what the last reports by then say of the actions chosen on the last day."""
        days = pd.date_range(self.first, self.day(filters))
        reports = self.raw["progress_reports"]
        reports = reports[reports["action_no"].isin(state.index)].assign(
            status=lambda r: r["status"].fillna("none stated")
        )
        reports = reports.sort_values(["reported_on", "submitted_at", "report_no"], na_position="first")
        daily = reports.drop_duplicates(["action_no", "reported_on"], keep="last")
        wide = daily.pivot_table("status", "reported_on", "action_no", aggfunc="last")
        wide = wide.reindex(wide.index.union(days)).ffill().reindex(days)
        frame = pd.DataFrame({"on_date": days, "actions": len(state)})
        frame["reported"] = wide.notna().sum(axis=1).to_numpy()
        frame["completed"] = (wide == "completed").sum(axis=1).to_numpy()
        frame["not_reported"] = frame["actions"] - frame["reported"]
        frame["unknown"] = frame["actions"] - wide.isin(KNOWN).sum(axis=1).to_numpy()
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
    whole = frame["actions"].where(frame["actions"] > 0)
    frame["completion_rate"] = frame["completed"] / whole
    frame["upper_bound"] = (frame["completed"] + frame["unknown"]) / whole
    frame["reporting_rate"] = frame["reported"] / whole
    return frame
