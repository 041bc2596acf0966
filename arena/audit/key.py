"""Whether the key shows in what was told and said: features of the options of each question, tested together.

`place`, `first` and `named` are the protocol's and the data's doing, and must say nothing. That honest speeches are
longer, or quote more, is a result; it is told because a judge may have gone by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from arena.analysis.leakage import Leak, leaks, negations, placed
from arena.events import AnyEvent, Said, Scored, Shown

FAIR = ("place", "first", "named")
"""The features by which the key may not be told."""

FEATURES = {
    "place": "the right option stands first where the options are listed",
    "first": "the right option is argued by the seat that is named first",
    "named": "the right option is named where the table tells something else",
    "length": "the right option is longer",
    "negations": "the right option has more negations",
    "words": "more words are said for the right option",
    "quotes": "more quotes are given for it",
    "verified": "more verified quotes are given for it",
}


class Key:
    """Collects the features of episodes, averaged within the question."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        self._groups: dict[str, str] = {}

    def add(self, events: Sequence[AnyEvent], options: tuple[str, ...], score: Scored) -> None:
        """Take an episode in."""
        self._groups[score.question] = score.group
        for name, values in _features(events, options):
            self._found[name][score.question].append(placed(values, score.key))

    def leaks(self) -> tuple[Leak, ...]:
        """What each feature says of the key."""
        questions = sorted(self._groups)
        means = {
            name: [_mean(found[question]) if question in found else None for question in questions]
            for name in FEATURES
            if (found := self._found.get(name))
        }
        return leaks(means, [self._groups[question] for question in questions])


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _features(events: Sequence[AnyEvent], options: tuple[str, ...]) -> Iterator[tuple[str, list[float]]]:
    yield "place", [-float(place) for place in range(len(options))]
    yield "length", [float(len(option)) for option in options]
    yield "negations", [float(negations(option)) for option in options]
    told = "\n".join(_else(events))
    if told:
        yield "named", [float(told.count(option)) for option in options]
    speeches = [event for event in events if isinstance(event, Said) and event.fields.get("side") in options]
    seats = list(dict.fromkeys(event.seat for event in speeches))
    if len(seats) > 1:
        side = {event.fields["side"]: seats.index(event.seat) for event in speeches}
        yield "first", [-float(side.get(option, len(seats))) for option in options]
        for name, count in (("words", _words), ("quotes", _quotes), ("verified", _verified)):
            yield name, [float(sum(count(e) for e in speeches if e.fields["side"] == o)) for o in options]


def _else(events: Sequence[AnyEvent]) -> Iterator[str]:
    """The texts that the table told openly, questions and options left out."""
    for event in events:
        if isinstance(event, Shown) and not event.handed:
            asks = any(isinstance(value, dict) and "$options" in value for value in event.fields.values())
            for name, value in event.fields.items():
                if isinstance(value, str) and not (asks and name == "question"):
                    yield value


def _words(said: Said) -> int:
    return len(said.text.split())


def _quotes(said: Said) -> int:
    return len(said.quotes)


def _verified(said: Said) -> int:
    return sum(quote.status in ("exact", "normalised") for quote in said.quotes)
