"""The settings of a seat that every provider has, and what follows of them for a request."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from arena.errors import UsageError
from arena.models.base import SAMPLING, Request
from arena.models.failures import CallFailed
from arena.models.unable import NAMES


class Settings(BaseModel):
    """The settings of a seat that every provider has.

    `deadline` is in seconds and bounds the whole call, `key` names the variable that holds the key. `stream` is chosen
    by the length of the reply unless it is said, and `form`, in which this model is asked for verdicts, by what its
    server can do.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    max_tokens: int | None = Field(None, ge=1, le=1_000_000)
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, gt=0, le=1)
    stream: bool | None = None
    deadline: float = Field(600.0, gt=0, le=86_400)
    key: str | None = None
    form: Literal["tagged", "schema"] | None = None

    def spelt(self) -> str:
        """The settings that differ from their defaults, as they stand in a spec."""
        default = type(self).model_fields
        given = {name: value for name, value in self.model_dump().items() if value != default[name].default}
        return "?" * bool(given) + "&".join(f"{name}={_plain(value)}" for name, value in given.items())


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def sampled(request: Request, settings: Settings) -> dict[str, Any]:
    """The sampling of a request: what it says itself, and else what its seat's settings say.

    A seed differs from sample to sample, so that samples differ. Raises `CallFailed` for what no server is ever sent.
    """
    if unknown := request.sampling.keys() - {*SAMPLING, *NAMES}:
        raise CallFailed("bad_request", f"a request cannot be sampled with {min(unknown)!r}")
    found = {name: value for name in SAMPLING if (value := getattr(settings, name, None)) is not None}
    found |= {name: request.sampling[name] for name in SAMPLING if request.sampling.get(name) is not None}
    if isinstance(found.get("seed"), int):
        found["seed"] += request.sample
    return found


def refused(spec: str, setting: str, why: str) -> UsageError:
    """The error for a setting that a model is known to refuse."""
    return UsageError(f"{spec} does not take {setting}: {why}")
