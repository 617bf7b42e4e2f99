"""The template of a document: Word's styles, and content controls with tags, which a briefing fills.

A writer appends everything to the document; `place_body` then moves it to where the template wants it. A template
without a control for the body is a letterhead: its own texts are examples and go, its headers and footers stay.
"""

import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from dashboard.campaign.brand import PLAIN, Look
from dashboard.errors import UserError
from dashboard.files.briefings.office_cleaning import clean_package
from dashboard.files.briefings.word.own_design import complete_styles, own_document
from dashboard.i18n import N_

BODY = "body"
TAGS = ("title", "subtitle", "selection", "day", "source", BODY)
"""The tags of the content controls that a briefing fills."""
STYLES = (
    "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet", "List Number",
)  # fmt: skip
"""The styles that a briefing uses, beside the usual one and those for tables, figures and small print."""
_PLACEHOLDERS = (qn("w:showingPlcHdr"), qn("w:placeholder"))


class DocumentTemplate:
    """A document to write into.

    Attributes:
        document: The library's document.
        is_own: Whether it is the program's own design, without a template.
        styles: The ids of its styles, by their names in small letters.
        missing_styles: Those of `STYLES` that the template lacks; they look as in the program's own design.
    """

    def __init__(self, document: Any, *, is_own: bool) -> None:
        """Take over a document; its own texts go, unless a control says where the briefing stands among them."""
        self.document, self.is_own = document, is_own
        self.styles, added = complete_styles(document)
        self.missing_styles = [name for name in STYLES if name.lower() in added]
        body = document.element.body
        if not self.find(BODY):
            for element in list(body):
                if element.tag != qn("w:sectPr"):
                    body.remove(element)
        self._there = set(body)

    def find(self, tag: str) -> list[Any]:
        """Find the content controls with a tag, in the text, its headers and its footers."""
        tags = (one for root in (self.document.element.body, *self.list_margins()) for one in root.iter(qn("w:tag")))
        return [one.getparent().getparent() for one in tags if (one.get(qn("w:val")) or "").strip().lower() == tag]

    def list_margins(self) -> list[Any]:
        """List the headers and footers."""
        return [part.element for part in self.document.part.package.iter_parts() if _is_margin(part)]

    def write(self, tag: str, text: str) -> bool:
        """Write a text into the controls with a tag; return whether there is one."""
        controls = self.find(tag)
        for control in controls:
            for mark in list(control.find(qn("w:sdtPr"))):
                if mark.tag in _PLACEHOLDERS:
                    mark.getparent().remove(mark)
            runs = list(control.iter(qn("w:r")))
            first = runs[0] if runs else _make_run(control)
            for run in runs[1:]:
                run.getparent().remove(run)
            for content in list(first):
                if content.tag != qn("w:rPr"):
                    first.remove(content)
            for style in first.iter(qn("w:rStyle")):  # the grey of words that ask for others
                style.getparent().remove(style)
                break
            first.text = text
        return bool(controls)

    def place_body(self) -> None:
        """Move what was appended since the opening to the control for the body, in its place."""
        controls = self.find(BODY)
        if not controls:
            return
        body = self.document.element.body
        new = [element for element in body if element not in self._there and element.tag != qn("w:sectPr")]
        place = controls[0]
        while place.getparent() is not body:  # a control inside a paragraph: after that paragraph
            place = place.getparent()
        for element in new:
            place.addprevious(element)
        body.remove(place)
        for control in controls[1:]:
            control.getparent().remove(control)


def open_document_template(file: Path | None, look: Look = PLAIN) -> DocumentTemplate:
    """Open the template in a file, cleaned; the program's own design, with the publisher's look, where there is none.

    Raises:
        UserError: the file is no document that can be read.
    """
    if file is None or not file.is_file():
        return DocumentTemplate(own_document(look), is_own=True)
    return read_document(file.read_bytes())


def read_document(content: bytes) -> DocumentTemplate:
    """Read a document template, cleaned.

    Raises:
        UserError: it is no document that can be read.
    """
    try:
        cleaned = clean_package(content)
        if cleaned.kind != "docx":
            raise ValueError(cleaned.kind)
        return DocumentTemplate(Document(io.BytesIO(cleaned.content)), is_own=False)
    except Exception as error:  # any error of the library over a file of another kind
        raise UserError(
            N_("The template (briefing.docx or .dotx in the campaign folder) is not a readable document."),
            N_("Open it in Word, save it as a document (.docx) without a password, or remove it."),
        ) from error


def _is_margin(part: Any) -> bool:
    return part.content_type.endswith(("header+xml", "footer+xml")) and hasattr(part, "element")


def _make_run(control: Any) -> Any:
    """Make the first run of a control without one, in a paragraph where the control stands between paragraphs."""
    content = control.find(qn("w:sdtContent"))
    if content is None:
        content = OxmlElement("w:sdtContent")
        control.append(content)
    paragraph = next(content.iter(qn("w:p")), None)
    holder = content if paragraph is None else paragraph
    if paragraph is None and control.getparent().tag != qn("w:p"):
        holder = OxmlElement("w:p")
        content.append(holder)
    run = OxmlElement("w:r")
    holder.append(run)
    return run
