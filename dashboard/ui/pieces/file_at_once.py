"""Files that a link gives with one click: made while the browser waits, whatever the page does meanwhile.

Where a worker takes longer, the link's place shows its progress, and offers to cancel it.

The link is a separate component, since it must outlast the runs of the page (`dashboard.web.offers`). Where there is no
file the page gives the reason, in the reader's language.
"""

import hashlib
import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

import streamlit as st

from dashboard.campaign import builds
from dashboard.errors import UserError
from dashboard.files.extracts import order
from dashboard.files.extracts.choice import FORMAT_NAMES, FORMATS, Choice
from dashboard.ground.processes.runner import Handle
from dashboard.i18n import N_
from dashboard.settings import Settings
from dashboard.snapshot.kept_builds import postpone
from dashboard.snapshot.selection import Selection
from dashboard.ui.frame import browser_part, link, staff
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import messages
from dashboard.web import offers
from dashboard.web.offers import Offer

LOG = logging.getLogger(__name__)
ICON = ":material/download:"
_PAGE = "page of offers"
_HERE = Path(__file__).with_name("file_links")
_MOUNT = browser_part.register(
    "file_links",
    _HERE,
    '<div class="files"></div>'
    '<p class="wait" hidden><progress max="1"></progress><span></span><button type="button"></button></p>'
    '<p class="said" role="alert"></p><span class="state" role="status"></span>',
)


class File(NamedTuple):
    """A file and its link: key and words of the link, what makes the file, its name.

    `make` returns the content, or begins the file in a worker. `address`: an existing address of the file, for which
    nothing is made here.
    """

    key: str
    label: str
    make: Callable[[], bytes | Handle]
    file_name: str
    media_type: str
    help: str | None = None
    icon: str | None = ICON
    type: Literal["primary", "secondary"] = "secondary"
    is_disabled: bool = False
    address: str = ""


@dataclass
class Offers:
    """The files that a place of a page offers.

    Attributes:
        before: The former offers: the browser may ask for them until it has drawn the new links.
    """

    page_id: str
    content: Hashable
    build_id: str
    files: dict[str, Offer] = field(default_factory=dict)
    before: "Offers | None" = None

    def offer(self, view: View, file: File) -> Offer:
        """Offer a file: the same offer at every run of the page, with `make` of the last run."""
        offer = self.files.get(file.key)
        if offer is None or (offer.file_name, offer.t.language) != (file.file_name, view.lang):
            explain_here = partial(explain, build_id=self.build_id)
            offer = self.files[file.key] = Offer(
                file.make, file.file_name, file.media_type, explain_here, view.t, staff.find_tab()
            )
        offer.make = file.make
        return offer

    def cancel(self) -> None:
        """Cancel the work under way."""
        for offer in self.files.values():
            offer.cancel()


def show(view: View, place: str, content: Hashable, *files: File) -> None:
    """Draw the links of files that come with one click.

    `place`: the name of the component, and of what the session keeps for it.
    """
    offered = _find_offers(view, place, content)
    made_from = hashlib.sha256(repr((content, view.snapshot.build_id)).encode()).hexdigest()[:16]
    described = [_describe(view, file, offered, made_from) for file in files]
    _mount(view, place, described)


def _give_up(place: str) -> None:
    """Cancel the file that the browser no longer wants."""
    link.hold()
    offered, key = st.session_state.get(place), st.session_state[f"{place}-links"].get("stop")
    if isinstance(offered, Offers) and isinstance(key, str) and key in offered.files:
        offered.files[key].cancel()


def _mount(view: Frame, place: str, described: list[dict[str, str | bool]]) -> None:
    t, blanks = view.t, {"file": "{file}", "seconds": "{seconds}", "share": "{share}"}
    read_on = t("You can keep reading meanwhile.")
    preparing, share = (
        t("{file}: in preparation for {seconds} s.", **blanks),
        t("{file}: {share} done after {seconds} s.", **blanks),
    )
    words = {
        "begun": f"{preparing} {read_on}",
        "share": f"{share} {read_on}",
        "ready": t("{file} is ready.", **blanks),
        "stop": t("Cancel"),
        "making": view.t("Preparing the file."),
        "gone": view.t("The page has been open for too long. Reload it, then download the file."),
        "failed": view.t("The file did not arrive. Check the connection and try again."),
    }
    _MOUNT(
        key=f"{place}-links",
        data={"files": described, "words": words},
        width="content",
        on_again_change=link.hold,  # a run of the page is all that is needed
        on_stop_change=partial(_give_up, place),
    )


def _find_offers(view: View, place: str, content: Hashable) -> Offers:
    """Find what a place offers, which a session keeps as long as the content is the same.

    Nothing of an older build is kept: it would hold that snapshot open.
    """
    last: Offers | None = st.session_state.get(place)
    build_id = view.snapshot.build_id
    if last is not None and (last.content, last.build_id) == (content, build_id):
        return last
    if last is not None:
        last.cancel()  # another choice cancels the file of the last one
    before = last if last is not None and last.build_id == build_id else None
    if before is not None:
        before.before = None
    new = st.session_state[place] = Offers(view.page_id, content, build_id, before=before)
    return new


def forget_others(page_id: str) -> None:
    """Drop what other pages have offered, and with it what their files would be made from."""
    if st.session_state.get(_PAGE) == page_id:
        return
    st.session_state[_PAGE] = page_id
    for place in [name for name, value in staff.list_kept().items() if isinstance(value, Offers)]:
        if st.session_state[place].page_id != page_id:
            st.session_state[place].cancel()
            del st.session_state[place]


def _describe(view: View, file: File, offered: Offers, made_from: str) -> dict[str, str | bool]:
    address = file.address or f"{link.site_path(view.page_id)}{offers.PATH}/{offered.offer(view, file).token}"
    return {
        "key": file.key,
        "label": file.label,
        "address": address,
        "content": file.address or made_from,
        "name": file.file_name,
        "help": file.help or "",
        "icon": (file.icon or "").removeprefix(":material/").removesuffix(":"),
        "is_primary": file.type == "primary",
        "is_disabled": file.is_disabled,
    }


def explain(error: Exception, build_id: str) -> UserError:
    """Explain why there is no file; first check whether its build is gone."""
    if not isinstance(error, UserError):
        return messages.explain(error, N_("Preparing the file stopped before it finished."))
    LOG.warning("A file could not be made: %s", error)
    if builds.find_snapshot(Settings.from_environment().campaign, build_id) is not None:
        return error
    return UserError(N_("New data was published while the file was being prepared."), N_("Try again."))


def show_extract(view: View, selection: Selection, choice: Choice) -> None:
    """Draw the download of a file of tables."""
    form = choice.file_format
    file = File(
        "file-download",
        view.t("Download as {format}", format=FORMAT_NAMES[form]),
        postpone(view.snapshot, lambda snapshot: order.submit_extract(snapshot, selection, choice)),
        file_name=order.name_extract(view.snapshot, selection, choice),
        media_type=FORMATS[form],
        type="primary",
    )
    show(view, "file-at-once", (selection, choice), file)
