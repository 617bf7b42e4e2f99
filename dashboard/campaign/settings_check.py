"""What of the settings that somebody states cannot be so: each fault a sentence in which the setting has its name."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from string import Formatter

from dashboard.campaign.folder import PLACEHOLDERS
from dashboard.campaign.licences import LONGEST_TEXT
from dashboard.formats import format_language
from dashboard.i18n import N_, Phrase, Translator, phrase, plural

_MAIL = re.compile(r"[^@\s<>,;\"?&%]+@[^@\s<>,;\"?&%]+\.[^@\s<>,;\"?&%.]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def check_languages(t: Translator, titles: Mapping[str, str], languages: Sequence[str], first: str) -> Phrase | None:
    """A title in the language shown first, which is one of the languages."""
    if not languages:
        return phrase(N_("Choose at least one language."))
    named = format_language(first, t.language, is_inside=True)
    if first not in languages:
        return phrase(N_("The language shown first, {language}, must be one of the languages."), language=named)
    if not titles.get(first):
        return phrase(N_("The title is missing in {language}, the language shown first."), language=named)
    return None


def check_dates(start: date, submission: date, due: date, end: date) -> Phrase | None:
    """The four days in an order that makes sense."""
    if not start <= end:
        return phrase(N_("The last day must not be before the first day."))
    if not start <= submission <= end:
        return phrase(N_("“Last day to submit an action” must be between the first and the last day."))
    if not start < due <= end:
        return phrase(N_("“Day by which actions are due” must be after the first day and not after the last day."))
    return None


def check_mail(text: str) -> Phrase | None:
    """A mail address, or none."""
    if text and not _MAIL.fullmatch(text):
        return phrase(N_("“Mail address” is not an address: {text}"), text=text)
    return None


def check_address(field: str, text: str) -> Phrase | None:
    """The address of a page, or none; `field` is what it is called."""
    if text and not _ADDRESS.fullmatch(text):
        return phrase(
            N_("“{field}” must start with https:// and contain no spaces: {text}"), field=phrase(field), text=text
        )
    return None


def check_count(field: str, text: str) -> Phrase | None:
    """A whole number; `field` is what it is called."""
    if not text.isdecimal():
        return phrase(N_("“{field}” must be a whole number: {text}"), field=phrase(field), text=text)
    return None


def check_citation(text: str) -> Phrase | None:
    """A sentence that can be filled, not too long."""
    if len(text) > LONGEST_TEXT:
        return plural(
            N_("“How to cite” is longer than {n} character."),
            N_("“How to cite” is longer than {n} characters."),
            LONGEST_TEXT,
        )
    try:
        parts = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return phrase(N_("“How to cite”: unmatched brace in {text}"), text=text)
    for name, form, conversion in parts:
        if name not in PLACEHOLDERS or form or conversion:
            known = ", ".join(f"{{{placeholder}}}" for placeholder in PLACEHOLDERS)
            return phrase(
                N_("“How to cite”: {name} is not a placeholder; allowed: {known}."), name=f"{{{name}}}", known=known
            )
    return None
