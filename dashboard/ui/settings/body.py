"""The page Settings: the unpublished changes, and the sections that change the settings.

Campaign and People stand here; another section is a module of this room with `show(view)`. Each has a line in
`SECTIONS`, and reads and changes the settings by `basket` alone, whose docstring is the contract. Sources are those of
Upload, and change at once: no figure can tell.
"""

from dataclasses import replace
from functools import reduce
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.access.rights import AccessClass
from dashboard.access.roles_file import find_roles
from dashboard.campaign import settings_fields
from dashboard.campaign.codelists import load_codelist
from dashboard.campaign.folder import PLACEHOLDERS, Campaign, CampaignFolder, Survey
from dashboard.campaign.licences import ANY, Licence, find_text
from dashboard.campaign.settings_fields import Kind, Path, Setting, find_setting
from dashboard.campaign.working_copy import CAMPAIGN
from dashboard.errors import UserError, map_text
from dashboard.i18n import N_, translator
from dashboard.languages import list_languages
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.settings import Settings
from dashboard.ui.frame import header, page_link, staff
from dashboard.ui.frame.markdown import plain
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import campaign_commands, draft_work, forms, messages, page_parts
from dashboard.ui.pieces.forms import Faults, Field, Form
from dashboard.ui.pieces.page_parts import Section
from dashboard.ui.settings import basket, changes, code_lists, look
from dashboard.ui.sources import fetched


class Card(NamedTuple):
    """A form: its title, its purpose, and its settings."""

    title: str
    note: str
    settings: tuple[str, ...]


CARDS = {
    "title": Card(N_("Title"), N_("Shown on every page, on charts, slides and in mails."), ("title",)),
    "languages": Card(
        N_("Languages"),
        N_("Readers choose among these; the first one needs a title."),
        ("languages", "default_language"),
    ),
    "days": Card(
        N_("Days"),
        N_("All figures over time depend on these four days."),
        ("start", "submission_deadline", "action_deadline", "end"),
    ),
    "publisher": Card(
        N_("Publisher"),
        N_("Readers see who publishes the figures, whom to ask, under which licence and how to cite them."),
        tuple(
            f"publisher.{name}"
            for name in ("name", "email", "url", "licence", "licence.url", "citation", "iati_identifier", "iati_type")
        ),
    ),
    "limits": Card(
        N_("Words allowed"),
        N_("How many words the form allows in a text; the checks list longer ones. 0 means no limit."),
        ("limits.title", "limits.description", "limits.impact", "limits.communication"),
    ),
    "persons": Card(
        N_("Stakeholders that are persons"),
        N_("Stakeholders that are persons are shown as “Individual, Kenya”, unless all of them agreed to be named."),
        ("individuals.groups", "individuals.agreed_to_be_named", "individuals.shown_as"),
    ),
    "brand": Card(
        N_("Colours"),
        N_(
            "They stand on pictures, pages, mails, PDF, and decks and documents without a template. Charts keep "
            "theirs: a colour means a status."
        ),
        ("brand.colour", "brand.accent"),
    ),
    "reports": Card(
        N_("Reports by link"),
        N_(
            "Stakeholders without a report get a link of their own in letters; their reports wait until staff accept "
            "them. This needs the server’s public address (DASHBOARD_BASE_URL) and, to mail links, a mail server "
            "(DASHBOARD_SMTP_HOST)."
        ),
        tuple(f"reports_by_link.{name}" for name in ("open", "days", "publish", "case_contact")),
    ),
    "promises": Card(
        N_("New actions"),
        N_(
            "Anybody may submit an action on a page of this server, between these days. Each waits until staff accept "
            "it. This needs the server’s public address (DASHBOARD_BASE_URL) and a mail server (DASHBOARD_SMTP_HOST)."
        ),
        ("promises.open", "promises.first_day", "promises.last_day"),
    ),
}
"""The forms of single settings; waves of the survey have one each."""
WAVE = ("wave", "answer_by", "link")
_WIDE = ("title", "publisher.citation", "link")
_WAVES = "survey"
_LICENCE, _LICENCE_TEXT = "publisher.licence", "publisher.licence.url"


def show_campaign(view: Frame) -> None:
    """Draw the forms, each with the values in force or changed already."""
    t, folder = view.t, basket.folder()
    campaign = folder.load()
    if folder.root == SHIPPED_CAMPAIGN:
        st.info(
            t("This is the campaign that comes with the program. Its own files are changed."),
            icon=":material/info:",
        )
    elif not (folder.root / CAMPAIGN).exists():
        st.info(
            t("This campaign uses the settings that come with the program. The first change creates its own file."),
            icon=":material/info:",
        )
    for name in CARDS:
        if name != "brand":
            _show_form(view, make_form(view, folder, campaign, name))
    _show_waves(view, campaign)


def _show_look(view: Frame) -> None:
    """Draw the colours, the templates and the logo."""
    _show_form(view, make_form(view, basket.folder(), basket.folder().load(), "brand"))
    look.show(view)


def _show_form(view: Frame, form: Form, root: Path = ()) -> None:
    forms.show(
        view,
        form,
        lambda values: _keep(view, form, values, root),
        view.t("Added to the changes above. Nothing is published yet."),
    )


def make_form(view: Frame, folder: CampaignFolder, campaign: Campaign, name: str) -> Form:
    """Make one of `CARDS` with the values in force; `folder` has the groups of stakeholders."""
    t, card, options = view.t, CARDS[name], _list_options(view, folder, campaign)
    fields = []
    for setting in card.settings:
        value: Any = reduce(getattr, setting.split("."), campaign)
        if setting in (_LICENCE, _LICENCE_TEXT):
            value = _say_licence(campaign.publisher.licence, view.lang)[setting]
        field = _make_field(view, campaign, find_setting(setting), setting, value)
        fields.append(replace(field, options=options.get(setting, field.options)))
    return Form(f"settings-{name}", t(card.title), t(card.note), fields, t("Add to the changes"))


def make_wave(view: Frame, campaign: Campaign, number: int) -> Form:
    """Make the form of a wave of the survey; of a further one where there are not so many."""
    t, is_new = view.t, number == len(campaign.survey)
    wave = Survey() if is_new else campaign.survey[number]
    title = t("Another wave") if is_new else wave.wave or t("All waves")
    fields = [_make_field(view, campaign, find_setting(f"{_WAVES}.{name}"), name, getattr(wave, name)) for name in WAVE]
    return Form(f"settings-wave-{number}", title, "", fields, t("Add to the changes"))


def _make_field(view: Frame, campaign: Campaign, setting: Setting, name: str, value: Any) -> Field:
    """Make the field of a setting; a text has one in each offered language, and in those that it has."""
    t, instead = view.t, {}
    if setting.kind is Kind.TEXTS:
        languages = [lang for lang in dict.fromkeys((*campaign.offered, *value)) if lang != ANY]
        value = {lang: value.get(lang, value.get(ANY, "")) for lang in languages}
    if name == "individuals.shown_as":
        instead = {lang: translator(lang)(N_("Individual")) for lang in value if lang in list_languages()}
    placeholders = ", ".join(f"`{{{placeholder}}}`" for placeholder in PLACEHOLDERS)
    help_text = t(setting.help, known=placeholders) if setting.help else ""
    value = list(value) if setting.kind is Kind.CHOICES else value
    options = {one: t(words) for one, words in setting.options.items()}
    is_wide = name in _WIDE or bool(options)
    return Field(name, t(setting.label), setting.kind, value, help_text, options, placeholder=instead, is_wide=is_wide)


def _list_options(view: Frame, folder: CampaignFolder, campaign: Campaign) -> dict[str, dict[str, str]]:
    """List the possible values, by setting: languages, groups of stakeholders."""
    languages = {
        lang: formats.format_language(lang, view.lang)
        for lang in dict.fromkeys((*campaign.languages, *list_languages()))
    }
    groups = dict.fromkeys(campaign.individuals.groups, "")
    labels = {code.code: code.labels[view.lang] for code in load_codelist(folder, "stakeholder_groups")}
    groups = {code: labels.get(code, code) for code in (*labels, *groups)}
    return {"languages": languages, "default_language": languages, "individuals.groups": groups}


def _say_licence(licence: Licence, lang: str) -> dict[str, str]:
    """Return the values of the licence's two fields: its id or name, and its address where the id does not give it."""
    if licence.spdx:
        return {_LICENCE: licence.spdx, _LICENCE_TEXT: ""}
    return {_LICENCE: find_text(licence.name, lang), _LICENCE_TEXT: licence.url}


def _show_waves(view: Frame, campaign: Campaign) -> None:
    """Draw a form for each wave of the survey, and one for another."""
    t = view.t
    messages.show_heading(t("Progress survey"))
    st.markdown(
        t(
            "Letters to those who have not answered give the survey, its deadline and address. `{action}` in an "
            "address stands for the action’s ID.",
            action="{action}",
        )
    )
    for number, wave in enumerate(campaign.survey):
        form = make_wave(view, campaign, number)
        _show_form(view, form, (_WAVES, number))
        st.button(
            t("Remove {wave}", wave=form.title),
            key=f"settings-wave-remove-{number}-{forms.stamp(wave.model_dump())}",
            icon=":material/delete:",
            on_click=basket.guarded,
            args=(_take_out, number),
        )
    with st.expander(t("Add a wave"), icon=":material/add:"):
        number = len(campaign.survey)
        _show_form(view, make_wave(view, campaign, number), (_WAVES, number))


def _take_out(number: int) -> None:
    basket.change({CAMPAIGN: settings_fields.take_from_list(basket.read(CAMPAIGN), _WAVES, number)})


def _keep(view: Frame, form: Form, values: dict[str, Any], root: Path) -> Faults:
    """Write the changed values into the working copy; return the campaign's refusals, by field.

    Raises:
        UserError: the campaign would not hold together with it.
    """
    text = basket.read(CAMPAIGN)
    changed = {one.name: values[one.name] for one in form.fields if values[one.name] != one.value}
    if root and not any(
        value and any(value.values()) if isinstance(value, dict) else value for value in values.values()
    ):
        raise UserError(N_("Give the wave a name, a day or an address."))
    if changed.keys() & {_LICENCE, _LICENCE_TEXT}:
        text = _write_licence(text, values[_LICENCE], values[_LICENCE_TEXT])
    plain_changes = {name: value for name, value in changed.items() if name not in (_LICENCE, _LICENCE_TEXT)}
    text = settings_fields.write(text, plain_changes, root)
    faults = settings_fields.find_faults(view.t, text, root)
    if not faults:
        basket.change({CAMPAIGN: text})
    return faults


def _write_licence(text: str, name: str, url: str) -> str:
    """Write the file with another licence: its id or name alone, or with the address of its text."""
    key = "license" if "license" in settings_fields.read_settings(text).get("publisher", {}) else "licence"
    return settings_fields.edit(
        text, {("publisher", key): {"name": name, "url": url} if name and url else name or url or None}
    )


def _show_people(view: Frame) -> None:
    """Draw what is public and to whom, and the link to administrators' settings."""
    t, campaign = view.t, basket.folder().load()
    roles = find_roles(Settings.from_environment().campaign).roles
    messages.show_heading(t("What is public"))
    individuals, licence = campaign.individuals, campaign.publisher.licence
    name = find_text(licence.name, view.lang)
    lines = [
        t("The campaign is closed to everybody who has not signed in.")
        if roles.closed
        else t("The campaign is open: everybody sees what is public. The staff pages are for staff."),
        t("Stakeholders that are persons are named: they agreed.")
        if individuals.agreed_to_be_named
        else t("Stakeholders that are persons are not named: readers see a word and the country instead."),
        t("The figures may be used under this licence: {licence}", licence=name or licence.url)
        if name or licence.url
        else t("No licence is stated for the use of the figures."),
        t("Names, mail addresses and telephone numbers of contacts are never public, whatever the settings."),
    ]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    st.markdown(t("Persons and the licence are set under Campaign."))
    messages.show_heading(t("Who is staff"))
    if not staff.may_open(AccessClass.ADMINISTRATOR):
        st.markdown(
            t("Administrators say who is staff and whether the campaign is open, on the page People and roles.")
        )
        return
    st.markdown(t("Roles, and whether the campaign is open, are set on a separate page."))
    pairs = (("lang", view.lang),)
    page_link.show(PageLink(t(header.find("roles").title), "roles", pairs, ":material/arrow_forward:"))


PARAMETERS = (page_parts.PARAMETER,)
SECTIONS = {
    "campaign": Section(N_("Campaign"), show_campaign),
    "lists": Section(N_("Lists"), code_lists.show),
    "groupings": Section(N_("Groupings"), code_lists.show_groupings),
    "look": Section(N_("Look"), _show_look),
    "sources": Section(N_("Sources"), fetched.show),
    "people": Section(N_("People"), _show_people),
    "history": Section(N_("History"), changes.show_history),
}
"""The sections by their names in the link, in the order of the page."""


def show(view: Frame) -> None:
    """Draw the stage of the working copy: changed, at work, looked at, published."""
    campaign_commands.prepare()
    error = basket.take_refusal()
    if error is not None:
        messages.show_error(view, error)
    try:
        changes.show_elsewhere(view)
        is_section = _show_stage(view)
    except UserError as fault:  # somebody has edited a file by hand
        messages.show_error(view, fault)
        is_section = True
        if basket.find() is not None:
            st.button(view.t("Discard"), key="settings-discard", icon=":material/delete:", on_click=basket.forget)
    if not is_section:
        return
    section = page_parts.open_section(view, "settings-section", SECTIONS)
    try:
        section.show(view)
    except UserError as fault:  # which names a file as it stands in the campaign folder
        root = f"{basket.folder().root}/"
        messages.show_error(view, UserError(map_text(fault.what, lambda text: text.replace(root, "")), fault.remedy))


def _show_stage(view: Frame) -> bool:
    """Draw the work in hand; return whether to show the sections below it."""
    work = basket.find()
    if work is not None and work.job is not None:
        st.fragment(draft_work.show_work, run_every=campaign_commands.POLL_SECONDS)(
            view, work, "settings-cancel", work.stop
        )
        return False
    if work is not None and work.note is not None and work.published is None:
        changes.show_preview(view, work)
        return False
    if work is not None and work.published is not None:
        changes.show_published(view, work)
    elif work is not None:
        changes.show_in_hand(view, work)
    return True
