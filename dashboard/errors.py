"""Errors for readers: one sentence on what is wrong and where, one on what to do."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

CONTEXT = "\x04"
"""The separator between the context of a message and the message, as in gettext."""


def N_(message: str, context: str = "") -> str:  # noqa: N802  (the name gettext's tools look for)
    """Mark a message for translation where it is declared; returns it unchanged.

    One word that means several things, or that says little alone, has a context: translators read it beside the word,
    and the same word with another context has a translation of its own. It comes back joined to the message.
    """
    return f"{context}{CONTEXT}{message}" if context else message


class Sentence(str):
    """An English sentence that remembers its template and values, so that a page can translate it.

    For terminals, logs and comparisons, it is the English text.

    Attributes:
        template: The sentence with `{named}` places, as the catalogues have it.
        values: The values for these places: texts, numbers, or sentences, which are translated as well.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, values: Mapping[str, Any] | None = None) -> "Sentence":
        """Fill the places of a template."""
        formatted = {name: f"{value:,}" if isinstance(value, int) else value for name, value in (values or {}).items()}
        text = super().__new__(cls, template.format(**formatted) if values else template)
        text.template, text.values = template, dict(values or {})
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to copy it with its template and values."""
        return Sentence, (self.template, self.values)

    def map(self, change: Callable[[str], str]) -> "Sentence":
        """Return the same sentence with every text in its places changed."""

        def changed(value: Any) -> Any:
            if isinstance(value, Sentence):
                return value.map(change)
            return change(value) if isinstance(value, str) else value

        return Sentence(self.template, {name: changed(value) for name, value in self.values.items()})


def sentence(template: str, **values: str | float) -> Sentence:
    """Make a sentence that a page can translate from a template marked with `N_`; return a sentence unchanged."""
    return template if isinstance(template, Sentence) else Sentence(template, values)


def join(texts: Iterable[str], separator: str = " ") -> Sentence:
    """Join sentences, or parts of one, into one that a page can translate; leave out empty ones."""
    places = {f"said_{number}": text for number, text in enumerate(filter(None, texts))}
    return Sentence(separator.join(f"{{{name}}}" for name in places), places)


def map_text(text: str, change: Callable[[str], str]) -> str:
    """Change a text; in a sentence, change its values, so that it stays a sentence."""
    return text.map(change) if isinstance(text, Sentence) else change(text)


def pack(text: str) -> Any:
    """Return a text as JSON for `unpack`: for a sentence, its template and values."""
    if not isinstance(text, Sentence):
        return text
    return {"of": text.template, "with": {name: pack(value) for name, value in text.values.items()}}


def unpack(packed: Any) -> Any:
    """Read the JSON of `pack`.

    Raises:
        ValueError: it is something else.
    """
    if not isinstance(packed, dict):
        return packed
    try:
        return Sentence(str(packed["of"]), {name: unpack(value) for name, value in packed["with"].items()})
    except (KeyError, AttributeError, IndexError) as error:
        raise ValueError("this is no sentence") from error


class UserError(Exception):
    """A fault that the person at the keyboard can put right.

    Attributes:
        what: What is wrong and where (file, sheet, row, parameter), one sentence.
        remedy: What to do about it, one sentence; may be empty.
        for_readers: Both sentences for readers, who may not learn of files and folders of the server; None where
            `what` and `remedy` suit them as well.
    """

    for_readers: tuple[str, str] | None = None

    def __init__(self, what: str, remedy: str = "", for_readers: tuple[str, str] | None = None) -> None:
        """Keep both sentences; `str(error)` joins them."""
        super().__init__(f"{what} {remedy}".strip())
        self.what = what
        self.remedy = remedy
        if for_readers is not None:
            self.for_readers = for_readers


def pack_parts(error: UserError) -> dict[str, Any]:
    """Return the parts of an error's sentences as JSON, for a page to translate; empty where they are plain texts."""
    parts = {"what": pack(error.what), "remedy": pack(error.remedy)}
    return {} if parts == {"what": error.what, "remedy": error.remedy} else {"said": parts}


class CampaignError(UserError):
    """A campaign folder, its `campaign.toml` or one of its codelists cannot be used."""


class SnapshotError(UserError):
    """There is no published snapshot, or it cannot be read."""


class UnforeseenError(UserError):
    """A fault that the program did not foresee; `code` is the number of its entry in the log."""

    def __init__(self, what: str, remedy: str, code: str) -> None:
        """Keep both sentences and the number."""
        super().__init__(what, remedy)
        self.code = code


class BusyError(UserError):
    """Somebody else holds the thing, or too much is asked for at once; a minute later it is free."""


class TooLargeError(UserError):
    """More is sent than is taken."""


class TooOftenError(UserError):
    """One client asks for more than it may; the others are answered.

    Attributes:
        seconds: After which it may ask again.
    """

    def __init__(self, what: str, remedy: str, seconds: float) -> None:
        """State which request came too often, and how long to wait."""
        super().__init__(what, remedy)
        self.seconds = seconds


def suggest(value: str, allowed: Iterable[str]) -> str:
    """Ask whether the nearest allowed value was meant, with a space after the question; empty where nothing is near."""
    from difflib import get_close_matches  # for the few that go wrong

    near = get_close_matches(value.casefold().replace(" ", "_"), allowed, 1, 0.7)
    return f"Did you mean {near[0]}? " if near else ""


class SelectionError(UserError):
    """A parameter of a link is unknown or has a value outside its codelist.

    Attributes:
        allowed: The values (or parameter names) that would be accepted.
        value: The value at fault; None where the parameter itself is unknown.
    """

    def __init__(self, what: str, parameter: str, allowed: tuple[str, ...], value: str | None = None) -> None:
        """State the fault, name the nearest allowed value and list all of them."""
        super().__init__(
            what, f"{suggest(parameter if value is None else value, allowed)}Allowed: {', '.join(allowed)}."
        )
        self.parameter = parameter
        self.allowed = allowed
        self.value = value
