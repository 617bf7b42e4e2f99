"""What stands around a page, as data: header, what is read out, the notice that figures are invented, the source."""

from dataclasses import dataclass

from dashboard import formats
from dashboard.i18n import N_, Translator
from dashboard.measures.counts import headline, list_unused
from dashboard.snapshot.attribution import say_source
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection, list_filters
from dashboard.snapshot.shared import shared
from dashboard.ui.frame import header
from dashboard.ui.frame.header import HeaderModel, Reader

SAMPLE_NOTICE = N_("Fictional data: these actions and stakeholders are invented.")


@dataclass(frozen=True)
class FrameModel:
    """What stands around a page.

    Attributes:
        header: What stands above it.
        spoken: What the filters choose, for those who cannot see the figures change; nothing on pages of staff.
        notice: That the figures are invented; empty where they are not.
        footer: What stands below it: the source, its day, and for staff the build.
    """

    header: HeaderModel
    spoken: str
    notice: str
    footer: tuple[str, ...]


@shared
def make_model(
    snapshot: Snapshot, selection: Selection, t: Translator, page_id: str, reader: Reader, *, is_newest: bool = False
) -> FrameModel:
    """What stands around a page.

    `reader`: what its reader may open.
    `is_newest`: whether it shows what is published now, whatever build the reader has been looking at.
    """
    build = (t("Build {build}", build=snapshot.build_id[:12]),) if reader.is_staff else ()
    unused = list_unused(snapshot)
    without_data = frozenset(page for page, dimension in header.DIMENSION_PAGES.items() if dimension in unused)
    title = name_campaign(snapshot, t)
    return FrameModel(
        header=header.make_model(title, selection, t, page_id, reader, snapshot.languages, without_data),
        spoken="" if is_newest else say_figures(snapshot, selection, t),
        notice=_say_sample(snapshot, t, is_staff=reader.is_staff),
        footer=(say_source(snapshot.campaign, t.language, selection.day(snapshot)), *build),
    )


def name_campaign(snapshot: Snapshot, t: Translator) -> str:
    """The campaign's title in the reader's language."""
    return str(snapshot.campaign[f"title_{t.language}"])


def say_figures(snapshot: Snapshot, selection: Selection, t: Translator) -> str:
    """What the filters choose, and how much of it is completed; of a comparison both sides."""
    filters = list_filters(selection.first, snapshot)
    chosen = filters if selection.as_of else filters[:-1]
    names = [value if isinstance(value, str) else formats.format_date(value, t.language) for _, value in chosen]
    h = headline(snapshot, selection.first)
    sentence = t.plural(
        "{what}: {n} action, {completed} completed",
        "{what}: {n} actions, {completed} completed",
        h.actions,
        what=", ".join(names) or t("All actions"),
        completed=h.completed,
    )
    return sentence if selection.other is None else f"{sentence}. {say_figures(snapshot, selection.other, t)}"


def _say_sample(snapshot: Snapshot, t: Translator, *, is_staff: bool) -> str:
    """That the figures are invented, and for staff how they go."""
    if not snapshot.is_sample:
        return ""
    if not is_staff:
        return t(SAMPLE_NOTICE)
    if snapshot.is_shipped_sample:
        return f"{t(SAMPLE_NOTICE)} {t('Your own exports replace them.')}"
    way = t("Before you publish your own exports, restore the fictional sample on the page Upload.")
    return f"{t(SAMPLE_NOTICE)} {way}"
