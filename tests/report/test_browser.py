"""The page of a report in a browser, where there is one: it is read, searched, and runs nothing but itself."""

import io
import os
from pathlib import Path

import pytest

from arena import log
from arena.folder import create
from arena.report import build
from arena.report.figures import figures
from arena.report.page import write_page
from tests.browser import CHROMIUM, Browser
from tests.report.test_page import HOSTILE, episode, header, written

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

AXE = os.environ.get("ARENA_TEST_AXE")
"""Where the script of the accessibility checker axe-core lies (`axe.min.js` of its npm package)."""

VIEWS = [(width, scheme) for width in (1200, 390) for scheme in ("light", "dark")]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A page of six debates and four consultancies; something hostile is said in each."""
    folder = tmp_path_factory.mktemp("page")
    about = header("debate")
    about["arms"].append({**about["arms"][0], "name": "a<b>"})
    create(folder / "run", about)
    with log.Writer(folder / "run") as writer:
        for arm, n in (("debate", 6), ("a<b>", 4)):
            for number in range(n):
                for event in episode(arm, number, f"Speech {number}: {HOSTILE}", right=number % 2 == 0):
                    writer.append(event)
    report, out = build(folder / "run", full=True), io.StringIO()
    write_page(report, out, figures(report))
    page = folder / "page.html"
    page.write_text(out.getvalue(), encoding="utf-8")
    return page.as_uri()


@pytest.fixture
def page(browser, address):
    """The page, opened anew in a wide and light window."""
    browser.media()
    browser.size(1200)
    browser.open("about:blank")
    browser.open(address)
    return browser


def listed(page):
    return page.evaluate("[...document.querySelectorAll('#list li')].map(row => row.innerText)")


def count(page):
    return page.evaluate("document.getElementById('count').textContent")


def choose(page, field, value):
    at = f"document.getElementById('{field}')"
    page.evaluate(f"{at}.value = {value!r}; {at}.dispatchEvent(new Event('change')); 1")


def search(page, words):
    page.evaluate("document.getElementById('query').focus()")
    page.type(words)


def focused(page):
    return page.evaluate("document.activeElement.innerText || document.activeElement.id")


def test_it_lists_every_episode(page):
    assert count(page) == "10 of 10 episodes."
    assert len(listed(page)) == 10


def test_it_asks_the_network_for_nothing_and_breaks_no_policy(page):
    asked = [told["request"]["url"] for told in page.told("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert page.told("Log.entryAdded") == []


def test_every_link_leads_to_a_place_on_the_page(page):
    lost = "[...document.querySelectorAll('a')].filter(a => !document.getElementById(a.hash.slice(1))).length"
    assert page.evaluate(lost) == 0
    assert page.evaluate("document.querySelectorAll('nav.contents a').length") > 3


def test_every_number_opens_the_episodes_behind_it(page):
    opened = page.evaluate("""[...document.querySelectorAll('a[data-behind]')].map(link => {
        link.click();
        const wanted = JSON.parse(link.dataset.behind).arms;
        const rows = [...document.querySelectorAll('#list .meta')].map(one => one.textContent.split(' · ')[0]);
        return rows.length > 0 && rows.every(arm => wanted.includes(arm));
    })""")
    assert len(opened) > 20
    assert all(opened)
    assert (
        page.evaluate("[...document.querySelectorAll('tbody td')].filter(cell => !cell.querySelector('a')).length") == 0
    )


@pytest.mark.parametrize(
    "field, value, n",
    [
        ("arm", "debate", 6),
        ("arm", "a<b>", 4),
        ("outcome", "wrong", 5),
        ("outcome", "right", 5),
        ("outcome", "failed", 0),
    ],
)
def test_a_filter_leaves_what_it_names(page, field, value, n):
    choose(page, field, value)
    assert len(listed(page)) == n
    assert count(page).startswith(f"{n} of 10 episodes")


def test_it_sorts_by_belief(page):
    choose(page, "sort", "p")
    beliefs = [float(row.rpartition("·")[2].strip(" %")) for row in listed(page)]
    assert beliefs == sorted(beliefs)
    assert beliefs[0] < beliefs[-1]


def test_it_finds_words_that_were_said(page):
    search(page, "speech 4:")
    assert [row.split("\n")[-1].split(" · ")[0] for row in listed(page)] == ["debate"]
    page.evaluate("document.getElementById('clear').click()")
    assert count(page) == "10 of 10 episodes."


def test_what_looks_like_code_is_found_as_text(page):
    search(page, '<img src=x onerror="')
    assert len(listed(page)) == 0
    page.evaluate("document.getElementById('query').select()")
    page.type("<img src=x onerror=alert(1)>")
    assert len(listed(page)) == 10


def test_an_episode_opens_with_its_transcript_and_its_quotes_marked(page):
    page.evaluate("document.querySelectorAll('#list button')[2].click()")
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate("document.getElementById('reader-head').textContent") == "Which one, 2?"
    assert page.evaluate("document.getElementById('episodes').hidden")
    assert "Speech 2" in page.evaluate("document.getElementById('transcript').textContent")
    assert page.evaluate("document.querySelector('#transcript li.right').textContent").endswith("(the right answer)")


def test_a_quote_says_what_the_verifier_found_to_the_eye_and_to_the_ear(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(written(tmp_path / "run"), encoding="utf-8")
    browser.open(f"{page.as_uri()}#debate~q0~0")
    assert browser.evaluate("document.querySelector('#transcript q.exact').textContent") == "under the stove"
    mark = "document.querySelector('#transcript .mark')"
    assert browser.evaluate(f"{mark}.textContent") == "✓"
    assert browser.evaluate(f"{mark}.getAttribute('aria-label')") == "(stands in the passage)"


def test_a_script_in_a_speech_is_shown_and_not_run(page):
    page.evaluate("document.querySelector('#list button').click()")
    page.evaluate("new Promise(requestAnimationFrame)")
    assert "onerror=alert(1)" in page.evaluate("document.getElementById('transcript').innerText")
    assert page.evaluate("document.querySelectorAll('#transcript img, #transcript script').length") == 0
    assert page.evaluate("document.title").startswith("Run a-run")


def test_an_address_opens_its_episode_and_going_back_leads_to_the_list(browser, address):
    browser.open("about:blank")
    browser.open(f"{address}#debate~q3~0")
    assert browser.evaluate("document.getElementById('reader-head').textContent") == "Which one, 3?"
    browser.evaluate("document.getElementById('back').click()")
    assert browser.evaluate("document.getElementById('reader').hidden")


def test_an_address_that_is_damaged_opens_the_page(browser, address):
    browser.open("about:blank")
    browser.open(f"{address}#%E0%A4%A")
    assert count(browser) == "10 of 10 episodes."


def test_it_can_be_used_with_the_keyboard_alone(page):
    page.press("Tab")
    assert focused(page) == "Skip to the episodes"
    page.press("Enter")
    page.evaluate("new Promise(requestAnimationFrame)")
    while focused(page) != "query":
        page.press("Tab")
    page.type("speech 1")
    page.press("Tab", 2)
    assert "Which one, 1?" in focused(page)
    page.press("Enter")
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate("document.getElementById('reader-head').textContent") == "Which one, 1?"
    assert page.evaluate("document.activeElement.id") == "reader"
    page.press("Tab", 2)
    assert focused(page) == "Next"
    page.press("Enter")
    page.evaluate("new Promise(requestAnimationFrame)")
    page.press("Escape")
    assert "Which one, 1?" in focused(page)
    assert page.evaluate("!document.getElementById('episodes').hidden")


def test_nothing_is_wider_than_a_phone(page):
    page.size(390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_paper_there_are_results_and_no_controls(page):
    page.media("print")
    shown = (
        "['#results-head', 'table', 'figure', '#filter', 'nav'].map(at => document.querySelector(at).checkVisibility())"
    )
    assert page.evaluate(shown) == [True, True, True, False, False]


@pytest.mark.skipif(not AXE, reason="ARENA_TEST_AXE names no axe.min.js")
@pytest.mark.parametrize("width, scheme", VIEWS)
@pytest.mark.parametrize("view", ["results", "search", "nothing found", "episode", "print"])
def test_it_passes_an_accessibility_check(page, width, scheme, view):
    page.size(width)
    page.media("print" if view == "print" else "", prefers_color_scheme=scheme)
    if view == "episode":
        page.evaluate("document.querySelector('#list button').click()")
    elif view in ("search", "nothing found"):
        search(page, "speech" if view == "search" else "nobody said this")
    page.evaluate(f"{Path(AXE).read_text(encoding='utf-8')}; 1")
    found = page.evaluate("axe.run().then(found => found.violations.map(one => `${one.id}: ${one.nodes[0].html}`))")
    assert found == []
