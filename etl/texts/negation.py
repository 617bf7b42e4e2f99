"""What words say of a status the other way round: not, not yet, only half; questions that say nothing.

Patterns for folded texts (small letters without accents and punctuation), in English, French and Spanish, written so
that Python and DuckDB read them alike.
"""

import re

_DONE = (
    "complet|achev|achiev|termin|finish|finaliz|finalis|deliver|fulfil|implement|accompli|realis|realiz|conclu"
    "|execut|ejecut|cumpl|logr|entreg|acaba|culmin|attein|alcanz|concret|reach|done|met|mis en|kept|tenue?"
)
_BEGUN = (
    "start|begin|begun|commenc|demarr|entam|debut|inici|comenz|comienz|empez|empiez|launch|lanc|initiat|emprend"
    "|arranc|under ?way|in progress"
)
_PREFIXED = f"{_DONE}|{_BEGUN}|chang|modif|plan|report|affect|adapt|limit|active|track"

NEGATED = (
    r"\b(not|no|non|never|without|cannot|nor|neither|hardly|barely|yet to|to be|pending|awaiting|fail\w*|lack\w*"
    r"|pas|jamais|sans|aucune?|ni|reste a|echec|echoue\w*"
    r"|nunca|jamas|sin|tampoco|pendientes?|falta\w*|fracas\w*|will|sera|seront)\b"
    rf"|\b(un|in|non|no|not|dis|des|im|ir)({_PREFIXED})"
    r"|\b(a|por|to) (be )?(\w{3,}(er|ir|re|ar)|complete|finish|achieve|deliver|start|begin)\b"
)
"""A word that denies: what it stands with is not what it seems to say."""

MOSTLY = r"\b(mostly|largely|nearly|almost|majoritairement|largement|presque|casi|en gran parte|mayormente)\b"
PARTLY = (
    r"\b(partly|partially|partial|some|limited|in part|half|semi|partiellement|partiel\w*|en partie|a moitie|parcial"
    r"|parcialmente|en parte|a medias|medio)\b"
)
"""A word that says that only a part is done."""

UNDONE = rf"\b(not|no|non|pas|sin|never|sans|nunca|jamais)\b.*\b({_DONE})|\b(un|in|non|ir|des)({_DONE})"
"""What was not done: whether it was begun, nobody knows."""

UNFINISHED = r"\b(in|un)(complet|finish|achev|conclu|acab)\w*$"
"""What is unfinished was begun: in progress."""

UNSTARTED = rf"\b(not|no|non|pas|sin|never|sans|nunca|jamais)\b.*\b({_BEGUN})|\b(un|non)({_BEGUN})"
"""What was not begun: not started."""

QUESTION = "[?\N{FULLWIDTH QUESTION MARK}\N{INVERTED QUESTION MARK}\N{ARABIC QUESTION MARK}]"
"""A mark that asks."""

PATTERNS = {
    "negated": NEGATED,
    "halves": f"{MOSTLY}|{PARTLY}",
    "undone": UNDONE,
    "unfinished": UNFINISHED,
    "unstarted": UNSTARTED,
    "question": QUESTION,
}
"""The patterns by the names under which SQL takes them as parameters."""

_NEGATED = re.compile(NEGATED)
_HALF = re.compile(f"{MOSTLY}|{PARTLY}")
_UNDONE = re.compile(UNDONE)
_UNFINISHED = re.compile(UNFINISHED)
_UNSTARTED = re.compile(UNSTARTED)
_QUESTION = re.compile(QUESTION)


def is_opposite(folded: str, spelling: str, *, is_completion: bool) -> bool:
    """Whether a folded text cannot mean what a spelling does, however alike they are.

    The text says that something was not done; or one of the two denies and the other does not; or the spelling means
    completion, and the text says that only a part is done. `85_write_unmatched.sql` asks the same of the values that a
    build could not match.
    """
    if _UNDONE.search(folded) or (_NEGATED.search(folded) is None) is not (_NEGATED.search(spelling) is None):
        return True
    return is_completion and (_NEGATED.search(folded) or _HALF.search(folded)) is not None


def clear_meaning(folded: str) -> str | None:
    """The base status that a denying text states by itself: what is unfinished was begun."""
    if _UNFINISHED.search(folded):
        return "in_progress"
    return "not_started" if _UNSTARTED.search(folded) else None


def is_question(text: str) -> bool:
    """Whether a text asks: `Completed?` is a question, not an answer."""
    return _QUESTION.search(text) is not None
