"""Prices: dated data, and what a call costs by them.

The list that ships is `prices.toml`. A user's own file, of the same form, goes before it: the one that `ARENA_PRICES`
names, else `~/.config/oversight-arena/prices.toml`. A price that nobody wrote down is unknown, which is `None` and
never 0.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from arena.errors import DataError
from arena.events import Usage
from arena.programs import FAKE

SHIPPED = Path(__file__).parent / "prices.toml"
OWN = Path(".config/oversight-arena/prices.toml")
VARIABLE = "ARENA_PRICES"

_MILLION = 1_000_000
_DATED = re.compile(r"-(\d{8}|\d{4}-\d{2}-\d{2}|latest)$")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Long(_Data):
    """Above so many input tokens the whole request costs `input` and `output` times as much."""

    above: int = Field(ge=0)
    input: float = Field(ge=0)
    output: float = Field(ge=0)


class Rates(_Data):
    """What one model costs, in US dollars per million tokens; `None` is unknown. `batch` is a share of all rates."""

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    cache_read: float | None = Field(None, ge=0)
    cache_write: float | None = Field(None, ge=0)
    cache_write_1h: float | None = Field(None, ge=0)
    batch: float | None = Field(None, ge=0)
    long: Long | None = None
    vendor: str = ""
    date: str = ""
    source: str = ""

    def cost(self, usage: Usage, *, kept_1h: int = 0, batch: bool = False) -> float | None:
        """US dollars of a call. `kept_1h` of its tokens were written to a cache for an hour; `None` if unknown."""
        fresh = max(usage.input - usage.cache_read - usage.cache_write, 0)
        parts = (
            (fresh, self.input),
            (usage.cache_read, self.cache_read),
            (usage.cache_write - kept_1h, self.cache_write),
            (kept_1h, self.cache_write_1h),
        )
        read = _dollars(parts)
        share = self.batch if batch else 1.0
        if read is None or share is None:
            return None
        more = self.long if self.long and usage.input > self.long.above else None
        written = usage.output * self.output / _MILLION
        return share * (read * (more.input if more else 1) + written * (more.output if more else 1))

    def worst(self, read: int, written: int) -> float:
        """The most US dollars that a call of so many tokens can cost: all of it fresh, or written to a cache."""
        dearest = max(self.input, self.cache_write or 0.0, self.cache_write_1h or 0.0)
        more = self.long if self.long and read > self.long.above else None
        factor = (max(more.input, 1.0), max(more.output, 1.0)) if more else (1.0, 1.0)
        return (read * dearest * factor[0] + written * self.output * factor[1]) / _MILLION


def _dollars(parts: tuple[tuple[int, float | None], ...]) -> float | None:
    total = 0.0
    for tokens, rate in parts:
        if tokens > 0:
            if rate is None:
                return None
            total += tokens * rate / _MILLION
    return total


class _List(_Data):
    """One vendor's models as of one date."""

    vendor: str = ""
    date: str = ""
    source: str = ""
    batch: float | None = Field(None, ge=0)
    long: Long | None = None
    models: dict[str, Rates]

    def rates(self) -> Iterator[tuple[str, Rates]]:
        common = {name: getattr(self, name) for name in ("vendor", "date", "source", "batch", "long")}
        for name, own in self.models.items():
            given = {key: value for key, value in common.items() if key not in own.model_fields_set}
            yield name, own.model_copy(update=given)


class _File(_Data):
    list: tuple[_List, ...] = ()


class Prices:
    """The rates of models by name."""

    def __init__(self, rates: Mapping[str, Rates]) -> None:
        self._rates = dict(rates)

    def find(self, *names: str) -> Rates | None:
        """The rates of the first of these names that is known: as it stands, without its date, or without `fake-`."""
        for name in names:
            for known in (name, _DATED.sub("", name), _DATED.sub("", name.removeprefix(FAKE))):
                if known in self._rates:
                    return self._rates[known]
        return None

    def __iter__(self) -> Iterator[str]:
        return iter(self._rates)


def load(env: Mapping[str, str]) -> Prices:
    """The shipped prices with the user's own over them; raises `DataError` for a file that is not of their form."""
    rates = _read(SHIPPED)
    named, home = env.get(VARIABLE), env.get("HOME") or env.get("USERPROFILE")
    if named and not Path(named).is_file():
        raise DataError(f"{VARIABLE} names {named}, and there is no such file. Unset it, or name a file of prices.")
    own = Path(named) if named else Path(home) / OWN if home else None
    return Prices(rates | _read(own) if own and own.is_file() else rates)


def _read(path: Path) -> dict[str, Rates]:
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        found = _File.model_validate(data)
    except ValidationError as why:
        first = why.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DataError(f"{path}: {place}: {first['msg']}. The form is that of the prices.toml that ships.") from None
    except ValueError as why:
        raise DataError(f"{path} is not TOML in UTF-8: {why}") from None
    except OSError as why:
        raise DataError(f"{path} cannot be read: {why.strerror}") from None
    return {name: rates for one in found.list for name, rates in one.rates()}
