"""The parameters of the simulated models, and how they are read from the text of a spec."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from arena.errors import UsageError, unknown


class Settings(BaseModel):
    """What every simulated model has. `seed` changes all of its chance and nothing else."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    seed: int = 0


class AdvocateSettings(Settings):
    """An advocate for one answer."""

    skill: float = Field(default=0.65, ge=0, le=1, description="chance that it finds any one exhibit or notice")
    honesty: float = Field(default=1.0, ge=0, le=1, description="chance that a quotation is neither bent nor invented")
    quotes: int = Field(default=1, ge=0, le=20, description="exhibits that it brings forward in one speech")


class JudgeSettings(Settings):
    """A judge of what others say, or of the passage where it has it."""

    credulity: float = Field(default=0.2, ge=0, le=1, description="0 discounts one-sided evidence, 1 takes all at face")
    skill: float = Field(default=0.97, ge=0, le=1, description="chance that it takes in any one exhibit of a passage")
    noise: float = Field(default=0.7, ge=0, le=20, description="standard deviation of its error, in log-odds")
    position: float = Field(default=0.0, ge=-20, le=20, description="log-odds that it adds to the first option shown")
    verbosity: float = Field(default=0.0, ge=-20, le=20, description="log-odds per doubling of a side's words")
    expects: float = Field(default=6.0, ge=0, le=1000, description="exhibits that it takes an advocate to choose from")


class WorkerSettings(Settings):
    """A reader of passages that loses its way in long chains."""

    q: float = Field(default=0.92, ge=0, le=1, description="n links read in one piece come out right at q^(n(n-1)/2)")
    confidence: float = Field(default=0.9, ge=0.5, lt=1, description="the belief that it states in its own answer")


class OverseerSettings(Settings):
    """A splitter and composer of chain questions that reads no passage."""

    confidence: float = Field(default=0.9, ge=0.5, lt=1, description="the belief that it states in its own answer")


class WriterSettings(Settings):
    """A writer of questions with a gap, and a reader that looks for what fills it."""


S = TypeVar("S", bound=Settings)


def read(kind: type[S], name: str, params: Mapping[str, str]) -> S:
    """Read the parameters of `sim/<name>`; raises `UsageError` for an unknown one and for a value out of range."""
    for given in params:
        if given not in kind.model_fields:
            raise unknown(f"parameter of sim/{name}", given, kind.model_fields)
    try:
        return kind.model_validate(dict(params))
    except ValidationError as error:
        raise UsageError(_why(name, kind, error)) from None


def _why(name: str, kind: type[Settings], error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0])
    about: Any = kind.model_fields[field]
    meaning = f" ({about.description})" if about.description else ""
    said = first["msg"][0].lower() + first["msg"][1:]
    value = repr(first["input"])[:60]
    return f"sim/{name} cannot have {field}={value}{meaning}: {said}. Without it, {field} is {about.default}."


def spec(name: str, settings: Settings) -> str:
    """The spec in full: every parameter, by name, so that equal specs mean equal models."""
    return f"sim/{name}?" + "&".join(f"{k}={v}" for k, v in sorted(settings.model_dump().items()))
