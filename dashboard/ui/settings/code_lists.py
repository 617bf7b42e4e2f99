"""The sections Lists and Groupings: a codelist's members, to look through and to search, also as a spreadsheet."""

import streamlit as st

from dashboard import formats
from dashboard.campaign import code_uses, codelist_edit, settings_words
from dashboard.campaign.codelists import list_kept
from dashboard.errors import UserError
from dashboard.files.extracts.choice import FORMATS
from dashboard.ground.codelist_codes import Code
from dashboard.ground.files.csv_editor import CsvText
from dashboard.i18n import N_, Translator
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import forms, messages, paging
from dashboard.ui.settings import basket, member_form
from dashboard.ui.settings.changes import Way, show_sentences, show_ways
from dashboard.ui.settings.member_form import Codelist


def show_sheet(view: Frame, codelist: Codelist, title: str) -> None:
    """Draw the spreadsheet's download and upload, folded away."""
    t = view.t
    with st.expander(t("Many changes at once, in a spreadsheet"), icon=":material/table:"):
        st.markdown(
            t(
                "Download the list, edit it in Excel or LibreOffice, and drop it here. You see what is new, changed "
                "or missing before it is applied. Separate several spellings in a cell with a vertical bar."
            )
        )
        text = basket.read(codelist.file)
        files = {
            "xlsx": (t("Download as Excel"), lambda: codelist_edit.write_workbook(text, title)),
            "csv": (t("Download as CSV"), text.encode),
        }
        with st.container(horizontal=True):
            for ending, (label, make_file) in files.items():
                st.download_button(
                    label,
                    make_file,
                    file_name=f"{codelist.name}.{ending}",
                    mime=FORMATS[ending],
                    key=f"settings-list-{ending}-{codelist.name}",
                    icon=":material/download:",
                    on_click="ignore",
                )
        _take_back(view, codelist, text)


def _take_back(view: Frame, codelist: Codelist, text: str) -> None:
    """Draw the changed list's changes and the button that takes it over."""
    t = view.t
    file = st.file_uploader(
        t("The changed list"), type=["xlsx", "csv"], key=f"settings-list-file-{codelist.name}-{forms.stamp(text)}"
    )
    if file is None:
        return
    try:
        after = make(codelist, text, file.getvalue(), file.name)
        sentences = describe_sheet(t, codelist.name, text, after)
    except UserError as error:
        messages.show_error(view, error)
        return
    if not sentences:
        st.info(t("This file is the same as the current list."), icon=":material/check:")
        return
    show_sentences(view, sentences)
    words = t.plural("Apply {n} change", "Apply {n} changes", len(sentences))
    show_ways(
        [Way(f"list-take-{codelist.name}", words, "check", basket.change, ({codelist.file: after},), is_primary=True)]
    )


def make(codelist: Codelist, text: str, data: bytes, name: str) -> str:
    """Make the list from a spreadsheet that came back; everything else stays as it is written.

    Raises:
        UserError: it cannot be read, or lacks a code that is used.
    """
    after = codelist_edit.take_table(text, codelist.name, codelist_edit.read_rows(data, name))
    remaining = set(codelist_edit.list_order(after))
    for code in codelist_edit.list_order(text):
        if code not in remaining:
            code_uses.refuse_used(codelist.name, code, codelist.uses_of(code))
    return after


def describe_sheet(t: Translator, name: str, before: str, after: str) -> list[str]:
    """Describe the changes of a list, a sentence each; other columns than those of the program too.

    Raises:
        UserError: the changed list cannot be used.
    """
    settings_words.read_codelist(after, name)
    sentences = settings_words.describe_codelist(t, name, before, after)
    if not sentences and CsvText(before).text != after:
        return [t("More columns of the list")]
    return sentences


LISTS = {
    "themes": N_("Themes"),
    "categories": N_("Categories"),
    "stakeholder_groups": N_("Stakeholder groups"),
    "statuses": N_("Statuses"),
    "indicators": N_("Indicators"),
    "units": N_("Units"),
    "context_indicators": N_("Published figures about countries"),
    "regions": N_("Regions"),
    "subregions": N_("Subregions"),
    "countries": N_("Countries"),
}
"""The codelists by their names, in the order of the choice; groupings have a section of their own."""
PAGE = 25
_CHOSEN = "settings-chosen-list"


def show(view: Frame) -> None:
    """Draw the choice of a list, its members and its spreadsheet."""
    t = view.t
    st.markdown(
        t(
            "A list defines the values a field can have: their labels, order and the spellings that files use. "
            "Nothing is published before you have seen the preview."
        )
    )
    name = st.session_state.get(_CHOSEN, next(iter(LISTS)))
    codelist = member_form.read(view, name)
    names = {one: _name(view, codelist, one) for one in LISTS}
    key = f"settings-choose-list-{forms.stamp(names)}"
    st.selectbox(
        t("List"),
        list(LISTS),
        index=list(LISTS).index(name),
        format_func=names.__getitem__,
        key=key,
        width=420,
        on_change=lambda: st.session_state.update({_CHOSEN: st.session_state[key]}),
    )
    _show_list(view, codelist, t(LISTS[name]))


def show_groupings(view: Frame) -> None:
    """Draw the groupings: named sets of countries, each with its source."""
    t = view.t
    st.markdown(
        t(
            "A grouping is a named set of countries across regions. An action belongs to it when one of its "
            "countries does. A source is required: who lists these countries, and as of when."
        )
    )
    _show_list(view, member_form.read(view, "groupings"), t("Groupings of countries"))


def _name(view: Frame, codelist: Codelist, name: str) -> str:
    """Name a list with the number of its members, and of those used."""
    t, members, used_count = view.t, len(codelist.codelists[name]), codelist.count_used(name)
    return t("{list}: {used} of {n} used", list=t(LISTS[name]), n=members, used=used_count)


def _show_list(view: Frame, codelist: Codelist, title: str) -> None:
    """Draw the link to a new member, the search, the members of a page, and the spreadsheet."""
    t, open_code = view.t, member_form.find_open(codelist)
    messages.show_heading(title)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sought = st.text_input(
            t("Find a member"),
            key=f"settings-find-{codelist.name}",
            placeholder=t("Label, spelling or code"),
            width=320,
        )
        st.button(
            t("New member"), key=f"settings-new-{codelist.name}", icon=":material/add:",
            on_click=member_form.open_member, args=(codelist,),
        )  # fmt: skip
    if open_code == "":
        member_form.show(view, codelist, None)
    matching = _match(codelist, sought or "")
    page = paging.find(f"settings-page-{codelist.name}-{sought}", PAGE, len(matching) or 1)
    page_members = matching[page.offset : page.offset + PAGE]
    for place, code in page_members:
        if open_code == code.code:
            member_form.show(view, codelist, code)
        else:
            _show_member(view, codelist, place, code)
    if not matching:
        st.info(t("No member of this list matches."), icon=":material/search:")
    paging.show_others(page, len(matching))
    if len(matching) > PAGE:
        st.caption(t("{first} to {last} of {total}.", **paging.name_range(page, len(page_members), len(matching))))
    show_sheet(view, codelist, title)


def _match(codelist: Codelist, sought: str) -> list[tuple[int, Code]]:
    """Find the members with a text in one of their spellings, each with its place in the order, from 1."""
    words = codelist_edit.sort_key(sought.strip())
    return [
        (place, code)
        for place, code in enumerate(codelist.codes, start=1)
        if any(words in codelist_edit.sort_key(text) for text in code.spellings)
    ]


def _show_member(view: Frame, codelist: Codelist, place: int, code: Code) -> None:
    t, label = view.t, code.labels[view.lang]
    title = f"{formats.format_count(place, view.lang)}. {label}"
    with messages.show_entry(f"{codelist.name}-{code.code}", title, " · ".join(describe(view, codelist, code))):
        st.button(
            t("Edit"),
            key=f"settings-open-{codelist.name}-{code.code}",
            icon=":material/edit:",
            help=plain(t("Edit {member}", member=label)),
            on_click=member_form.open_member,
            args=(codelist, code.code),
        )


def describe(view: Frame, codelist: Codelist, code: Code) -> list[str]:
    """Describe a member in lines: its code, its base status or wider place, its spellings, its uses."""
    t, facts = view.t, [code.code]
    labels = {one.code: one.labels[view.lang] for name in ("statuses", "subregions", "regions")
              for one in codelist.codelists[name] if name != codelist.name or name == "statuses"}  # fmt: skip
    if code.base_status is not None:
        facts.append(t("counts as: {status}", status=labels[code.base_status]))
    if code.parent in labels:
        facts.append(labels[code.parent])
    if code.members:
        facts.append(t.plural("{n} country", "{n} countries", len(code.members)))
    if code.aliases:
        facts.append(t.plural("{n} more spelling", "{n} more spellings", len(code.aliases)))
    uses = codelist.uses_of(code.code)
    if any(uses.values()):
        facts.append(t("used by {uses}", uses=t(code_uses.say(uses))))
    else:
        facts.append(t("set by the program") if code.code in list_kept(codelist.name) else t("not used"))
    return facts
