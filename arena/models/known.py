"""The models whose prices are known, and what each can do: asked of the providers, which know their rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from arena import plugins
from arena.errors import UsageError
from arena.models import keys, prices
from arena.models.accounts import VARIABLES
from arena.models.prices import Rates

ABILITIES = ("schema", "logprobs", "effort", "temperature")
"""Replies that keep to a schema, token probabilities, a setting of effort, and one of temperature."""

_PROBES: Mapping[str, Mapping[str, str]] = {"effort": {"effort": "low"}, "temperature": {"temperature": "0.5"}}
_ONLY_NONE = "effort=none"


class Known(NamedTuple):
    """A model of the price list. `can` says of each ability `yes`, `no`, `effort=none` (only with it) or `?`.

    `key` names the variable that holds its key, `None` where none of them is set; `wanted` is the one to set.
    """

    spec: str
    rates: Rates
    can: Mapping[str, str]
    key: str | None
    wanted: str


def known(env: Mapping[str, str]) -> Iterator[Known]:
    """The models of the price list, its vendors' own; raises `DataError` for a price file that cannot be read."""
    found = prices.load(env)
    for name in found:
        rates = found.find(name)
        if rates is None or rates.vendor not in VARIABLES:
            continue
        variables = VARIABLES[rates.vendor]
        key = next((variable for variable in variables if keys.find((variable,), env)), None)
        can = {ability: _can(rates.vendor, name, ability) for ability in ABILITIES}
        yield Known(f"{rates.vendor}/{name}", rates, can, key, variables[0])


def _can(vendor: str, name: str, ability: str) -> str:
    alone = _tried(vendor, name, ability, {})
    if alone == "no" and ability != "effort" and _tried(vendor, name, ability, {"effort": "none"}) == "yes":
        return _ONLY_NONE
    return alone


def _tried(vendor: str, name: str, ability: str, params: Mapping[str, str]) -> str:
    """Whether a provider opens a model with a setting, or says that it supports a feature. Nothing is sent."""
    opener: Any = plugins.load("models", vendor)
    placeholder = dict.fromkeys(VARIABLES[vendor], "placeholder")  # type: ignore[index]  # checked by `known`
    try:
        model = opener(name, {**params, **_PROBES.get(ability, {})}, placeholder)
    except UsageError:
        return "no"
    if ability in _PROBES:
        return "yes"
    return {True: "yes", False: "no", None: "?"}[model.supports(ability)]
