"""A small page that says why an address cannot be answered, for people who opened it in a browser."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path

from dashboard.errors import SelectionError, UserError
from dashboard.i18n import N_, Translator

STYLE = Path(__file__).with_name("refusals.css").read_text(encoding="utf-8").replace("\n", "")
LONGEST_VALUE = 80


def draw_refusal(
    t: Translator, heading: str, sentences: Sequence[str], near: Sequence[str] = (), allowed: Sequence[str] = ()
) -> str:
    """The HTML of the page.

    Args:
        t: The reader's language.
        heading: What there is not.
        sentences: What is wrong, and what to do; empty ones are left out.
        near: Values that may have been meant.
        allowed: Values that would be accepted.
    """
    said = [sentence for sentence in sentences if sentence]
    if near:
        said.append(t(N_("Did you mean {values}?"), values=", ".join(near)))
    if allowed:
        said.append(t(N_("Allowed here:")))
    words = "".join(f"<p>{escape(sentence)}</p>" for sentence in said)
    items = "".join(f"<li><code>{escape(value)}</code></li>" for value in allowed)
    return (
        f'<!doctype html><html lang="{t.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(heading)}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{escape(heading)}</h1>{words}"
        f"{f'<ul>{items}</ul>' if items else ''}</main></body></html>\n"
    )


def say(error: UserError, t: Translator) -> list[str]:
    """What is wrong with an address, for a reader of a page."""
    if not isinstance(error, SelectionError):
        return [t(error.what), t(error.remedy)]
    if error.value is None:
        return [t(N_("The link has a parameter that is not known here: {parameter}."), parameter=error.parameter)]
    value = error.value[:LONGEST_VALUE]
    said = N_("The link asks for a value that is not known here: {parameter}={value}.")
    return [t(said, parameter=error.parameter, value=value)]


@cache
def refusal_policy() -> str:
    """What the page may load, as a content policy: its own style and nothing else."""
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
