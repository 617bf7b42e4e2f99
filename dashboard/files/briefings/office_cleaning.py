"""A template for PowerPoint or Word without what runs, leads elsewhere, is attached or tells of its authors.

Only the kinds of parts stay that give a file its look; what is not listed goes. What others wrote is parsed here alone,
in a process with limits, whatever its name says.
"""

import io
import zipfile
from collections import Counter
from posixpath import join, normpath, relpath, split
from typing import Any, NamedTuple

from lxml import etree

from dashboard.campaign.reporting.evidence_cleaning import strip_picture
from dashboard.errors import UserError
from dashboard.i18n import N_

MB = 10**6
MOST_PARTS, MOST_MB_UNPACKED = 4_000, 300
_LOOK = {
    "officeDocument", "slideMaster", "slideLayout", "theme", "themeOverride", "notesMaster", "tableStyles", "presProps",
    "image", "font", "fontTable", "styles", "stylesWithEffects", "settings", "numbering", "header", "footer",
    "footnotes", "endnotes",
}  # fmt: skip
"""The ends of the relationships whose parts stay."""
MACROS, LINKS, EMBEDDED, AUTHORS, EXAMPLES, LOCKS = "macros", "links", "embedded", "authors", "examples", "locks"
_GONE = {
    MACROS: ("vbaProject", "wordVbaData", "extensibility", "userCustomization", "control", "keyMapCustomizations"),
    EXAMPLES: (
        "slide", "notesSlide", "glossaryDocument", "thumbnail", "viewProps", "webSettings", "handoutMaster",
        "printerSettings",
    ),
    AUTHORS: (
        "comments", "commentsExtended", "commentsIds", "commentsExtensible", "commentAuthors", "authors", "people",
        "customXml", "core-properties", "extended-properties", "custom-properties", "changesInfo", "revisionInfo",
        "origin", "tags",
    ),
}  # fmt: skip
"""What a relationship that goes counts as; any other one is something embedded."""
REMOVED = {
    MACROS: N_("macros and controls"),
    LINKS: N_("links to pages and files elsewhere"),
    EMBEDDED: N_("embedded objects, films and sounds"),
    AUTHORS: N_("names of authors, comments and custom data"),
    LOCKS: N_("protection against changes"),
    EXAMPLES: N_("example slides and previews"),
}
"""What was taken out, in words."""

_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PROPERTIES = f"{_OFFICE}custom-properties+xml"
_LABEL = "MSIP_Label_"
"""How the properties of a label of confidentiality begin, which stay."""
_MAIN = {
    "pptx": ("presentationml.presentation.main", "presentationml.template.main", "presentationml.slideshow.main"),
    "docx": ("wordprocessingml.document.main", "wordprocessingml.template.main"),
}
_WITH_MACROS = {
    "pptx": ("ms-powerpoint.presentation.", "ms-powerpoint.template.", "ms-powerpoint.slideshow."),
    "docx": ("ms-word.document.", "ms-word.template."),
}
"""The content types of the main part: presentations, documents, their templates and shows, without and with macros."""
_PICTURES = ("png", "jpeg", "jpg", "gif", "bmp", "tif", "tiff", "emf", "wmf")
_PNG, _PNG_TEXTS = b"\x89PNG\r\n\x1a\n", (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
"""How a PNG begins, and its chunks that tell of its maker."""
_HOLDERS = {
    f"{{{_P}}}{name}" for name in ("pic", "graphicFrame", "bg", "timing", "sndAc", "custDataLst", "controls")
} | {f"{{{_W}}}{name}" for name in ("drawing", "pict", "object")}
"""The elements that go as a whole with the part that they show."""
_BLIP_FILL = "{http://schemas.openxmlformats.org/drawingml/2006/main}blipFill"
_LOCKED = {f"{{{_P}}}modifyVerifier", f"{{{_W}}}documentProtection", f"{{{_W}}}writeProtection"}
_OF_SLIDES = {f"{{{_P}}}custShowLst", f"{{{_P}}}extLst"}
_PRIVATE = {
    f"{{{_W}}}{name}"
    for name in (
        "commentRangeStart", "commentRangeEnd", "commentReference", "del", "moveFrom", "rPrChange", "pPrChange",
        "sectPrChange", "tblPrChange", "trPrChange", "tcPrChange", "tblGridChange", "numberingChange", "mailMerge",
        "docVars", "dataBinding",
    )
}  # fmt: skip
"""Comments, changes by names, addresses and values for letters, ties to custom data."""
_UNWRAPPED = {f"{{{_W}}}{name}" for name in ("ins", "moveTo", "hyperlink", "smartTag")}
_STARTERS = {f"{{{_W}}}{name}" for name in ("entryMacro", "exitMacro")}
_OLD_DRAWING = "{urn:schemas-microsoft-com:"
_ADDRESSES = ("src", "href", "althref")
"""The attributes by which drawings of old versions of Office fetch or lead, without a relationship."""
_INSTRUCTION, _FIELD = f"{{{_W}}}instrText", f"{{{_W}}}fldSimple"
_FIELDS = {
    "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC", "STYLEREF", "DATE", "TIME", "TITLE", "SUBJECT", "SEQ", "REF",
    "PAGEREF",
}  # fmt: skip
"""The fields that stay: others fetch files, start programs or name somebody."""


class Cleaned(NamedTuple):
    """A cleaned template: `pptx` or `docx`, its bytes, and how often what of `REMOVED` was taken out."""

    kind: str
    content: bytes
    removed: Counter[str]


def clean_package(content: bytes) -> Cleaned:
    """Clean a template.

    Raises:
        UserError: it is no presentation and no document that can be read, is protected, or unpacks to too much.
    """
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise UserError(
            N_("The file is protected by a password, or of an old kind (.ppt, .doc)."),
            N_("Save it as .pptx or .docx without a password, and choose the new file."),
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _Package(package).clean()
    except UserError:
        raise
    except Exception as error:  # parsers meet what nobody has foreseen, and say so in many ways
        raise _refuse_kind() from error


def _refuse_kind() -> UserError:
    return UserError(
        N_("The file is no presentation (.pptx, .potx) and no document (.docx, .dotx) that can be read."),
        N_("Open it in PowerPoint or Word, save it anew, and choose the new file."),
    )


class _Package:
    """The parts of one package on their way from the old file to the new one."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        entries = [entry for entry in package.infolist() if not entry.is_dir()]
        if any(entry.flag_bits & 1 for entry in entries):
            raise UserError(
                N_("The file is protected by a password."), N_("Save it without one, and choose the new file.")
            )
        if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_MB_UNPACKED * MB:
            raise UserError(
                N_("The file unpacks to more than a template can be."),
                N_("Take large pictures and films out of it, and choose the new file."),
            )
        self._package = package
        self._names = {f"/{entry.filename}".casefold(): entry.filename for entry in entries}
        if len(self._names) < len(entries):
            raise _refuse_kind()
        types = _parse(self._read("/[Content_Types].xml"))
        self._defaults = {one.get("Extension").lower(): one.get("ContentType") for one in types.iter(_type("Default"))}
        self._overrides = {one.get("PartName"): one.get("ContentType") for one in types.iter(_type("Override"))}
        self.removed: Counter[str] = Counter()
        self._new: dict[str, bytes] = {}
        self._types: dict[str, str] = {}

    def clean(self) -> Cleaned:
        """Walk from the main part over what stays, and write it anew."""
        waiting, _ = self._keep_relationships("/", {"officeDocument", "custom-properties"})
        main = next(name for name in waiting if self._type_of(name) != _PROPERTIES)
        kind, reached_parts = self._find_kind(self._type_of(main)), set(waiting)
        while waiting:
            name = waiting.pop()
            parts = self._clean_part(name)
            waiting += [part for part in parts if part not in reached_parts]
            reached_parts.update(parts)
        self._types[main] = f"{_OFFICE}{_MAIN[kind][0]}+xml"
        return Cleaned(kind, self._write(), self.removed)

    def _find_kind(self, content_type: str) -> str:
        for kind, names in _MAIN.items():
            with_macros = content_type.startswith(tuple(f"application/vnd.{name}" for name in _WITH_MACROS[kind]))
            if with_macros or content_type in {f"{_OFFICE}{name}+xml" for name in names}:
                return kind
        raise _refuse_kind()

    def _type_of(self, name: str) -> str:
        return str(self._overrides.get(name) or self._defaults.get(name.rpartition(".")[2].lower(), ""))

    def _read(self, name: str) -> bytes:
        return self._package.read(self._names[name.casefold()])

    def _clean_part(self, name: str) -> list[str]:
        """Clean a part; return the parts that it needs."""
        parts, kept_ids = self._keep_relationships(name, _LOOK)
        content, self._types[name] = self._read(name), self._type_of(name)
        if self._types[name].endswith("xml"):
            root = _parse(content)
            self._clean_elements(root, kept_ids)
            content = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
        elif content[:3] == b"\xff\xd8\xff":
            content = strip_picture(content)
        elif content[:8] == _PNG:
            content = _strip_png(content)
        self._new[name] = content
        return parts

    def _keep_relationships(self, name: str, ends: set[str]) -> tuple[list[str], set[str]]:
        """Write the relationships of a part that stay; return the parts to which they lead, and their ids."""
        parts, kept_ids = list[str](), set[str]()
        folder, file = split(name)
        place = join(folder, "_rels", f"{file}.rels")
        if place.casefold() not in self._names:
            return parts, kept_ids
        root = _parse(self._read(place))
        for one in list(root):
            end = one.get("Type", "").rpartition("/")[2]
            target = normpath(join(folder, one.get("Target", "")))
            is_picture = end != "image" or target.rpartition(".")[2].lower() in _PICTURES
            if one.get("TargetMode") == "External":
                self.removed[LINKS] += 1
            elif end in ends and is_picture and target.casefold() in self._names:
                one.set("Target", target)
                parts.append(target)
                kept_ids.add(one.get("Id"))
                continue
            elif end != "image":
                self.removed[next((what for what, names in _GONE.items() if end in names), EMBEDDED)] += 1
            root.remove(one)
        self._new[place] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
        return parts, kept_ids

    def _clean_elements(self, root: Any, kept_ids: set[str]) -> None:
        """Take out of a part what names parts that go, and what is private."""
        for element in list(root.iter(etree.Element)):
            if element.getparent() is None:
                continue
            what = _judge(element, root)
            if element.tag in _UNWRAPPED:
                _unwrap(element)
            elif what is not None:
                self.removed[what] += 1
                _remove(element)
            else:
                _drop_reference(element, kept_ids)
                self._drop_addresses(element)
        self._clean_fields(root)

    def _drop_addresses(self, element: Any) -> None:
        is_old = str(element.tag).startswith(_OLD_DRAWING)
        for name in [one for one in element.attrib if is_old and etree.QName(one).localname in _ADDRESSES]:
            if not _is_reference(name):
                self.removed[LINKS] += 1
                del element.attrib[name]

    def _clean_fields(self, root: Any) -> None:
        """Empty the instructions of fields that fetch, start or name something; several runs may hold one.

        A field inside the instruction of another one could write any instruction: it goes, as its text does.
        """
        field: list[Any] = []
        is_told: list[bool] = []  # of the fields that are open, whether their instructions are
        for element in list(root.iter(_INSTRUCTION, f"{{{_W}}}fldChar", _FIELD, f"{{{_W}}}t")):
            if element.tag == _INSTRUCTION:
                field.append(element)
            elif element.tag == f"{{{_W}}}t":
                element.text = "" if any(is_told) else element.text
            elif element.tag == _FIELD:
                if any(is_told) or not _is_plain(element.get(f"{{{_W}}}instr", "")):
                    self.removed[LINKS] += 1
                    _unwrap(element)
            else:
                self._clean_field(field, is_nested=is_told.count(True) > 1)
                field, kind = [], element.get(f"{{{_W}}}fldCharType")
                is_told = [*is_told, True] if kind == "begin" else is_told[:-1]
                is_told += [False] if kind == "separate" else []
        self._clean_field(field, is_nested=True)

    def _clean_field(self, field: list[Any], *, is_nested: bool) -> None:
        if field and (is_nested or not _is_plain("".join(one.text or "" for one in field))):
            self.removed[LINKS] += 1
            for one in field:
                one.text = ""

    def _write(self) -> bytes:
        types = etree.Element(_type("Types"), nsmap={None: _TYPES})
        for extension in ("rels", "xml"):
            kind = "application/vnd.openxmlformats-package.relationships+xml" if extension == "rels" else "text/xml"
            etree.SubElement(types, _type("Default"), Extension=extension, ContentType=kind)
        for name, content_type in sorted(self._types.items()):
            etree.SubElement(types, _type("Override"), PartName=name, ContentType=content_type)
        listing = etree.tostring(types, encoding="UTF-8", xml_declaration=True, standalone=True)
        relations = {join(split(name)[0], "_rels", f"{split(name)[1]}.rels") for name in self._types} | {"/_rels/.rels"}
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
            entries = {"/[Content_Types].xml": listing} | {
                name: content for name, content in sorted(self._new.items()) if name in self._types or name in relations
            }
            for name, content in entries.items():
                entry = zipfile.ZipInfo(relpath(name, "/"), (1980, 1, 1, 0, 0, 0))
                package.writestr(entry, content, zipfile.ZIP_DEFLATED)
        return file.getvalue()


def _parse(content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        raise _refuse_kind()
    return root


def _strip_png(content: bytes) -> bytes:
    """Take out of a PNG where, when and by what it was made; its pixels are not touched."""
    kept_bytes, place = content[:8], 8
    while place < len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4])
        kept_bytes += b"" if content[place + 4 : place + 8] in _PNG_TEXTS else content[place:end]
        place = end
    return kept_bytes


def _type(name: str) -> str:
    return f"{{{_TYPES}}}{name}"


def _is_reference(name: str) -> bool:
    return name.startswith("{") and name.partition("}")[0].endswith("/relationships")


def _is_plain(instruction: str) -> bool:
    return instruction.strip().partition(" ")[0].upper() in _FIELDS


def _judge(element: Any, root: Any) -> str | None:
    """Tell as what an element goes; None where it stays."""
    if element.tag == f"{{{_CUSTOM}}}property":
        name = element.get("name", "")
        return AUTHORS if not name.startswith(_LABEL) or name.endswith("_Owner") else None
    if root.tag == f"{{{_P}}}presentation" and element.tag in _OF_SLIDES:
        return EXAMPLES
    if element.tag in _STARTERS:
        return MACROS
    return AUTHORS if element.tag in _PRIVATE else LOCKS if element.tag in _LOCKED else None


def _drop_reference(element: Any, kept_ids: set[str]) -> None:
    """Remove an element that names a part that goes; from one that names another, too, the name alone."""
    names = [name for name in element.attrib if _is_reference(name)]
    gone = [name for name in names if element.get(name) not in kept_ids]
    if gone and len(gone) < len(names):
        for name in gone:
            del element.attrib[name]
    elif gone:
        parent = element.getparent()
        holders = (one for one in (element, *element.iterancestors()) if one.tag in _HOLDERS)
        _remove(next(holders, parent if parent is not None and parent.tag == _BLIP_FILL else element))


def _remove(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: Any) -> None:
    """Put what an element holds into its place."""
    for child in list(element):
        element.addprevious(child)
    _remove(element)
