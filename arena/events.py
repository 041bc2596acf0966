"""All that can happen in an episode: ten frozen events, each one line of the log.

    Opened   an episode begins: what is played, on which question, by which models
    Dealt    chance ordered some items
    Shown    the table told some seats something
    Called   a model call came back and was paid for
    Lost     a model call came to nothing
    Said     a speech was heard by its audience
    Shadowed a judge said what it believed so far, unheard by anybody
    Ended    the protocol returned a belief
    Failed   the episode ended without one
    Scored   the key was joined

`Called` and `Said` are apart on purpose: a call is paid for when it returns, a speech is heard when its moment has
come, and private thinking is called but never said. No view of a seat reads `Called`.

An event's `at` is its structural place in the episode, not a time. The acts of a table are numbered; `3:1` is the
second of several turns taken together as act 3, `3.1/` leads to the blank table of the second item of act 3, and
`3+1/` to one that inherits what its parent knew before act 3. `3~0` is what a shadow judge
was asked between act 3 and act 4: it stands aside, so that all other places are the same with it and without.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from arena.errors import Outcome

SCHEMA = 1
"""The version of the log's form. A reader refuses a newer one."""

Fields = dict[str, Any]

Stated = Literal["verbalised", "tokens"]
"""How a belief was stated: put in words, or read off the token probabilities of the options' letters."""

How = Literal["tagged", "schema", "letter"]
"""The form in which a verdict was asked for; see `forms`."""


def aside(at: str) -> bool:
    """Whether a place is that of a shadow judge, beside the record."""
    return "~" in at


class Record(BaseModel):
    """A frozen value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Usage(Record):
    """Tokens of one call, as the provider counted them. `input` includes what was read from or written to a cache."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0


class Attempt(Record):
    """An attempt at a call that failed: how, after how many seconds, and what it took all the same.

    `cost` is in US dollars, `None` where nobody said what it cost.
    """

    kind: str
    seconds: float = 0.0
    usage: Usage = Usage()
    cost: float | None = None


BLIND = frozenset({"timeout", "cut", "malformed"})
"""Failures of attempts after which the server may have counted, and billed, a whole reply all the same."""


class Spend(Record):
    """What the calls of one seat took that were bought, failed attempts included; `reused` replies were not bought.

    `calls` counts the replies. `cost` is in US dollars, `None` as soon as the price of one reply is unknown; of `blind`
    failed attempts nobody said what they cost, though the server may have counted them. `models`
    has the names under which the provider answered, which may be more exact than what was asked for, or not be it.
    """

    calls: int = 0
    reused: int = 0
    usage: Usage = Usage()
    cost: float | None = 0.0
    blind: int = 0
    models: tuple[str, ...] = ()


class Quote(Record):
    """What the verifier found for one `<quote>` of a speech.

    `span` is the place in the source (`source` names it) of the quoted or nearest words, as character offsets;
    `near` is the source's own wording where the status is `near`.
    """

    text: str
    status: Literal["exact", "normalised", "near", "absent"]
    source: str | None = None
    span: tuple[int, int] | None = None
    near: str | None = None


class Verdict(Record):
    """A judge's decision on one presentation of a finished transcript.

    `order` lists the options as this presentation showed them; `belief` and `choice` are given in the question's own
    order whatever the presentation was. `None` where the outcome is not `ok`. `form` is how it was asked for.

    A belief that was `stated` as `tokens` is scaled to one; `outside` is the probability mass that fell on no option.
    `round` is how many rounds the judge had heard, where a shadow judge was asked too.
    """

    order: tuple[int, ...]
    outcome: Outcome = "ok"
    belief: tuple[float, ...] | None = None
    choice: int | None = None
    stated: Stated = "verbalised"
    outside: float | None = None
    form: How = "tagged"
    round: int | None = None


class Score(Record):
    """A verdict held against the key.

    `slot` is the place at which this presentation showed the right option (0 = first). `correct` is 1, 0, or one half
    for a declared tie; `p_correct` is the probability given to the right option; `chosen` is the place of the option
    that was chosen. All are `None` unless `ok`, and `chosen` is so at a tie and in older logs. `stated` and `outside`
    are those of the verdict: beliefs that were stated differently are different forecasts.
    """

    slot: int
    outcome: Outcome = "ok"
    correct: float | None = None
    p_correct: float | None = None
    chosen: int | None = None
    stated: Stated = "verbalised"
    outside: float | None = None


class Event(Record):
    """What every event has: the episode, the structural place, and the wall clock in seconds since 1970."""

    episode: str
    at: str = Field("", pattern=r"^(\d{1,9}[.+]\d{1,9}/)*(\d{1,9}([:~]\d{1,9})?)?$")
    t: float = 0.0


class Opened(Event):
    """An episode begins."""

    type: Literal["Opened"] = "Opened"
    arm: str
    question: str
    dealing: int = 0
    repeat: int = 0
    split: Literal["test", "train"] = "test"


class Dealt(Event):
    """Chance ordered some items: `order[i]` is the index of the item that was dealt to place i."""

    type: Literal["Dealt"] = "Dealt"
    order: tuple[int, ...]


class Shown(Event):
    """The table told `to` something: the template `cue`, filled with `fields`. `handed` marks private sources."""

    type: Literal["Shown"] = "Shown"
    cue: str
    fields: Fields = {}
    to: tuple[str, ...]
    handed: bool = False


class Called(Event):
    """A model call that returned. `cost` is in US dollars, `None` where the price is unknown; `seconds` is latency.

    `key` is the hash of everything that determined the reply: the rendered request, the model, the sampling and the
    sample index. `reused` marks a reply that was looked up in the log instead of bought. `failed` has the attempts
    before the one that succeeded; `usage` and `cost` leave them out.
    """

    type: Literal["Called"] = "Called"
    seat: str
    attempt: int = 0
    model: str
    key: str
    text: str
    thinking: str | None = None
    finish: str = "stop"
    usage: Usage = Usage()
    cost: float | None = None
    seconds: float = 0.0
    tries: int = 1
    logprobs: Any = None
    reused: bool = False
    failed: tuple[Attempt, ...] = ()


class Lost(Event):
    """A model call that came to nothing: every attempt at it failed, and the last one ended the turn or the run."""

    type: Literal["Lost"] = "Lost"
    seat: str
    attempt: int = 0
    model: str
    failed: tuple[Attempt, ...]


class Said(Event):
    """A speech, as its audience hears it: thinking removed, cut to its limit, quotes checked.

    `cue` and `fields` are what the seat was asked. `to` names the other seats that hear it; the speaker knows its own
    words without being named. `cut` is the number of words that the limit removed. `order` is set on verdicts only, and
    a verdict is part of nobody's conversation. `span` is the place of the text in the reply of the call at the same
    `at`: the log then leaves the text out.
    """

    type: Literal["Said"] = "Said"
    seat: str
    cue: str
    fields: Fields = {}
    text: str = ""
    to: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    cut: int = 0
    order: tuple[int, ...] | None = None
    span: tuple[int, int] | None = None


class Shadowed(Event):
    """What a judge believed so far, asked of it after a round and before the first one, without anybody's knowing.

    It is part of no record, no view of a seat and no score.
    """

    type: Literal["Shadowed"] = "Shadowed"
    seat: str
    verdict: Verdict


class Ended(Event):
    """The protocol returned. `belief` is its final one; `lesson` is what it would teach a later iteration."""

    type: Literal["Ended"] = "Ended"
    belief: tuple[float, ...] | None
    choice: int | None
    verdicts: tuple[Verdict, ...]
    lesson: str | None = None


class Failed(Event):
    """The episode ended without a belief, at the turn `at` of `seat` where one is to blame."""

    type: Literal["Failed"] = "Failed"
    outcome: Outcome
    reason: str
    seat: str | None = None


class Scored(Event):
    """One episode with its key joined: everything that a report needs, on one line.

    What the seat that decided had heard: `argued` maps each seat to the index of the option that it argued for, `words`
    has the words heard for each option, `last` is the option that had the last word (`None` where nobody had it alone),
    `rounds` the speeches of the seat that spoke most often, `transcript` the hash of all of it. Older logs lack them.

    `calls`, `usage` and `cost` are what the episode takes to play, whoever bought its replies; `spend` is what was
    bought for it, by seat, and empty where the log does not tell.
    """

    type: Literal["Scored"] = "Scored"
    arm: str
    question: str
    group: str
    dataset: str
    dealing: int = 0
    repeat: int = 0
    split: Literal["test", "train"] = "test"
    outcome: Outcome = "ok"
    key: int
    side: Literal["honest", "dishonest"] | None = None
    scores: tuple[Score, ...]
    posterior: tuple[float, ...] | None = None
    calls: int = 0
    usage: Usage = Usage()
    cost: float | None = None
    spend: dict[str, Spend] = Field(default_factory=dict)
    quotes: dict[str, int] = Field(default_factory=dict)
    argued: dict[str, int] = Field(default_factory=dict)
    words: tuple[int, ...] = ()
    last: int | None = None
    rounds: int = 0
    transcript: str = ""


AnyEvent = Annotated[
    Opened | Dealt | Shown | Called | Lost | Said | Shadowed | Ended | Failed | Scored,
    Field(discriminator="type"),
]

_ADAPTER: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


def parse(line: str | bytes) -> AnyEvent:
    """Read one line of a log; raises `ValueError` where it is not an event of this schema."""
    return _ADAPTER.validate_json(line)


def dump(event: AnyEvent) -> str:
    """Write an event as one line, its type and episode first, fields at their defaults left out."""
    drop = _HEAD_AND_TEXT if isinstance(event, Said) and event.span else _HEAD
    body = event.model_dump_json(exclude_defaults=True, exclude=drop)
    head = f'{{"type":"{event.type}","episode":{text_json(event.episode).decode()}'
    return f"{head}}}" if body == "{}" else f"{head},{body[1:]}"


_HEAD = {"type", "episode"}
_HEAD_AND_TEXT = {"type", "episode", "text"}
_TEXT = TypeAdapter(str)


def text_json(text: str) -> bytes:
    """A text as it stands in a line of the log."""
    return _TEXT.dump_json(text)
