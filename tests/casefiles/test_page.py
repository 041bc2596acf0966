"""The page that states the model says what the code does."""

import re
from pathlib import Path

import pytest

from arena.datasets.casefiles import Casefiles
from arena.datasets.casefiles.words import DENIALS, EXCHANGED, PHRASES, WITHDRAWN
from arena.models.sim import NAMES, open_model

PAGE = (Path(__file__).parents[2] / "docs" / "casefiles.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d\.\d\d) \| (.*) \| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)
ROWS = {float(row[0]): row[1:] for row in ROW.findall(PAGE)}


def test_the_table_of_phrases_is_the_vocabulary():
    levels = {level for kind in PHRASES.values() for level in kind}
    stated = {level: tuple(ROWS[level]) for level in ROWS}
    assert stated == {
        level: tuple("; ".join(kind.get(level, ())) or "–" for kind in PHRASES.values()) for level in levels
    }


@pytest.mark.parametrize("words", [*DENIALS, *WITHDRAWN, *EXCHANGED])
def test_the_words_of_denial_and_of_notices_are_listed(words):
    assert f"*{words}*" in " ".join(PAGE.split())


@pytest.mark.parametrize("name", Casefiles.model_fields)
def test_every_setting_of_the_files_is_listed_with_its_default(name):
    default = re.search(rf"^\| `{name}` \| `?([^|`]+?)`? \|", PAGE, re.MULTILINE)
    assert default
    assert default[1] == str(getattr(Casefiles(), name))


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_of_a_simulated_model_is_listed_with_its_default(name):
    stated = re.search(rf"\*\*`sim/{name}`\*\* \(([^)]*)\)", PAGE)[1]
    given = dict(re.findall(r"`(\w+)=([^`]+)`", stated))
    assert open_model(name, given).spec == open_model(name, {}).spec
    assert set(given) == set(re.findall(r"(\w+)=", open_model(name, {}).spec))
