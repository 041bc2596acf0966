"""In which form a verdict is asked for, by what the model can do.

    tagged   a text that ends with belief and choice in tags: any model can
    schema   a JSON object, where replies can be made to keep to a schema
    letter   one letter; its token probabilities are the belief

Tagged and schema are two ways to state a belief in words. Token probabilities are another forecast, and are asked for
where the run wants them and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from arena import letters, structured
from arena.errors import Stopped
from arena.events import How, Stated
from arena.letters import Weighed
from arena.models.base import Named, Reply, supports
from arena.models.unable import IGNORED
from arena.readers import belief, verdict_form

INSTEAD = "Run with --belief verbalised instead, or seat a model that gives them (docs/models.md says which)."

WORDS: Mapping[How, Callable[[int], str]] = {
    "tagged": verdict_form,
    "schema": structured.words,
    "letter": letters.words,
}
"""What a judge of so many options is told about each form."""


SHADOW = "~shadow"
"""The cue of a shadow judge. Its words are here and not beside a protocol: nothing of it is the protocol's business."""

SHADOWED = "More may follow. Which answer is right, as far as you can tell from what you know by now?\n\n$verdict"


class Form(NamedTuple):
    """Stands for the words that tell a judge of `options` options in what form to answer."""

    options: int
    how: How = "tagged"


class Forms:
    """The forms that the models of a run are asked in. Shared by its episodes, since it learns from what is refused.

    `refusing` are the specs of models whose servers refused or ignored a schema. `notices` says so in words, by spec.
    """

    def __init__(self, stated: Stated = "verbalised", refusing: Iterable[str] = ()) -> None:
        self.stated = stated
        self._refusing = set(refusing)
        self.notices: dict[str, str] = {}

    def of(self, model: Named) -> How:
        """The form to ask a model in; raises `Stopped` where it is known to give no token probabilities."""
        if self.stated == "tokens":
            if supports(model, "logprobs") is False:
                raise Stopped(no_tokens(model.spec))
            return "letter"
        able = model.spec not in self._refusing and supports(model, "schema") is not False
        return "schema" if able else "tagged"

    def refused(self, model: Named, how: How, why: str) -> None:
        """Learn that a model cannot answer in a form; raises `Stopped` where there is no other."""
        if how == "letter":
            raise Stopped(f"{model.spec} gives no token probabilities, which --belief tokens needs: {why}. {INSTEAD}")
        if how == "tagged":
            raise Stopped(f"{model.spec} refused the form of a request: {why}")
        self._refusing.add(model.spec)
        does = "keeps to" if IGNORED in why else "takes"
        self.notices[model.spec] = f"{model.spec} {does} no schema: its verdicts are asked for as tagged text"


def no_tokens(spec: str) -> str:
    """The message for a model that is known to give no token probabilities."""
    return f"{spec} gives no token probabilities, which --belief tokens needs. {INSTEAD}"


def sampling(how: How, count: int) -> dict[str, Any]:
    """What the request of a verdict over `count` options asks for beside its words."""
    if how == "schema":
        return {"schema": structured.schema(count)}
    return {"logprobs": letters.TOP} if how == "letter" else {}


def reader(how: How, order: Sequence[int]) -> Callable[[Reply], Weighed]:
    """The reader of a form, for options shown in this order."""
    if how == "letter":
        return letters.read(order)
    read = structured.read(order) if how == "schema" else belief(order)
    return lambda reply: Weighed(read(reply))


def stated(how: How) -> Stated:
    """Whether a belief in this form was put in words."""
    return "tokens" if how == "letter" else "verbalised"
