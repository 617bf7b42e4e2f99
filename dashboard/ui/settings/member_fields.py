"""What single codelists ask of a member besides: what a status counts as, where a place lies, whom a grouping holds."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.campaign import codelist_edit
from dashboard.campaign.codelists import BASE_STATUSES, DERIVED_STATUSES, SEPARATOR, UNCLASSIFIED, Code
from dashboard.i18n import N_
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces.messages import plain
from dashboard.ui.settings import basket
from dashboard.ui.settings.list_reading import Listed

COUNTS = {
    "not_started": N_("Counts as reported, not completed."),
    "in_progress": N_("Counts as reported, not completed."),
    "completed": N_("Counts as completed."),
    "discontinued": N_("Counts as reported; never completed or overdue."),
}
"""What each base status means for the figures."""
_SOURCE_LENGTH = 300
_NAMED = {
    "statuses": ("statuses",),
    "subregions": ("regions",),
    "countries": ("subregions", "regions"),
    "groupings": ("countries",),
}
"""The lists whose members a list's fields offer."""


def write(view: Frame, listed: Listed, code: Code | None) -> dict[str, str]:
    """Draw the further fields of a member; gives their keys by column."""
    extra: Mapping[str, str] = code.extra if code else {}
    draw = {
        "statuses": _write_status,
        "subregions": _write_place,
        "countries": _write_place,
        "groupings": _write_grouping,
    }.get(listed.name)
    is_given = code is not None and code.code in (*BASE_STATUSES, *DERIVED_STATUSES, UNCLASSIFIED)
    if draw is None or is_given:
        return {}
    name = f"settings-further-{listed.name}-{code.code if code else ''}"
    columns = {
        "statuses": ("base_status",),
        "subregions": ("region",),
        "countries": ("subregion", "region", "iso2"),
        "groupings": ("countries", "source"),
    }[listed.name]
    named = [(one.code, one.labels[view.lang]) for part in _NAMED[listed.name] for one in listed.codelists[part]]
    keys = {column: f"{name}-{column}-{basket.stamp(extra.get(column, ''), named)}" for column in columns}
    draw(view, listed, extra, keys)
    return keys


def read(listed: Listed, keys: Mapping[str, str]) -> dict[str, str]:
    """What stands in the further fields, as the list's file has it."""
    values: dict[str, Any] = {column: st.session_state.get(key) for column, key in keys.items()}
    extra = {
        column: SEPARATOR.join(value) if isinstance(value, list) else " ".join(str(value or "").split())
        for column, value in values.items()
    }
    if "iso2" in extra:
        extra["iso2"] = extra["iso2"].upper()
    return codelist_edit.fill_parents(extra, listed.codelists)


def _write_status(view: Frame, listed: Listed, extra: Mapping[str, str], keys: Mapping[str, str]) -> None:
    t = view.t
    labels = {code.code: code.labels[view.lang] for code in listed.codes}
    stated = extra.get("base_status", "")
    st.radio(
        t("Counts as"),
        BASE_STATUSES,
        index=BASE_STATUSES.index(stated) if stated in BASE_STATUSES else None,
        captions=[t(COUNTS[base]) for base in BASE_STATUSES],
        format_func=lambda base: plain(labels[base]),
        key=keys["base_status"],
    )


def _write_place(view: Frame, listed: Listed, extra: Mapping[str, str], keys: Mapping[str, str]) -> None:
    t = view.t
    names = {"subregion": ("subregions", t("Subregion")), "region": ("regions", t("Region"))}
    for column, (name, label) in names.items():
        if column not in keys:
            continue
        labels = {code.code: code.labels[view.lang] for code in listed.codelists[name] if code.code != UNCLASSIFIED}
        options = ["", *labels]
        stated = extra.get(column, "")
        st.selectbox(
            label,
            options,
            index=options.index(stated) if stated in options else 0,
            format_func=lambda code, labels=labels: labels.get(code, t("none")),
            key=keys[column],
            help=t("A country with a subregion is in that subregion’s region.")
            if column == "region" and "subregion" in keys
            else None,
        )
    if "iso2" in keys:
        st.text_input(t("Two-letter code (ISO 3166)"), extra.get("iso2", ""), max_chars=2, key=keys["iso2"])


def _write_grouping(view: Frame, listed: Listed, extra: Mapping[str, str], keys: Mapping[str, str]) -> None:
    t = view.t
    labels = {code.code: code.labels[view.lang] for code in listed.codelists["countries"] if code.code != UNCLASSIFIED}
    stated = [code.strip() for code in extra.get("countries", "").split(SEPARATOR) if code.strip() in labels]
    st.multiselect(
        t("Countries"),
        sorted(labels, key=lambda code: codelist_edit.sort_key(labels[code])),
        default=stated,
        format_func=labels.__getitem__,
        key=keys["countries"],
        select_all=False,
        wrap=True,
    )
    st.text_input(
        t("Source"),
        extra.get("source", ""),
        max_chars=_SOURCE_LENGTH,
        key=keys["source"],
        help=t("Who lists these countries, and as of when."),
    )
