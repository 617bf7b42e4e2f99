"""Adding a source without a file: tool, address, its secret, form and schedule; then what it brings is looked at."""

import json
import os
import re
import time
import unicodedata
from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.campaign.sources import FORMS, NAMES, SECRETS, Publish, Source, Tool
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import campaign_commands, messages
from dashboard.ui.pieces.messages import plain

_FORMS = "staff-source-forms"
_SAID = "staff-source-said"
_REFUSED = "staff-source-refused"
_UNDO = "staff-source-undo"
SAID_SECONDS = 30.0
"""For how long the page says what was done: it is run anew meanwhile, when a fetch has ended."""
SCHEDULES = ("5m", "15m", "1h", "6h", "1d")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_ADDRESSES: Mapping[Tool, str] = {
    Tool.KOBOTOOLBOX: "https://kf.kobotoolbox.org",
    Tool.ODK_CENTRAL: "https://odk.example.org",
    Tool.LIMESURVEY: "https://survey.example.org",
    Tool.WEB: "https://example.org/register.csv",
    Tool.SFTP: "sftp://sftp.example.org/registers/",
    Tool.BUCKET: "s3://bucket/registers/",
    Tool.FOLDER: "file:///srv/shared/registers",
}
_PUBLISHING: Mapping[Publish, str] = {
    Publish.DRAFT: N_("wait until staff have looked at them"),
    Publish.AT_ONCE: N_("are published at once"),
}


def show(view: Frame, start_fetch: Any) -> None:
    """Draw what was done last, with its undo, and the form.

    Args:
        view: The page.
        start_fetch: Begins to fetch the source of a name.
    """
    t = view.t
    said, at = st.session_state.get(_SAID, ("", 0.0))
    if said and time.monotonic() - at < SAID_SECONDS:
        st.success(plain(said), icon=":material/check_circle:")
    refused: UserError | None = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        messages.show_error(view, refused)
    undo: dict[str, Any] | None = st.session_state.get(_UNDO)
    if undo is not None:
        label = t("Undo: put {source} back", source=undo["title"] or undo["name"])
        st.button(label, key="source-undo", icon=":material/undo:", on_click=_put_back, args=(view, undo))
    with st.expander(t("Add a source"), icon=":material/add:"):
        _show_form(view, start_fetch)


def _show_form(view: Frame, start_fetch: Any) -> None:
    t = view.t
    tool = st.selectbox(t("Tool"), list(Tool), format_func=lambda one: t(NAMES[one]), key="source-tool") or Tool.WEB
    title = st.text_input(t("What staff call it"), key="source-title", max_chars=200)
    address = st.text_input(t("Address"), key=f"source-address-{tool}", placeholder=_ADDRESSES[tool], max_chars=2000)
    stated = {"name": name_source(title), "title": title, "tool": tool.value, "address": address.strip()}
    _show_secrets(view, tool, stated["name"])
    form, file = "", ""
    if tool in FORMS:
        form = _show_forms(view, stated)
    else:
        file = st.text_input(t("Files, as *.xlsx"), key="source-file") if _has_many(tool, address) else ""
    every = st.selectbox(
        t("How often"), SCHEDULES, index=1, format_func=lambda span: _name_span(span, view.lang), key="source-every"
    )
    publish = (
        st.radio(
            t("New answers and files"), list(Publish), format_func=lambda how: t(_PUBLISHING[how]), key="source-publish"
        )
        or Publish.DRAFT
    )
    stated |= {"form": form, "file": file, "every": every or SCHEDULES[1], "publish": publish.value}
    st.button(
        t("Add it and see what it brings"),
        key="source-add",
        type="primary",
        disabled=not (title and address and (form or tool not in FORMS)),
        on_click=_add,
        args=(view, stated, start_fetch),
    )


def _show_secrets(view: Frame, tool: Tool, name: str) -> None:
    """Which variables an administrator sets, and whether they are."""
    kinds = SECRETS[tool]
    if not kinds or not name:
        return
    t = view.t
    lines = []
    for kind in (*kinds, "HOST"):
        variable = f"DASHBOARD_SOURCE_{name.upper()}_{kind}"
        is_set = bool(os.environ.get(variable) or os.environ.get(f"{variable}_FILE"))
        lines.append(f"- `{variable}`: {t('set') if is_set else t('not set')}")
    told = t("Its secret never stands on a page. An administrator sets these variables, those that the source needs:")
    st.markdown(f"{told}\n\n" + "\n".join(lines))


def _show_forms(view: Frame, stated: Mapping[str, str]) -> str:
    """The form: chosen from what the tool lists, else written."""
    t = view.t
    asked = (stated["name"], stated["tool"], stated["address"])
    listed: tuple[tuple[str, ...], list[dict[str, Any]]] | None = st.session_state.get(_FORMS)
    st.button(
        t("List its forms"),
        key="source-forms",
        icon=":material/list:",
        disabled=not all(asked),
        on_click=_list_forms,
        args=(dict(stated), asked),
    )
    if listed is None or listed[0] != asked:
        return st.text_input(t("Form, as the tool calls it in its address"), key="source-form").strip()
    titles = {str(form["form"]): form for form in listed[1]}
    chosen = st.selectbox(
        t("Form"), list(titles), format_func=lambda one: _name_form(view, titles[one]), key="source-form-listed"
    )
    return chosen or ""


def _name_form(view: Frame, form: Mapping[str, Any]) -> str:
    answers = form.get("answers")
    if answers is None:
        return str(form["title"])
    count = formats.format_count(int(answers), view.lang)
    return f"{form['title']} · {view.t.plural('{n} answer', '{n} answers', int(answers), n=count)}"


def name_source(title: str) -> str:
    """The name of a source in commands and variables, made of its title; empty where none can be."""
    plain_letters = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain_letters).strip("_")[:40].strip("_")
    return name if name[:1].isalpha() else f"source_{name}".strip("_") if name else ""


def _has_many(tool: Tool, address: str) -> bool:
    return tool is Tool.FOLDER or (tool in (Tool.SFTP, Tool.BUCKET) and address.strip().endswith("/"))


def _name_span(span: str, lang: str) -> str:
    return formats.format_span(int(span[:-1]) * _SECONDS[span[-1]], lang)


def _list_forms(stated: dict[str, str], asked: tuple[str, ...]) -> None:
    # Which form it is to be is not known yet: one that every tool would take stands for it.
    form = {Tool.KOBOTOOLBOX: "a0000000000", Tool.ODK_CENTRAL: "1/x", Tool.LIMESURVEY: "1"}[Tool(stated["tool"])]
    try:
        answer = campaign_commands.run("source", "forms", "--stated", "-", stdin=json.dumps({**stated, "form": form}))
        st.session_state[_FORMS] = (asked, answer["forms"])
    except UserError as error:
        st.session_state[_REFUSED] = error


def _add(view: Frame, stated: dict[str, str], start_fetch: Any) -> None:
    try:
        campaign_commands.run("source", "add", "--stated", "-", stdin=json.dumps(stated))
    except UserError as error:
        st.session_state[_REFUSED] = error
        return
    st.session_state.pop(_UNDO, None)
    _say(view.t("{source} is a source now.", source=stated["title"]))
    for key in ("source-title", f"source-address-{Tool(stated['tool'])}", "source-form", "source-file"):
        st.session_state.pop(key, None)
    start_fetch(stated["name"])


def remove(view: Frame, source: Source) -> None:
    """Take a source out; a button's callback."""
    try:
        answer = campaign_commands.run("source", "remove", operands=[source.name])
    except UserError as error:
        st.session_state[_REFUSED] = error
        return
    st.session_state[_UNDO] = answer["former"]
    _say(view.t("{source} is no source any more. What came from it stays.", source=source.label))


def _put_back(view: Frame, former: dict[str, Any]) -> None:
    try:
        campaign_commands.run("source", "add", "--stated", "-", stdin=json.dumps(former))
    except UserError as error:
        st.session_state[_REFUSED] = error
        return
    st.session_state.pop(_UNDO, None)
    _say(view.t("{source} is a source now.", source=former["title"] or former["name"]))


def _say(sentence: str) -> None:
    st.session_state[_SAID] = (sentence, time.monotonic())
