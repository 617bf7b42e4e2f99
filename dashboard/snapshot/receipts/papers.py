"""The receipt of a PDF: an entry `Receipt` among its properties. Only makers and readers of PDF load this module."""

import io

import pikepdf

from dashboard.snapshot.receipts.receipt import NAME, Receipt

_KEY = f"/{NAME.capitalize()}"


def write_pdf_receipt(content: bytes, receipt: Receipt) -> bytes:
    """Put a receipt into a PDF; the same content gives the same bytes."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.docinfo[_KEY] = receipt.write()
        return save(pdf)


def save(pdf: pikepdf.Pdf) -> bytes:
    """Save a PDF as a file; the same content gives the same bytes."""
    buffer = io.BytesIO()
    pdf.save(
        buffer, deterministic_id=True, fix_metadata_version=False, object_stream_mode=pikepdf.ObjectStreamMode.generate
    )
    return buffer.getvalue()


def find_in_pdf(content: bytes) -> str | None:
    """Find the text of a PDF's receipt.

    Raises:
        ValueError: it is no readable PDF.
    """
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            receipt_text = pdf.docinfo.get(_KEY)
            return None if receipt_text is None else str(receipt_text)
    except pikepdf.PdfError as error:
        raise ValueError("no PDF") from error
