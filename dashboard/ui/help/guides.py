"""The guides with pictures: the list for the reader, and one of them, from `docs/guides`."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from dashboard.access.rights import AccessClass
from dashboard.paths import PROJECT
from dashboard.ui.frame import link, page, staff
from dashboard.ui.frame.page_link import PageLink
from dashboard.ui.frame.view import Frame, View
from dashboard.ui.pieces import messages

PARAMETER = "guide"
FOLDER = PROJECT / "docs" / "guides"
GUIDES = {"partners": AccessClass.PUBLIC, "presenters": AccessClass.PUBLIC, "staff": AccessClass.STAFF}
"""Each guide, and its readers."""
SOURCE_LANGUAGE = "en"
"""The language of a guide in languages that have none of their own."""
PIXELS = 1.5
"""The pixels of a picture for one of the page, each way."""
_PICTURE = re.compile(r"^ *!\[(?P<alt>[^\]]*)\]\((?P<file>[^)]*)\)$", flags=re.MULTILINE)


class Picture(NamedTuple):
    """A picture of a guide, and its content in words."""

    file: Path
    alt: str


def find_file(name: str, lang: str) -> Path:
    """Find the file of a guide in a language, else in English."""
    path = FOLDER / f"{name}.{lang}.md"
    return path if path.is_file() else FOLDER / f"{name}.{SOURCE_LANGUAGE}.md"


@cache
def read_title(file: Path) -> str:
    """Read the title of a guide."""
    return file.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def read_parts(file: Path) -> Iterator[str | Picture]:
    """Read the text below a guide's title, in order: Markdown, and the pictures in it."""
    _, _, text = file.read_text(encoding="utf-8").partition("\n")
    at = 0
    for match in _PICTURE.finditer(text):
        yield text[at : match.start()]
        yield Picture(file.parent / match["file"], match["alt"])
        at = match.end()
    yield text[at:]


def list_own() -> list[str]:
    """List the guides that this reader may open."""
    return [name for name, access in GUIDES.items() if access is AccessClass.PUBLIC or staff.may_open(access)]


def find_opened(view: Frame) -> str:
    """Find the guide that the link opens, where the reader may open it; else return an empty text."""
    requested = link.page_parameter(PARAMETER) if isinstance(view, View) else st.query_params.get(PARAMETER)
    return requested if requested in list_own() else ""


def show_ways(view: Frame) -> None:
    """Draw the links to the guides."""
    messages.show_heading(view.t("Guides with pictures"))
    items = "".join(f"<li>{_link(view, read_title(find_file(name, view.lang)), name)}</li>" for name in list_own())
    st.html(f'<ul class="help-guides">{items}</ul>')


def show(view: Frame, name: str) -> None:
    """Draw a guide in the place of the rest of the page, with a link back."""
    file = find_file(name, view.lang)
    back = PageLink(view.t("All of the help"), view.page_id, page.list_carried(view)).render(view.page_id)
    st.html(f'<p class="help-back">{back}</p>')
    messages.show_heading(read_title(file))
    with st.container(key="guide"):
        for part in read_parts(file):
            if isinstance(part, Picture):
                _show_picture(part)
            elif part.strip():
                st.markdown(re.sub("^## ", "### ", part, flags=re.MULTILINE), anchors=False)


def _show_picture(picture: Picture) -> None:
    """Draw a picture as it is on disk, at its real size; given a width, Streamlit would make a smaller one."""
    with st.container(width=_find_width(picture.file)):
        st.image(str(picture.file), width="stretch", output_format="PNG", alt=picture.alt)


@cache
def _find_width(file: Path) -> int:
    """Find the width of a picture in pixels of the page."""
    from PIL import Image  # Streamlit needs it for pictures, too

    with Image.open(file) as image:
        return round(image.width / PIXELS)


def _link(view: Frame, title: str, name: str) -> str:
    return PageLink(title, view.page_id, (*page.list_carried(view), (PARAMETER, name))).render(view.page_id)
