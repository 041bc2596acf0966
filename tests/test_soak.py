"""A run at whose provider one call in ten fails, broken off and gone on with: nothing is lost or bought twice.

`python -m benchmarks.soak` does the same with thousands of debates and a real `kill -9`.
"""

import shutil

import pytest

from arena.fake import faults
from arena.fake.limits import Rate
from arena.fake.options import Options
from arena.fake.server import in_a_thread
from arena.plan import Experiment, resolve
from arena.runner import play
from benchmarks.soak import Found, found, wrong

DEBATES = 24
MIXED = Options(faults=faults.parse(["mixed=0.1"]), drip=0.01, requests=Rate(1_000_000))
KEY = "sk-test-4f9d2c7b1e"


@pytest.fixture
def keys(monkeypatch):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, KEY)
    for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def planned(fake):
    debater, judge = f"openai/fake-m@{fake.url}?deadline=0.5", f"anthropic/fake-m@{fake.root}?deadline=0.5"
    return resolve(Experiment(debater=debater, judge=judge, limit=DEBATES, set={"rounds": "1"}, baselines=False))


def test_it_ends_whole_and_buys_nothing_that_its_log_holds(tmp_path, keys):
    run, broken = tmp_path / "run", tmp_path / "broken"

    def told(progress):
        if progress.done >= DEBATES // 2 and not broken.exists():
            shutil.copytree(run, broken)  # what a kill at this moment would have left

    with in_a_thread(MIXED) as fake:
        plan = planned(fake)
        play(plan, run, told)
        before, sold = found(broken), fake.desk.bill.told()["sold"]["replies"]
        finished = play(plan, broken)
        bill = fake.desk.bill.told()

    after = found(broken)
    assert finished.stopped is None
    assert 0 < len(before.scored) < DEBATES
    assert wrong(DEBATES, before, after, bill["sold"]["replies"] - sold) == []
    assert len(bill["faults"]) > 5
    assert after.tries.total() > 5
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes()


WHOLE = Found({"a", "b"}, {}, {}, {}, {})


@pytest.mark.parametrize(
    "after, sold, said",
    [
        ({"scored": {"a"}}, 1, "1 of 2 episodes were scored"),
        ({"reasons": {"a": "error: "}}, 1, "1 episodes failed without a reason"),
        ({"bought": ["old", "old"]}, 1, "stand in the log twice"),
        ({"bought": ["new"]}, 0, "1 replies that were logged before are gone"),
        ({"bought": ["old", "new"]}, 2, "2 replies were sold after the resume, and 1 are new"),
    ],
)
def test_what_is_wrong_is_found(after, sold, said):
    from collections import Counter

    before = WHOLE._replace(bought=Counter(["old"]))
    bought = Counter(after.get("bought", ["old", "new"]))
    complaints = wrong(2, before, WHOLE._replace(**{**after, "bought": bought}), sold)
    assert [said in one for one in complaints] == [True]
