"""E-mail addresses and phone numbers taken out of the rows, before anything is made of them.

They are taken out of the raw tables, once all files are loaded and before any row is staged: so names, titles, keys,
codes, waves, answers, the labels of choices, and the values that match nothing are all made from cleaned cells, and no
later step can forget to. What the cells of the row say about countries is not resolved then, and a report or a
milestone names none of its own. So national numbers are tried in all countries that any file of the campaign writes:
an organisation's number is as often its seat's as that of the country it acts in.

Not cleaned: columns that are personal or for staff, which go to the private store as they are. Ids join rows: one that
is somebody's address is replaced by a code that stands for it everywhere (`etl/inputs/hidden_ids.py`).
"""

from collections.abc import Collection, Iterable, Sequence

import duckdb

from dashboard.campaign.folder import CampaignFolder
from etl.build.staging import Statement
from etl.inputs.hidden_ids import HiddenIds
from etl.readers.sheets import in_portions, list_columns
from etl.recipes.recipe_file import list_prefixes
from etl.recipes.recognition import SheetPlan
from etl.sqlfiles import ask, insert_rows
from etl.texts.contacts import without_contacts


class ContactMask:
    """Takes contacts out of texts, of the build's tables or given; each distinct text is judged once."""

    def __init__(
        self, folder: CampaignFolder, connection: duckdb.DuckDBPyConnection, planned: Iterable[tuple[int, SheetPlan]]
    ) -> None:
        """For the sheets (number, plan) of a build, whose rows are in `raw_<number>`."""
        self._connection = connection
        self._planned = list(planned)
        self._hidden = HiddenIds(folder, list_prefixes(plan.recipe for _, plan in self._planned))
        self._regions: tuple[str, ...] | None = None
        self._judged: dict[str, str] = {}

    def clean_table(self, table: str, columns: Sequence[str]) -> None:
        """Replace the texts of some columns of a table (both the program's own names) by those without contacts."""
        pairs: list[tuple[str, str]] = []
        for portion in in_portions(columns):
            pairs += self._connection.execute(
                "select distinct field, words from (select unnest($columns) as field, "  # noqa: S608  (as above)
                f"unnest([{', '.join(portion)}]) as words from {table}) where may_hold_contact(words) order by all",
                {"columns": portion},
            ).fetchall()
        self._judge({words for _, words in pairs})
        for column in sorted({column for column, words in pairs if self._judged[words] != words}):
            self._connection.execute(
                f"update {table} set {column} = t.cleaned from contact_texts as t where {column} = t.written"  # noqa: S608
            )

    def clean_sheet(self, number: int, plan: SheetPlan, width: int, ids: Collection[int]) -> None:
        """Clean the raw rows of a sheet, but for what only staff see; ids (0-based) that are one are hidden."""
        kept = {*plan.personal, *plan.staff}
        names = list_columns(width)
        self.clean_table(f"raw_{number}", [c for i, c in enumerate(names) if i not in kept and i not in ids])
        for name in (names[i] for i in sorted(ids) if i < width and i not in kept):
            self._hide_ids(f"raw_{number}", name)

    def _hide_ids(self, table: str, column: str) -> None:
        """Replace ids that hold a contact by codes that stand for them everywhere."""
        found = self._connection.execute(
            f"select distinct {column} from {table} where may_be_contact({column}) order by all"  # noqa: S608
        ).fetchall()
        hidden = [(text, code) for (text,) in found if (code := self._hidden.hide(text)) != text]
        if hidden:
            self._connection.execute("delete from hidden_ids")
            insert_rows(self._connection, "hidden_ids", hidden)
            self._connection.execute(
                f"update {table} set {column} = h.code from hidden_ids as h where {column} = h.written"  # noqa: S608
            )

    def clean(self, texts: Sequence[str | None]) -> tuple[str | None, ...]:
        """These texts without contacts."""
        self._judge({text for text in texts if text})
        return tuple(self._judged[text] if text else text for text in texts)

    def _judge(self, texts: set[str]) -> None:
        """Learn what remains of texts that may hold a contact."""
        new = sorted(texts - self._judged.keys())
        if not new:
            return
        if self._regions is None:
            self._regions = self._list_regions()
        cleaned = [(text, without_contacts(text, self._regions)) for text in new]
        self._judged.update(cleaned)
        insert_rows(self._connection, "contact_texts", [pair for pair in cleaned if pair[0] != pair[1]])

    def _list_regions(self) -> tuple[str, ...]:
        """The countries (ISO 3166, two letters) that the sheets write, or that a recipe's value map means."""
        meant: set[str] = set()
        for number, plan in self._planned:
            meant.update(code for codes in plan.recipe.values.get("countries", {}).values() for code in codes)
            meant.update({plan.recipe.constants.get("countries", "")} - {""})
            if place := plan.places.get("countries"):
                statement = Statement(plan.recipe)
                self._connection.execute(
                    f"insert into country_cells select distinct {statement.place(place, several=True)} "  # noqa: S608
                    f"from raw_{number}",
                    statement.parameters,
                )
        insert_rows(self._connection, "country_cells", [(code,) for code in sorted(meant)])
        return tuple(iso2 for (iso2,) in ask(self._connection, "contact_regions"))
