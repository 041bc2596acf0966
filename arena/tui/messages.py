"""Every message that the parts of the app send each other. What happens on a thread comes back as one of these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from arena.listing import Wanted
from arena.live import Arriving, Status
from arena.outline import Page

if TYPE_CHECKING:
    from arena.analysis.accuracy import Interval


@dataclass
class Followed(Message):
    """The log was read as far as it goes: something is new, or the notices changed."""

    grown: bool
    whole: bool

    def can_replace(self, message: Message) -> bool:
        """Of two in a row the later `message` says it all, unless it has no news and this one had."""
        return isinstance(message, Followed) and (message.grown or not self.grown)


@dataclass(frozen=True)
class Estimate:
    """What is known of one arm at this moment: its score so far, where the list will end, and the population's mean.

    `n` questions of the prefix; `difference` is to the baseline, with its interval.
    """

    n: int = 0
    score: float | None = None
    final: Interval | None = None
    population: Interval | None = None
    difference: float | None = None
    between: Interval | None = None


@dataclass
class Estimated(Message):
    """The intervals of all arms were computed anew."""

    arms: dict[str, Estimate]


@dataclass
class Loaded(Message):
    """An episode was read. `page` is `None` where the log has nothing of it."""

    name: str
    page: Page | None
    notices: Sequence[str]


@dataclass
class Found(Message):
    """The episodes in which somebody says these words."""

    words: str
    episodes: frozenset[str]


@dataclass
class Chosen(Message):
    """An episode of the list is to be opened."""

    episode: str


@dataclass
class Moved(Message):
    """The cursor of the list stands on another row. `by_hand` where a person moved it."""

    row: int
    by_hand: bool


@dataclass
class Listed(Message):
    """The numbers of the rows that are wanted, in the order that is wanted."""

    wanted: Wanted
    rows: tuple[int, ...] | range


@dataclass
class Beaten(Message):
    """How the engine is; `None` where none tells. `now` is the time, in seconds since 1970."""

    status: Status | None
    now: float


@dataclass
class Spoken(Message):
    """What was heard so far, by place, of the replies of an episode that are being made."""

    episode: str
    heard: Mapping[str, Arriving]
