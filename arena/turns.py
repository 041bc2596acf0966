"""Seats and turns: who is asked what, how the reply is read, and who hears it. Values; nothing happens here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, NamedTuple, TypeVar

from arena.models.base import Reply
from arena.readers import Speech, speech

T = TypeVar("T")
U = TypeVar("U")


class Seat(NamedTuple):
    """A place at the table. Which model sits there is the run's business."""

    name: str
    role: str

    def __call__(self, cue: str, **fields: object) -> Turn[Speech]:
        """A turn of this seat: the template `cue`, filled with `fields`; read as a speech, heard by the whole table."""
        return Turn(self, cue, fields, speech())


@dataclass(frozen=True, slots=True)
class Turn(Generic[T]):
    """One seat, asked one thing. `audience` is who hears it; `None` stands for every other seat of the table.

    `sampling` is what its request asks for beside that of its seat; a protocol has no use for it.
    """

    seat: Seat
    cue: str
    fields: Mapping[str, object]
    reader: Callable[[Reply], T]
    audience: tuple[Seat, ...] | None = None
    sampling: Mapping[str, object] = field(default_factory=dict)

    def read_as(self, reader: Callable[[Reply], U]) -> Turn[U]:
        """This turn with another reader: its value is what `reader` makes of the reply."""
        return Turn(self.seat, self.cue, self.fields, reader, self.audience, self.sampling)

    def heard_by(self, *seats: Seat) -> Turn[T]:
        """This turn, heard by these seats and no other; by nobody where none is named."""
        return replace(self, audience=seats)


class Lesson(NamedTuple):
    """A worked example that an earlier iteration left for a later one."""

    question: str
    answer: str
