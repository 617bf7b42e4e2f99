"""The receipt of a deck: a property of the document, and a tag on each slide that goes with it into another deck."""

from typing import Any

from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from dashboard.receipts.office import PROPERTIES, write_properties, write_tag
from dashboard.receipts.receipt import Receipt

_PROPERTIES = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_BEHIND = ("p:controls", "p:extLst")


def tag_deck(deck: Any, receipt: Receipt) -> None:
    """Give a presentation its receipt, and each of its slides its own."""
    package = deck.part.package
    property_parts = [one.target_part for one in package._rels.values() if one.reltype.endswith("/custom-properties")]
    if property_parts:  # a template's own properties, such as labels of confidentiality, stay
        property_parts[0]._blob = write_properties(receipt, property_parts[0].blob)
    else:
        part = Part(PackURI(f"/{PROPERTIES}"), _PROPERTIES, package, write_properties(receipt))
        package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    for number, slide in enumerate(deck.slides, start=1):
        _tag_slide(slide, number, receipt.on_slide(number))


def _tag_slide(slide: Any, number: int, receipt: Receipt) -> None:
    package = slide.part.package
    name = PackURI(f"/ppt/tags/receipt{number}.xml")
    relation = slide.part.relate_to(
        Part(name, CONTENT_TYPE.PML_TAGS, package, write_tag(receipt)), RELATIONSHIP_TYPE.TAGS
    )
    tags = f'<p:custDataLst {nsdecls("p", "r")}><p:tags r:id="{relation}"/></p:custDataLst>'
    content = slide._element.cSld
    behind = next((one for one in content if one.tag in map(qn, _BEHIND)), None)
    if behind is None:
        content.append(parse_xml(tags))
    else:
        behind.addprevious(parse_xml(tags))
