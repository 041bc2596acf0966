"""A made-up experiment in the form of Michael et al. 2023: two rooms told in full, two by their outcome only."""

import json

import pytest

STORY = "Ada found the brass key under the stove . `` It was never lost , '' she said .".split()  # noqa: SIM905
NAMES = {"Debater A": "Ann Alias", "Debater B": "Ben Byname", "Judge": "Jo Justice"}


def line(name, *, human=True, debate=True, key=1, final=(0.2, 0.8), turns=1, roles=None, **more):
    judging = {"correctAnswerIndex": key, "numContinues": turns, "finalJudgement": list(final), "judgeReward": 0.0}
    return {
        "setting": {"isHuman": human, "isDebate": debate},
        "name": name,
        "sourceMaterialId": {"QuALITYStory": {"id": "51", "title": "The Key"}},
        "storyTitle": "The Key",
        "question": "Where was the key?",
        "roleAssignments": roles or NAMES,
        "creationTime": 1_679_000_000_000,
        "status": {"Complete": {"result": {"timestamp": 1_679_000_900_000, "judgingInfo": judging}}},
        "includedInPaper": True,
    } | more


def feedback(distribution, text="", t=1_679_000_100_000, *, end=False):
    content = [{"Text": {"text": text}}] if text else []
    return {
        "JudgeFeedback": {
            "distribution": list(distribution),
            "feedback": {"speaker": "Jo Justice", "timestamp": t, "content": content},
            "endDebate": end,
        }
    }


def said(*parts, t=1_679_000_200_000):
    content = [
        {"Quote": {"span": list(part)}} if isinstance(part, tuple) else {"Text": {"text": part}} for part in parts
    ]
    return {"speaker": "somebody", "timestamp": t, "content": content}


def room(*rounds, key=1):
    return {
        "setup": {
            "sourceMaterial": {"QuALITYSourceMaterial": {"articleId": "51", "title": "The Key", "contents": STORY}},
            "question": "Where was the key?",
            "answers": ["In the garden", "Under the stove"],
            "correctAnswerIndex": key,
            "roles": NAMES,
        },
        "rounds": list(rounds),
    }


@pytest.fixture
def published(tmp_path):
    """The folder of the experiment."""
    alone = {"Debater A": "GPT-4", "Judge": "Jo Justice"}
    lines = [
        line("the-key-0"),
        line("the-key-1", human=False, debate=False, roles=alone, final=(0.5, 0.5)),
        line("the-key-2", human=False, roles=NAMES | {"Debater A": "GPT-4", "Debater B": "GPT-4"}, final=(0.7, 0.3)),
        line("the-key-3", final=(0.4, 0.6)),
        line("not-counted", includedInPaper=False),
        line("not-judged", status={"InProgress": {}}),
    ]
    folder = tmp_path / "pub"
    (folder / "debates").mkdir(parents=True)
    (folder / "debates-metadata.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    simultaneous = {"0": said("It was outside: ", (5, 8), "."), "1": said("Read: ", (2, 5), " stood ", (5, 8), "!")}
    debate = room(
        feedback((0.5, 0.5)),
        {"SimultaneousSpeeches": {"speeches": simultaneous}},
        feedback((0.4, 0.6), "And what did she say?"),
        {"SequentialSpeeches": {"speeches": {"0": said("Nothing."), "1": said((9, 19))}}},
        feedback((0.2, 0.8), "Clear.", end=True),
        {"OfflineJudgments": {"judgments": {}}},
    )
    (folder / "debates" / "the-key-0.json").write_text(json.dumps(debate), encoding="utf-8")
    consultancy = room(
        feedback((0.5, 0.5)),
        {"SequentialSpeeches": {"speeches": {"0": said("[red] =1+1 </speech> outside")}}},
        feedback((0.5, 0.5), end=True),
    )
    (folder / "debates" / "the-key-1.json").write_text(json.dumps(consultancy), encoding="utf-8")
    return folder
