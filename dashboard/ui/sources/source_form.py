"""The form of a source, new or changed: tool, address, secret, form and schedule; tried first."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.campaign.folder import CampaignFolder
from dashboard.campaign.settings_fields import find_setting
from dashboard.campaign.sources import FORMS, NAMES, SECRETS, Publish, Source, Tool, read_span, write_span
from dashboard.errors import UserError
from dashboard.ground.codelist_codes import Code
from dashboard.i18n import N_
from dashboard.lists.quality.differences import say_value
from dashboard.settings import Settings
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import campaign_commands, forms, html_tables, messages
from dashboard.ui.pieces.forms import Field
from dashboard.ui.pieces.html_tables import Cells
from dashboard.ui.sources.source_work import SourceWork, Stated

_FIELDS: Mapping[str, str] = {
    "action_id": N_("Action ID"),
    "stakeholder": N_("Stakeholder"),
    "title": N_("Title"),
    "category": N_("Category"),
    "countries": N_("Countries"),
    "status": N_("Status"),
    "percent": N_("Percent"),
    "on_date": N_("Date"),
}


def list_columns(
    view: Frame,
    rows: Sequence[Mapping[Any, Any]],
    codes: Mapping[str, dict[str, Code]],
    persons: Mapping[str, Mapping[str, str]],
) -> list[Cells]:
    """List the columns of a table of rows as read; leave out fields that all of them lack.

    Each of `rows` has `file`, `row` and the fields, None for a missing one, lists and codes as they are. `persons`
    stand for unnamed persons, by language.
    """
    t = view.t

    def write(field: str, row: Mapping[Any, Any]) -> str:
        return say_value(view.lang, codes, persons, field, row[field]) or ""

    fields = [field for field in _FIELDS if any(row[field] is not None for row in rows)]
    is_several = len({row["file"] for row in rows}) > 1
    return [
        *([Cells(t("File"), lambda row: str(row["file"]))] if is_several else []),
        Cells(t(N_("Row", "a row of a file")), lambda row: str(row["row"])),
        *(Cells(t(_FIELDS[field]), partial(write, field)) for field in fields),
    ]


SCHEDULES = ("5m", "15m", "1h", "6h", "1d")
UNKNOWN = "No recipe recognises"
"""The build's sentence on a file without a recipe."""
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


def show(view: Frame, work: SourceWork, former: Source | None) -> None:
    """Draw the form: of a new source, or of one that is changed in its place, whose tool and name stay."""
    t, key = view.t, "source" if former is None else f"change-{former.name}"
    fields = _show_fields(view, work, former, key)
    tool = Tool(fields["tool"])
    is_whole = bool(fields["title"] and fields["address"] and (fields["form"] or tool not in FORMS))
    is_taken = former is None and fields["name"] in _list_names()
    if is_taken:
        st.warning(t("There is already a source with this name. Change it above, or give this one another name."))
    with st.container(horizontal=True):
        is_idle = is_whole and work.trial is None
        try_it, icon = partial(work.begin_trial, fields), ":material/preview:"
        st.button(t("See the first rows"), key=f"{key}-try", icon=icon, disabled=not is_idle, on_click=try_it)
        if former is None:
            label, add = t("Add it and see what it brings"), partial(work.add, view, fields)
            disabled = not is_whole or is_taken
            st.button(label, key=f"{key}-add", type="primary", disabled=disabled, on_click=add)
        else:
            changes = _find_changes(former, fields)
            st.button(
                t("Save the change"),
                key=f"{key}-save",
                type="primary",
                icon=":material/save:",
                disabled=not is_whole or not changes,
                on_click=partial(work.save, view, former, fields, changes),
            )
            st.button(t("Cancel"), key=f"{key}-cancel", on_click=partial(work.change, ""))
    if (former is None) == (not work.changed):  # one of the two forms, where both are open
        _show_trial(view, work, fields)


def _show_fields(view: Frame, work: SourceWork, former: Source | None, key: str) -> Stated:
    """Draw the fields, and return their values."""
    t, before = view.t, {} if former is None else state(former)
    tool = former.tool if former else Tool.WEB
    if former is None:
        names = {one.value: t(name) for one, name in NAMES.items()}
        tool = Tool(_ask(view, "tool", f"{key}-tool", Tool.KOBOTOOLBOX.value, options=names) or tool)
    title = _ask(view, "title", f"{key}-title", before.get("title", ""))
    address = _ask(view, "address", f"{key}-address-{tool}", before.get("address", ""), placeholder=_ADDRESSES[tool])
    name = name_source(title) if former is None else former.name
    fields = {**before, "name": name, "title": title, "tool": tool.value, "address": address}
    _show_secrets(view, fields, former)
    if tool in FORMS:
        fields["form"] = _show_forms(view, work, fields, key)
    else:
        fields["form"] = ""
        if tool is Tool.FOLDER or (tool in (Tool.SFTP, Tool.BUCKET) and address.endswith("/")):
            fields["file"] = _ask(view, "file", f"{key}-file", before.get("file", ""))
    return {"file": "", "language": "", **fields, **_show_schedule(view, before, key)}


def _show_schedule(view: Frame, before: Mapping[str, str], key: str) -> Stated:
    every = before.get("every", SCHEDULES[1])
    offered = SCHEDULES if every in SCHEDULES else (every, *SCHEDULES)
    spans = {span: formats.format_span(read_span(span).total_seconds(), view.lang) for span in offered}
    ways = {how.value: view.t(words) for how, words in _PUBLISHING.items()}
    return {
        "every": _ask(view, "every", f"{key}-every", every, options=spans) or every,
        "publish": _ask(
            view, "publish", f"{key}-publish", before.get("publish", Publish.DRAFT.value), options=ways, is_long=True
        ),
    }


def _ask(view: Frame, name: str, key: str, value: str, **options: Any) -> str:
    """Draw a field of a source, as the model has it; return its value.

    `options`: further options of the field, as its placeholder.
    """
    setting = find_setting(name, Source)
    field = Field(name, view.t(setting.label), value=value, longest=setting.longest, **options)
    return str(forms.draw_field(field, key) or "").strip()


def _show_secrets(view: Frame, fields: Mapping[str, str], former: Source | None) -> None:
    """Draw the variables for an administrator, whether they are set, and whether the secret may go to the address."""
    t, kinds = view.t, SECRETS[Tool(fields["tool"])]
    if not kinds or not fields["name"]:
        return
    prefix = f"DASHBOARD_SOURCE_{fields['name'].upper()}"
    lines = []
    for variable in (f"{prefix}_{kind}" for kind in (*kinds, "HOST")):
        is_set = bool(os.environ.get(variable) or os.environ.get(f"{variable}_FILE"))
        lines.append(f"- `{variable}`: {t('set') if is_set else t('not set')}")
    needed = t("Its secret is never shown on a page. An administrator sets the variables that the source needs:")
    st.markdown(f"{needed}\n\n" + "\n".join(lines))
    names_host = re.match(r"[a-z0-9]+://(?:[^/@]*@)?([^/?#]+)", fields["address"].lower())
    host, variable = names_host[1] if names_host else "", f"{prefix}_HOST"
    bound, warning = os.environ.get(variable, "").strip().lower(), ""
    if host and bound not in ("", host):
        warning = t(
            "Its secret is bound to {bound} and is not sent to {host}: an administrator must set {variable} again.",
            bound=bound,
            host=host,
            variable=variable,
        )
    elif former is not None and former.needed and host and host != former.host and not bound:
        warning = t(
            "For another host, an administrator sets {variable} to {host} before anything is fetched.",
            host=host,
            variable=variable,
        )
    if warning:
        st.warning(plain(warning), icon=":material/lock:")


def _show_forms(view: Frame, work: SourceWork, fields: Mapping[str, str], key: str) -> str:
    """Draw the form's choice from the tool's list, else a text field; return it."""
    t, tool_key, before = view.t, (fields["name"], fields["tool"], fields["address"]), fields.get("form", "")
    of, answer = work.forms
    label, ask = t("List its forms"), partial(work.list_forms, dict(fields), tool_key)
    st.button(label, key=f"{key}-forms", icon=":material/list:", disabled=not all(tool_key), on_click=ask)
    titles: dict[str, str] = {}
    if of == tool_key and isinstance(answer, UserError):
        messages.show_error(view, answer)
    elif of == tool_key and not isinstance(answer, UserError):
        titles = {str(form["form"]): _name_form(view, form) for form in answer}
        if not titles:
            st.info(t("The tool lists no form there."))
    if not titles:
        return _ask(view, "form", f"{key}-form", before)
    if before and before not in titles:  # it may be withdrawn: another is chosen by a person only
        titles = {before: before, **titles}
    codes = list(titles)
    chosen = st.selectbox(
        t(N_("Form", "a form of a survey tool")),
        codes,
        index=codes.index(before) if before in codes else 0,
        format_func=titles.__getitem__,
        key=f"{key}-form-listed",
    )
    return chosen or ""


def _name_form(view: Frame, form: Mapping[str, Any]) -> str:
    answers = form.get("answers")
    if answers is None:
        return str(form["title"])
    return f"{form['title']} · {view.t.plural('{n} answer', '{n} answers', int(answers))}"


def _show_trial(view: Frame, work: SourceWork, fields: Stated) -> None:
    """Draw how far the trial of these fields is, or its outcome; nothing where the fields have changed since."""
    t = view.t
    if work.take_trial():
        st.rerun()
    if work.trial is not None:
        campaign_commands.show_progress(view, work.trial[1])
        st.button(t("Cancel"), key="source-trial-cancel", icon=":material/close:", on_click=work.forget_trial)
        return
    tried = work.tried
    if tried is None or tried.fields != fields:
        return
    if tried.error is not None:
        add_anyway = N_("Add it anyway: what arrives waits until you assign its columns.")
        messages.show_error(view, for_the_page(tried.error, add_anyway))
        return
    st.markdown(
        t(
            "Rows read: {read}, accepted: {accepted}, merged: {merged}, rejected: {rejected}. Its first rows, as the "
            "recipe reads them, without contacts:",
            **tried.answer["account"],
        )
    )
    rows = tried.answer["rows"]
    if not rows:
        messages.show_note(t("None of its rows is an action, a report, an event or a story."))
        return
    codes = {code: Code("", code, labels, (), 0) for code, labels in tried.answer["labels"].items()}
    lists = dict.fromkeys(("categories", "countries", "statuses"), codes)
    html_tables.show_records(rows, list_columns(view, rows, lists, {}), is_long=True)


def for_the_page(error: UserError, remedy: str) -> UserError:
    """Return a refusal in words for the page: the build's remedy for an unknown file is for the command line."""
    return UserError(error.what, remedy) if UNKNOWN in error.what else error


def name_source(title: str) -> str:
    """Make the name of a source in commands and variables from its title; empty where none can be."""
    plain_letters = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", plain_letters).strip("_")[:40].strip("_")
    if not name and title.strip():  # a script without a way into plain letters
        name = hashlib.sha256(title.strip().encode()).hexdigest()[:6]
    return name if name[:1].isalpha() else f"source_{name}".strip("_") if name else ""


def state(source: Source) -> Stated:
    """Return a source as the form states it."""
    return {**{name: str(value) for name, value in source.model_dump(mode="json").items()}, "title": source.label}


def _find_changes(former: Source, fields: Mapping[str, str]) -> set[str]:
    """Find the fields of a source that the form changes."""
    before = {**state(former), "every": write_span(former.every)}
    return {name for name, value in fields.items() if before.get(name, "") != value}


def _list_names() -> set[str]:
    try:
        return {source.name for source in CampaignFolder(Settings.from_environment().campaign).load().source}
    except UserError:
        return set()
