"""The section Campaign: title, languages, days, publisher, word limits, persons, waves of the survey; a form each."""

from dataclasses import replace
from functools import reduce
from typing import Any, NamedTuple

import streamlit as st

from dashboard import formats
from dashboard.campaign import settings_fields
from dashboard.campaign.codelists import load_codelist
from dashboard.campaign.folder import PLACEHOLDERS, Campaign, CampaignFolder, Survey
from dashboard.campaign.licences import ANY, Licence, find_text
from dashboard.campaign.settings_fields import Kind, Path, Setting, find_setting
from dashboard.campaign.working_copy import CAMPAIGN
from dashboard.errors import UserError
from dashboard.i18n import N_, translator
from dashboard.languages import list_languages
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.ui.frame.view import Frame
from dashboard.ui.pieces import forms, messages
from dashboard.ui.pieces.forms import Faults, Field, Form
from dashboard.ui.settings import basket


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
        tuple(f"publisher.{name}" for name in ("name", "email", "url", "licence", "licence.url", "citation")),
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
}
"""The forms of single settings; waves of the survey have one each."""
WAVE = ("wave", "answer_by", "link")
_WIDE = ("title", "publisher.citation", "link")
_WAVES = "survey"
_LICENCE, _LICENCE_TEXT = "publisher.licence", "publisher.licence.url"


def show(view: Frame) -> None:
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
        _show_form(view, make_form(view, folder, campaign, name))
    _show_waves(view, campaign)


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
        fields.append(replace(field, options=options.get(setting, {})))
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
    return Field(name, t(setting.label), setting.kind, value, help_text, placeholder=instead, is_wide=name in _WIDE)


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
