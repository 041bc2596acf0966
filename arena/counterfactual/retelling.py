"""A table at which a stored transcript is told again, act by act."""

from __future__ import annotations

from collections.abc import Iterable

from arena.events import Dealt, Said, Shown
from arena.table import Table, everything


class Retelling(Table):
    """A table whose record comes out of a log."""

    async def retell(self, act: int, told: Iterable[Dealt | Shown | Said]) -> None:
        """Make what a log has of one act part of the record, shadow judges being asked as they would have been then.

        What comes next is act number `act`, or what follows it where it is told in turn.
        """
        self._acts, told = act - 1, list(told)
        if self._rounds:
            seats = {seat.name: seat for seat in self.seats}
            said = [event for event in told if isinstance(event, Said)]
            turns = [seats[one.seat](one.cue).heard_by(*(seats[name] for name in one.to)) for one in said]
            await everything(self._shadows(turns))
        for event in told:
            self._record(event.model_copy(update={"t": self._episode.now()}))
