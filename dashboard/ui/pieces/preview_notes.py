"""What a preview says beside its figures: what speaks against publishing, and checks that find more than before."""

import streamlit as st

from dashboard import formats
from dashboard.campaign.uncounted import say_uncounted
from dashboard.i18n import Translator
from dashboard.measures.definitions import DEFINITIONS
from dashboard.quality.differences import Preview
from dashboard.quality.queries import name_reason
from dashboard.quality.wording import check_text
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages, record_tables
from dashboard.ui.pieces.messages import plain
from dashboard.ui.pieces.record_tables import Cells

_MOST_REASONS = 3


def show_concerns(view: Frame, preview: Preview) -> bool:
    """Say what speaks against publishing, if anything; first which reports do not count."""
    if preview.refusal is not None:
        messages.show_error(view, preview.refusal)
    uncounted = say_uncounted(preview.uncounted, lambda day: formats.format_date(day, view.lang))
    if uncounted:
        st.warning(plain(view.t(uncounted)), icon=":material/warning:")
    concerns = list_concerns(view.t, view.lang, preview)
    if concerns:
        bullets = "\n".join(concerns)
        st.warning(f"**{view.t('Check before you publish')}**\n\n{bullets}", icon=":material/warning:")
    return bool(concerns or uncounted)


def list_concerns(t: Translator, lang: str, preview: Preview) -> list[str]:
    """What speaks against publishing, as lines of a list: many rejected rows, with the reasons, and figures that fall.

    `t`: the reader's translator.
    `preview`: what publishing would change.
    """
    lines = []
    if preview.rejections is not None:
        rejected, read = preview.rejections
        share = formats.format_percent(rejected, read, lang)
        summary = t("Rejected rows, which count nowhere ({n} of {read}, {share}):", n=rejected, read=read, share=share)
        reasons = preview.rejected.drop_duplicates("reason").nlargest(_MOST_REASONS, "rows_of_reason")
        lines = [
            f"- {summary}",
            *(
                f"  - {formats.format_count(rows, lang)} × {plain(name_reason(t, reason))}"
                for rows, reason in zip(reasons["rows_of_reason"], reasons["reason"], strict=True)
            ),
        ]
    for name, (before, after) in preview.falls.items():
        measure = t(DEFINITIONS[name].name)
        lines.append(f"- {t('{measure} falls from {before} to {after}', measure=measure, before=before, after=after)}")
    return lines


def show_checks(view: Frame, preview: Preview) -> None:
    """Draw the checks that find more rows than before, folded away."""
    t = view.t
    columns = (
        Cells(t("Check"), lambda check: t(check_text(check["check_id"]).title)),
        record_tables.count(view, t("Before"), "before"),
        record_tables.count(view, t("After"), "after"),
    )
    note = t("They exclude nothing; the page Data quality lists the rows.")
    record_tables.show_list(view, t("Checks that find more than before"), preview.checks, columns, note)
