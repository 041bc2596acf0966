"""What a protocol is: its settings, its seats, and `run`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict

from arena.beliefs import Belief
from arena.question import Question
from arena.table import Table


class Protocol(BaseModel):
    """The base of every protocol. Fields are its settings; `seats` maps each seat to its role.

    Settings are frozen and validated, so that the command line, the header of a run and a sweep derive from the one
    declaration. A subclass writes `run`, and puts its prompts in `prompts/<folder>/` beside its module.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(dict,))

    seats: ClassVar[Mapping[str, str]] = {}
    prompts: ClassVar[str] = ""
    """The folder of its prompts; the name of the class in lower case unless it says otherwise."""

    most_options: ClassVar[int | None] = None
    """The most options that a question may have for this protocol to be played on it; `None` is any number."""

    dataset: ClassVar[str] = "casefiles"
    """The dataset that it is played on where none is named."""

    async def run(self, question: Question, table: Table) -> Belief:
        """Play one episode and return the final belief over the question's options."""
        raise NotImplementedError

    def dealings(self, question: Question) -> int:  # noqa: ARG002
        """In how many ways the first deal of this question is played: one, unless every side is to be argued."""
        return 1

    def stages(self) -> tuple[Self, ...]:
        """The protocols that are played one after another under this name; each may learn from the one before."""
        return (self,)

    @property
    def learns(self) -> bool:
        """Whether this stage is given the lessons that the stage before it left on training questions."""
        return False

    def alone(self) -> Self:
        """The stage in which the model answers without help: what the lessons of the others are to teach it."""
        return self

    @classmethod
    def folder(cls) -> str:
        """The name of the folder that holds its prompts."""
        return cls.prompts or re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
