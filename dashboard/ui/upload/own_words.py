"""Words that are in none of the campaign's own lists: taken in as new members, all at once, for the preview in hand."""

from pathlib import Path

import streamlit as st

from dashboard import formats
from dashboard.i18n import N_
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.upload.state import Upload

_LISTS = {"themes": N_("Themes"), "categories": N_("Categories")}


def show(view: Frame, upload: Upload) -> None:
    """Draw the words of each list with the button that takes them in, and what was taken in already."""
    if upload.preview is None:
        return
    for codelist, words in upload.preview.new_members.items():
        left_out = upload.left_out.get(codelist, set())
        offered = {word: count for word, count in words if word not in left_out}
        if offered:
            _show_list(view, upload, codelist, offered)
    for codelist in _LISTS:
        if _brought(upload, codelist).is_file():
            _show_taken(view, upload, codelist)


def _show_list(view: Frame, upload: Upload, codelist: str, counts: dict[str, int]) -> None:
    t = view.t
    messages.show_heading(t("New words: {list}", list=t(_LISTS[codelist])), level=3)
    st.markdown(
        t(
            "These words are in no list of the campaign yet. Take them in as they stand in the file; their labels can "
            "be changed and translated later. What you take out is asked about below, as misspellings are."
        )
    )
    key = f"own-words-{codelist}-{upload.recipes_made}"
    chosen = st.multiselect(
        t(_LISTS[codelist]),
        list(counts),
        list(counts),
        format_func=lambda word: f"{word} ({formats.format_count(counts[word], view.lang)})",
        key=key,
        placeholder=t("None"),
    )
    count = formats.format_count(len(chosen), view.lang)
    label = t.plural("Take {n} word in", "Take {n} words in", len(chosen), n=count)
    st.button(
        label,
        key=f"take-words-{codelist}",
        type="primary",
        icon=":material/playlist_add:",
        disabled=not chosen,
        on_click=_take_in,
        args=(upload, codelist, chosen, counts.keys() - set(chosen)),
    )


def _show_taken(view: Frame, upload: Upload, codelist: str) -> None:
    t = view.t
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("This preview brings new members: {list}", list=t(_LISTS[codelist])))
        label, key = t("Take them back"), f"drop-words-{codelist}"
        st.button(label, key=key, icon=":material/undo:", on_click=_drop, args=(upload, codelist))


def _brought(upload: Upload, codelist: str) -> Path:
    return upload.folder / "settings" / "codelists" / f"{codelist}.csv"


def _take_in(upload: Upload, codelist: str, words: list[str], left_out: set[str]) -> None:
    """Take words into the draft's list and make the preview again; a button's callback.

    The others are no members: they are not offered again, but asked about.
    """
    upload.left_out.setdefault(codelist, set()).update(left_out)
    upload.words[codelist] = [*upload.words.get(codelist, ()), *words]
    upload.make()


def _drop(upload: Upload, codelist: str) -> None:
    """Leave the list as the campaign has it and make the preview again; a button's callback."""
    upload.words[codelist] = []
    upload.make()
