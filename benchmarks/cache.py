"""How much of what debaters read comes from the vendors' prompt caches, by the bill of the fake provider.

    python -m benchmarks.cache [--passages N] [--questions N] [--concurrency N]

Debates of three rounds on passages of about 6,000 tokens, four questions a passage, all at once: what the debaters'
model was sold, as input and as reads from a cache, under the rules of each vendor. The judge is simulated.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from arena import AnswerKey, Item, Question
from arena.fake import options, server
from arena.plan import Arm, Experiment, Plan, open_model
from arena.prompts import Prompts, find
from arena.runner import play
from protocols.debate import Debate

AIM = 0.85
CHARACTERS = 24_000
MODELS = {"anthropic": "anthropic/fake-claude-sonnet-5@{root}", "openai": "openai/fake-gpt-6-sol@{root}/v1"}
JUDGE = "sim/judge"


def items(passages, questions):
    """Questions about passages of their own, the questions of one passage after each other."""
    chance = random.Random(0)
    for place in range(passages):
        words = " ".join(f"w{chance.randrange(10_000)}" for _ in range(CHARACTERS // 5))
        for number in range(questions):
            name = f"q{place}-{number}"
            text, options = (
                f"What happened on day {number} of year {place}?",
                ("it rained all day", "it snowed all day"),
            )
            question = Question(id=name, text=text, options=options, passage=words, group=f"p{place}")
            yield Item(question, AnswerKey(question=name, option=number % 2))


def plan(debater, passages, questions, concurrency):
    """Debates of three rounds, the debaters' model real, or served as if it were."""
    rules = Debate(rounds=3)
    seats = {seat: JUDGE if role == "judge" else debater for seat, role in rules.seats.items()}
    arm = Arm("debate", "debate", rules, seats, Prompts(find(Debate, "debate"), rules.model_dump(), "debate"))
    models = {spec: open_model(spec) for spec in set(seats.values())}
    experiment = Experiment(limit=passages * questions, concurrency=concurrency)
    return Plan(experiment, (arm,), tuple(items(passages, questions)), (), models)


def sold(vendor, passages, questions, concurrency, latency="0.05"):
    """The bill for all debaters' calls: tokens of input, and of these the reads from a cache."""
    settings = options.Options(latency=options.Latency.parse(latency))
    with server.in_a_thread(settings) as fake, tempfile.TemporaryDirectory() as folder:
        made = plan(MODELS[vendor].format(root=fake.root), passages, questions, concurrency)
        finished = play(made, Path(folder) / "run")
        assert finished.stopped is None, finished.stopped
        assert finished.progress.done == passages * questions
        return fake.desk.bill.told()["sold"]


def main():
    """Print the shares beside the aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=5)
    parser.add_argument("--questions", type=int, default=4)
    parser.add_argument("--concurrency", type=int, default=32)
    asked = parser.parse_args()
    for vendor in MODELS:
        bill = sold(vendor, asked.passages, asked.questions, asked.concurrency)
        share = bill["cache_read"] / bill["input"]
        print(
            f"{vendor}: {bill['replies']} calls, {bill['input']:,} tokens of input, {share:.1%} read from a cache "
            f"(aim {AIM:.0%}), {bill['cache_write']:,} written"
        )


if __name__ == "__main__":
    main()
