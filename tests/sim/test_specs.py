"""Opening a simulated model by its spec."""

import subprocess
import sys

import pytest

from arena.errors import UsageError
from arena.models.sim import NAMES, open_model


@pytest.mark.parametrize("name", NAMES)
def test_a_spec_in_full_opens_the_same_model(name):
    model = open_model(name, {})
    path, _, query = model.spec.partition("?")
    assert open_model(path.removeprefix("sim/"), dict(pair.split("=") for pair in query.split("&"))).spec == model.spec


@pytest.mark.parametrize("name", NAMES)
def test_every_one_says_that_it_is_simulated(name):
    model = open_model(name, {})
    assert model.simulated
    assert model.spec.startswith(f"sim/{name}?")


def test_equal_settings_have_one_spec_however_they_are_written():
    one, other = (
        open_model("judge", {"noise": "1", "skill": ".5"}),
        open_model("judge", {"skill": "0.50", "noise": "1.0"}),
    )
    assert one.spec == other.spec


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="Did you mean advocate"):
        open_model("advocat", {})


def test_an_unknown_parameter_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="Did you mean credulity"):
        open_model("judge", {"credulty": "1"})


@pytest.mark.parametrize(
    "name, params",
    [
        ("advocate", {"skill": "1.2"}),
        ("advocate", {"quotes": "1.5"}),
        ("judge", {"noise": "-1"}),
        ("judge", {"noise": "nan"}),
        ("judge", {"position": "inf"}),
        ("worker", {"q": "high"}),
        ("overseer", {"confidence": "1"}),
        ("worker", {"seed": ""}),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name_and_with_what_is_usual(name, params):
    (field,) = params
    with pytest.raises(UsageError, match=rf"sim/{name} cannot have {field}=.*Without it, {field} is"):
        open_model(name, params)


def test_opening_one_imports_no_heavy_library():
    code = "import sys; from arena.models.sim import open_model; open_model('judge', {}); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "scipy", "rich", "asyncio", "click"} & set(loaded)
