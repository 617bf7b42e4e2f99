"""Row headings of tables in a tagged PDF: a screen reader says them with each cell.

Typst heads columns; that of a row it heads only with a feature that its Python library cannot switch on.
"""

import io
from collections.abc import Iterator, Sequence

import pikepdf

from dashboard.receipts.papers import save


def head_rows(content: bytes, counts: Sequence[int]) -> bytes:
    """The same PDF with the first cells of each table's rows as headings of the row.

    Args:
        content: The PDF.
        counts: For each table, in the order of reading, how many cells of a row name it.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        tables = list(_find(pdf.Root.StructTreeRoot.K, pikepdf.Name.Table))
        for table, count in zip(tables, counts, strict=True):
            for body in _find(table.K, pikepdf.Name.TBody):
                for row in _find(body.K, pikepdf.Name.TR):
                    for cell in list(row.K)[:count]:
                        _head(cell)
        return save(pdf)


def _find(children: pikepdf.Object, role: pikepdf.Name) -> Iterator[pikepdf.Object]:
    """The elements of a role below an element, none inside another."""
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if not isinstance(child, pikepdf.Dictionary) or "/S" not in child:
            continue
        if role == child.S:
            yield child
        elif "/K" in child:
            yield from _find(child.K, role)


def _head(cell: pikepdf.Object) -> None:
    cell.S = pikepdf.Name.TH
    for attributes in cell.A:
        if pikepdf.Name.Table == attributes.O:
            attributes.Scope = pikepdf.Name.Row
