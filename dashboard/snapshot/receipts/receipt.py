"""The receipt of a figure: its build, the address that makes it again, and the hash of its values.

It is one line of JSON in ASCII in every kind of file (`dashboard.snapshot.receipts.carried`). It holds nothing that
identifies readers, and only the moment that the file itself states.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from dashboard.edition import edition
from dashboard.errors import UserError
from dashboard.ground.base_urls import portable
from dashboard.snapshot.database import Snapshot

NAME = "receipt"
"""The name of a receipt among other things: a property, a meta tag, a key."""
VERSION = 1
LONGEST = 64_000
"""The most characters of a receipt to read."""
_SIGNIFICANT = 12
"""The significant digits of a number: sums in another order may differ in the sixteenth."""
_PROGRAM = 12


class ReceiptError(UserError):
    """A text in the place of a receipt is none that this program reads."""


@dataclass(frozen=True)
class Receipt:
    """The receipt of a figure.

    Attributes:
        of: The address that makes the file again: a chart, an extract, the page Briefing, a page; whole where others
            can open the dashboard.
        form: The ending of the file, such as `pptx`; `page` for a page of the dashboard.
        content: The content id of that build; empty where an earlier program built it.
        program: The edition of the program that made the file.
        campaign: The campaign's title with its year, for people.
        values: The hash of the values.
        built_at: When the build was published, where the file states it; ISO 8601 in UTC.
        picture: The hash of a picture's image data.
        slide: The number of the slide in its file; 0 elsewhere.
        look: What stands for the publisher's logo and colours, where the file is drawn with them.
    """

    of: str
    form: str
    build: str
    content: str = ""
    program: str = ""
    campaign: str = ""
    values: str = ""
    built_at: str = ""
    picture: str = ""
    slide: int = 0
    look: str = ""

    def write(self) -> str:
        """Return the receipt as the text in a file, without empty parts."""
        fields = {name: value for name, value in asdict(self).items() if value}
        return json.dumps({NAME: VERSION, **fields}, separators=(",", ":"))

    def state(self) -> dict[str, Any]:
        """Return the receipt as keys of a JSON file."""
        fields: dict[str, Any] = json.loads(self.write())
        return fields

    def on_slide(self, number: int) -> "Receipt":
        """Return the receipt of one slide of the file."""
        return replace(self, slide=number)


def name_campaign(snapshot: Snapshot) -> str:
    """Name a build's campaign for people: its title, with its year."""
    campaign = snapshot.campaign
    title = str(campaign.get(f"title_{campaign['default_language']}") or campaign.get("title_en") or "")
    year = f"{campaign['starts_on']:%Y}"
    return title if year in title else f"{title} {year}".strip()


def issue(
    snapshot: Snapshot,
    of: str,
    form: str,
    values: str,
    *,
    states_time: bool = False,
    picture: str = "",
    look: str = "",
) -> Receipt:
    """Make the receipt of a new file from a build.

    Args:
        snapshot: The build.
        of: The address that makes it again; for one on this computer, only the path.
        form: The ending of the file.
        values: The hash of its values.
        states_time: Whether the file states the build's day of publishing.
        picture: The hash of its image data.
        look: The key of the publisher's look, with which it is drawn.
    """
    return Receipt(
        of=portable(of),
        form=form,
        build=snapshot.build_id,
        content=str(snapshot.campaign.get("content_id") or ""),
        program=edition()[:_PROGRAM],
        campaign=name_campaign(snapshot),
        values=values,
        built_at=snapshot.built_at if states_time else "",
        picture=picture,
        look=look,
    )


def this_program() -> str:
    """Return the edition of this program, as in receipts."""
    return edition()[:_PROGRAM]


def read_receipt(text: str) -> Receipt:
    """Read a receipt from its text.

    Raises:
        ReceiptError: it is none, or one of a later program.
    """
    try:
        fields: dict[str, Any] = json.loads(text[:LONGEST])
        version = fields.pop(NAME)
        if version != VERSION:
            raise ReceiptError(
                f"The receipt is of another kind ({str(version)[:20]}).", "Verify it with the program that made it."
            )
        receipt = Receipt(**fields)
        kinds = {
            str: {"of", "form", "build", "content", "program", "campaign", "values", "built_at", "picture", "look"}
        }
        if not all(isinstance(getattr(receipt, name), str) for name in kinds[str]) or type(receipt.slide) is not int:
            raise TypeError
        return receipt
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReceiptError("The receipt cannot be read.", "Take the file again from the dashboard.") from error


def hash_values(columns: Sequence[str], rows: Iterable[Sequence[Any]], totals: Sequence[Any] = ()) -> str:
    """Hash values, whatever the order of their rows and columns.

    Numbers count by their first twelve digits, and 3.0 is 3; unknown values are null; days are ISO 8601.

    `rows`: the rows, each as long as `columns`.
    `totals`: values outside the rows.
    """
    order = sorted(range(len(columns)), key=lambda place: columns[place])
    row_texts = sorted(_as_json([_plain(row[place]) for place in order]) for row in rows)
    head = _as_json([[columns[place] for place in order], [_plain(value) for value in totals]])
    return hash_text("\n".join([head, *row_texts]))


def hash_all(hashes: Iterable[str]) -> str:
    """Hash several hashes, in their order."""
    return hash_text("\n".join(hashes))


def hash_text(text: str) -> str:
    """Hash a text, as in receipts."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """Return a value as in JSON, the same for all that are equal."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, bool) or value is None:
        return value
    if hasattr(value, "item"):  # a number of numpy's
        value = value.item()
    if isinstance(value, float):
        if math.isnan(value):
            return None
        rounded = float(f"{value:.{_SIGNIFICANT}g}")
        return int(rounded) if rounded.is_integer() else rounded
    return value if isinstance(value, bool | int | str) else str(value)
