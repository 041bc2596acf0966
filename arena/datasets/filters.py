"""Conditions on the fields of a record, as in `filter=Category=Law|Finance,words<=30`.

Several are joined with commas, and all must hold. Nothing is executed: a condition is a name, a sign and a value.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from arena.errors import UsageError, unknown

_FORM = re.compile(r"\s*([^=!<>~,]+?)\s*(!=|>=|<=|=|<|>|~)\s*([^,]*?)\s*")

_ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A field, a sign and a value: `=` and `!=` take several values with `|` between, `~` looks for a part."""

    field: str
    sign: str
    value: str

    def holds(self, fields: Mapping[str, object]) -> bool:
        """Say whether a record with these fields is kept; `UsageError` for a field it lacks. Shows no field's value."""
        if self.field not in fields:
            raise unknown("field to filter by", self.field, fields)
        given = fields[self.field]
        said = (given if isinstance(given, str) else json.dumps(given)).strip().casefold()
        if self.sign == "~":
            return self.value.casefold() in said
        if self.sign in ("=", "!="):
            return (said in {one.strip().casefold() for one in self.value.split("|")}) == (self.sign == "=")
        return _ORDERS[self.sign](self._number(said), self._number(self.value))

    def _number(self, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            raise UsageError(
                f"the filter {self.field}{self.sign}{self.value} compares numbers, and not both are; "
                "use = or != for equal texts, ~ for a part of one"
            ) from None


def conditions(text: str) -> Sequence[Condition]:
    """Read the conditions in a filter; none in an empty one. Raises `UsageError`."""
    found = []
    for part in text.split(",") if text.strip() else ():
        if (shown := _FORM.fullmatch(part)) is None:
            raise UsageError(
                f"the filter {part!r} has not the form FIELD=VALUE; the signs are = != < <= > >= and ~ (contains), "
                "values of one field are joined with |, conditions with a comma"
            )
        found.append(Condition(*shown.groups()))
    return found
