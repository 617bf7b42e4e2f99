"""Words of a status that say nothing, or something else than they look like."""

import re

QUESTION = "[?\N{FULLWIDTH QUESTION MARK}\N{INVERTED QUESTION MARK}\N{ARABIC QUESTION MARK}]"
"""A mark that asks."""

LOOK_ALIKES = "achieve|attentee?|competed?|complexion|couplet|realzad[oa]|replie|terrine"
"""Words of three languages, folded, right as they are, and one letter from what says completion (*atteinte*)."""

_QUESTION = re.compile(QUESTION)


def is_question(text: str) -> bool:
    """Whether a text asks: `Completed?` is a question, not an answer."""
    return _QUESTION.search(text) is not None
