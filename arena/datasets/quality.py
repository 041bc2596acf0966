"""QuALITY: hard questions on long stories."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.markup import readable
from arena.datasets.published import Draft, Published, counted, listed, strings
from arena.datasets.readers import alone, mean, tempting, votes
from arena.datasets.rows import Row

UNTIMED = (("answer",), ("eval1_answerability",), ("eval2_context",), ("best_distractor", "eval3_distractor"))
KHAN = "source=Gutenberg,difficult=1,answerability<=1,untimed>=1,speed<=0.5,context>=1.5"


class Quality(Published):
    """QuALITY v1.0.1: four-option questions on stories of some 5,000 words, checked by people.

    Source: github.com/nyu-mll/quality, or lines with one question each, as the hub's tasksource/QuALITY. Licence: CC BY
    4.0; the stories are from Project Gutenberg and others. Cite: Pang et al. 2022, "QuALITY: Question Answering with
    Long Input Texts, Yes!". Passage: the story. Group: the article, which two lines of a file share. Wrong option: the
    one that most untimed readers called the best distractor, of equals the one that more hurried readers took. The key
    is the majority's, not the writer's.

    `subset=hard` keeps what fewer than half of the hurried readers got right; `subset=khan` what Khan et al. 2024
    debated: of these, stories of Project Gutenberg, all untimed readers right, all calling it answerable, and a mean
    of 1.5 or more for how much of the story is needed. These means may be filtered by: `untimed`, `speed` (shares of
    right answers), `answerability`, `context`. `html=true` reads the files with HTML, and takes the text from it.
    """

    name = "quality"
    patterns = ("*{s.text}.{s.split}", "*{s.text}.{s.split}.*", "**/*{s.text}.{s.split}", "**/*{s.text}.{s.split}.*")
    form = "lines"

    split: Literal["train", "dev"] = "dev"
    subset: Literal["all", "hard", "khan"] = "all"
    html: bool = False

    @property
    def text(self) -> str:
        """How the names of the files say what form the stories have."""
        return "[0-9]" if self.html else "htmlstripped"

    def chosen(self) -> str:
        """Give the filter with that of the subset."""
        return ",".join(filter(None, ({"all": "", "hard": "difficult=1", "khan": KHAN}[self.subset], self.filter)))

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the questions of one writer on one article."""
        story = readable(row.text("article"))
        row = alone(row, "question_unique_id", "questions")
        for i in range(len(listed(row, "questions"))):
            at = f"questions.{i}"
            options = [" ".join(option.split()) for option in strings(row, f"{at}.options")]
            if "gold_label" not in row.get(at):
                row.refuse(f"{at} has no gold_label; the authors do not release the answers of the test files")
            key = counted(row, f"{at}.gold_label", len(options), base=1)
            hurried = votes(row, at, "speed_validation", "speed_answer")
            untimed, answerable, context, best = (
                votes(row, at, "validation", *(f"untimed_{name}" for name in names)) for names in UNTIMED
            )
            yield Draft(
                row,
                " ".join(row.text(f"{at}.question").split()),
                options,
                key,
                row.text(f"{at}.question_unique_id"),
                story,
                row.text("article_id"),
                best=tempting(len(options), key, best, hurried),
                tags={
                    "difficult": row.get(at).get("difficult"),
                    "untimed": mean([answer == key + 1 for answer in untimed]),
                    "speed": mean([answer == key + 1 for answer in hurried]),
                    "answerability": mean(answerable),
                    "context": mean(context),
                },
            )
