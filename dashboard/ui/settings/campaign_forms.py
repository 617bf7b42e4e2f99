"""The section Campaign: title, languages, days, publisher, word limits, persons, waves of the survey; a form each."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.campaign import settings_check, settings_edit
from dashboard.campaign.codelists import load_codelist
from dashboard.campaign.folder import PLACEHOLDERS, Campaign, CampaignFolder, Limits
from dashboard.campaign.licences import ANY, find_text
from dashboard.campaign.settings_basket import CAMPAIGN
from dashboard.campaign.settings_edit import Path, Value
from dashboard.campaign.settings_words import FIELDS
from dashboard.errors import UserError
from dashboard.i18n import N_, Phrase
from dashboard.languages import list_languages
from dashboard.paths import SHIPPED_CAMPAIGN
from dashboard.ui.frame.page import Frame
from dashboard.ui.settings import basket, survey_waves
from dashboard.ui.settings.forms import cells, form, read_texts, write_texts

_DAYS = {
    "start": N_("Progress is counted from this day on."),
    "submission_deadline": N_("Actions submitted later are marked as late."),
    "action_deadline": N_("Actions without a due date of their own are due then."),
    "end": N_("Progress is measured against the time elapsed until this day."),
}
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)
_TITLE_LENGTH, _NAME_LENGTH, _CITATION_LENGTH = 300, 300, 600


def show(view: Frame) -> None:
    """Draw the forms, each with what is in force or changed already."""
    t = view.t
    folder = basket.folder()
    campaign, stated = folder.load(), settings_edit.read_settings(basket.read(CAMPAIGN))
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
    _show_titles(view, campaign)
    _show_languages(view, campaign, stated)
    _show_days(view, campaign)
    _show_publisher(view, campaign, stated.get("publisher", {}))
    _show_limits(view, campaign)
    _show_persons(view, campaign, folder)
    survey_waves.show(view, campaign)


def _show_titles(view: Frame, campaign: Campaign) -> None:
    t = view.t
    texts = {lang: campaign.title.get(lang, "") for lang in _list_spoken(campaign, campaign.title)}
    with form(view, "title", t("Title"), t("Shown on every page, on charts, slides and in mails.")) as block:
        keys = write_texts(view, "title", FIELDS["title"], texts, _TITLE_LENGTH)
        block.submit(_keep_titles, view, campaign, keys)


def _keep_titles(view: Frame, campaign: Campaign, keys: Mapping[str, str]) -> None:
    titles = read_texts(keys)
    fault = settings_check.check_languages(view.t, titles, campaign.languages, campaign.default_language)
    _keep(view, [fault], {("title", lang): text or None for lang, text in titles.items()})


def _show_languages(view: Frame, campaign: Campaign, stated: Mapping[str, Any]) -> None:
    t = view.t
    known = list(dict.fromkeys((*campaign.languages, *list_languages())))
    with form(
        view, "languages", t("Languages"), t("Readers choose among these; the first one needs a title.")
    ) as block:
        key = f"settings-languages-{basket.stamp(campaign.languages)}"
        st.multiselect(
            t(FIELDS["languages"]),
            known,
            default=list(campaign.languages),
            format_func=lambda lang: formats.format_language(lang, view.lang),
            key=key,
        )
        first = f"settings-first-{basket.stamp(campaign.default_language)}"
        st.selectbox(
            t(FIELDS["default_language"]),
            known,
            index=known.index(campaign.default_language),
            format_func=lambda lang: formats.format_language(lang, view.lang),
            key=first,
        )
        block.submit(_keep_languages, view, campaign, stated, (key, first))


def _keep_languages(view: Frame, campaign: Campaign, stated: Mapping[str, Any], keys: tuple[str, str]) -> None:
    languages, first = list(st.session_state[keys[0]]), str(st.session_state[keys[1]])
    fault = settings_check.check_languages(view.t, campaign.title, languages, first)
    wanted: dict[Path, Value | None] = {}
    if "languages" in stated or languages != list(campaign.languages):
        wanted["languages",] = languages
    if "default_language" in stated or first != campaign.default_language:
        wanted["default_language",] = first
    _keep(view, [fault], wanted)


def _show_days(view: Frame, campaign: Campaign) -> None:
    t = view.t
    with form(view, "days", t("Days"), t("All figures over time depend on these four days.")) as block:
        keys = {}
        for cell, (name, said) in zip(cells(len(_DAYS), 2), _DAYS.items(), strict=True):
            value: date = getattr(campaign, name)
            keys[name] = f"settings-{name}-{basket.stamp(value)}"
            cell.date_input(
                t(FIELDS[name]), value, _EARLIEST, _LATEST, key=keys[name], format="YYYY-MM-DD", help=t(said)
            )
        block.submit(_keep_days, view, keys)


def _keep_days(view: Frame, keys: Mapping[str, str]) -> None:
    days: dict[str, date] = {name: st.session_state[key] for name, key in keys.items()}
    if not all(days.values()):
        basket.refuse(UserError(view.t("All four days are required.")))
        return
    fault = settings_check.check_dates(
        *(days[name] for name in ("start", "submission_deadline", "action_deadline", "end"))
    )
    _keep(view, [fault], {(name,): day for name, day in days.items()})


def _show_publisher(view: Frame, campaign: Campaign, stated: Mapping[str, Any]) -> None:
    t, publisher = view.t, campaign.publisher
    spoken = _list_spoken(campaign, (*publisher.name, *publisher.citation))
    said = t("Readers see who publishes the figures, whom to ask, under which licence and how to cite them.")
    with form(view, "publisher", t("Publisher"), said) as block:
        names = {lang: publisher.name.get(lang, publisher.name.get(ANY, "")) for lang in spoken}
        keys = {"name": write_texts(view, "publisher-name", FIELDS["publisher.name"], names, _NAME_LENGTH, beside=3)}
        licence = _say_licence(campaign, view.lang)
        single = {
            "email": (
                publisher.email,
                t("An office’s address, not a person’s. Addresses at example.org are shown with the sample only."),
            ),
            "url": (publisher.url, ""),
            "licence": (licence[0], t("Its SPDX identifier, such as CC-BY-4.0, or its name.")),
            "licence.url": (licence[1], ""),
        }
        keys["single"] = {}
        for cell, (name, (value, told)) in zip(cells(len(single), 2), single.items(), strict=True):
            label = t("Address of the licence’s text") if name == "licence.url" else t(FIELDS[f"publisher.{name}"])
            key = keys["single"][name] = f"settings-publisher-{name}-{basket.stamp(value)}"
            cell.text_input(label, value, max_chars=500, key=key, help=told or None)
        known = ", ".join(f"`{{{name}}}`" for name in PLACEHOLDERS)
        st.markdown(t("A sentence for those who quote the figures. It may contain: {known}", known=known))
        cited = {lang: publisher.citation.get(lang, publisher.citation.get(ANY, "")) for lang in spoken}
        keys["citation"] = write_texts(view, "citation", FIELDS["publisher.citation"], cited, _CITATION_LENGTH)
        block.submit(_keep_publisher, view, campaign, stated, keys)


def _say_licence(campaign: Campaign, lang: str) -> tuple[str, str]:
    """What stands in the two fields of the licence: its id or name, and its address where the id does not say it."""
    licence = campaign.publisher.licence
    return (licence.spdx, "") if licence.spdx else (find_text(licence.name, lang), licence.url)


def _keep_publisher(
    view: Frame, campaign: Campaign, stated: Mapping[str, Any], keys: Mapping[str, Mapping[str, str]]
) -> None:
    single = {name: str(st.session_state[key]).strip() for name, key in keys["single"].items()}
    citations = read_texts(keys["citation"])
    faults = [
        settings_check.check_mail(single["email"]),
        settings_check.check_address(FIELDS["publisher.url"], single["url"]),
        settings_check.check_address(N_("Address of the licence’s text"), single["licence.url"]),
        *(settings_check.check_citation(text) for text in citations.values()),
    ]
    wanted: dict[Path, Value | None] = {("publisher", name): single[name] or None for name in ("email", "url")}
    wanted |= _want_texts("name", read_texts(keys["name"]), stated) | _want_texts("citation", citations, stated)
    licence = (single["licence"], single["licence.url"])
    if licence != _say_licence(campaign, view.lang):
        key = "license" if "license" in stated else "licence"
        name, url = licence
        wanted["publisher", key] = {"name": name, "url": url} if name and url else name or url or None
    _keep(view, faults, wanted)


def _want_texts(name: str, texts: Mapping[str, str], stated: Mapping[str, Any]) -> dict[Path, Value | None]:
    """A text by language; one that is given once for all stays so while it is the same in every language."""
    if isinstance(stated.get(name), str):
        spoken = dict.fromkeys(texts.values())
        if len(spoken) == 1:
            return {("publisher", name): next(iter(spoken)) or None}
        return {("publisher", name): {lang: text for lang, text in texts.items() if text}}
    if not any(texts.values()):
        return {("publisher", name): None}
    return {("publisher", name, lang): text or None for lang, text in texts.items()}


def _show_limits(view: Frame, campaign: Campaign) -> None:
    t, keys = view.t, {}
    said = t("How many words the form allows in a text; the checks list longer ones. 0 means no limit.")
    with form(view, "limits", t("Words allowed"), said) as block:
        # Not Streamlit's field for numbers: in a form it sends what stood there before.
        for cell, (name, value) in zip(cells(len(Limits.model_fields), 2), campaign.limits, strict=True):
            keys[name] = f"settings-limit-{name}-{basket.stamp(value)}"
            cell.text_input(t(FIELDS[f"limits.{name}"]), str(value), max_chars=5, key=keys[name])
        block.submit(_keep_limits, view, keys)


def _keep_limits(view: Frame, keys: Mapping[str, str]) -> None:
    stated = {name: str(st.session_state[key]).strip() or "0" for name, key in keys.items()}
    faults = [settings_check.check_count(FIELDS[f"limits.{name}"], text) for name, text in stated.items()]
    _keep(view, faults, {("limits", name): int(text) for name, text in stated.items() if text.isdecimal()})


def _show_persons(view: Frame, campaign: Campaign, folder: CampaignFolder) -> None:
    t, individuals = view.t, campaign.individuals
    said = t("Stakeholders that are persons are shown as “Individual, Kenya”, unless all of them agreed to be named.")
    codes = {code.code: code.labels[view.lang] for code in load_codelist(folder, "stakeholder_groups")}
    options = list(dict.fromkeys((*codes, *individuals.groups)))
    with form(view, "persons", t("Stakeholders that are persons"), said) as block:
        keys = {"groups": f"settings-groups-{basket.stamp(individuals.groups)}"}
        st.multiselect(
            t("Groups whose stakeholders are persons"),
            options,
            default=list(individuals.groups),
            format_func=lambda code: codes.get(code, code),
            key=keys["groups"],
        )
        keys["agreed"] = f"settings-agreed-{basket.stamp(individuals.agreed_to_be_named)}"
        st.checkbox(
            t("All of them agreed that their names are public"), individuals.agreed_to_be_named, key=keys["agreed"]
        )
        shown = {lang: individuals.shown_as.get(lang, "") for lang in _list_spoken(campaign, individuals.shown_as)}
        texts = write_texts(
            view, "shown-as", FIELDS["individuals.shown_as"], shown, 100, beside=3, instead=N_("Individual")
        )
        block.submit(_keep_persons, view, campaign, keys, texts)


def _keep_persons(view: Frame, campaign: Campaign, keys: Mapping[str, str], texts: Mapping[str, str]) -> None:
    groups, agreed = list(st.session_state[keys["groups"]]), bool(st.session_state[keys["agreed"]])
    wanted: dict[Path, Value | None] = {("individuals", "agreed_to_be_named"): agreed}
    if groups != list(campaign.individuals.groups):
        wanted["individuals", "groups"] = groups
    shown = read_texts(texts)
    if any(shown.values()):
        wanted |= {("individuals", "shown_as", lang): text or None for lang, text in shown.items()}
    elif campaign.individuals.shown_as:
        wanted["individuals", "shown_as"] = None
    _keep(view, [], wanted)


def _list_spoken(campaign: Campaign, also: Iterable[str]) -> list[str]:
    """The languages in which a text is asked for: those that are offered, and those in which there is one."""
    return [lang for lang in dict.fromkeys((*campaign.offered, *also)) if lang != ANY]


def _keep(view: Frame, faults: Iterable[Phrase | None], wanted: Mapping[Path, Value | None]) -> None:
    """Write what is wanted into the working copy, or say the first fault."""
    fault = next((one for one in faults if one is not None), None)
    if fault is not None:
        basket.refuse(UserError(view.t.say(fault)))
        return
    basket.guarded(lambda: basket.change(CAMPAIGN, settings_edit.edit(basket.read(CAMPAIGN), wanted)))
