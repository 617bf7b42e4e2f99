"""Documents and pictures of a form: what is asked about each, kept as they arrive, listed where the form comes back.

What is not answered about a file is not stated, so that the file is never public.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from itsdangerous import BadData, URLSafeSerializer
from starlette.datastructures import UploadFile

from dashboard.campaign.reporting.evidence import DOCUMENTS, PICTURES, SentFile
from dashboard.campaign.reporting.evidence_store import EvidenceStore
from dashboard.errors import UserError
from dashboard.faults import ComputerError
from dashboard.formats import format_bytes, join_list
from dashboard.i18n import N_, Translator
from dashboard.web.plain_fields import LONGEST_LINE, Field, Form, Part, Shape, take_line

FILES, KEPT = "files", "kept"
"""The field in which files are chosen, and the hidden one with those that an earlier sending of the form has kept."""
NO_CHILD, CONSENT = "no_child", "consent"
"""Answers to the question about children in a picture."""
NEVER_BY_ITSELF = N_("Nothing that you hand in is public by itself. Give no child’s name, school or exact place.")
GONE = N_("The files that you chose before are no longer there. Choose them again.")


def list_file_fields(t: Translator, *, asks_consent: bool = True) -> tuple[Field, ...]:
    """List what is asked about a file, or about all files that are chosen at once."""
    longest = f'maxlength="{LONGEST_LINE}"'
    consent = Field(
        name="consent", label=t(N_("Children in the picture")), shape=Shape.CHOICE,
        hint=t(N_("Unanswered, a picture is never published.")),
        choices={
            NO_CHILD: t(N_("No child can be recognised in it")),
            CONSENT: t(N_("I hold the written consent of the child and of the guardian")),
            "": t(N_("I do not state it")),
        },
    )  # fmt: skip
    return (
        Field(
            name="description", label=t(N_("What it shows")),
            hint=t(N_("The title of a document; of a picture, words for those who cannot see it")),
            read=take_line, attributes=longest,
        ),
        Field(
            name="rights", label=t(N_("Whose rights")),
            hint=t(N_("Who made it, and who allows its publication")), read=take_line, attributes=longest,
        ),
        *((consent,) if asks_consent else ()),
    )  # fmt: skip


@dataclass(frozen=True)
class ListedFile:
    """A file that is kept already: sent before, or with a form that came back.

    Attributes:
        is_unsent: Whether no report names it yet.
    """

    file: SentFile
    part: Part
    is_unsent: bool

    def write_file(self) -> SentFile:
        """Return the file with what is stated about it."""
        typed = {name: "".join(self.part.typed.get(name, ())) for name in ("description", "rights", "consent")}
        consent = typed["consent"] if self.file.is_picture else ""
        return replace(
            self.file, description=typed["description"], rights=typed["rights"], has_no_child=consent == NO_CHILD,
            has_consent=consent == CONSENT,
        )  # fmt: skip


class FileGroup:
    """The files of one report in a form."""

    def __init__(self, t: Translator, prefix: str, place: str, title: str, files: Iterable[SentFile] = ()) -> None:
        """Take what the names and ids of its fields begin with, its title, and the files of the report that waits."""
        self._t = t
        accept = ",".join((*PICTURES, *DOCUMENTS))
        chosen = Field(
            name=FILES, label=t(N_("Documents and pictures")), shape=Shape.FILES, attributes=f'accept="{accept}"',
            hint=t(N_("PDF, JPEG, PNG or WebP; what you answer below is for all that you choose here")),
        )  # fmt: skip
        self.new = Part((chosen, *list_file_fields(t)), prefix, place, title)
        self.files: dict[str, ListedFile] = {}
        for file in files:
            if file.withdrawn_on is None:
                self._add(file, is_unsent=False)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is asked about each file, and about those that are chosen now."""
        return (*(listed_file.part for listed_file in self.files.values()), self.new)

    @property
    def has_unsent(self) -> bool:
        """Whether a file is kept that no report names yet."""
        return any(listed_file.is_unsent for listed_file in self.files.values())

    def read_form(self, form: Form, signer: URLSafeSerializer, link: str, store: EvidenceStore) -> None:
        """Read what was sent: the files that an earlier sending has kept, and what is stated of all."""
        self.new = self.new.read_form(form)
        for text in form.get(f"{self.new.prefix}{KEPT}", ()):
            try:
                handle, values = signer.loads(text)
                files = [SentFile(**value) for value in values]
            except (BadData, TypeError, ValueError):
                handle, files = "", []
            if handle != link or any(store.find(file.sha256) is None for file in files):
                self._refuse(GONE)
            for file in files if handle == link else ():
                if file.sha256 not in self.files and store.find(file.sha256) is not None:
                    self._add(file, is_unsent=True)
        for sha256, listed_file in self.files.items():
            if f"{listed_file.part.prefix}description" in form:
                self.files[sha256] = replace(listed_file, part=listed_file.part.read_form(form))

    def keep(self, uploads: Sequence[UploadFile], store: EvidenceStore, link: str) -> None:
        """Keep the files that were sent, with what is stated of them.

        Raises:
            ComputerError: the disk refuses.
        """
        typed, are_kept = {name: values for name, values in self.new.typed.items() if any(values)}, False
        for upload in uploads:
            try:
                file = store.keep(upload.file, upload.filename or "", link)
            except ComputerError:
                raise
            except UserError as error:
                self._refuse(f"{self._t(error.what)} {self._t(error.remedy)}")
                continue
            are_kept = True
            listed_file = self.files.get(file.sha256)
            if listed_file is None or listed_file.is_unsent:
                self._add(file, is_unsent=True)
                listed_file = self.files[file.sha256]
            self.files[file.sha256] = replace(
                listed_file, part=replace(listed_file.part, typed={**listed_file.part.typed, **typed})
            )
        if are_kept:
            self.new = replace(self.new, typed={})
        elif not typed.keys().isdisjoint(("description", "rights")) and FILES not in self.new.faults:
            self._refuse(N_("No file was chosen for what is written here."))

    def check(self) -> None:
        """Check what is stated of the files."""
        for sha256, listed_file in self.files.items():
            self.files[sha256] = replace(listed_file, part=listed_file.part.check()[1])
        _, checked = self.new.check()
        self.new = replace(checked, faults={**checked.faults, **self.new.faults})

    def list_files(self) -> tuple[SentFile, ...]:
        """List the files that the report names, with what is stated of each."""
        return tuple(
            listed_file.write_file()
            for listed_file in self.files.values()
            if not any(listed_file.part.typed.get("leave_out", ()))
        )

    def draw(self, signer: URLSafeSerializer, link: str) -> str:
        """Draw the files that are there, and the fields for new ones; unfolded where there is something in them."""
        t, unsent = self._t, [listed_file.file for listed_file in self.files.values() if listed_file.is_unsent]
        drawn_files = "".join(self._draw_listed(listed_file) for listed_file in self.files.values())
        values = [{name: getattr(one, name) for name in ("sha256", "name", "media_type", "size")} for one in unsent]
        signed = escape(signer.dumps([link, values]))
        hidden = f'<input type="hidden" name="{escape(self.new.prefix)}{KEPT}" value="{signed}">' if unsent else ""
        is_open = bool(self.files or self.new.faults or not self.new.is_empty)
        summary = f"<summary>{escape(t(N_('Hand in documents or pictures')))}</summary>"
        words = f'<p class="hint">{escape(t(NEVER_BY_ITSELF))}</p>'
        return f"<details{' open' * is_open}>{summary}{words}{hidden}{drawn_files}{self.new.draw(t)}</details>"

    def _draw_listed(self, listed_file: ListedFile) -> str:
        t, file = self._t, listed_file.file
        words = N_("Kept, not sent yet: {name} ({size})") if listed_file.is_unsent else N_("Sent: {name} ({size})")
        legend = escape(t(words, name=file.name, size=format_bytes(file.size, t.language)))
        return f"<fieldset><legend>{legend}</legend>{listed_file.part.draw(t)}</fieldset>"

    def _add(self, file: SentFile, *, is_unsent: bool) -> None:
        fields = list_file_fields(self._t, asks_consent=file.is_picture)
        if is_unsent:
            fields += (Field(name="leave_out", label=self._t(N_("Leave this file out")), shape=Shape.TICK),)
        short = file.sha256[:12]
        part = Part(
            fields, f"{self.new.prefix}{short}/", f"{self.new.place}{short}-", f"{self.new.title} · {file.name}"
        )
        answers = {
            "description": file.description,
            "rights": file.rights,
            "consent": NO_CHILD if file.has_no_child else CONSENT if file.has_consent else "",
        }
        self.files[file.sha256] = ListedFile(file, part.fill(answers), is_unsent)

    def _refuse(self, fault: str) -> None:
        faults = [one for one in (self.new.faults.get(FILES), fault) if one]
        self.new = replace(self.new, faults={**self.new.faults, FILES: " ".join(map(self._t, dict.fromkeys(faults)))})


def say_publication(t: Translator, file: SentFile) -> str:
    """Say of a file whether it can become public, and else what its sender has not answered."""
    words = {"name": file.name, "size": format_bytes(file.size, t.language)}
    if file.can_be_public:
        return t(N_("{name} ({size}): can become public once the secretariat confirms it"), **words)
    missing = [
        t(label)
        for label, is_answered in (
            (N_("What it shows"), bool(file.description.strip())),
            (N_("Whose rights"), bool(file.rights.strip())),
            (N_("Children in the picture"), not file.is_picture or file.has_no_child or file.has_consent),
        )
        if not is_answered
    ]
    return t(
        N_("{name} ({size}): never published as it is; unanswered: {fields}"),
        fields=join_list(missing, t.language), **words,
    )  # fmt: skip
