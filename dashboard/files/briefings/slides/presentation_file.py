"""The file of a presentation as a package of parts: those taken from a template, and a check whether a deck is whole.

Programs write the same things in several ways, and the library knows one of them. It would write unrecognised parts
a second time under the same name, and no program opens such a file; so each deck is opened once before it is
handed out.
"""

import io
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from dashboard.files.briefings.office_cleaning import clean_package
from dashboard.files.briefings.office_file import find_gaps

_NO_STYLES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<a:tblStyleLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    b' def="{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}"/>'
)


class BrokenDeckError(Exception):
    """No program can open the file of a deck."""


def read_template(content: bytes) -> Any:
    """Read a template: cleaned, and with the list of table styles where a program left it out.

    Raises:
        Exception: of whatever kind, if it cannot be read.
    """
    cleaned = clean_package(content)
    deck = Presentation(io.BytesIO(cleaned.content))
    main = deck.part
    if not any(one.reltype == RELATIONSHIP_TYPE.TABLE_STYLES for one in main.rels.values()):
        # else LibreOffice draws lines around all cells
        styles = Part(PackURI("/ppt/tableStyles.xml"), CONTENT_TYPE.PML_TABLE_STYLES, main.package, _NO_STYLES)
        main.relate_to(styles, RELATIONSHIP_TYPE.TABLE_STYLES)
    return deck


def say_language(deck: Any, tag: str) -> None:
    """Set the language of all texts: of the presentation, its masters and layouts, slides, notes and charts."""
    for part in deck.part.package.iter_parts():
        if hasattr(part, "_element"):
            say_language_in(part._element, tag)


def say_language_in(root: Any, tag: str) -> None:
    """Set the language of the texts of a part."""
    for run in root.iter(qn("a:r"), qn("a:fld")):
        run.get_or_add_rPr()
    for properties in root.iter(qn("a:rPr"), qn("a:defRPr"), qn("a:endParaRPr")):
        properties.set("lang", tag)
    if root.tag == qn("c:chartSpace"):
        has_dates = root.find(qn("c:date1904")) is not None  # which comes first; a scatter has none
        root.insert(int(has_dates), parse_xml(f'<c:lang {nsdecls("c")} val="{tag}"/>'))


def check_deck(file: Path, slides: int) -> None:
    """Open a deck as other programs do.

    Raises:
        BrokenDeckError: a part is there twice or is missing, has no type, or slides do not open.
    """
    if problems := find_gaps(file):
        raise BrokenDeckError("; ".join(problems))
    try:
        shape_counts = [len(slide.shapes) for slide in Presentation(str(file)).slides]
    except Exception as error:  # whatever the library stumbles over
        raise BrokenDeckError(f"its slides do not open: {error}") from error
    if len(shape_counts) != slides:
        raise BrokenDeckError(f"{len(shape_counts)} slides instead of {slides}")
