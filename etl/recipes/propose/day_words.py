"""What day a header speaks of, by its words in three languages: the day something is due, was sent, or another."""

import re
from enum import Enum
from functools import lru_cache

from etl.texts.plain import plain

_LONGEST = 60  # letters; longer ones are questions, which speak of several days


class Day(Enum):
    """What a header says of a day."""

    DUE = "due"  # the day by which it is to be done
    OTHER = "other"  # a day that no field holds: a start, the deadline of a report
    SENT = "sent"  # the day on which it was sent, received or made known


PAST_FIELDS = frozenset({"submitted_at", "completed_on", "reported_on", "reached_on", "reviewed_on", "verified_on"})
"""Fields whose day has been: no column of days to come is taken for one."""

_TO_DO = (
    r"(?:complet|finish|finali[sz]|achiev|deliver|implement|do\b|done|reach|meet|met\b|accomplish|carried|realis|fai[rt]"
    r"|termin|achev|finir|fini|accompli|livr|mett|mis|attei|execut|hacer|hech|cumpli|realiz|logr|alcanz|entreg|ejecut"
    r"|conclu)\w*"
)
# Words that say by themselves that the day is to come, whatever stands beside them.
_BY_THEN = re.compile(
    rf"\bto be {_TO_DO}|\bwhen will\b|\bby when\b|\b(?:no|not) later than\b|\b(?:at the )?latest by\b|\bdue\b"
    rf"|^(?:to )?{_TO_DO} (?:it |this )?(?:by|before|until)$|^(?:by|before|until|avant|jusqu au|antes|hasta)$"
    rf"|\ba (?:etre )?{_TO_DO}(?: \w+){{0,3}} (?:avant|d ici|pour|au plus)\b|\bau plus tard\b"
    r"|\bd ici (?:le|la|fin|au)\b"
    r"|\bavant (?:le|la|fin)\b|\bquand (?:sera|seront|doit|doivent)\b|\ba mas tardar\b|\bantes del?\b|\bhasta el\b"
    r"|\b(?:para|hasta) cuando\b|\bcuando (?:estara|sera|debe|se \w+ra)\b|\bvence\w*\b|\bvencimiento\b"
)
# Words that say it of a day that has not been met: "Target date", not "Target reached on".
_AIMED_AT = re.compile(
    r"\b(?:deadlines?|targets?|expected|planned|scheduled|estimated|anticipated|intended|projected|foreseen|time ?limit"
    r"|echeances?|butoir|limites?|delais?|cibles?|objectifs?|visee?s?|prevue?s?|previsionnel(?:le)?s?|estimee?s?"
    r"|planifiee?s?|attendue?s?|plazos?|topes?|metas?|objetivos?|previst[oa]s?|programad[oa]s?|planificad[oa]s?"
    r"|planead[oa]s?|estimad[oa]s?|esperad[oa]s?)\b"
)
_HAS_BEEN = re.compile(
    r"\b(?:achieved|attained|met|reached|missed|atteint(?:e|s|es)?|alcanzad[oa]s?|cumplid[oa]s?|lograd[oa]s?)\b"
)
_BEGINS = re.compile(
    r"\b(?:start\w*|begin\w*|launch\w*|kick ?off|debut\w*|demarr\w*|lanc\w+|commenc\w*|inicio|iniciad?\w*|comienzo"
    r"|arranque|lanzamiento)\b"
)
_CLOCK = re.compile(r"\b(?:time|heure|hora)\b")  # of an answer: a form notes when it was begun
_SENDING = re.compile(
    r"\b(?:submi\w+|received|receipt|soumis\w*|envoi|envoyee?s?|recue?s?|reception|deposee?s?|depot|envio|enviad[oa]s?"
    r"|recibid[oa]s?|recepcion|presentad[oa]s?|presentacion|registered|registration|enregistr\w+|registrad[oa]s?|registro"
    r"|announced|annoncee?s?|anunciad[oa]s?|signed|signee?s?|firmad[oa]s?)\b"
)
_OTHER_THINGS = re.compile(
    r"\b(?:reports?|reporting|rapports?|informes?|reviews?|revues?|revision|examens?|applications?|candidatures?"
    r"|postulacion|inscriptions?|inscripcion|payments?|paiements?|pagos?|meetings?|reunions?|reuniones?|updates?|visits?"
    r"|visites?|visitas?|verification|verificacion)\b"
)


def has_no_field(header: str | None) -> bool:
    """Whether a column of days is left open for what its header says, unless it is the day by which all is due."""
    return find_day(header) in (Day.DUE, Day.OTHER)


@lru_cache(maxsize=4096)
def find_day(header: str | None) -> Day | None:
    """What day a header speaks of; None where its words do not say, or say several things."""
    words = plain(header)
    if not words or len(words) > _LONGEST:
        return None
    is_to_come = bool(_BY_THEN.search(words) or (_AIMED_AT.search(words) and not _HAS_BEEN.search(words)))
    if _BEGINS.search(words) and not _CLOCK.search(words):
        return Day.OTHER
    if is_to_come:
        return Day.OTHER if _SENDING.search(words) or _OTHER_THINGS.search(words) else Day.DUE
    return Day.SENT if _SENDING.search(words) else None
