"""A helper answers what it was asked, or nothing; it never outlives who asked."""

from __future__ import annotations

import json
import sys

import pytest

from arena.analysis.collector import Collector
from arena.analysis.helper import Helper, __file__, task_of

NOTHING = {"share": [], "rename": {}, "mark": ""}


def test_it_answers():
    with Helper(NOTHING) as helper:
        collector, notices = helper.result()
    assert isinstance(collector, Collector)
    assert notices == []


@pytest.mark.parametrize("python", ["/bin/false", "/no/such/interpreter", "", "no\0name"])
def test_without_an_interpreter_it_does_not_answer(python):
    with Helper(NOTHING, python) as helper:
        assert helper.result() is None


@pytest.mark.parametrize(
    "task", [{}, NOTHING | {"share": [["/no/such/file", 0, None]]}, NOTHING | {"code": "another/copy.py"}]
)
def test_it_does_not_answer_what_it_cannot_do(task):
    with Helper(task) as helper:
        assert helper.result() is None


@pytest.mark.parametrize("said", [b"", b"no pickle", b"\x80\x05K"])
def test_an_answer_that_was_cut_off_is_none(tmp_path, said):
    script = tmp_path / "python"
    (tmp_path / "said").write_bytes(said)
    script.write_text(f"#!/bin/sh\ncat {tmp_path}/said\n")
    script.chmod(0o755)
    with Helper(NOTHING, str(script)) as helper:
        assert helper.result() is None


def test_it_is_ended_where_its_answer_is_not_waited_for(tmp_path):
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'input()' <&1\n")
    script.chmod(0o755)
    with Helper(NOTHING, str(script)) as helper:
        pass
    assert helper._process is not None
    assert helper._process.poll() is not None


def test_a_task_of_the_same_code_is_taken():
    assert task_of(json.dumps({"code": __file__, **NOTHING}))["share"] == []


def test_a_task_of_another_copy_of_the_code_is_refused():
    with pytest.raises(SystemExit):
        task_of(json.dumps({"code": "elsewhere/helper.py", **NOTHING}))
