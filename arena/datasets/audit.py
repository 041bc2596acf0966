"""What is wrong with a set that its schema does not show: questions that stand twice, keys that give themselves away.

The audit looks at the options that would be played. `FEATURES` are all that is tested, always together, so that the
stated level holds for the set as a whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from arena.analysis.leakage import LEVEL, Leak, leaks, negations, overlap, placed, words
from arena.question import AnswerKey, Item, Question, same

FEATURES = (
    "is longer, in characters",
    "is longer, in words",
    "has more negations",
    "repeats more of the question",
    "repeats more of the passage",
    "is listed earlier by the source",
    "is shown earlier",
)
"""What the right option may do more than a wrong one."""


@dataclass
class Audit:
    """What was found. `twins` has ids of questions with equal words and options; `restated`, with equal words alone."""

    n: int = 0
    groups: int = 0
    passages: int = 0
    options: dict[int, int] = field(default_factory=dict)
    twins: list[tuple[str, ...]] = field(default_factory=list)
    restated: list[tuple[str, ...]] = field(default_factory=list)
    leaks: tuple[Leak, ...] = ()
    level: float = LEVEL

    @property
    def flagged(self) -> tuple[Leak, ...]:
        """The features that tell the key."""
        return tuple(leak for leak in self.leaks if leak.flagged)


def audit(items: Iterable[Item], level: float = LEVEL) -> Audit:
    """Audit a set; holds one line a question in memory, and no passage."""
    scores: Mapping[str, list[float | None]] = {name: [] for name in FEATURES}
    groups: list[str] = []
    options: dict[int, int] = defaultdict(int)
    asked: dict[int, list[tuple[int, str]]] = defaultdict(list)
    passages: set[int] = set()
    reader = _Reader()
    for question, key in items:
        for name, score in zip(FEATURES, _scores(question, key, reader), strict=True):
            scores[name].append(score)
        groups.append(question.group)
        options[len(question.options)] += 1
        passages |= {hash(question.passage)} if question.passage else set()
        words_ = hash((" ".join(question.text.split()), question.passage))
        asked[words_].append((hash(frozenset(map(same, question.options))), question.id))
    found = leaks(scores, groups, level)
    several = [one for one in asked.values() if len(one) > 1]
    twins, restated = _twice(several)
    return Audit(
        len(groups), len(set(groups)), len(passages), dict(sorted(options.items())), twins, restated, found, level
    )


def _twice(several: Iterable[Sequence[tuple[int, str]]]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    twins, restated = [], []
    for one in several:
        by_options: dict[int, list[str]] = defaultdict(list)
        for options, name in one:
            by_options[options].append(name)
        twins += [tuple(names) for names in by_options.values() if len(names) > 1]
        restated += [tuple(names[0] for names in by_options.values())] if len(by_options) > 1 else []
    return twins, restated


class _Reader:
    """The words of a passage, the last one kept: questions on one follow one another."""

    def __init__(self) -> None:
        self._passage: str | None = None
        self._words: frozenset[str] = frozenset()

    def words(self, passage: str) -> frozenset[str]:
        """The words of a passage."""
        if passage is not self._passage:
            self._passage, self._words = passage, frozenset(words(passage))
        return self._words


def _scores(question: Question, key: AnswerKey, reader: _Reader) -> tuple[float | None, ...]:
    options, right = question.options, key.option
    asked = frozenset(words(question.text))
    values: list[Sequence[float]] = [
        [len(option) for option in options],
        [len(words(option)) for option in options],
        [negations(option) for option in options],
        [overlap(option, asked) for option in options],
    ]
    found: list[float | None] = [placed(one, right) for one in values]
    read = None
    if question.passage:
        known = reader.words(question.passage)
        read = placed([overlap(option, known) for option in options], right)
    place, of = key.listed or (0, 0)
    listed = (of - 1 - place) / (of - 1) if of > 1 else None
    return (*found, read, listed, placed([-i for i in range(len(options))], right))
