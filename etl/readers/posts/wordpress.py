"""The export of a WordPress site (WXR): its items one by one, in memory that does not grow with the file.

A sheet a kind of item (`wp:post_type`). Comments and the list of authors are never read. Items that are not public
(drafts, private, protected by a password, in the bin) give no text, only the fact that they exist.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from etl.readers.posts.settled_text import list_links, main_language, parse_markup, read_html, read_line

COLUMNS = (
    "item id", "item title", "item link", "wp:post_date", "wp:post_modified_gmt", "excerpt:encoded", "content:encoded",
    "item links", "wp:post_name", "wp:post_type", "wp:status", "wp:post_password", "dc:creator", "site language",
    "category", "post_tag", "venue",
)  # fmt: skip
Cells = dict[str, str]

_SKIPPED = frozenset({"wp:comment", "wp:author", "wp:category", "wp:tag", "wp:term"})
_PLAIN = frozenset({
    "title", "link", "wp:post_date", "wp:post_modified_gmt", "excerpt:encoded", "content:encoded", "wp:post_name",
    "wp:post_type", "wp:status", "wp:post_password", "dc:creator", "wp:post_id",
})  # fmt: skip
_EXPORT = "wordpress.org/export/"
_NAMESPACES = (
    (_EXPORT, "wp"),
    ("purl.org/rss/1.0/modules/content/", "content"),
    ("purl.org/dc/elements/1.1/", "dc"),
)
# Custom fields that plugins keep to themselves: those of events and of translations. All others are not read.
_OWN_FIELDS = frozenset({
    "_EventStartDate", "_EventEndDate", "_EventStartDateUTC", "_EventEndDateUTC", "_EventAllDay", "_EventURL",
    "_EventVenueID", "_event_start_date", "_event_end_date", "_event_start", "_event_end", "_event_all_day",
    "_location_id", "_VenueCity", "_VenueCountry",
    "_eventorganiser_schedule_start_start", "_eventorganiser_schedule_start_finish",
    "_wpml_import_language_code", "_wpml_import_translation_group", "_icl_lang_duplicate_of",
})  # fmt: skip
_PLACES = ("tribe_venue", "location", "mec_location", "venue")  # kinds of items that are places of events
_VENUE_IDS = ("meta: _EventVenueID", "meta: _location_id")
_MOST_TEXT = 4 << 20  # characters of one element that are taken
_MOST_FIELDS = 200  # names of custom fields and kinds of categories
_BLANK_DATE = "0000-00-00 00:00:00"
_YES = frozenset({"yes", "1", "true"})


def read(path: Path, name: str, keep: Callable[[str, Cells], None]) -> Callable[[Cells], Cells]:
    """Read an export, as `PostFile` says; return a function that adds an event's place from its number.

    Raises:
        ReadError: It is broken or hostile.
    """
    export = WordPressExport(keep)
    parse_markup(path, name, export)

    def add_venue(cells: Cells) -> Cells:
        venues = [export.venues[cells[name]] for name in _VENUE_IDS if cells.get(name) in export.venues]
        return cells | {"venue": venues[0]} if venues else cells

    return add_venue


@dataclass
class _Item:
    """One item as it is read."""

    texts: Cells = field(default_factory=dict)
    categories: dict[str, list[str]] = field(default_factory=dict)
    meta: Cells = field(default_factory=dict)


class WordPressExport:
    """Reads an export, item by item."""

    def __init__(self, keep: Callable[[str, Cells], None]) -> None:
        """`keep` takes each item: its kind, and its cells by column."""
        self._keep = keep
        self._site = ""
        self._language = ""
        self._item: _Item | None = None
        self._category: tuple[str, str] = ("", "")
        self._meta = ["", ""]
        self._skipped = 0
        self._texts: list[str] | None = None
        self._size = 0
        self._names: set[str] = set()
        self.venues: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        name = _name(tag)
        if self._skipped or name in _SKIPPED:
            self._skipped += 1
            return
        self._texts = None
        if name == "item":
            self._item = _Item()
        elif self._item is None:
            self._collect(name in ("language", "wp:base_blog_url", "wp:base_site_url"))
        elif name == "category":
            self._category = (attributes.get("domain", "category"), attributes.get("nicename", ""))
            self._collect(True)
        elif name == "wp:postmeta":
            self._meta = ["", ""]
        elif name == "wp:meta_key":
            self._collect(True)
        else:
            self._collect(name in _PLAIN or (name == "wp:meta_value" and self._is_read(self._meta[0])))

    def data(self, text: str) -> None:
        """Text of an element; no more of it than is ever used."""
        if self._texts is not None and not self._skipped and self._size < _MOST_TEXT:
            self._texts.append(text[: _MOST_TEXT - self._size])
            self._size += len(text)

    def end(self, tag: str) -> None:
        """End an element."""
        if self._skipped:
            self._skipped -= 1
            return
        name, text = _name(tag), "".join(self._texts or ()).strip()
        self._texts = None
        if self._item is None:
            self._end_of_channel(name, text)
        elif name == "item":
            self._keep_item(self._item)
            self._item = None
        elif name == "category":
            self._note_category(self._item, text)
        elif name == "wp:meta_key":
            self._meta[0] = text
        elif name == "wp:meta_value":
            self._meta[1] = text
        elif name == "wp:postmeta":
            key, value = self._meta
            if value and self._is_read(key) and self._may_have(f"meta: {key}"):
                self._item.meta.setdefault(key, value)
        elif name in _PLAIN and text:
            self._item.texts.setdefault(name, text)

    def _collect(self, is_wanted: bool) -> None:
        self._texts, self._size = ([] if is_wanted else None), 0

    def _end_of_channel(self, name: str, text: str) -> None:
        if name == "wp:base_blog_url" or (name == "wp:base_site_url" and not self._site):
            self._site = _site(text) or self._site
        elif name == "language" and text:
            self._language = text

    def _is_read(self, key: str) -> bool:
        """Whether a custom field is read: those that the site shows, and some that plugins hide."""
        return bool(key) and (not key.startswith("_") or key in _OWN_FIELDS)

    def _note_category(self, item: _Item, text: str) -> None:
        domain, slug = self._category
        label = slug or text if domain in ("language", "post_translations") else text or slug
        label = main_language(label) if domain == "language" else label
        if label and self._may_have(f"category: {domain}"):
            item.categories.setdefault(domain, []).append(label)

    def _may_have(self, column: str) -> bool:
        """Whether there is room for a column: a site has some dozen."""
        if column not in self._names and len(self._names) < _MOST_FIELDS:
            self._names.add(column)
        return column in self._names

    def _keep_item(self, item: _Item) -> None:
        texts = item.texts
        kind = texts.get("wp:post_type", "post")
        number = texts.pop("wp:post_id", "")
        cells = {_column(name): texts[name] for name in _PLAIN if name in texts}
        cells["item id"] = self._identify(number, texts.get("link", ""))
        cells = {name: text for name, text in cells.items() if text != _BLANK_DATE}
        cells["site language"] = main_language(self._language)
        cells |= {
            _column(f"category: {domain}"): "; ".join(dict.fromkeys(names)) for domain, names in item.categories.items()
        }
        cells |= {f"meta: {key}": read_html(value) for key, value in item.meta.items()}
        # WPML's number of the original becomes the id that this one has.
        if original := cells.get("meta: _icl_lang_duplicate_of"):
            cells["meta: _icl_lang_duplicate_of"] = self._identify(original, cells.get("item link", ""))
        # An event of whole days has no moment.
        if any(cells.get(f"meta: {name}", "").lower() in _YES for name in ("_EventAllDay", "_event_all_day")):
            for name in ("_EventStartDateUTC", "_EventEndDateUTC", "_event_start", "_event_end"):
                cells.pop(f"meta: {name}", None)
        _read_texts(cells)
        if kind in _PLACES and cells.get("item title"):
            self.venues[number] = _place(cells)
        self._keep(kind, {name: text for name, text in cells.items() if text})

    def _identify(self, number: str, link: str) -> str:
        site = self._site or _site(link).partition("/")[0]
        return "-".join(part for part in (site, number) if part)


def _site(address: str) -> str:
    """Return the part of an address that identifies a site: several may share a host, each in its folder."""
    parts = urlsplit(address)
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path}".strip("/")


def _name(tag: str) -> str:
    """Return an element's name as in exports: `{http://wordpress.org/export/1.2/}post_id` is `wp:post_id`."""
    if not tag.startswith("{"):
        return tag
    space, _, local = tag[1:].partition("}")
    space = space.partition("://")[2] or space  # some write https
    if space.startswith(_EXPORT) and "/excerpt" in space:
        return f"excerpt:{local}"
    return next((f"{prefix}:{local}" for start, prefix in _NAMESPACES if space.startswith(start)), f"other:{local}")


def _column(name: str) -> str:
    """Name a column: never like those of a plain table, whose recipes would take it for one of theirs."""
    if name in ("title", "link"):
        return f"item {name}"
    return name.removeprefix("category: ") if name in ("category: category", "category: post_tag") else name


def _read_texts(cells: Cells) -> None:
    """Turn HTML into text; drop the texts of items that are not public."""
    status, is_protected = cells.get("wp:status", "publish"), bool(cells.get("wp:post_password"))
    content = "\n".join(cells.get(name, "") for name in ("excerpt:encoded", "content:encoded"))
    if is_protected:
        cells["wp:post_password"] = "yes"  # noqa: S105  (the password itself goes nowhere)
    if is_protected or status not in ("publish", "inherit"):
        for name in ("excerpt:encoded", "content:encoded", "post_tag", "category", "wp:post_name", "item link"):
            cells.pop(name, None)
        for name in [name for name in cells if name.startswith("meta: ")]:
            del cells[name]
        cells["item title"] = (
            "[…]" if is_protected or status in ("private", "trash") else read_line(cells.get("item title", ""))
        )
        return
    cells["item links"] = "\n".join(list_links(content))
    for name in ("excerpt:encoded", "content:encoded"):
        cells[name] = read_html(cells.get(name, ""))
    cells["item title"] = read_line(cells.get("item title", ""))


def _place(cells: Cells) -> str:
    parts = [cells["item title"], *(cells.get(f"meta: {name}", "") for name in ("_VenueCity", "_VenueCountry"))]
    return ", ".join(part for part in parts if part)
