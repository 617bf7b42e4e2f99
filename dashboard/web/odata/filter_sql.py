"""Turn `$filter` into SQL: declared columns, a few operators and functions; every value is bound.

`odata_query` reads the text into a tree. Nothing of the text itself gets into the statement: names are looked up among
the columns, operators and functions are written from the tables here, and values become parameters.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from typing import Any, NamedTuple

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser
from sly.lex import Token

from dashboard.errors import SelectionError, UserError
from dashboard.files.extracts.tables import Field, Kind

OPTION = "$filter"
LONGEST, DEEPEST = 8_000, 100
"""The most characters, and the most operators and functions inside one another."""
MOST_DIGITS = 15

TEXT, NUMBER, DATE, BOOLEAN, NULL = "text", "number", "date", "boolean", "null"
_TYPES: Mapping[Kind, str] = {"text": TEXT, "date": DATE, "boolean": BOOLEAN}
_CASTS = {TEXT: "::varchar", DATE: "::date", BOOLEAN: "::boolean", NUMBER: ""}
_LITERALS: Mapping[type, str] = {
    ast.String: TEXT,
    ast.Integer: NUMBER,
    ast.Float: NUMBER,
    ast.Date: DATE,
    ast.Boolean: BOOLEAN,
}
_COMPARED = {
    ast.Eq: "({} is not distinct from {})",
    ast.NotEq: "({} is distinct from {})",
    ast.Lt: "coalesce({} < {}, false)",
    ast.LtE: "coalesce({} <= {}, false)",
    ast.Gt: "coalesce({} > {}, false)",
    ast.GtE: "coalesce({} >= {}, false)",
}
"""As OData compares: with null, `eq` and `ne` are true or false, all others false."""
_JOINED = {ast.And: " and ", ast.Or: " or "}


class Function(NamedTuple):
    """A function: what it takes, what it gives, and its SQL."""

    takes: tuple[str, ...]
    gives: str
    sql: str


FUNCTIONS = {
    "contains": Function((TEXT, TEXT), BOOLEAN, "contains({}, {})"),
    "startswith": Function((TEXT, TEXT), BOOLEAN, "starts_with({}, {})"),
    "endswith": Function((TEXT, TEXT), BOOLEAN, "ends_with({}, {})"),
    "tolower": Function((TEXT,), TEXT, "lower({})"),
    "toupper": Function((TEXT,), TEXT, "upper({})"),
    "trim": Function((TEXT,), TEXT, "trim({})"),
    "length": Function((TEXT,), NUMBER, "length({})"),
    "year": Function((DATE,), NUMBER, "year({})"),
    "month": Function((DATE,), NUMBER, "month({})"),
    "day": Function((DATE,), NUMBER, "day({})"),
}


class UnsupportedError(UserError):
    """OData has it, and these answers do not."""


class Piece(NamedTuple):
    """A part of a statement, and the type of its value."""

    sql: str
    type: str


def write_filter(text: str, columns: Sequence[Field]) -> tuple[str, dict[str, Any]]:
    """Write a filter as a condition, with the values of its parameters.

    Raises:
        SelectionError: it is too long, cannot be read, names no column, or compares what cannot be compared.
        UnsupportedError: it uses an operator or a function that is not among those here.
    """
    if len(text) > LONGEST:
        raise SelectionError("The filter is too long.", OPTION, (f"up to {LONGEST} characters",), text[:80])
    try:
        tree = ODataParser().parse(_end_short_lists([*ODataLexer().tokenize(text)]))
    except (ODataException, NotImplementedError, RecursionError):
        tree = None
    if tree is None:
        raise SelectionError("The filter cannot be read.", OPTION, ("status_code eq 'completed'",), text)
    writer = _Writer({field.name: field for field in columns})
    return writer.write(tree, BOOLEAN).sql, writer.values


def _end_short_lists(tokens: Sequence[Token]) -> Iterator[Token]:
    """Give a list of one value the comma at its end by which the parser knows it from a value in brackets."""
    plain = [token for token in tokens if token.type != "WS"]
    for place, token in enumerate(plain):
        yield token
        after = [one.type for one in plain[place - 2 : place + 2]] if place > 1 else []
        if after[:2] == ["IN", "("] and after[3:] == [")"]:
            comma = copy(token)
            comma.type = comma.value = ","
            yield comma


def _list_sides(node: ast.BoolOp) -> list[Any]:
    """List what one operator joins: the parser puts a chain of them inside one another."""
    sides = [node.right]
    inner: Any = node.left
    while isinstance(inner, ast.BoolOp) and inner.op == node.op:
        sides.append(inner.right)
        inner = inner.left
    return [inner, *reversed(sides)]


class _Writer:
    """Writes a tree as SQL and collects its values."""

    def __init__(self, properties: Mapping[str, Field]) -> None:
        self.properties = properties
        self.values: dict[str, Any] = {}

    def write(self, node: Any, kind: str, depth: int = 0) -> Piece:
        """Write a node that has to be of a type, or null."""
        if depth > DEEPEST:
            raise SelectionError("The filter is nested too deeply.", OPTION, (f"up to {DEEPEST} levels",), "…")
        piece = self._write(node, depth + 1)
        if kind and piece.type not in (kind, NULL):
            raise SelectionError(f"A {piece.type} stands where a {kind} is needed.", OPTION, (kind,), piece.type)
        return piece

    def _write(self, node: Any, depth: int) -> Piece:
        match node:
            case ast.Identifier(name=name, namespace=()):
                return self._name_column(name)
            case ast.Null():
                return Piece("null", NULL)
            case ast.Compare(comparator=ast.In(), right=ast.List(val=listed)):
                sought = self.write(node.left, "", depth)
                each = (self.write(value, sought.type, depth).sql for value in listed)
                return Piece(f"({' or '.join(_COMPARED[ast.Eq].format(sought.sql, value) for value in each)})", BOOLEAN)
            case ast.Compare():
                first = self.write(node.left, "", depth)
                second = self.write(node.right, "" if first.type == NULL else first.type, depth)
                return Piece(_COMPARED[type(node.comparator)].format(first.sql, second.sql), BOOLEAN)
            case ast.BoolOp():
                sides = [self.write(side, BOOLEAN, depth).sql for side in _list_sides(node)]
                return Piece(f"({_JOINED[type(node.op)].join(sides)})", BOOLEAN)
            case ast.UnaryOp(op=ast.Not()):
                return Piece(f"(not {self.write(node.operand, BOOLEAN, depth).sql})", BOOLEAN)
            case ast.Call(func=ast.Identifier(name=name, namespace=())) if name in FUNCTIONS:
                function = FUNCTIONS[name]
                args = (self.write(one, kind, depth).sql for one, kind in zip(node.args, function.takes, strict=True))
                return Piece(function.sql.format(*args), function.gives)
        if type(node) in _LITERALS:
            return self._bind(node, _LITERALS[type(node)])
        raise UnsupportedError(
            "The filter uses an operator or a function that is not offered here.",
            f"Allowed: eq, ne, lt, le, gt, ge, in, and, or, not, null, {', '.join(FUNCTIONS)}.",
        )

    def _name_column(self, name: str) -> Piece:
        if name not in self.properties:
            raise SelectionError(f"There is no column {name!r} to filter by.", OPTION, tuple(self.properties), name)
        return Piece(f'"{name}"', _TYPES.get(self.properties[name].kind, NUMBER))

    def _bind(self, node: Any, kind: str) -> Piece:
        value: str | float | date = ""
        try:
            value = node.py_val
        except ValueError:
            raise SelectionError(f"{node.val!r} is no {kind}.", OPTION, ("YYYY-MM-DD",), node.val) from None
        if kind == NUMBER and len(node.val) > MOST_DIGITS:
            raise SelectionError("A number is too long.", OPTION, (f"up to {MOST_DIGITS} digits",), node.val[:80])
        name = f"filter_{len(self.values)}"
        self.values[name] = value
        return Piece(f"${name}{_CASTS[kind]}", kind)
