"""The columns of a register or survey that hold numbers promised or reached, by the words of their headers.

`Children withdrawn – target`, `Enfants retirés (cible)`, `Meta: niños retirados`: one word says which number it is, the
others name the indicator, and sometimes the unit.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from etl.recipes.propose.pairs import EXACT, Knowledge, Match
from etl.recipes.propose.profiles import Profile
from etl.recipes.shapes.model import Role as ColumnRole
from etl.recipes.shapes.model import Shape
from etl.texts.plain import plain

_NUMBERS = {
    "baseline": r"base ?lines?(?: values?)?|(?:starting|initial) values?|valeurs? (?:de reference|initiales?|de depart)"
    r"|situation (?:initiale|de reference)|lineas? (?:de )?base|valor(?:es)? (?:inicial(?:es)?|de referencia)"
    r"|situacion inicial",
    "target": r"targets?|promised|pledged|planned|goals?|valeurs? cibles?|cibles?|promis(?:es?)?|prevue?s?|metas?"
    r"|prometid[oa]s?|previst[oa]s?",
    "actual": r"reached|achieved|attained|achievements?|actuals?|atteinte?s?|realisee?s?|alcanzad[oa]s?"
    r"|lograd[oa]s?",
}
"""The words for each number, without accents."""
_FILLERS = re.compile(
    r"\b(?:(?:total )?(?:number|no|nb|nombre|numero|cantidad) (?:of|de|d|des)\b"
    r"|(?:(?:by|in|en|pour|para|d ici(?: a)?) )?20\d\d\b)"
)
_OF_NO_NUMBER = re.compile(  # *Target year*, *target group*: what is said of a number, or of something else
    r"\b(?:years?|annees?|anos?|dates?|fechas?|dead ?lines?|echeances?|plazos?|status|statuts?|estados?|class\w*|types?"
    r"|groups?|groupes?|grupos?|population|poblacion|countr\w+|pays|pais(?:es)?|by whom|source)\b"
)
_CUTS = re.compile(r"[()\[\]:;|/–—]+| - ")
_ALIKE = 90  # of 100: how alike a header's words must be to an indicator's
_MOSTLY = 0.5
_LIKELY = 0.6
_LONGEST = 120


class Block(NamedTuple):
    """The columns of one result, by field.

    Attributes:
        indicator: Its code; where none is known, the header's words; empty where a column has it.
        unit: Its code, where the header names one.
    """

    indicator: str
    unit: str
    fields: Mapping[str, Match]

    @property
    def doubt(self) -> str:
        """Describe what somebody is to check; empty where the words say it all."""
        return next((match.why for match in self.fields.values() if match.confidence < EXACT), "")


def find_results(
    shape: Shape, profiles: Sequence[Profile], knowledge: Knowledge, used_columns: Collection[int]
) -> list[Block]:
    """Find the results in the rows of actions or reports, among the columns that are nothing else."""
    blocks: dict[tuple[str, str], dict[str, Match]] = {}
    free = [c for c in shape.columns if c.header and not c.choice and c.role is ColumnRole.ANSWER]
    named_apart: dict[str, Match] = {}
    for column in free:
        profile, header = profiles[column.index], column.question or column.header or ""
        if column.index in used_columns or len(header) > _LONGEST or not profile.filled:
            continue
        for name in ("indicator", "unit"):
            if name not in named_apart and knowledge.score(name, column)[0] == EXACT:
                named_apart[name] = Match((column,), EXACT, "a known header")
        read = _read_header(header, knowledge)
        if read is None or (profile.numbers < _MOSTLY and not (read.is_known and profile.days < _MOSTLY)):
            continue
        of_indicator = blocks.setdefault((read.indicator, read.unit), {})
        why = "" if read.is_known or not read.indicator else f"no indicator of the list is called “{read.indicator}”"
        of_indicator.setdefault(read.number, Match((column,), EXACT if not why else _LIKELY, why))
    alone = blocks.pop(("", ""), {})
    if alone and "indicator" in named_apart:
        blocks["", ""] = named_apart | alone
    return [Block(*key, fields) for key, fields in blocks.items()]


class _Header(NamedTuple):
    number: str
    indicator: str
    unit: str
    is_known: bool


def _read_header(header: str, knowledge: Knowledge) -> _Header | None:
    """Read which number of which indicator a header names; None where no word says that it is one."""
    pieces = [words for piece in _CUTS.split(header) if (words := plain(piece))]
    number = ""
    for name, pattern in _NUMBERS.items():
        if not number and any(re.search(rf"\b(?:{pattern})\b", words) for words in pieces):
            number = name
            pieces = [re.sub(rf"\b(?:{pattern})\b", " ", words) for words in pieces]
    if not number or any(map(_OF_NO_NUMBER.search, pieces)):
        return None
    name_pieces = [words for piece in pieces if (words := " ".join(_FILLERS.sub(" ", piece).split()))]
    if indicator := _look_up(" ".join(name_pieces), knowledge):
        return _Header(number, indicator, "", True)
    for place, words in enumerate(name_pieces):
        unit = knowledge.spellings.look_up("units", words)
        rest = " ".join(name_pieces[:place] + name_pieces[place + 1 :])
        if unit and (indicator := _look_up(rest, knowledge)):
            return _Header(number, indicator, unit, True)
    return _Header(number, " ".join(name_pieces), "", False)


def _look_up(words: str, knowledge: Knowledge) -> str | None:
    """Find the indicator that words name, nearly at least."""
    if not words:
        return None
    spellings = knowledge.spellings
    code = spellings.look_up("indicators", words)
    if code or len(words) < 8:
        return code
    nearest = process.extractOne(
        words, spellings.codes["indicators"], scorer=fuzz.token_sort_ratio, score_cutoff=_ALIKE
    )
    return spellings.codes["indicators"][nearest[0]] if nearest else None
