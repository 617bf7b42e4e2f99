"""One member of a codelist: its labels, spellings, place and what its list asks besides; a new one; one taken out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.campaign import code_uses, codelist_edit
from dashboard.campaign.codelists import BASE_STATUSES, Code, list_kept, load_codelist
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.languages import Texts
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces.messages import plain
from dashboard.ui.settings import basket, list_reading, member_fields
from dashboard.ui.settings.forms import form, read_texts, write_texts
from dashboard.ui.settings.list_reading import Listed

_OPEN = "settings-open-member"
_LABEL_LENGTH = 200
_FIRST = ""


class Open(NamedTuple):
    """The member that is open: its list and its code, empty for a new one."""

    name: str
    code: str


class Keys(NamedTuple):
    """Where the fields of a form stand in the session."""

    labels: Mapping[str, str]
    spellings: str
    words: str
    code: str
    behind: str
    further: Mapping[str, str]


def find_open(listed: Listed) -> Open | None:
    """The member of this list that is open; None where none is."""
    opened: Open | None = st.session_state.get(_OPEN)
    return opened if opened is not None and opened.name == listed.name else None


def open_member(listed: Listed, code: str) -> None:
    """Open a member; a button's callback."""
    st.session_state[_OPEN] = Open(listed.name, code)


def open_new(listed: Listed) -> None:
    """Open the form of a new member; a button's callback."""
    open_member(listed, "")


def close() -> None:
    """Close what is open; a button's callback."""
    st.session_state.pop(_OPEN, None)


def show(view: Frame, listed: Listed, code: Code | None) -> None:
    """Draw the form of a member, or of a new one."""
    t, lang = view.t, view.lang
    title = t("New member") if code is None else code.labels[lang]
    with form(view, f"member-{listed.name}-{code.code if code else ''}", title, _say_code(view, listed, code)) as block:
        keys = _write_fields(view, listed, code)
        block.submit(_keep, view, listed, code, keys)
    with st.container(horizontal=True):
        if code is not None:
            _show_ways(view, listed, code)
        st.button(t("Close"), key=f"settings-close-{listed.name}", icon=":material/close:", on_click=close)


def _say_code(view: Frame, listed: Listed, code: Code | None) -> str:
    """What the form says of the member's code."""
    t = view.t
    if code is None:
        return t("Readers see the label; the code appears in links and files, and cannot change once it is used.")
    if code.code in list_kept(listed.name):
        return t("The code “{code}” is set by the program and cannot change; its labels can.", code=code.code)
    uses = listed.uses_of(code.code)
    if any(uses.values()):
        return t("The code “{code}” cannot change: it is used by {uses}.", code=code.code, uses=t(code_uses.say(uses)))
    return t("Nothing uses the code “{code}” yet.", code=code.code)


def _write_fields(view: Frame, listed: Listed, code: Code | None) -> Keys:
    t, own = view.t, code.code if code else ""
    name = f"member-{listed.name}-{own}"
    campaign = listed.folder.load()
    spoken = list(dict.fromkeys((*campaign.languages, *(code.labels if code else ()))))
    labels = {lang: code.labels.get(lang, "") if code else "" for lang in spoken}
    words = {word.word: word.rows for word in list_reading.list_words(view, listed, own)}
    labels_now = [(one.code, one.labels[view.lang]) for one in listed.codes]
    keys = Keys(
        labels=write_texts(view, name, N_("Label"), labels, _LABEL_LENGTH),
        further=member_fields.write(view, listed, code),
        spellings=f"settings-{name}-spellings-{basket.stamp(code.aliases if code else ())}",
        words=f"settings-{name}-words-{basket.stamp(words)}",
        code=f"settings-{name}-code",
        behind=f"settings-{name}-behind-{basket.stamp(labels_now)}",
    )
    st.text_area(
        t("Other spellings, one per line"),
        "\n".join(code.aliases) if code else "",
        key=keys.spellings,
        height=160,
        help=t("Capitals, accents and punctuation do not matter. The labels count as spellings."),
    )
    _offer_words(view, words, keys.words)
    _ask_place(view, listed, own, keys.behind)
    if not listed.is_fixed(own):
        st.text_input(
            t("Code"),
            own,
            max_chars=codelist_edit.LONGEST_CODE,
            key=keys.code,
            placeholder="" if listed.name == "countries" else t("made from the label if left empty"),
            help=t("Small letters, digits and underscores; of a country the three capital letters of ISO 3166."),
        )
    return keys


def _offer_words(view: Frame, words: Mapping[str, int], key: str) -> None:
    """Words of the files that match no code, with their rows, to be taken as spellings of this member."""
    if words:
        st.pills(
            view.t("Words in the files that are not understood: choose those that mean this"),
            list(words),
            selection_mode="multi",
            format_func=lambda word: plain(f"{word} ({formats.format_count(words[word], view.lang)})"),
            key=key,
        )


def _ask_place(view: Frame, listed: Listed, own: str, key: str) -> None:
    """Behind which other member this one stands."""
    t = view.t
    order = codelist_edit.list_order(basket.read(listed.file))
    others = [_FIRST, *(code for code in order if code != own)]
    labels = {code.code: code.labels[view.lang] for code in listed.codes}
    before = order.index(own) if own in order else _find_end(listed, order)
    st.selectbox(
        t("Place in the order"),
        others,
        index=before,
        format_func=lambda code: t("behind {member}", member=labels.get(code, code)) if code else t("first"),
        key=key,
    )


def _find_end(listed: Listed, order: list[str]) -> int:
    """How many members stand before a new one: all but those that are in no class."""
    kept = set(list_kept(listed.name)) - set(BASE_STATUSES)
    return len([code for code in order if code not in kept])


def _show_ways(view: Frame, listed: Listed, code: Code) -> None:
    """The buttons that move a member and take it out."""
    t = view.t
    order = codelist_edit.list_order(basket.read(listed.file))
    if code.code in order:
        place = order.index(code.code)
        for way, words, icon, to in (
            ("up", t("Move up"), ":material/arrow_upward:", place - 1),
            ("down", t("Move down"), ":material/arrow_downward:", place + 1),
        ):
            st.button(
                words,
                key=f"settings-move-{listed.name}-{way}",
                icon=icon,
                disabled=not 0 <= to < len(order),
                on_click=_move,
                args=(listed, code.code, to),
            )
    if not listed.is_fixed(code.code):
        st.button(
            t("Remove"),
            key=f"settings-remove-{listed.name}",
            icon=":material/delete:",
            on_click=_remove,
            args=(view, listed.name, code.code),
        )


def _keep(view: Frame, listed: Listed, code: Code | None, keys: Keys) -> None:
    """Take what stands in the fields over into the working copy; a button's callback."""

    def make(text: str, codes: list[Code]) -> str:
        wanted = _read(listed, code, keys, [one.code for one in codes])
        if code is None:
            text = codelist_edit.add_member(text, codes, wanted, view.lang)
        else:
            text = codelist_edit.change_member(text, codes, wanted, view.lang)
            text = _rename(text, codes, listed, code.code, keys)
        return _place(text, _find_code(listed, wanted.code, keys), keys)

    if _put(listed, make):
        close()


def _read(listed: Listed, code: Code | None, keys: Keys, taken: list[str]) -> Code:
    """The member as the fields have it."""
    shown = read_texts(keys.labels)
    kept = {} if code is None else {lang: label for lang, label in code.labels.items() if lang not in shown}
    labels = kept | {lang: label for lang, label in shown.items() if label}
    spellings = codelist_edit.split_spellings(str(st.session_state[keys.spellings]))
    chosen = tuple(st.session_state.get(keys.words) or ())
    aliases = tuple(dict.fromkeys((*spellings, *chosen)))
    extra = member_fields.read(listed, keys.further)
    if code is not None:
        return replace(code, labels=Texts(labels), aliases=aliases, extra=code.extra | extra)
    stated = _stated(listed, keys)
    first = next(iter(labels.values()), "")
    own = stated or ("" if listed.name == "countries" else codelist_edit.propose_code(labels.get("en", first), taken))
    return Code(listed.name, own, Texts(labels), aliases, 0, extra=extra)


def _stated(listed: Listed, keys: Keys) -> str:
    """The code that somebody has written; empty where nothing is."""
    code = str(st.session_state.get(keys.code, "")).strip()
    return code.upper() if listed.name == "countries" else code


def _find_code(listed: Listed, code: str, keys: Keys) -> str:
    """A member's code as it is afterwards."""
    stated = _stated(listed, keys)
    return code if listed.is_fixed(code) or not stated else stated


def _rename(text: str, codes: list[Code], listed: Listed, code: str, keys: Keys) -> str:
    to = _find_code(listed, code, keys)
    return text if to == code else codelist_edit.rename_member(text, codes, listed.name, code, to)


def _place(text: str, code: str, keys: Keys) -> str:
    """The list in which a member stands behind the one that is chosen."""
    behind = st.session_state.get(keys.behind, _FIRST)
    order = [one for one in codelist_edit.list_order(text) if one != code]
    return codelist_edit.move_member(text, code, order.index(behind) + 1 if behind in order else 0)


def _move(listed: Listed, code: str, to: int) -> None:
    """Move a member by one place; a button's callback."""
    _put(listed, lambda text, _codes: codelist_edit.move_member(text, code, to))


def _remove(view: Frame, name: str, code: str) -> None:
    """Take a member out that nothing uses; a button's callback."""
    listed = list_reading.read(view, name)

    def make(text: str, _codes: list[Code]) -> str:
        code_uses.refuse_used(name, code, listed.uses_of(code))
        return codelist_edit.remove_member(text, name, code)

    if _put(listed, make):
        close()


def _put(listed: Listed, make: Callable[[str, list[Code]], str]) -> bool:
    """Change the list's file in the working copy; gives whether it was taken, and the page says why not."""
    try:
        codes = load_codelist(basket.folder(), listed.name)
        text = make(basket.read(listed.file), codes)
    except UserError as error:
        basket.refuse(error)
        return False
    return basket.change(listed.file, text)
