"""Arguments that people wrote down, spoken by a model that has nothing else to say.

`recorded/human` is a debater or a consultant for the questions of `quality_debates` (Parrish et al. 2022). It finds the
question and the side that it is to argue for in the messages of its request, as any model does, and answers with what
a person wrote for that side, word for word, and the places in the story that the person picked, as quotes. It never
learns which side is right, and both sides come in one form. What it says is neither generated nor simulated.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from arena.datasets.arguments import Argument, arguments
from arena.datasets.quality_debates import find, one_line
from arena.errors import ModelFailed, UsageError, unknown
from arena.models.base import Reply, Request

NOTHING_MORE = "I have nothing to add to what I have said."
"""What is said in every turn after the first: the people who wrote the arguments had one turn each."""

NOTHING_ADDED = f"<argument>\n{NOTHING_MORE}\n</argument>"

CUE = "that the answer is:"
"""What stands before the side in the cues of debate and consultancy ("Argue that the answer is: …")."""


class RecordedHuman:
    """Speaks the argument that a person wrote for the side it is given; a `Model`. `recorded`: it answers at once.

    Raises `ModelFailed` where it is asked for anything but an argument, or for one that nobody wrote.
    """

    spec = "recorded/human"
    simulated = False
    recorded = True

    def __init__(self, written: Iterable[Argument]) -> None:
        self._by_answer: dict[str, list[Argument]] = {}
        for one in written:
            self._by_answer.setdefault(one.answer, []).append(one)

    async def __call__(self, request: Request) -> Reply:
        """Find the argument that the last message asks for, and speak it; later in an episode, say so much."""
        written = self._find(request)
        spoken_before = any(role == "assistant" for role, _ in request.messages)
        return Reply(text=NOTHING_ADDED if spoken_before else speech(written), model=self.spec, cost=0.0)

    def _find(self, request: Request) -> Argument:
        _, cue, asked = request.messages[-1].text.rpartition(CUE)
        if not cue:
            raise ModelFailed(
                f"{self.spec} speaks written arguments and was asked for something else: its cue says nowhere "
                f"'argue {CUE} …'. Seat another model there, or use prompts that say so"
            )
        side = one_line(asked)
        near = [one for answer, some in self._by_answer.items() if side.startswith(answer) for one in some]
        told = "\n".join(text for role, text in request.messages if role == "user")
        fitting = [one for one in near if one.question in told]
        if not fitting:
            told = one_line(told)
            fitting = [one for one in near if one.question in told]
        if not fitting:
            raise ModelFailed(
                f"{self.spec}: nobody wrote an argument for {side[:60]!r} to this question. "
                "Play it on quality_debates, with the same data for the questions and for this model"
            )
        return max(fitting, key=lambda one: (len(one.answer), len(one.question)))


def speech(written: Argument) -> str:
    """Lay out what a person wrote: the text, then each snippet under the number by which the text cites it."""
    quotes = [f"#{slot}: <quote>{words}</quote>" for slot, words in sorted(written.snippets.items())]
    return "\n".join(["<argument>", written.text, *quotes, "</argument>"])


def open_model(name: str, params: Mapping[str, str]) -> RecordedHuman:
    """Open `recorded/human`, with `path` for the folder of the data if it is not where `find` looks.

    Raises `UsageError` where the name or a setting is unknown or the data is not found, `DataError` where it is
    broken; all of the arguments are read here.
    """
    if name != "human":
        raise unknown("recorded model", name, ["human"])
    for param in params:
        if param != "path":
            raise unknown("setting of recorded/human", param, ["path"])
    if params.get("path") == "":
        raise UsageError("recorded/human?path= names no folder; give one, or leave path out")
    folder = find(Path(params["path"]) if "path" in params else None)
    return RecordedHuman(arguments(folder))
