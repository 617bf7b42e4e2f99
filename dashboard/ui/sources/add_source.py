"""Adding a source, or changing one, without a file: tool, address, secret, form and schedule; tried, kept, undone."""

import hashlib
import json
import os
import re
import time
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.sources import FORMS, NAMES, SECRETS, Publish, Source, Tool, write_span
from dashboard.errors import UserError
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import campaign_commands, messages
from dashboard.ui.pieces.messages import plain
from dashboard.ui.sources import first_rows

_FORMS = "staff-source-forms"
_SAID = "staff-source-said"
_REFUSED = "staff-source-refused"
_UNDO = "staff-source-undo"
_CHANGED = "staff-source-changed"
_REDRAW = "staff-source-redraw"
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
    Publish.DRAFT: N_("wait until staff have checked them"),
    Publish.AT_ONCE: N_("are published immediately"),
}
_ASKED = ("address", "form", "file", "language")
"""What of a source says what is asked, and where."""
StartFetch = Callable[[str], None]
"""Begins to fetch the source of a name."""


class _Undo(NamedTuple):
    """What was done last: the source as it was, and whether it was removed."""

    former: dict[str, Any]
    is_removed: bool


def show_said(view: Frame, start_fetch: StartFetch) -> None:
    """Draw what was done last, with its undo, and what was refused."""
    t = view.t
    said, at = st.session_state.get(_SAID, ("", 0.0))
    if said and time.monotonic() - at < SAID_SECONDS:
        st.success(plain(said), icon=":material/check_circle:")
    refused: UserError | None = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        messages.show_error(view, refused)
    undo: _Undo | None = st.session_state.get(_UNDO)
    if undo is not None:
        name = undo.former["title"] or undo.former["name"]
        label = (
            t("Undo: restore {source}", source=name) if undo.is_removed else t("Undo: {source} as it was", source=name)
        )
        args = (view, undo, start_fetch)
        st.button(label, key="source-undo", icon=":material/undo:", on_click=_put_back, args=args)


def find_changed() -> str | None:
    """The source that somebody is changing on this page, by its name; None for none."""
    name: str | None = st.session_state.get(_CHANGED)
    return name


def begin_change(source: Source) -> None:
    """Open the form of a source in its place; a button's callback."""
    first_rows.forget()
    st.session_state[_CHANGED] = source.name


def _end_change() -> None:
    first_rows.forget()
    st.session_state.pop(_CHANGED, None)


def show_form(view: Frame, former: Source | None, start_fetch: StartFetch) -> None:
    """Draw the form: of a new source, or of one that is changed in its place, whose tool and name stay."""
    t, key = view.t, "source" if former is None else f"change-{former.name}"
    stated = _show_fields(view, former, key)
    tool = Tool(stated["tool"])
    is_whole = bool(stated["title"] and stated["address"] and (stated["form"] or tool not in FORMS))
    is_taken = former is None and stated["name"] in _list_names()
    if is_taken:
        st.warning(t("There is already a source with this name. Change it above, or give this one another name."))
    with st.container(horizontal=True):
        st.button(
            t("See the first rows"),
            key=f"{key}-try",
            icon=":material/preview:",
            disabled=not is_whole or first_rows.is_trying(),
            on_click=first_rows.begin,
            args=(stated,),
        )
        if former is None:
            st.button(
                t("Add it and see what it brings"),
                key=f"{key}-add",
                type="primary",
                disabled=not is_whole or is_taken,
                on_click=_add,
                args=(view, stated, start_fetch),
            )
        else:
            st.button(
                t("Save the change"),
                key=f"{key}-save",
                type="primary",
                icon=":material/save:",
                disabled=not is_whole or not _find_changes(former, stated),
                on_click=_save,
                args=(view, former, stated, start_fetch),
            )
            st.button(t("Cancel"), key=f"{key}-cancel", on_click=_end_change)
    if (former is None) == (find_changed() is None):  # one of the two forms, where both are open
        first_rows.show(view, stated)


def _show_fields(view: Frame, former: Source | None, key: str) -> dict[str, str]:
    """The fields; what they say, as `etl source` takes it."""
    t, before = view.t, {} if former is None else state(former)
    if former is None:
        tool = st.selectbox(t("Tool"), list(Tool), format_func=lambda one: t(NAMES[one]), key=f"{key}-tool") or Tool.WEB
    else:
        tool = former.tool
    title = st.text_input(t("Name"), before.get("title", ""), key=f"{key}-title", max_chars=200)
    address = st.text_input(
        t("Address"),
        before.get("address", ""),
        key=f"{key}-address-{tool}",
        placeholder=_ADDRESSES[tool],
        max_chars=2000,
    ).strip()
    name = name_source(title) if former is None else former.name
    stated = {**before, "name": name, "title": title, "tool": tool.value, "address": address}
    _show_secrets(view, stated, former)
    if tool in FORMS:
        stated["form"] = _show_forms(view, stated, key)
    else:
        stated["form"] = ""
        if _has_many(tool, address):
            stated["file"] = st.text_input(t("Files, such as *.xlsx"), before.get("file", ""), key=f"{key}-file")
    return {"file": "", "language": "", **stated, **_show_schedule(view, before, key)}


def _show_schedule(view: Frame, before: Mapping[str, str], key: str) -> dict[str, str]:
    t, every = view.t, before.get("every", SCHEDULES[1])
    spans = SCHEDULES if every in SCHEDULES else (every, *SCHEDULES)
    chosen = st.selectbox(
        t("How often"),
        spans,
        index=spans.index(every),
        format_func=lambda span: _name_span(span, view.lang),
        key=f"{key}-every",
    )
    ways = list(Publish)
    publish = st.radio(
        t("New answers and files"),
        ways,
        index=ways.index(Publish(before.get("publish", Publish.DRAFT))),
        format_func=lambda how: t(_PUBLISHING[how]),
        key=f"{key}-publish",
    )
    return {"every": chosen or every, "publish": (publish or Publish.DRAFT).value}


def _show_secrets(view: Frame, stated: Mapping[str, str], former: Source | None) -> None:
    """Which variables an administrator sets, whether they are, and whether the secret may go to the address."""
    tool, name = Tool(stated["tool"]), stated["name"]
    kinds = SECRETS[tool]
    if not kinds or not name:
        return
    t = view.t
    lines = []
    for kind in (*kinds, "HOST"):
        variable = f"DASHBOARD_SOURCE_{name.upper()}_{kind}"
        is_set = bool(os.environ.get(variable) or os.environ.get(f"{variable}_FILE"))
        lines.append(f"- `{variable}`: {t('set') if is_set else t('not set')}")
    told = t("Its secret is never shown on a page. An administrator sets the variables that the source needs:")
    st.markdown(f"{told}\n\n" + "\n".join(lines))
    host = _find_host(stated["address"])
    variable = f"DASHBOARD_SOURCE_{name.upper()}_HOST"
    bound = os.environ.get(variable, "").strip().lower()
    if host and bound not in ("", host):
        st.warning(
            plain(
                t(
                    "Its secret is bound to {bound} and is not sent to {host}: an administrator must set {variable} "
                    "again.",
                    bound=bound,
                    host=host,
                    variable=variable,
                )
            ),
            icon=":material/lock:",
        )
    elif former is not None and former.needed and host and host != former.host and not bound:
        st.warning(
            plain(
                t(
                    "For another host, an administrator sets {variable} to {host} before anything is fetched.",
                    host=host,
                    variable=variable,
                )
            ),
            icon=":material/lock:",
        )


def _find_host(address: str) -> str:
    """Whom an address names; empty where it is none yet."""
    found = re.match(r"[a-z0-9]+://(?:[^/@]*@)?([^/?#]+)", address.lower())
    return found[1] if found else ""


def _show_forms(view: Frame, stated: Mapping[str, str], key: str) -> str:
    """The form: chosen from what the tool lists, else written."""
    t = view.t
    asked = (stated["name"], stated["tool"], stated["address"])
    of, answer = st.session_state.get(_FORMS, ((), []))
    st.button(
        t("List its forms"),
        key=f"{key}-forms",
        icon=":material/list:",
        disabled=not all(asked),
        on_click=_list_forms,
        args=(dict(stated), asked),
    )
    before, titles = stated.get("form", ""), dict[str, Any]()
    if of == asked and isinstance(answer, UserError):
        messages.show_error(view, answer)
    elif of == asked:
        titles = {str(form["form"]): form for form in answer}
        if not titles:
            st.info(t("The tool lists no form there."))
    if not titles:
        return st.text_input(t("Form, as named in the tool’s address"), before, key=f"{key}-form").strip()
    if before and before not in titles:  # it may be withdrawn: another is chosen by a person only
        titles = {before: {"form": before, "title": before}, **titles}
    codes = list(titles)
    chosen = st.selectbox(
        t(N_("Form", "a form of a survey tool")),
        codes,
        index=codes.index(before) if before in codes else 0,
        format_func=lambda one: _name_form(view, titles[one]),
        key=f"{key}-form-listed",
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
    if not name and title.strip():  # a script without a way into plain letters
        name = hashlib.sha256(title.strip().encode()).hexdigest()[:6]
    return name if name[:1].isalpha() else f"source_{name}".strip("_") if name else ""


def state(source: Source) -> dict[str, str]:
    """A source as the form states it."""
    return {**{name: str(value) for name, value in source.model_dump(mode="json").items()}, "title": source.label}


def _find_changes(former: Source, stated: Mapping[str, str]) -> set[str]:
    """What of a source the form says otherwise."""
    before = {**state(former), "every": write_span(former.every)}
    return {name for name, value in stated.items() if before.get(name, "") != value}


def _list_names() -> set[str]:
    try:
        return {source.name for source in CampaignFolder(Settings.from_environment().campaign).load().source}
    except UserError:
        return set()


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
        st.session_state[_FORMS] = (asked, error)


def _add(view: Frame, stated: dict[str, str], start_fetch: StartFetch) -> None:
    if not _keep(stated):
        return
    first_rows.forget()
    st.session_state.pop(_UNDO, None)
    _say(view.t("{source} was added as a source.", source=stated["title"]))
    for key in ("source-title", f"source-address-{Tool(stated['tool'])}", "source-form", "source-file"):
        if key in st.session_state:
            st.session_state[key] = ""  # the field itself would keep what was written where its key is only dropped
    start_fetch(stated["name"])


def _save(view: Frame, former: Source, stated: dict[str, str], start_fetch: StartFetch) -> None:
    changes = _find_changes(former, stated)
    if not _keep(stated):
        return
    _end_change()
    st.session_state[_UNDO] = _Undo(former.model_dump(mode="json"), is_removed=False)
    _say(view.t("{source} was changed.", source=stated["title"]))
    if changes & set(_ASKED):
        start_fetch(former.name)


def remove(view: Frame, source: Source) -> None:
    """Take a source out; a button's callback."""
    try:
        answer = campaign_commands.run("source", "remove", operands=[source.name])
    except UserError as error:
        _refuse(error)
        return
    st.session_state[_UNDO] = _Undo(answer["former"], is_removed=True)
    _say(view.t("{source} was removed. What came from it stays.", source=source.label))


def _put_back(view: Frame, undo: _Undo, start_fetch: StartFetch) -> None:
    if not _keep(undo.former):
        return
    st.session_state.pop(_UNDO, None)
    name = undo.former["title"] or undo.former["name"]
    if undo.is_removed:
        _say(view.t("{source} was added as a source.", source=name))
    else:
        _say(view.t("{source} was restored.", source=name))
        start_fetch(undo.former["name"])


def _keep(stated: Mapping[str, Any]) -> bool:
    """Write a source into `campaign.toml`, in place of one of its name; whether that was done."""
    try:
        campaign_commands.run("source", "add", "--stated", "-", stdin=json.dumps(stated))
    except UserError as error:
        _refuse(error)
        return False
    return True


def _say(sentence: str) -> None:
    st.session_state[_SAID] = (sentence, time.monotonic())
    ask_redraw()


def _refuse(error: UserError) -> None:
    st.session_state[_REFUSED] = error
    ask_redraw()


def ask_redraw() -> None:
    """Something was done in a part of the page that is drawn by itself, and other parts show it as well."""
    st.session_state[_REDRAW] = True


def take_redraw() -> bool:
    """Whether something was done since that other parts of the page show as well; told once."""
    return bool(st.session_state.pop(_REDRAW, False))
