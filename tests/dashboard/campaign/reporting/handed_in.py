"""Files as stakeholders hand them in, with what may not reach a reader planted in them."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, ImageCms, PngImagePlugin

PLANTED = "planted"
"""What no kept file may hold."""
GPS = 0x8825


def make_picture(size: tuple[int, int] = (30, 20), kind: str = "JPEG", mode: str = "RGB", **more: Any) -> bytes:
    """Make a picture whose left half is red; `more` as of Pillow."""
    picture = Image.new("RGB", size)
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    return save(picture.convert(mode), kind, **more)


def save(picture: Image.Image, kind: str, **more: Any) -> bytes:
    content = BytesIO()
    picture.save(content, kind, **more)
    return content.getvalue()


def make_bomb(width: int, height: int, *, is_whole: bool = False) -> bytes:
    """Make a PNG that says of itself that it has so many pixels; it has them if it `is_whole`, else its first row.

    One row is packed, and put there again and again: to pack them all takes seconds.
    """

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packing = zlib.compressobj(wbits=-15)
    row = packing.compress(bytes(1 + 4 * width)) + packing.flush(zlib.Z_FULL_FLUSH)
    rows = height if is_whole else 1
    sums = 1 + ((1 + 4 * width) * rows % 65_521 << 16)  # Adler-32 of so many zeros
    pixels = b"\x78\x9c" + row * rows + packing.flush() + struct.pack(">I", sums)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def make_photo(size: tuple[int, int] = (300, 200)) -> bytes:
    """Make a photo as a telephone does, lying on its side, that tells in many places where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned to the right
    exif[0x010E] = f"{PLANTED} description"
    exif.get_ifd(GPS)[29] = f"{PLANTED} place"
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[80:87] = PLANTED.encode()  # its creator
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{PLANTED}</x:xmpmeta>'.encode()
    photo = make_picture(size, exif=exif, comment=PLANTED, xmp=xmp, icc_profile=bytes(profile), quality=95)
    return photo + PLANTED.encode()


def make_drawing() -> bytes:
    """Make a drawing with a transparent half and texts beside its pixels."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", PLANTED)
    texts.add_itxt("XML:com.adobe.xmp", PLANTED)
    return save(Image.new("RGBA", (30, 20), (255, 0, 0, 128)), "PNG", pnginfo=texts)


def make_document(change: Callable[[Pdf], object] = lambda pdf: None, **more: Any) -> bytes:
    """Make a PDF of one page with a line of text; `more` as of `Pdf.save`."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200)).obj
    page.Resources = Dictionary(
        Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    )
    page.Contents = pdf.make_stream(b"BT /F1 12 Tf 20 100 Td (What was done) Tj ET")
    change(pdf)
    content = BytesIO()
    pdf.save(content, **more)
    return content.getvalue()


def make_packed(words: str) -> bytes:
    """Make a PDF that shows words, packed as programs do; `) -12 (` in them moves letters closer."""
    return make_document(
        lambda pdf: setattr(pdf.pages[0].obj, "Contents", pdf.make_stream(f"BT ({words}) Tj ET".encode())),
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
    )


def plant(pdf: Pdf) -> None:
    """Put into a PDF everything that runs, is attached, leads elsewhere or names its maker; two links may stay."""
    page, script = pdf.pages[0].obj, Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{PLANTED}')"))
    pdf.docinfo["/Author"] = PLANTED
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [PLANTED]
    attached = Dictionary(Type=Name.Filespec, F=f"{PLANTED}.exe", EF=Dictionary(F=pdf.make_stream(PLANTED.encode())))
    pdf.Root.OpenAction = script
    pdf.Root.AA = Dictionary(WC=script)
    pdf.Root.AF = Array([attached])
    pdf.Root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([String("x"), script])),
        EmbeddedFiles=Dictionary(Names=Array(["x", attached])),
    )
    pdf.Root.Collection = Dictionary(D=PLANTED)
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, Count=1))
    entry = pdf.make_indirect(
        Dictionary(Title="Part", A=Dictionary(S=Name.Launch, F=PLANTED), Parent=pdf.Root.Outlines)
    )
    pdf.Root.Outlines.First = pdf.Root.Outlines.Last = entry
    page.AA = Dictionary(O=script)
    page.PieceInfo = Dictionary(X=Dictionary(Private=PLANTED))
    page.Metadata = pdf.make_stream(PLANTED.encode())
    page.Thumb = pdf.make_stream(PLANTED.encode())
    shown = Stream(pdf, b"BT /F1 12 Tf 0 0 Td (typed into a form) Tj ET", Type=Name.XObject, Subtype=Name.Form)
    shown.BBox = Array([0, 0, 100, 20])
    shown.PieceInfo = Dictionary(X=PLANTED)
    field = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=PLANTED, V=PLANTED, F=4, Rect=Array([20, 20, 120, 40]),
        AP=Dictionary(N=pdf.make_indirect(shown)), AA=Dictionary(K=script), A=script,
    )  # fmt: skip
    field = pdf.make_indirect(field)
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), XFA=String(PLANTED), CO=Array([field]))
    photo = Stream(pdf, make_photo(), Type=Name.XObject, Subtype=Name.Image, Width=300, Height=200, BitsPerComponent=8)
    photo.ColorSpace, photo.Filter = Name.DeviceRGB, Name.DCTDecode
    page.Resources.XObject = Dictionary(Im1=photo, Far=Stream(pdf, b"", F=f"{PLANTED}.bin"))
    actions = [
        Dictionary(S=Name.URI, URI="https://example.org/works", Next=script),
        Dictionary(S=Name.GoTo, D=Array([page, Name.Fit]), Next=script),
        Dictionary(S=Name.URI, URI=f"javascript:{PLANTED}"),
        Dictionary(S=Name.URI, URI=f"file:///{PLANTED}"),
        Dictionary(S=Name.Launch, F=PLANTED),
        Dictionary(S=Name.SubmitForm, F=f"https://{PLANTED}.example"),
        Dictionary(S=Name.GoToR, F=PLANTED, D=Array([0, Name.Fit])),
        Dictionary(S=Name.ImportData, F=PLANTED),
        Dictionary(F=PLANTED),
    ]
    links = [
        Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), T=PLANTED, A=one) for one in actions
    ]
    area = Array([0, 0, 9, 9])
    film = Stream(pdf, PLANTED.encode(), OnInstantiate=Stream(pdf, PLANTED.encode()))
    media = [
        Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=area, RichMediaContent=Dictionary(X=PLANTED)),
        Dictionary(Type=Name.Annot, Subtype=Name.Movie, Rect=area, T=PLANTED, Movie=Dictionary(F=attached)),
        Dictionary(Type=Name.Annot, Subtype=Name("/3D"), Rect=area, **{"/3DD": film}),
        Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=area, FS=attached, Contents=PLANTED),
    ]
    lying = [field, *map(pdf.make_indirect, (*links, *media))]
    page.Annots = Array(lying)
    tags = [Dictionary(Type=Name.OBJR, Obj=one) for one in lying]
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Array(tags))
