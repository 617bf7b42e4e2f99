"""A form of a section: its title, what it is for, its fields, and the button that takes them into the working copy."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.i18n import translator
from dashboard.languages import list_languages
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.settings import basket

_OUTCOME = "staff-settings-outcome"


class Form:
    """A form that is being drawn."""

    def __init__(self, view: Frame, name: str) -> None:
        """The form of this name."""
        self._view = view
        self._name = name

    def submit(self, keep: Callable[..., None], *arguments: Any) -> None:
        """Draw the button; `keep` reads the fields from the session and changes the working copy."""
        st.form_submit_button(
            self._view.t("Add to the changes"),
            key=f"settings-keep-{self._name}",
            icon=":material/check:",
            on_click=_submit,
            args=(self._name, keep, *arguments),
        )


@contextmanager
def form(view: Frame, name: str, title: str, said: str) -> Iterator[Form]:
    """A form with its title and a sentence on what it does; its fields are drawn inside."""
    with st.container(border=True, key=f"settings-block-{name}"):
        messages.show_card_title(title)
        st.markdown(said)
        with st.form(f"settings-form-{name}", border=False, enter_to_submit=False):
            yield Form(view, name)
        _show_outcome(view, name)


def _submit(name: str, keep: Callable[..., None], *arguments: Any) -> None:
    """Take a form's fields; what came of it is said beside its button, where the reader is looking."""
    keep(*arguments)
    st.session_state[_OUTCOME] = (name, basket.take_refusal())


def _show_outcome(view: Frame, name: str) -> None:
    about, refusal = st.session_state.get(_OUTCOME, ("", None))
    if about != name:
        return
    del st.session_state[_OUTCOME]
    if refusal is not None:
        messages.show_error(view, refusal)
    else:
        st.success(view.t("Added to the changes above. Nothing is published yet."), icon=":material/check:")


def cells(number: int, beside: int) -> list[Any]:
    """Places for so many fields, some beside each other; on a narrow screen they stand in the same order."""
    rows = [st.columns(beside) for _ in range(0, number, beside)]
    return [cell for row in rows for cell in row][:number]


def name_text(view: Frame, field: str, lang: str) -> str:
    """What a text in one of several languages is called."""
    language = formats.format_language(lang, view.lang, is_inside=True)
    return view.t("{field} ({language})", field=view.t(field), language=language)


def write_texts(
    view: Frame, name: str, field: str, texts: Mapping[str, str], longest: int, *, beside: int = 1, instead: str = ""
) -> dict[str, str]:
    """Draw a field for a text in each language, some `beside` each other; gives their keys by language.

    Args:
        view: The page.
        name: What the keys begin with.
        field: What the text is called.
        texts: The texts by language.
        longest: How many characters there may be.
        beside: How many fields stand beside each other.
        instead: What is shown where a text is empty, as a message that is said in each language.
    """
    keys = {lang: f"settings-{name}-{lang}-{basket.stamp(text)}" for lang, text in texts.items()}
    for cell, (lang, text) in zip(cells(len(texts), beside), texts.items(), strict=True):
        shown = translator(lang)(instead) if instead and lang in list_languages() else ""
        cell.text_input(name_text(view, field, lang), text, max_chars=longest, key=keys[lang], placeholder=shown)
    return keys


def read_texts(keys: Mapping[str, str]) -> dict[str, str]:
    """What stands in such fields, by language."""
    return {lang: str(st.session_state[key]).strip() for lang, key in keys.items()}
