"""The file of a presentation as a package of parts: those taken from a template, and a check whether a deck is whole.

Programs write the same things in several ways, and the library knows one of them. It would write unrecognised parts
a second time under the same name, and no program opens such a file; so each deck is opened once before it is
handed out.
"""

from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.package import Package
from pptx.parts.coreprops import CorePropertiesPart

from dashboard.files.briefings.office_file import find_gaps

_AS_PRESENTATION = (
    CONTENT_TYPE.PML_PRESENTATION_MAIN,
    CONTENT_TYPE.PML_PRES_MACRO_MAIN,
    CONTENT_TYPE.PML_TEMPLATE_MAIN,
    CONTENT_TYPE.PML_SLIDESHOW_MAIN,
)
"""Presentations, with macros or without, templates (.potx) and shows (.ppsx): a deck is a presentation."""

_OF_THE_FILE = (
    "thumbnail",
    "extended-properties",
    "digital-signature/origin",
    "ui/extensibility",
    "ui/userCustomization",
)
_OF_ITS_MAKERS = (
    "commentAuthors",
    "authors",
    "changesInfo",
    "revisionInfo",
    "viewProps",
    "vbaProject",
    "printerSettings",
)
"""Ends of the relationships of the template's own parts: its author, and the view in which it was closed."""
_LISTS = ("p:custShowLst", "p:modifyVerifier", "p:extLst")
"""The elements that list removed slides, or ask for the template's password."""
_NO_STYLES = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<a:tblStyleLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    b' def="{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}"/>'
)


class BrokenDeckError(Exception):
    """No program can open the file of a deck."""


def read_template(file: Path) -> Any:
    """Read the presentation in a file, without its slides, its makers' names, macros and marks of its own state.

    Raises:
        Exception: of whatever kind, if it cannot be read.
    """
    package = Package.open(str(file))
    main = package.main_document_part
    if main._content_type not in _AS_PRESENTATION:  # the library caches its first answer
        raise ValueError(f"no presentation: {main._content_type}")
    main._content_type = CONTENT_TYPE.PML_PRESENTATION_MAIN
    drop_marks(package)
    _drop_slides(main.presentation)
    _unlink_slides(package)
    _add_table_styles(main)
    return main.presentation


def drop_marks(package: Any) -> None:
    """Remove the traces of its makers and their programs from a package."""
    _drop(package._rels, _OF_THE_FILE)
    _drop(package.main_document_part.rels, _OF_ITS_MAKERS)
    _unify_properties(package)


def say_language(deck: Any, tag: str) -> None:
    """Set the language of all texts: of the presentation, its masters and layouts, slides, notes and charts."""
    for part in deck.part.package.iter_parts():
        if not hasattr(part, "_element"):
            continue
        root = part._element
        for run in root.iter(qn("a:r"), qn("a:fld")):
            run.get_or_add_rPr()
        for properties in root.iter(qn("a:rPr"), qn("a:defRPr"), qn("a:endParaRPr")):
            properties.set("lang", tag)
        if root.tag == qn("c:chartSpace"):
            has_dates = root.find(qn("c:date1904")) is not None  # which comes first; a scatter has none
            root.insert(int(has_dates), parse_xml(f'<c:lang {nsdecls("c")} val="{tag}"/>'))


def _drop(relationships: Any, ends: tuple[str, ...]) -> None:
    for name, one in list(relationships.items()):
        if one.reltype.endswith(tuple(f"/{end}" for end in ends)):
            relationships.pop(name)


def _unify_properties(package: Any) -> None:
    """Let the library find title and author, which LibreOffice and ISO files relate by another address than Office."""
    relationships = package._rels
    names = [name for name, one in relationships.items() if one.reltype.lower().endswith("/core-properties")]
    parts = [relationships.pop(name).target_part for name in names]
    property_parts = [part for part in parts if isinstance(part, CorePropertiesPart)]
    if property_parts:
        package.relate_to(property_parts[0], RELATIONSHIP_TYPE.CORE_PROPERTIES)
        for field in ("comments", "category", "content_status", "identifier", "version"):
            setattr(property_parts[0], field, "")


def _drop_slides(deck: Any) -> None:
    """Remove the example slides and their lists: PowerPoint calls a list of missing slides damaged."""
    slides = deck.slides._sldIdLst
    for slide in list(slides):
        deck.part.drop_rel(slide.rId)
        slides.remove(slide)
    root = deck.part._element
    for tag in _LISTS:
        for element in root.findall(qn(tag)):
            root.remove(element)


def _unlink_slides(package: Any) -> None:
    """Take links to example slides off layouts and masters: by them they would stay, under names of new ones."""
    for part in list(package.iter_parts()):
        for name, one in list(part.rels.items()):
            if one.is_external or one.target_part.content_type != CONTENT_TYPE.PML_SLIDE:
                continue
            for element in list(part._element.iter()) if hasattr(part, "_element") else ():
                if element.get(qn("r:id")) == name:
                    element.getparent().remove(element)
            part.rels.pop(name)


def _add_table_styles(main: Any) -> None:
    """Add the list of table styles where a program left it out; else LibreOffice draws lines around all cells."""
    if not any(one.reltype == RELATIONSHIP_TYPE.TABLE_STYLES for one in main.rels.values()):
        styles = Part(PackURI("/ppt/tableStyles.xml"), CONTENT_TYPE.PML_TABLE_STYLES, main.package, _NO_STYLES)
        main.relate_to(styles, RELATIONSHIP_TYPE.TABLE_STYLES)


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
