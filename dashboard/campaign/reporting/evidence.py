"""What stakeholders hand in with their reports: documents and pictures, and what must be stated before they are public.

Nothing that was handed in is public by itself.
"""

from datetime import date

from pydantic.dataclasses import dataclass

PICTURES = ("image/jpeg", "image/png", "image/webp")
DOCUMENTS = ("application/pdf",)


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """One file as it is kept: a picture drawn anew, or a PDF without what runs in it.

    Attributes:
        sha256: The hash of the kept file, and its name in `private/evidence/`.
        name: What the sender called it.
        media_type: One of `PICTURES` or `DOCUMENTS`.
        size: In bytes, as it is kept.
        description: What it shows, in the sender's words: the alternative text of a picture, the title of a document.
        rights: Whose rights in it are, in the sender's words.
        has_no_child: Whether the sender says that no child can be recognised in it.
        has_consent: Whether the sender says that they hold the written consent of child and guardian.
        is_confirmed: Whether staff have confirmed that it may be public.
        withdrawn_on: The day on which the sender withdrew the consent to its publication.
    """

    sha256: str
    name: str
    media_type: str
    size: int
    description: str = ""
    rights: str = ""
    has_no_child: bool = False
    has_consent: bool = False
    is_confirmed: bool = False
    withdrawn_on: date | None = None

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture."""
        return self.media_type in PICTURES

    @property
    def can_be_public(self) -> bool:
        """Whether its sender has stated all that its publication needs; what is not answered is not stated."""
        is_stated = bool(self.description.strip()) and bool(self.rights.strip()) and self.withdrawn_on is None
        return is_stated and (not self.is_picture or self.has_no_child or self.has_consent)

    @property
    def is_public(self) -> bool:
        """Whether it may stand on public pages: the sender has stated what is needed, and staff have confirmed it."""
        return self.is_confirmed and self.can_be_public
