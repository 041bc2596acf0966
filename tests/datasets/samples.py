"""One made-up record of every set, in the form of its authors, and in other published forms of it."""

import json
from typing import Any

Json = dict[str, Any]


def lines(*records: Json) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in records)


def whole(value: object) -> bytes:
    return json.dumps(value, indent=1).encode() + b"\n"


CHOICES = {"text": ["a rose", "the sea", "grass", "snow", "coal"], "label": ["A", "B", "C", "D", "E"]}
ALLEN = [{"text": text, "label": label} for text, label in zip(CHOICES["text"], CHOICES["label"], strict=True)]
READER = {
    "untimed_answer": 1,
    "untimed_eval1_answerability": 1,
    "untimed_eval2_context": 2,
    "untimed_best_distractor": 3,
}
ASKED = {
    "question": "What is red?",
    "question_unique_id": "9_W_1",
    "options": CHOICES["text"][:4],
    "gold_label": 1,
    "validation": [READER],
    "speed_validation": [{"speed_answer": 2}],
    "difficult": 1,
}
QUALITY = {"article_id": "9", "set_unique_id": "9_W", "source": "Gutenberg", "article": "A rose is red."}
RULES = {"question": "Each rose is red. Rex is a rose.", "query": "True or false: Rex is red.", "answer": "True"}
TRUTH = "Type,Category,Question,Best Answer,Best Incorrect Answer,Correct Answers,Incorrect Answers,Source\n"
GPQA = "Record ID,Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3\n"
STRATEGY = {"qid": "s1", "term": "Rose", "question": "Is a rose red?", "answer": True, "facts": ["Roses are red."]}
CSQA = {"id": "c1", "answerKey": "A", "question": {"question_concept": "red", "stem": "What is red?", "choices": ALLEN}}

GOOD: dict[str, tuple[str, bytes]] = {
    "anthropic_evals": (
        "persona.jsonl",
        lines({"question": "Is it red?", "answer_matching_behavior": " Yes", "answer_not_matching_behavior": " No"}),
    ),
    "arc": ("arc.jsonl", lines({"id": "m1", "answerKey": "A", "question": {"stem": "What is red?", "choices": ALLEN}})),
    "bbh": (
        "bbh.json",
        whole({"canary": "x", "examples": [{"input": "Is it red?\nOptions:\n(A) yes\n(B) no", "target": "(A)"}]}),
    ),
    "boolq": ("dev.jsonl", lines({"question": "is it red", "title": "Red", "answer": True, "passage": "It is red."})),
    "commonsenseqa": ("dev.jsonl", lines(CSQA)),
    "folio": ("folio.jsonl", lines({"premises": ["It is red."], "conclusion": "It is red.", "label": "True"})),
    "gpqa": ("gpqa_diamond.csv", (GPQA + "r1,What is red?,a rose,the sea,grass,snow\n").encode()),
    "gsm8k": ("test.jsonl", lines({"question": "How many are red?", "answer": "Nine and nine.\n#### 18"})),
    "mmlu": ("red_test.csv", b"What is red?,a rose,the sea,grass,snow,A\n"),
    "mmlu_redux": (
        "mmlu_red.csv",
        b"question,choices,answer,error_type,correct_answer\nWhat is red?,\"['a rose', 'the sea']\",0,ok,\n",
    ),
    "musr": (
        "red.json",
        whole([{"context": "It was red.", "questions": [{"question": "Who?", "answer": 0, "choices": ["Ann", "Bo"]}]}]),
    ),
    "prontoqa": (
        "dev.json",
        whole(
            [
                {
                    "id": "p1",
                    "context": "Rex is red.",
                    "question": "Is it true?",
                    "options": ["A) True", "B) False"],
                    "answer": "A",
                }
            ]
        ),
    ),
    "quality": ("quality.htmlstripped.dev.jsonl", lines({**QUALITY, "questions": [ASKED]})),
    "strategyqa": ("dev.json", whole([STRATEGY])),
    "truthfulqa": (
        "TruthfulQA.csv",
        (TRUTH + "A,Red,What is red?,a rose,the sea,a rose; blood,the sea; grass,none\n").encode(),
    ),
}
"""A file of each set with one record."""

OTHERS: dict[str, tuple[str, str, bytes]] = {
    "arc, as the hub": (
        "arc",
        "a.jsonl",
        lines({"id": "m1", "question": "What is red?", "choices": CHOICES, "answerKey": "A"}),
    ),
    "arc, with numbers": (
        "arc",
        "a.jsonl",
        lines(
            {
                "id": "m1",
                "question": {"stem": "?", "choices": [{"text": "a rose", "label": "1"}, {"text": "b", "label": "2"}]},
                "answerKey": "1",
            }
        ),
    ),
    "bbh, as the hub": ("bbh", "b.jsonl", lines({"input": "Is it red?\nOptions:\n- a rose\n- no", "target": "a rose"})),
    "bbh, with a target by its words": (
        "bbh",
        "b.jsonl",
        lines({"input": "What?\nOptions:\n(A) a rose\n(B) no", "target": "A rose."}),
    ),
    "boolq, in ERASER's layout": (
        "boolq",
        "val.jsonl",
        lines(
            {
                "annotation_id": "7",
                "query": "is it red",
                "classification": "True",
                "evidences": [[{"docid": "Red", "text": "It is."}]],
                "docids": None,
            }
        ),
    ),
    "commonsenseqa, as the hub": (
        "commonsenseqa",
        "c.jsonl",
        lines({"id": "c1", "question": "?", "question_concept": "red", "choices": CHOICES, "answerKey": "A"}),
    ),
    "folio, the training file": (
        "folio",
        "f.jsonl",
        lines(
            {
                "story_id": 1,
                "example_id": 2,
                "premises": "It is red.\nIt is here.",
                "conclusion": "It is blue.",
                "label": "Unknown",
            }
        ),
    ),
    "mmlu, as the hub": (
        "mmlu",
        "m.jsonl",
        lines({"question": "?", "subject": "red", "choices": CHOICES["text"][:4], "answer": 0}),
    ),
    "mmlu, with names and numbers": (
        "mmlu",
        "m_test.csv",
        b"question,choice0,choice1,choice2,choice3,answer\n?,a rose,b,c,d,0\n",
    ),
    "mmlu_redux, as the hub": (
        "mmlu_redux",
        "m.jsonl",
        lines(
            {"question": "?", "choices": CHOICES["text"][:4], "answer": 0, "error_type": "ok", "correct_answer": None}
        ),
    ),
    "musr, as the hub": (
        "musr",
        "murder_mysteries.csv",
        b"narrative,question,choices,answer_index,answer_choice\nIt was red.,Who?,\"['a rose', 'Bo']\",0,a rose\n",
    ),
    "prontoqa, as generated": (
        "prontoqa",
        "1hop.json",
        whole({"example1": {"in_context_example0": RULES, "test_example": RULES}}),
    ),
    "quality, a question a line": ("quality", "q.jsonl", lines({**QUALITY, **ASKED})),
    "strategyqa, as the hub": ("strategyqa", "s.jsonl", lines({**STRATEGY, "facts": "Roses are red."})),
    "truthfulqa, the first version": (
        "truthfulqa",
        "v1.csv",
        b"\xef\xbb\xbf" + TRUTH.replace("Best Incorrect Answer,", "").encode() + b"A,Red,?,a rose,a rose;,the sea;,x\n",
    ),
    "truthfulqa, as the hub's generation": (
        "truthfulqa",
        "t.jsonl",
        lines(
            {
                "question": "?",
                "best_answer": "a rose",
                "correct_answers": ["a rose"],
                "incorrect_answers": ["the sea"],
                "category": "Red",
            }
        ),
    ),
    "truthfulqa, as the hub's choices": (
        "truthfulqa",
        "t.jsonl",
        lines(
            {
                "question": "?",
                "mc1_targets": {"choices": ["a rose", "the sea"], "labels": [1, 0]},
                "mc2_targets": {"choices": [], "labels": []},
            }
        ),
    ),
}
"""A set, a name of a file, and one record in another form in which the set is published."""
