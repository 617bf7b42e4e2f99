"""The entity sets: every table of the extracts, and the measures of every member; their description as CSDL."""

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from dashboard.errors import SelectionError
from dashboard.files.extracts.rows import is_everything, query_values
from dashboard.files.extracts.tables import TABLES, Field, Kind, Table, text
from dashboard.i18n import N_, Translator
from dashboard.snapshot.database import Snapshot
from dashboard.snapshot.selection import Selection

ROW_NO = Field(
    "row_no", "", N_("The place of the row among all of the selection; the same within one build."), "integer"
)
"""The key of a table whose rows no single column identifies."""

MEASURES = Table(
    "measures",
    N_("Measures"),
    N_("One row per dimension, measure and member; an action with several members counts once in each."),
    "measures_by_member",
    (
        text("dimension", "", N_("The parameter of a link that filters by it."), 14),
        text("dimension_name", "", N_("The name of the dimension."), 24),
        text("member", "", N_("The code of the member."), 24),
        text("member_name", "", N_("The name of the member."), 24),
        text("measure", "", N_("The code of the measure."), 24),
        text("measure_name", "", N_("The name of the measure."), 24),
        Field("numerator", "", N_("What is counted, by that date."), "integer"),
        Field("denominator", "", N_("All that it is a part of."), "integer"),
        Field("unknown", "", N_("What is not known by that date, and may belong to the numerator."), "integer"),
        Field("is_few", "", N_("Whether these are too few for a rate: fewer than five."), "boolean"),
        Field("rate", "", N_("numerator ÷ denominator: the least possible rate."), "number"),
        Field("upper_bound", "", N_("(numerator + unknown) ÷ denominator: the greatest possible rate."), "number"),
    ),
    (),
)

NAMESPACE = "Dashboard"
EDM: Mapping[Kind, str] = {
    "text": "Edm.String",
    "date": "Edm.Date",
    "percent": "Edm.Double",
    "number": "Edm.Double",
    "amount": "Edm.Double",
    "integer": "Edm.Int64",
    "boolean": "Edm.Boolean",
}
MOST_ACTIONS = 2**31 - 1


def find_key(table: Table) -> Field:
    """Find the property that identifies an entity."""
    return next((field for field in table.fields if table.key == (field.name,)), ROW_NO)


def _add_key(table: Table) -> Table:
    """Give a table the number of its rows as a column, where no other one identifies them."""
    return table._replace(fields=(ROW_NO, *table.fields)) if find_key(table) is ROW_NO else table


SETS: Mapping[str, Table] = {table.name: _add_key(table) for table in (*TABLES.values(), MEASURES)}


def find_set(name: str) -> Table:
    """Find the entity set of a name.

    Raises:
        SelectionError: there is none.
    """
    if name not in SETS:
        raise SelectionError(f"There is no entity set {name!r}.", "extract", tuple(SETS), name)
    return SETS[name]


def bind_selection(snapshot: Snapshot, selection: Selection) -> dict[str, Any]:
    """Return the values that the queries of all sets take for a selection: its actions in one portion."""
    portion = {"first": 0, "last": MOST_ACTIONS, "everything": is_everything(selection)}
    return query_values(snapshot, selection) | portion


def write_metadata(t: Translator) -> str:
    """Write the metadata document, with the meaning of each property in a language."""
    types = "".join(_write_type(table, t) for table in SETS.values())
    sets = "".join(
        f'<EntitySet Name="{name}" EntityType="{NAMESPACE}.{name}">{_annotate(table.title, t)}</EntitySet>'
        for name, table in SETS.items()
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0">'
        '<edmx:Reference Uri="https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml">'
        '<edmx:Include Namespace="Org.OData.Core.V1" Alias="Core"/></edmx:Reference><edmx:DataServices>'
        f'<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="{NAMESPACE}">{types}'
        f'<EntityContainer Name="Container">{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>\n'
    )


def _write_type(table: Table, t: Translator) -> str:
    key = find_key(table)
    properties = "".join(
        f'<Property Name="{field.name}" Type="{EDM[field.kind]}" Nullable="{str(field is not key).lower()}">'
        f"{_annotate(field.description, t)}</Property>"
        for field in table.fields
    )
    return (
        f'<EntityType Name="{table.name}"><Key><PropertyRef Name="{key.name}"/></Key>{properties}'
        f"{_annotate(table.description, t)}</EntityType>"
    )


def _annotate(words: str, t: Translator) -> str:
    return f'<Annotation Term="Core.Description" String={quoteattr(t(words))}/>'
