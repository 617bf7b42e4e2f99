"""Changes of settings that others have in hand, and those that the reader began in another tab or before a reload."""

import streamlit as st

from dashboard.campaign import colleagues
from dashboard.campaign.colleagues import OpenDraft
from dashboard.campaign.settings_basket import Basket
from dashboard.settings import Settings
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import at_work, messages
from dashboard.ui.pieces.messages import plain
from dashboard.ui.settings import basket
from dashboard.ui.settings.in_hand import list_told


def show(view: Frame) -> None:
    """Draw whose changes are not published yet; one's own with the way to go on with them."""
    t, own = view.t, at_work.find_own()
    drafts = colleagues.list_baskets(Settings.from_environment().campaign, own.session)
    mine = [draft for draft in drafts if (draft.owner.name, draft.owner.address) == (own.name, own.address)]
    for draft in drafts:
        if draft not in mine:
            said = t(
                "{name} has unpublished changes since {time} UTC: {files}",
                name=at_work.name_colleague(view, draft.owner),
                time=at_work.name_time(draft.owner.since),
                files=", ".join(draft.files),
            )
            st.info(plain(said), icon=":material/group:")
    if mine and basket.find() is None:
        _show_own(view, mine[-1])


def _show_own(view: Frame, draft: OpenDraft) -> None:
    t, campaign = view.t, Settings.from_environment().campaign
    place = campaign / "private" / "drafts" / draft.draft_id
    told = basket.describe(t, Basket(campaign, place))
    if not told:
        return
    with st.container(border=True, key="settings-left"):
        title = t("Your changes since {time} UTC are not published", time=at_work.name_time(draft.owner.since))
        messages.show_card_title(title)
        list_told(view, told)
        with st.container(horizontal=True):
            st.button(
                t("Continue"),
                key="settings-take-up",
                icon=":material/edit:",
                on_click=basket.take_up,
                args=(draft.draft_id,),
            )
            st.button(
                t("Discard"),
                key="settings-discard-left",
                icon=":material/delete:",
                on_click=basket.discard,
                args=(draft.draft_id,),
            )
