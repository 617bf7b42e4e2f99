"""The waves of the progress survey: what each is called, until when answers are awaited, where it is answered."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from dashboard.campaign import settings_check, settings_edit
from dashboard.campaign.folder import Campaign, Survey
from dashboard.campaign.settings_basket import CAMPAIGN
from dashboard.campaign.settings_edit import Path, Value
from dashboard.campaign.settings_words import FIELDS
from dashboard.errors import UserError
from dashboard.i18n import Phrase
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages
from dashboard.ui.settings import basket
from dashboard.ui.settings.forms import form, read_texts, write_texts

TABLE = "survey"
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 12, 31)


def show(view: Frame, campaign: Campaign) -> None:
    """Draw a form for each wave, and one for another."""
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
        title = wave.wave or t("All waves")
        with form(view, f"wave-{number}", title, "") as block:
            keys = _write_fields(view, campaign, str(number), wave)
            block.submit(_keep, view, number, keys)
        with st.container(key=f"settings-wave-removed-{number}"):
            st.button(
                t("Remove {wave}", wave=title),
                key=f"settings-wave-remove-{number}-{basket.stamp(wave.model_dump())}",
                icon=":material/delete:",
                on_click=_take_out,
                args=(number,),
            )
    with st.expander(t("Add a wave"), icon=":material/add:"), form(view, "wave-new", t("Another wave"), "") as block:
        keys = _write_fields(view, campaign, f"new-{len(campaign.survey)}", Survey())
        block.submit(_add, view, keys)


def _write_fields(view: Frame, campaign: Campaign, name: str, wave: Survey) -> dict[str, Any]:
    t = view.t
    keys: dict[str, Any] = {
        "wave": f"settings-wave-{name}-{basket.stamp(wave.wave)}",
        "answer_by": f"settings-wave-day-{name}-{basket.stamp(wave.answer_by)}",
    }
    st.text_input(
        t("Name of the wave, as in its reports"),
        wave.wave,
        max_chars=100,
        key=keys["wave"],
        help=t("Empty for all."),
    )
    st.date_input(
        t(FIELDS["survey.answer_by"]), wave.answer_by, _EARLIEST, _LATEST, key=keys["answer_by"], format="YYYY-MM-DD"
    )
    links = {lang: wave.link.get(lang, "") for lang in dict.fromkeys((*campaign.offered, *wave.link))}
    keys["link"] = write_texts(view, f"wave-link-{name}", FIELDS["survey.link"], links, 500)
    return keys


def _read(keys: Mapping[str, Any]) -> tuple[dict[str, Value | None], dict[str, str], list[Phrase | None]]:
    """What stands in the fields: single values, addresses by language, and what of them cannot be."""
    links = read_texts(keys["link"])
    single: dict[str, Value | None] = {
        "wave": str(st.session_state[keys["wave"]]).strip() or None,
        "answer_by": st.session_state[keys["answer_by"]],
    }
    return single, links, [settings_check.check_address(FIELDS["survey.link"], link) for link in links.values()]


def _keep(view: Frame, number: int, keys: Mapping[str, Any]) -> None:
    single, links, faults = _read(keys)
    wanted: dict[Path, Value | None] = {(TABLE, number, name): value for name, value in single.items()}
    if any(links.values()):
        wanted |= {(TABLE, number, "link", lang): link or None for lang, link in links.items()}
    else:
        wanted[TABLE, number, "link"] = None
    if not _refuse(view, faults):
        basket.guarded(lambda: basket.change(CAMPAIGN, settings_edit.edit(basket.read(CAMPAIGN), wanted)))


def _add(view: Frame, keys: Mapping[str, Any]) -> None:
    single, links, faults = _read(keys)
    entry: dict[str, Value] = {name: value for name, value in single.items() if value is not None}
    spoken = {lang: link for lang, link in links.items() if link}
    if spoken:
        entry["link"] = spoken
    if not entry:
        basket.refuse(UserError(view.t("Give the wave a name, a day or an address.")))
    elif not _refuse(view, faults):
        basket.guarded(lambda: basket.change(CAMPAIGN, settings_edit.add_to_list(basket.read(CAMPAIGN), TABLE, entry)))


def _take_out(number: int) -> None:
    basket.guarded(lambda: basket.change(CAMPAIGN, settings_edit.take_from_list(basket.read(CAMPAIGN), TABLE, number)))


def _refuse(view: Frame, faults: list[Phrase | None]) -> bool:
    fault = next((one for one in faults if one is not None), None)
    if fault is not None:
        basket.refuse(UserError(view.t.say(fault)))
    return fault is not None
