"""The page of a report: what it holds, and what it never does with what somebody wrote."""

import base64
import hashlib
import html
import io
import json
import re
from pathlib import Path

from arena import log
from arena.events import Ended, Opened, Quote, Said, Score, Scored, Shown, Verdict
from arena.folder import create
from arena.report import build, build_joined
from arena.report.figures import Picture
from arena.report.page import write_page

HOSTILE = "</script><script>document.title='owned'</script><img src=x onerror=alert(1)> &amp; \u202e\x1b[31m"


def header(arm):
    seats = {"alice": {"role": "debater", "model": "sim/advocate"}, "judge": {"role": "judge", "model": "sim/judge"}}
    return {"schema": 1, "run": "a-run", "seed": 0, "simulated": True, "arms": [{"name": arm, "seats": seats}]}


def episode(arm, n, speech, *, right=True):
    name = f"{arm}~q{n}~0"
    asked = {"question": f"Which one, {n}?", "options": {"$options": ["the stove", "the garden"]}}
    belief, choice = ((0.9, 0.1), 0) if right else ((0.2, 0.8), 1)
    quote = Quote(text="under the stove", status="exact", source="passage", span=(0, 15))
    yield Opened(episode=name, arm=arm, question=f"q{n}")
    yield Shown(episode=name, at="1", cue="question", fields=asked, to=("alice", "judge"))
    yield Shown(episode=name, at="2", cue="passage", fields={"passage": "under the stove"}, to=("alice",), handed=True)
    yield Said(episode=name, at="3", seat="alice", cue="argue", text=speech, to=("judge",), quotes=(quote,))
    yield Said(episode=name, at="4:0", seat="judge", cue="decide", text="I say A.", order=(0, 1))
    verdict = Verdict(order=(0, 1), belief=belief, choice=choice)
    yield Ended(episode=name, belief=belief, choice=choice, verdicts=(verdict,))
    score = Score(slot=0, correct=float(right), p_correct=belief[0])
    yield Scored(episode=name, arm=arm, question=f"q{n}", group=f"g{n}", dataset="d", key=0, scores=(score,))


def written(folder, *, arm="debate", speech="See <quote>under the stove</quote>.", n=6, **options):
    create(folder, header(arm))
    with log.Writer(folder) as writer:
        for number in range(n):
            for event in episode(arm, number, speech, right=number % 2 == 0):
                writer.append(event)
    out = io.StringIO()
    write_page(build(folder, full=True), out, **options)
    return out.getvalue()


def data(page, name):
    return json.loads(re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)[1])


def test_every_episode_is_in_the_page(tmp_path):
    page = written(tmp_path / "run")
    assert [one["id"] for one in data(page, "index")["episodes"]] == [f"debate~q{n}~0" for n in range(6)]
    assert data(page, "e3")["options"] == ["the stove", "the garden"]


def test_a_quote_carries_what_the_verifier_found(tmp_path):
    [argued, *_] = data(written(tmp_path / "run"), "e0")["acts"]
    assert [(part["text"], part.get("status")) for part in argued[0]["parts"]] == [
        ("See ", None),
        ("under the stove", "exact"),
        (".", None),
    ]


def test_a_passage_that_many_episodes_share_is_held_once(tmp_path):
    page = written(tmp_path / "run")
    assert page.count('"under the stove"</script>') == 1


def test_every_number_of_an_arm_opens_its_episodes(tmp_path):
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", written(tmp_path / "run"))
    behind = [json.loads(html.unescape(found)) for row in rows for found in re.findall('data-behind="(.*?)"', row)]
    assert {(*each["arms"], each["dataset"]) for each in behind} == {("debate", "d")}
    assert all("data-behind" in row for row in rows)


def test_it_asks_nothing_of_the_network(tmp_path):
    page = written(tmp_path / "run")
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)
    assert "default-src 'none'" in page


def test_the_policy_permits_the_pages_own_script_and_style_and_no_other(tmp_path):
    page = written(tmp_path / "run", speech=HOSTILE)
    [script] = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    [style] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    policy = html.unescape(re.search('Content-Security-Policy" content="(.*?)"', page)[1])
    for text in (script, style):
        assert f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}" in policy
    assert "unsafe" not in policy


def test_no_text_of_anybody_can_leave_the_data_it_stands_in(tmp_path):
    page = written(tmp_path / "run", arm="a<b>&\"'", speech=HOSTILE)
    assert "<script>document" not in page
    assert "<img" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_it_says_how_many_episodes_it_leaves_out(tmp_path):
    found = data(written(tmp_path / "run", n=5, most=2), "index")
    assert (len(found["episodes"]), found["all"]) == (2, 5)


def test_a_damaged_episode_is_not_counted_among_those_that_it_leaves_out(tmp_path):
    written(tmp_path / "run", n=2)
    with (tmp_path / "run" / "events-0001.jsonl").open("a") as events:
        events.write('{"type":"Scored","episode":"debate~q2~0","arm":\n')
    out = io.StringIO()
    write_page(build(tmp_path / "run", full=True), out)
    found = data(out.getvalue(), "index")
    assert (len(found["episodes"]), found["all"]) == (2, 2)


def test_a_figure_is_part_of_the_page(tmp_path):
    page = written(tmp_path / "run", figures=[Picture("Accuracy by arm", "n = 6 <questions>", b"<svg/>")])
    assert f'src="data:image/svg+xml;base64,{base64.b64encode(b"<svg/>").decode()}"' in page
    assert 'alt="Accuracy by arm: a chart' in page
    assert "<figcaption><strong>Accuracy by arm.</strong> n = 6 &lt;questions&gt;</figcaption>" in page
    assert '<a href="#figures">' in page


def test_tables_have_captions_and_scopes_and_fields_have_labels(tmp_path):
    page = written(tmp_path / "run")
    assert page.count("<table>") == page.count("<caption>") > 0
    fields = re.findall(r"<label>.*?</label>", page, re.DOTALL)
    assert sum(len(re.findall("<(?:select|input)", field)) for field in fields) == len(
        re.findall("<(?:select|input) ", page)
    )
    assert '<html lang="en">' in page
    assert "<th>" not in page


def test_it_holds_the_episodes_of_every_run_that_is_joined(tmp_path):
    for name, model in (("one", "sim/judge"), ("two", "sim/judge?skill=0.9")):
        seats = {"judge": {"role": "judge", "model": model}}
        arms = [{"name": "debate", "seats": seats}]
        about = {"schema": 1, "run": name, "seed": 0, "arms": arms, "planned": {"debate": 3}, "dataset": {"hash": "h"}}
        create(tmp_path / name, about)
        with log.Writer(tmp_path / name) as writer:
            for event in (event for n in range(3) for event in episode("debate", n, "Yes.")):
                writer.append(event)
    out = io.StringIO()
    write_page(build_joined([tmp_path / "one", tmp_path / "two"], full=True), out, most=5)
    found = data(out.getvalue(), "index")
    assert [one["id"] for one in found["episodes"]] == [
        *(f"one:debate~q{n}~0" for n in range(3)),
        *(f"two:debate~q{n}~0" for n in range(2)),
    ]
    assert found["arms"] == ["debate · one", "debate · two"]
    assert {one["arm"] for one in found["episodes"]} == {*found["arms"]}
    assert found["all"] == 6


def test_the_assets_are_shipped_with_the_package():
    folder = Path(write_page.__code__.co_filename).parent
    assert {"page.html", "browse.html", "page.css", "page.js"} <= {path.name for path in folder.iterdir()}
