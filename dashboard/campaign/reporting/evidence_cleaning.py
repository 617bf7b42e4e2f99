"""A worker's job: a picture drawn anew, or a PDF saved anew without what runs in it or tells of its maker.

What somebody hands in is parsed here and nowhere else: in a process of its own, with limits of memory and time.
"""

import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.errors import UserError, sentence
from dashboard.ground.processes.child import answer, limit_memory
from dashboard.i18n import N_

if TYPE_CHECKING:
    from pikepdf import Object, Page, Pdf
    from PIL.Image import Image

MOST_PIXELS = 100_000_000
"""A picture of so many takes half of the memory that the process may have."""
LONGEST_SIDE = 2_400
QUALITY = 85

_ROOT = (
    "Type", "Pages", "Lang", "MarkInfo", "StructTreeRoot", "Outlines", "OCProperties", "PageLabels", "Dests", "Names",
)  # fmt: skip
_PAGE = (
    "Type", "Parent", "MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "Rotate", "UserUnit", "Resources",
    "Contents", "Annots", "StructParents", "Tabs", "Group",
)  # fmt: skip
_LINK = (
    "Type", "Subtype", "Rect", "QuadPoints", "Border", "BS", "C", "F", "H", "Dest", "A", "StructParent", "Contents",
)  # fmt: skip
_GONE = ("Type", "Subtype", "Rect")
"""The entries that stay in the catalogue of a PDF, in its pages, in their links, and in what is taken off a page."""
_NOWHERE = (
    "AA", "OpenAction", "JS", "JavaScript", "EmbeddedFiles", "EF", "AF", "XFA", "RichMediaContent", "RichMediaSettings",
    "Metadata", "PieceInfo", "Collection", "OPI", "Ref", "Alternates", "PresSteps",
)  # fmt: skip
"""The entries that stay in no part of it: what runs, what is attached, what stands elsewhere, who made it with what."""
_OUTSIDE = ("F", "FFilter", "FDecodeParms")
"""The entries of a stream whose content stands in another file."""
_WEB = ("http://", "https://")
_DAMAGED = N_("{name} is damaged, or holds what no picture and no PDF holds.")
_SAVE_ANEW = N_("Open it, save it anew, and choose the new file.")
_PROTECTED = N_("{name} is protected by a password or against changes.")
_UNPROTECT = N_("Save it without protection, and choose the new file.")
_TOO_LARGE = N_("{name} is too large a picture, or takes too much memory.")
_SHRINK = N_("Make it smaller, and choose the new file.")


class RefusedError(Exception):
    """A file that is not taken: why, with a place for its name, and what to do."""


def clean(arguments: dict[str, Any]) -> dict[str, Any]:
    """Clean the file `path` of a media type and a name, which then is gone; return the media type of the new one.

    Raises:
        UserError: it cannot be read, is protected, or takes too much.
    """
    limit_memory()
    path = Path(arguments["path"])
    content = path.read_bytes()
    path.unlink()
    clean_content = _clean_pdf if arguments["media_type"] == "application/pdf" else _draw_anew
    try:
        new_content, media_type = clean_content(content)
    except RefusedError as error:
        what, remedy = error.args
    except MemoryError:
        what, remedy = _TOO_LARGE, _SHRINK
    except Exception:  # parsers meet what nobody has foreseen, and say so in many ways
        what, remedy = _DAMAGED, _SAVE_ANEW
    else:
        Path(arguments["to"]).write_bytes(new_content)
        return {"media_type": media_type}
    raise UserError(sentence(what, name=arguments["name"]), remedy)


def _draw_anew(content: bytes) -> tuple[bytes, str]:
    """Draw the first frame of a picture anew, upright and not too large: nothing but its pixels stays."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the limit comes below
    with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as opened_file:
        if opened_file.width * opened_file.height > MOST_PIXELS:
            raise RefusedError(_TOO_LARGE, _SHRINK)
        picture: Image.Image = opened_file
        if picture.mode.startswith("I"):  # converting alone would cut all but the darkest of 65,536 greys
            picture = picture.point(lambda value: value / 256).convert("L")
        if picture.has_transparency_data and picture.mode != "RGBA":
            picture = picture.convert("RGBA")
        elif picture.mode not in ("L", "RGB", "RGBA", "CMYK"):
            picture = picture.convert("RGB")
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        picture = _show_as_screens(ImageOps.exif_transpose(picture))
        is_opaque = picture.mode != "RGBA" or picture.getchannel("A").getextrema()[0] == 255
        drawn = Image.new(("L" if picture.mode == "L" else "RGB") if is_opaque else "RGBA", picture.size)
        drawn.paste(picture.convert(drawn.mode))
    new_content = BytesIO()
    if is_opaque:
        drawn.save(new_content, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    else:
        drawn.save(new_content, "PNG")
    return new_content.getvalue(), "image/jpeg" if is_opaque else "image/png"


def _show_as_screens(picture: "Image") -> "Image":
    """Convert a picture with a profile of its colours, which does not stay, into those of screens."""
    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    if profile and picture.mode != "L":
        with suppress(ImageCms.PyCMSError, OSError, ValueError):  # a wrong profile: the colours as they are
            mode = "RGBA" if picture.mode == "RGBA" else "RGB"
            screen = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, BytesIO(profile), screen, outputMode=mode) or picture
    return picture


def _clean_pdf(content: bytes) -> tuple[bytes, str]:
    """Save a PDF anew with its pages, bookmarks, tags and links; forms and remarks become part of their pages."""
    import pikepdf

    try:
        pdf = pikepdf.open(BytesIO(content))
    except pikepdf.PasswordError:
        raise RefusedError(_PROTECTED, _UNPROTECT) from None
    with pdf:
        if pdf.is_encrypted:
            raise RefusedError(_PROTECTED, _UNPROTECT)
        if not len(pdf.pages):
            raise RefusedError(_DAMAGED, _SAVE_ANEW)
        lying = [one for page in pdf.pages for one in _list_lying(page)]
        pdf.flatten_annotations("screen")
        for one in lying:  # what is off its page tags may go on naming
            _keep_only(one, _LINK if one.get("/Subtype") == "/Link" else _GONE)
            _keep_safe_action(one)
        _keep_only(pdf.Root, _ROOT)
        if "/Names" in pdf.Root:
            _keep_only(pdf.Root.Names, ("Dests",))
        for page in pdf.pages:
            _keep_only(page.obj, _PAGE)
            page.obj.Annots = pikepdf.Array(one for one in _list_lying(page) if "/A" in one or "/Dest" in one)
        for name in set(pdf.trailer.keys()) - {"/Root", "/Size"}:
            del pdf.trailer[name]
        for part in _walk(pdf):
            _clean_part(part)
        new_content = BytesIO()
        pdf.save(new_content, deterministic_id=True)
    return new_content.getvalue(), "application/pdf"


def _keep_only(dictionary: "Object", names: tuple[str, ...]) -> None:
    for name in set(dictionary.keys()) - {f"/{name}" for name in names}:
        del dictionary[name]


def _list_lying(page: "Page") -> list["Object"]:
    """List what lies on a page: links, fields, remarks, films and the like."""
    from pikepdf import Dictionary

    return [one for one in page.obj.get("/Annots", []) if isinstance(one, Dictionary)]


def _walk(pdf: "Pdf") -> Iterator["Object"]:
    """List every dictionary and every stream of a PDF."""
    from pikepdf import Array, Dictionary, Stream

    for pdf_object in pdf.objects:
        waiting = [pdf_object]
        while waiting:
            part = waiting.pop()
            if isinstance(part, Dictionary | Stream):
                yield part
            if isinstance(part, Dictionary | Stream | Array):
                inner = part if isinstance(part, Array) else [value for _, value in part.items()]
                waiting += [one for one in inner if isinstance(one, Dictionary | Array) and not one.is_indirect]


def _clean_part(part: "Object") -> None:
    """Take out of a dictionary or a stream what runs, is attached, stands elsewhere, or tells who made it with what."""
    from pikepdf import Stream

    for name in (*_NOWHERE, *(_OUTSIDE if isinstance(part, Stream) else ())):
        if f"/{name}" in part:
            del part[f"/{name}"]
    _keep_safe_action(part)
    if isinstance(part, Stream) and part.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        raw = part.read_raw_bytes()
        if (plain := strip_picture(raw)) != raw:
            part.write(plain, filter=part.Filter, decode_parms=part.get("/DecodeParms"))  # type: ignore[arg-type]  # as it was


def _keep_safe_action(holder: "Object") -> None:
    """Keep an action that leads to the web or to another page, alone; others go."""
    from pikepdf import Dictionary, Name

    action = holder.get("/A")
    if not isinstance(action, Dictionary) or "/O" in action:
        return  # attributes of tags have this name too; they say whose they are
    kind = action.get("/S")
    if kind == "/URI" and str(action.get("/URI", "")).lower().startswith(_WEB):
        holder.A = Dictionary(S=Name.URI, URI=action.URI)
    elif kind == "/GoTo" and "/D" in action:
        holder.A = Dictionary(S=Name.GoTo, D=action.D)
    else:
        del holder.A


def strip_picture(content: bytes) -> bytes:
    """Take out of a JPEG inside a PDF where, when and by what it was taken; its pixels are not touched."""
    kept_bytes, place = content[:2], 2
    while content[place : place + 1] == b"\xff" and (marker := content[place + 1]) != 0xDA:
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4])
        is_told = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE)  # the colours of 0xEE count
        kept_bytes += b"" if is_told else content[place:end]
        place = end
    end = content.find(b"\xff\xd9", place)
    return kept_bytes + content[place : end + 2] if content[place : place + 2] == b"\xff\xda" and end > 0 else content


if __name__ == "__main__":
    sys.exit(answer(clean))
