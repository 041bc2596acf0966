"""Files about one matter: the draw, and the passage that says it.

    truth       uniform over the two answers
    exhibit i   reliability r_i uniform over the band; points to the truth with chance r_i, else to the other answer
    fate i      kept, withdrawn or exchanged: drawn without regard to the truth or to what the exhibit says
    withdrawn   a retraction later in the file empties it; what it had said was a fair coin
    exchanged   a correction later in the file says that its two names were exchanged: it prints the opposite

Fates are shown and are independent of everything else, and a withdrawn statement has the same chance under either
truth. So the posterior is the sum of log r/(1-r) over the exhibits that stand, each with the sign of what it says once
corrected.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from arena.datasets.casefiles import claims
from arena.datasets.casefiles.chance import Chance
from arena.datasets.casefiles.posterior import of_exhibits
from arena.datasets.casefiles.scenes import CHATTER, FIRST, NAMES, PLACES, SCENES, Scene

Fate = Literal["kept", "withdrawn", "exchanged"]


class Drawn(NamedTuple):
    """One exhibit as the model drew it. `points` is the option that it speaks for once read as it should be."""

    level: float
    points: int
    fate: Fate


class File(NamedTuple):
    """A file before it becomes a question: what was drawn, and how it reads."""

    truth: int
    exhibits: tuple[Drawn, ...]
    question: str
    options: tuple[str, str]
    passage: str

    @property
    def posterior(self) -> tuple[float, float]:
        """What a perfect reader believes, in the order of the options."""
        return of_exhibits((e.points == 0, e.level) for e in self.exhibits if e.fate != "withdrawn")


def draw(chance: Chance, count: int, band: tuple[float, ...], amended: float) -> tuple[int, tuple[Drawn, ...]]:
    """Draw the truth (an option's place) and `count` exhibits. `amended` is the share that a notice changes."""
    truth = chance.below(2)
    return truth, tuple(_exhibit(chance, truth, band, amended) for _ in range(count))


def _exhibit(chance: Chance, truth: int, band: tuple[float, ...], amended: float) -> Drawn:
    level = chance.pick(band)
    fate: Fate = chance.pick(("withdrawn", "exchanged")) if chance.hit(amended) else "kept"
    right = chance.hit(0.5 if fate == "withdrawn" else level)
    return Drawn(level, truth if right else 1 - truth, fate)


def write(chance: Chance, truth: int, exhibits: tuple[Drawn, ...], length: int) -> File:
    """Put a drawn file into words, with about `length` words of chatter. The words are drawn from `chance`."""
    scene, place = chance.pick(SCENES), chance.pick(PLACES)
    options = _options(chance, scene)
    one, other = chance.some(options, 2)
    matter = scene.setting.format(place=place)
    opening = f"This is the file on {matter}. It is agreed that either {one} or {other} {scene.did}, and not both."
    lines = _exhibits(chance, scene, options, exhibits)
    passage = "\n".join([opening, *spread(chance, lines, chatter(chance, options, place, length))])
    return File(truth, exhibits, f"{scene.asks} {scene.did}, in the matter of {matter}?", options, passage)


def _options(chance: Chance, scene: Scene) -> tuple[str, str]:
    first, second = chance.some(NAMES, 2)
    if scene.noun is None:
        given = chance.some(FIRST, 2)
        return f"{given[0]} {first}", f"{given[1]} {second}"
    return f"the {first} {scene.noun}", f"the {second} {scene.noun}"


def _exhibits(chance: Chance, scene: Scene, options: tuple[str, str], exhibits: tuple[Drawn, ...]) -> list[str]:
    """Write the exhibits in order, each notice at a random place after the exhibit that it is about."""
    slots: list[tuple[float, int, Drawn | None]] = []
    for i, drawn in enumerate(exhibits):
        slots.append((i, i, drawn))
        if drawn.fate != "kept":
            slots.append((i + 0.01 + chance.uniform() * (len(exhibits) - i), i, None))
    slots.sort(key=lambda slot: slot[0])
    number: dict[int, int] = {}
    lines = []
    for n, (_, i, own) in enumerate(slots, start=1):
        if own is None:
            notice = claims.retraction if exhibits[i].fate == "withdrawn" else claims.correction
            lines.append(notice(chance, n, number[i]))
        else:
            number[i] = n
            claim = _claim(chance, scene, options, own)
            lines.append(claims.evidence(chance, own.level, scene.devices, scene.papers, claim, n))
    return lines


def _claim(chance: Chance, scene: Scene, options: tuple[str, str], drawn: Drawn) -> str:
    printed = 1 - drawn.points if drawn.fate == "exchanged" else drawn.points
    form, named = (claims.ASSERT, printed) if chance.hit(0.5) else (claims.DENY, 1 - printed)
    return chance.pick(form).format(x=options[named], who=scene.who, did=scene.did, whichever=scene.whichever)


def chatter(chance: Chance, options: tuple[str, str], place: str, length: int) -> list[str]:
    """Sentences that say nothing about the matter, about `length` words of them."""
    said: list[str] = []
    pool: list[str] = []
    left = length
    while left > 0:
        pool = pool or chance.some(CHATTER, len(CHATTER))
        one, other = chance.some(options, 2)
        said.append(pool.pop().format(person=claims.person(chance), place=place, one=one, other=other))
        left -= said[-1].count(" ") + 1
    return said


def spread(chance: Chance, lines: list[str], fill: list[str]) -> list[str]:
    """Put the sentences of `fill` between `lines`, each at a random place."""
    at = sorted(chance.below(len(lines) + 1) for _ in fill)
    out: list[str] = []
    done = 0
    for place, sentence in zip(at, fill, strict=True):
        out += lines[done:place]
        out.append(sentence)
        done = place
    return out + lines[done:]
