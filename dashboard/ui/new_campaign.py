"""The page New campaign: a form for its settings, which makes it with one press."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard.campaign import settings_fields
from dashboard.campaign.blank import is_blank
from dashboard.campaign.settings_fields import Kind, find_setting
from dashboard.i18n import N_, Translator
from dashboard.languages import list_languages
from dashboard.settings import Settings
from dashboard.ui.frame import page_link
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import campaign_commands, forms, messages
from dashboard.ui.pieces.forms import Faults, Field, Form

REGISTERS: Mapping[str, str] = {
    "child_labour": N_("Actions against child labour, with the themes and categories of the 2021 Actions"),
    "own": N_("Other actions, with their own themes and categories, taken from your files"),
}
"""The possible subjects of the actions, by the words of `python -m etl new`."""
DAYS = ("start", "end", "submission_deadline", "action_deadline")
_LONGEST = 200
_MADE = "campaign-made"


def show(view: Frame) -> None:
    """Draw the form where there is no campaign; else say which one there is, and how a further one is made."""
    root = Settings.from_environment().campaign
    if st.session_state.pop(_MADE, False):
        page_link.follow(PageLink("", "upload", (("lang", view.lang),)))
    if not is_blank(root):
        _show_present(view)
        return
    t = view.t
    st.markdown(t("You can change all of this later. Nothing is public before you publish the first figures."))
    st.markdown(t("The campaign is shown in each language that has a title; the top one comes first."))
    forms.show_bare(view, make_form(t), lambda values: _make(t, values))
    messages.show_note(t("The folder {folder}, where the files are", folder=root.name))


def make_form(t: Translator) -> Form:
    """Make the form of a new campaign; its year is this one."""
    year, dates, publisher = date.today().year, t("Dates"), t("Who publishes")
    titles = {lang: "" for lang in dict.fromkeys((t.language, *list_languages()))}
    hint = t("Empty: the campaign is not shown in this language.")
    days: dict[str, date | None] = {"start": date(year, 1, 1), "end": date(year, 12, 31)}
    languages = t("Title and languages")
    fields = [Field("title", t("Title"), Kind.TEXTS, titles, hint, heading=languages, longest=_LONGEST, is_wide=True)]
    for name in DAYS:
        setting = find_setting(name)
        help_text = t(setting.help) if name in days else f"{t(setting.help)} {t('Empty: the last day.')}"
        fields.append(Field(name, t(setting.label), Kind.DAY, days.get(name), help_text, heading=dates))
    registers = {name: t(words) for name, words in REGISTERS.items()}
    fields += [
        Field(
            "register", t("What the actions are about"), value=next(iter(REGISTERS)), options=registers, is_long=True,
            heading=t("Kind of register"),
        ),
        Field("publisher.name", t("Office or organisation"), heading=publisher, longest=_LONGEST),
        Field(
            "publisher.email", t("Mail address"), help=t("An office’s address, not a person’s: it is public."),
            heading=publisher, longest=_LONGEST,
        ),
    ]  # fmt: skip
    return Form("campaign", "", "", fields, t("Create the campaign"), ":material/flag:", is_primary=True)


def find_faults(t: Translator, values: Mapping[str, Any]) -> Faults:
    """Find the values that do not fit together, by the fields' names."""
    titles = {lang: title for lang, title in values["title"].items() if title}
    settings = {name: value for name, value in values.items() if name not in ("title", "register")}
    settings |= {name: values[name] or values["end"] for name in DAYS}
    if titles:
        settings |= {"title": titles, "languages": list(titles), "default_language": next(iter(titles))}
    faults = settings_fields.find_faults(t, settings_fields.write("", settings))
    if not titles:
        faults["title"] = t("Give the campaign a title in at least one language.")
    if values["publisher.email"] and not values["publisher.name"]:
        faults["publisher.name"] = t("Enter the publisher’s name as well.")
    return {name: fault for name, fault in faults.items() if name not in DAYS[2:] or values[name]}


def list_options(values: Mapping[str, Any]) -> list[str]:
    """List the options of `python -m etl new`."""
    options = [f"--title={lang}={title}" for lang, title in values["title"].items() if title]
    options += [f"--{name.replace('_', '-')}={values[name].isoformat()}" for name in DAYS if values[name]]
    texts = {"register": "register", "publisher": "publisher.name", "email": "publisher.email"}
    return options + [f"--{option}={values[name]}" for option, name in texts.items() if values[name]]


def _make(t: Translator, values: Mapping[str, Any]) -> Faults:
    """Make the campaign, or return the values that do not fit together.

    Raises:
        UserError: the command refused.
    """
    faults = find_faults(t, values)
    if not faults:
        campaign_commands.make_campaign(*list_options(values))
        st.session_state[_MADE] = True
    return faults


def _show_present(view: Frame) -> None:
    t = view.t
    title = plain(str(view.snapshot.campaign[f"title_{view.lang}"])) if isinstance(view, View) else ""
    text = t("There is a campaign here already.")
    st.info(f"{text} {title}".strip(), icon=":material/flag:")
    st.markdown(
        t(
            "Another campaign needs its own folder and server. Start the server with the name of a new folder, and "
            "this page creates the campaign in it:"
        )
    )
    st.code("make serve CAMPAIGN=my-campaign PORT=8600", language=None, wrap_lines=True)
