"""Words of uploaded files that match no code: a choice each, kept together, and the preview made again with them."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from dashboard import formats
from dashboard.answers.question_kinds import WORDS
from dashboard.campaign.file_names import find_names
from dashboard.errors import UserError
from dashboard.quality.differences import WORDS_LISTED, Preview
from dashboard.ui.frame.page import Frame
from dashboard.ui.pieces import messages, word_choices
from dashboard.ui.pieces.word_choices import Scene, Wish
from dashboard.ui.upload.state import Upload


def show(view: Frame, upload: Upload) -> None:
    """Draw the words with a choice each, the button that keeps what was chosen, and what was settled before."""
    if upload.preview is None or upload.note is None:
        return
    t, preview = view.t, upload.preview
    rows, settled = list_asked(upload, preview), preview.settled.to_dict("records")
    scene = Scene(
        upload.folder / "snapshot.duckdb",
        upload.note.build_id,
        preview.codes,
        f"draft-word-{upload.note.build_id[:12]}",
    )
    if rows:
        _show_words(view, upload, scene, rows)
    if settled:
        count = formats.format_count(len(settled), view.lang)
        with st.expander(f"{t('What words mean, as staff have said')} · {count}"):
            word_choices.show_settled(view, scene, settled, partial(_undo, upload))


def list_asked(upload: Upload, preview: Preview) -> list[dict[Any, Any]]:
    """The words that are asked about: not those that may become members of a list, unless staff have left them out.

    Those come first without which most of a column is not understood (`is_asked`): nothing is published before.
    """
    asked = {(one.subject.field, one.subject.file) for one in preview.questions if one.kind is WORDS and one.is_open}
    names = find_names(upload.folder / "snapshot.duckdb")
    rows = [
        {**row, "is_asked": any((row["field"], names.file(str(handle))) in asked for handle in row["files"])}
        for row in preview.words.to_dict("records")
        if not isinstance(row["own_list"], str) or row["word"] in upload.left_out.get(row["own_list"], ())
    ]
    return sorted(rows, key=lambda row: not row["is_asked"])


def is_held(upload: Upload) -> bool:
    """Whether nothing is published before it is said what words mean."""
    return upload.preview is not None and any(one.kind is WORDS and one.is_open for one in upload.preview.questions)


def _show_words(view: Frame, upload: Upload, scene: Scene, rows: Sequence[Mapping[Any, Any]]) -> None:
    t, total, rows = view.t, len(rows), rows[:WORDS_LISTED]
    messages.show_heading(t("Words that match no code"), level=3)
    st.markdown(
        t(
            "The rows count, but the field is empty in them. Say once what each word means. It holds for next "
            "month’s file as well, unless you say it of one file only."
        )
    )
    for number, row in enumerate(rows):
        with st.container(border=True, key=f"card-draft-word-{number}"):
            asks = row["field"] == "status" and row["is_asked"]
            word_choices.show_word(view, scene, row, number, asks_completion=asks)
    if total > len(rows):
        more = total - len(rows)
        st.caption(
            t.plural(
                "{n} more is shown when these are settled, or on the page Data quality.",
                "{n} more are shown when these are settled, or on the page Data quality.",
                more,
                n=formats.format_count(more, view.lang),
            )
        )
    chosen = sum(word_choices.read_wish(scene, row, number) is not None for number, row in enumerate(rows))
    st.button(
        t.plural(
            "Keep {n} choice and preview again",
            "Keep {n} choices and preview again",
            chosen,
            n=formats.format_count(chosen, view.lang),
        ),
        key="keep-words",
        icon=":material/check:",
        on_click=_keep,
        args=(upload, scene, rows),
        disabled=not chosen,
    )


def _keep(upload: Upload, scene: Scene, rows: Sequence[Mapping[Any, Any]]) -> None:
    """Keep what is chosen and make the preview again; what is refused is told instead. A button's callback."""
    wishes = [word_choices.read_wish(scene, row, number) for number, row in enumerate(rows)]
    _run(upload, partial(word_choices.keep, [wish for wish in wishes if wish is not None]))


def _undo(upload: Upload, _line: int, wish: Wish) -> None:
    """Take back what was said of a word and make the preview again; a button's callback."""
    _run(upload, partial(word_choices.take_back, wish))


def _run(upload: Upload, command: partial[None]) -> None:
    try:
        command()
    except UserError as error:
        upload.error = error
        return
    upload.make()
