"""The day that a header means, by its words in three languages: of a deadline, of completion, of sending, or another.

The first rule that fits decides, by words anywhere in a header:

| words | the day is | such as |
|---|---|---|
| a beginning | another | *Planned start* |
| "to be done", "before", alone | due | *To be completed by*, *À réaliser avant le* |
| planned, and has been done | either | *Planned and actual completion* |
| planned | due | *Completion date (planned)*, *Date d'achèvement prévue* |
| has been done, and "by" at the end | either | *Completed by* |
| a target's day, and has been done | either | *Target date met* |
| has been done, of a target or of nothing | done | *Target completed on*, *Échéance tenue le*, *Actual end date* |
| the doing of a target | either | *Date of achievement of target*, *Fecha de logro de la meta* |
| a target or deadline | due | *Target completion date*, *Plazo* |

A deadline for something else (*Submission deadline*) is another day; the day of sending or publishing something is a
day of sending, also for a target (*Target published*).
"""

import re
from enum import Enum
from functools import lru_cache

from etl.texts.plain import plain

_LONGEST = 60  # letters; longer ones are questions, which speak of several days


class Day(Enum):
    """The day that a header means."""

    DUE = "due"  # the day of a deadline
    DONE = "done"  # the day of completion
    EITHER = "either"  # a deadline or a completion: its values say which
    OTHER = "other"  # a day that no field holds: a start, the deadline of a report
    SENT = "sent"  # the day of sending, receipt or publication


DONE_FIELDS = ("completed_on", "reached_on")
"""Fields for the day of completion of an action or a milestone; no kind of rows has both."""

PAST_FIELDS = frozenset({"submitted_at", "completed_on", "reported_on", "reached_on", "reviewed_on", "verified_on"})
"""Fields whose day has been: no column of days to come is taken for one."""

_TO_DO = (
    r"(?:complet|finish|finali[sz]|achiev|deliver|implement|do\b|done|reach|meet|met\b|accomplish|carried|realis|fai[rt]"
    r"|termin|achev|finir|fini|accompli|livr|mett|mis|attei|execut|hacer|hech|cumpli|realiz|logr|alcanz|entreg|ejecut"
    r"|conclu)\w*"
)
_HAPPENED = r"(?:\w+ed|done|met|reached)"
# Words that say by themselves that the day is to come, whatever stands beside them.
_BY_THEN = re.compile(
    rf"\bto be {_TO_DO}|\bwhen will\b|\bby when\b|\b(?:no|not) later than\b|\b(?:at the )?latest by\b|\bdue by\b"
    rf"|^(?:to )?(?!{_HAPPENED}\b){_TO_DO} (?:it |this )?(?:by|before|until)$"
    r"|^(?:by|before|until|avant|jusqu au|antes|hasta)$"
    rf"|\ba (?:etre )?{_TO_DO}(?: \w+){{0,3}} (?:avant|d ici|pour|au plus)\b|\bau plus tard\b"
    r"|\bd ici (?:le|la|fin|au)\b"
    r"|\bavant (?:le|la|fin)\b|\bquand (?:sera|seront|doit|doivent)\b|\ba mas tardar\b|\bantes del?\b|\bhasta el\b"
    r"|\b(?:para|hasta) cuando\b|\bcuando (?:estara|sera|debe|se \w+ra)\b|\bvence\w*\b|\bvencimiento\b"
)
_PLANNED = re.compile(
    r"\b(?:expected|planned|scheduled|estimated|anticipated|intended|projected|foreseen|visee?s?|prevue?s?"
    r"|previsionnel(?:le)?s?|estimee?s?|planifiee?s?|attendue?s?|previst[oa]s?|programad[oa]s?|planificad[oa]s?"
    r"|planead[oa]s?|estimad[oa]s?|esperad[oa]s?)\b"
)
# A target or deadline is a day to come ("Target date") unless its header says that it was met ("Target reached on").
_AIMED_AT = re.compile(
    r"\b(?:due|deadlines?|targets?|time ?limit|echeances?|butoir|limites?|delais?|cibles?|objectifs?|plazos?|topes?"
    r"|metas?|objetivos?)\b"
)
_GOAL = re.compile(r"\b(?:targets?|goals?|cibles?|objectifs?|metas?|objetivos?)\b(?! (?:date|day))")
_DAY_AIMED_AT = re.compile(
    r"\b(?:targets?|due) (?:\w+ )?(?:date|day)\b"
    r"|\b(?:date|jour|fecha|dia) (?:butoir|limite|cible|objectif|tope|meta|objetivo)\b"
)
_HAS_BEEN = re.compile(
    r"(?<!\bbe )(?<!\betre )(?<!\bser )(?<!\bse )(?<!\bd )(?<!\bl )(?<!\bs )\b(?:completed|done|finished|achieved"
    r"|attained|accomplished|fulfilled|reached|finali[sz]ed|concluded|reali[sz]ed|atteint(?:e|s|es)?|realisee?s?"
    r"|terminee?s?|achevee?s?|accomplie?s?|finie?s?|completad[oa]s?|realizad[oa]s?|terminad[oa]s?|finalizad[oa]s?"
    r"|cumplid[oa]s?|lograd[oa]s?|alcanzad[oa]s?|concluid[oa]s?|culminad[oa]s?|hech[oa]s?|ejecutad[oa]s?"
    r"|se (?:complet|realiz|termin|finaliz|logr|alcanz|culmin|ejecut)o|se (?:cumplio|concluyo))\b"
)
_UNTIL = re.compile(r"\b(?:by|before|until)$")
_WAS_KEPT = re.compile(r"\b(?:met|kept|tenue?s?|respectee?s?|remplie?s?|respetad[oa]s?)\b")  # of a target alone
_NOT = re.compile(r"\b(?:not|no|non|pas|missed|manquee?s?|depassee?s?)\b")
_DOING = (
    r"(?:completion|achievement|attainment|accomplishment|fulfil\w*ment|realisation|achevement|atteinte|accomplissement"
    r"|logro|cumplimiento|realizacion|finalizacion|conclusion|alcance|consecucion)"
)
_DOING_OF_TARGET = re.compile(
    rf"\b{_DOING} (?:date )?(?:of|de|du|des|del) (?:(?:the|your|our|its|an?|l|la|le|les|las|los|sus?) )?"
    r"(?:targets?|goals?|objectives?|cibles?|objectifs?|metas?|objetivos?)\b"
)
_END = rf"(?:{_DOING}|end|finish|closing|close|fin|cierre|cloture|termino)"
# "Actual" beside its word, and in front of the day: in Spanish it is "present".
_IN_FACT = re.compile(
    rf"\bactual (?!target\b|due\b)(?:\w+ )?(?:date|day|{_END})\b"
    r"|\b(?:completion|end|finish|achievement) (?:date )?actual\b"
    rf"|\b(?:reel(?:le)?|real|effective|effectif|efectiv[oa])\b.*\b{_END}\b"
    rf"|\b{_END}\b.*\b(?:reel(?:le)?|real|effective|effectif|efectiv[oa])\b"
)
_BEGINS = re.compile(
    r"\b(?:start\w*|begin\w*|launch\w*|kick ?off|debut\w*|demarr\w*|lanc\w+|commenc\w*|inicio|iniciad?\w*|comienzo"
    r"|arranque|lanzamiento)\b"
)
_CLOCK = re.compile(r"\b(?:time|heure|hora)\b")  # of an answer: a form notes when it was begun
_SENDING = re.compile(
    r"\b(?:submi\w+|received|receipt|soumis\w*|envoi|envoyee?s?|recue?s?|reception|deposee?s?|depot|envio|enviad[oa]s?"
    r"|recibid[oa]s?|recepcion|presentad[oa]s?|presentacion|registered|registration|enregistr\w+|registrad[oa]s?|registro"
    r"|announced|annoncee?s?|anunciad[oa]s?|signed|signee?s?|firmad[oa]s?|published|publiee?s?|publicad[oa]s?|committed"
    r"|pledged|engagee?s?|comprometid[oa]s?)\b"
)
# Published targets: "Target published" is no deadline.
_MADE_KNOWN = re.compile(
    r"\b(?:announced|annoncee?s?|anunciad[oa]s?|signed|published|publiee?s?|publicad[oa]s?|committed|pledged|submitted"
    r"|registered|enregistree?s?|registrad[oa]s?)\b"
)
_OTHER_THINGS = re.compile(
    r"\b(?:reports?|reporting|rapports?|informes?|reviews?|revues?|revision|examens?|applications?|candidatures?"
    r"|postulacion|inscriptions?|inscripcion|payments?|paiements?|pagos?|meetings?|reunions?|reuniones?|updates?|visits?"
    r"|visites?|visitas?|verification|verificacion)\b"
)
_NO_ACTION = re.compile(  # the completion of these is no action
    r"\b(?:forms?|surveys?|questionnaires?|interviews?|formulaires?|enquetes?|entretiens?|mises? a jour|formularios?"
    r"|encuestas?|cuestionarios?|entrevistas?|actualizacion(?:es)?)\b"
)


def has_no_field(header: str | None) -> bool:
    """Whether a header's words leave a column of days open, unless it is the day by which all is due."""
    return find_day(header) in (Day.DUE, Day.OTHER)


@lru_cache(maxsize=4096)
def find_day(header: str | None) -> Day | None:
    """Find the day that a header means; None where its words do not say, or say several things."""
    words = plain(header)
    if not words or len(words) > _LONGEST:
        return None
    if _BEGINS.search(words) and not _CLOCK.search(words):
        return Day.OTHER
    day = _find_doing(words)
    is_sent, is_of_others = _SENDING.search(words), _OTHER_THINGS.search(words)
    if day in (Day.DUE, Day.EITHER) and (is_sent or is_of_others):
        is_known = _MADE_KNOWN.search(words) and not (is_of_others or _BY_THEN.search(words) or _PLANNED.search(words))
        return Day.SENT if is_known and not _find_doing(_GOAL.sub(" ", words)) else Day.OTHER
    if is_sent:
        return Day.SENT
    return day if day is Day.DUE or not (is_of_others or _NO_ACTION.search(words)) else None


def _find_doing(words: str) -> Day | None:
    """Find whether a day is a deadline or a completion, by the table above."""
    is_aimed_at = _AIMED_AT.search(words)
    is_done = _HAS_BEEN.search(words) or _IN_FACT.search(words) or (is_aimed_at and _WAS_KEPT.search(words))
    if _BY_THEN.search(words):
        return Day.DUE
    if _PLANNED.search(words):
        return Day.EITHER if is_done else Day.DUE
    if _NOT.search(words) and (is_done or is_aimed_at):
        return None
    if is_done:
        return Day.EITHER if _UNTIL.search(words) or _DAY_AIMED_AT.search(words) else Day.DONE
    if not is_aimed_at:
        return None
    # "Fecha límite de logro de la meta" has a deadline beside the target.
    is_of_target = not _AIMED_AT.search(_DOING_OF_TARGET.sub(" ", words))
    return Day.EITHER if is_of_target else Day.DUE
