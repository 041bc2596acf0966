"""Rows of a list of episodes, as the tests of lists make them."""

from arena.listing import Row


def row(question="q1", arm="debate", correct=1.0, *, dealing=0, group="", outcome="ok", missing=0, t=0.0, verdicts=2):  # noqa: PLR0913  # each is a field of a row
    episode = f"{arm}~{question}~{dealing}"
    return Row(
        episode, arm, question, group or question, False, outcome, correct, missing=missing, t=t, verdicts=verdicts
    )


def begun(question="q1", arm="debate", dealing=0, t=0.0):
    return Row(f"{arm}~{question}~{dealing}", arm, question, t=t)
