"""Plugins: what is installed is found by name, and nothing is imported before it is asked for."""

import sys
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from arena.errors import UsageError
from arena.plugins import build, installed, load, origin, parse_spec


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Put a package on the path as an installer would: its module, and the metadata that names its entry points."""

    def put(name, points, module="", version="1.0", folder="site"):
        site = tmp_path / folder
        site.mkdir(exist_ok=True)
        if module:
            (site / f"{name}.py").write_text(module)
        info = site / f"{name}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        groups = "".join(f"[{group}]\n{point}\n" for group, point in points.items())
        (info / "entry_points.txt").write_text(groups)
        monkeypatch.syspath_prepend(site)

    yield put
    for name in [name for name in sys.modules if name.startswith("somebodys_")]:
        del sys.modules[name]


PROTOCOL = {"arena.protocols": "duel = somebodys_duel:Duel"}


def test_what_a_stranger_installs_is_listed_beside_our_own(install):
    install("somebodys_duel", PROTOCOL)
    assert "duel" in installed("protocols")
    assert "debate" in installed("protocols")


def test_listing_imports_nothing(install):
    install("somebodys_duel", PROTOCOL, "raise RuntimeError('imported')")
    assert "duel" in installed("protocols")
    assert origin("protocols", "duel") == "somebodys_duel 1.0"
    assert "somebodys_duel" not in sys.modules


def test_names_are_listed_in_order(install):
    install("somebodys_duel", {"arena.protocols": "zzz = somebodys_duel:Z\naaa = somebodys_duel:A"})
    assert list(installed("protocols")) == sorted(installed("protocols"))


def test_a_kind_lists_its_own_names_only(install):
    install("somebodys_duel", PROTOCOL)
    assert "duel" not in installed("datasets")
    assert "duel" not in installed("models")


def test_loading_gives_what_the_entry_point_names(install):
    install("somebodys_duel", PROTOCOL, "class Duel:\n    rounds = 7\n")
    assert load("protocols", "duel").rounds == 7


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match=r"no protocol is called 'debat'\. Did you mean debate\?"):
        load("protocols", "debat")


@pytest.mark.parametrize("name", ["", "DEBATE ", "debate?", "../debate", "\x1b[31m"])
def test_a_name_is_taken_as_it_is(name):
    with pytest.raises(UsageError, match="no protocol is called"):
        load("protocols", name)


def test_two_packages_that_claim_one_name_are_both_named(install):
    """Which of them was meant is not for us to guess."""
    install("somebodys_duel", PROTOCOL, "class Duel: ...")
    install("somebodys_other", {"arena.protocols": "duel = somebodys_other:Duel"}, "class Duel: ...", version="2.1")
    with pytest.raises(UsageError, match=r"(?=.*somebodys_duel 1\.0)(?=.*somebodys_other 2\.1)(?=.*Uninstall one)"):
        load("protocols", "duel")
    assert "somebodys_duel" not in sys.modules


def test_a_clash_on_one_name_leaves_the_others_alone(install):
    install("somebodys_duel", PROTOCOL)
    install("somebodys_other", {"arena.protocols": "duel = somebodys_other:Duel"})
    assert load("protocols", "debate").__name__ == "Debate"


def test_one_package_that_is_found_in_two_places_is_no_clash(install):
    """An editable install beside an old copy: the first on the path is the one that is used."""
    install("somebodys_duel", PROTOCOL, "class Duel: ...")
    install("somebodys_duel", PROTOCOL, "class Duel: ...", folder="elsewhere")
    assert load("protocols", "duel").__name__ == "Duel"


@pytest.mark.parametrize("module", ["import a_module_that_is_nowhere", "Dual = None"])
def test_a_plugin_that_is_not_whole_is_named_with_its_package(install, module):
    install("somebodys_duel", PROTOCOL, module)
    with pytest.raises(UsageError, match=r"'duel' of somebodys_duel 1\.0 cannot be imported"):
        load("protocols", "duel")


# Specs


@pytest.mark.parametrize(
    "spec, name, settings",
    [
        ("debate", "debate", {}),
        ("debate?rounds=2", "debate", {"rounds": "2"}),
        ("sim/judge?noise=0.2&skill=1", "sim/judge", {"noise": "0.2", "skill": "1"}),
        ("data.csv?question=a%20b&id=", "data.csv", {"question": "a b", "id": ""}),
        ("openai/m@http://127.0.0.1:8000/v1?temperature=1", "openai/m@http://127.0.0.1:8000/v1", {"temperature": "1"}),
        ("x?a=b=c", "x", {"a": "b=c"}),
        ("debate?", "debate", {}),
        ("x?path=C++/a+b", "x", {"path": "C++/a+b"}),
    ],
)
def test_a_spec_is_a_name_and_settings(spec, name, settings):
    assert parse_spec(spec) == (name, settings)


@pytest.mark.parametrize("spec", ["", "?rounds=2", "debate?rounds", "debate?rounds=2&turns", "debate?&"])
def test_a_spec_of_another_form_is_refused_with_the_form(spec):
    with pytest.raises(UsageError, match="key=value"):
        parse_spec(spec)


def test_a_setting_that_is_given_twice_is_refused_and_not_overruled_in_silence():
    with pytest.raises(UsageError, match="rounds"):
        parse_spec("debate?rounds=1&rounds=2")


# Settings


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rounds: int = Field(3, ge=1, le=20)
    turns: Literal["simultaneous", "sequential"] = "simultaneous"
    open: bool = False

    @model_validator(mode="after")
    def _check(self):
        if self.open and self.rounds > 9:
            raise ValueError("an open debate has at most 9 rounds")
        return self


def test_settings_are_read_from_what_was_typed():
    made = build(Settings, {"rounds": "2", "turns": "sequential", "open": "true"}, "protocol debate")
    assert (made.rounds, made.turns, made.open) == (2, "sequential", True)


def test_an_unknown_setting_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match=r"'round'\. Did you mean rounds"):
        build(Settings, {"round": "2"}, "protocol debate")


@pytest.mark.parametrize(
    "values, said",
    [
        ({"rounds": "two"}, "protocol debate: rounds = 'two': .*integer"),
        ({"rounds": "2.5"}, "protocol debate: rounds = '2.5': .*integer"),
        ({"rounds": "0"}, "protocol debate: rounds = '0': .*greater than or equal to 1"),
        ({"rounds": "21"}, "protocol debate: rounds = '21': .*less than or equal to 20"),
        ({"turns": "paralel"}, "protocol debate: turns = 'paralel': .*'simultaneous' or 'sequential'"),
        ({"open": "perhaps"}, "protocol debate: open = 'perhaps': .*boolean"),
        ({"open": "yes", "rounds": "10"}, "protocol debate: .*an open debate has at most 9 rounds"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_setting_and_what_it_takes(values, said):
    with pytest.raises(UsageError, match=said):
        build(Settings, values, "protocol debate")


def test_a_refusal_is_one_line_whatever_was_typed():
    with pytest.raises(UsageError) as why:
        build(Settings, {"rounds": "\x1b[2J\n" * 3}, "protocol debate")
    assert str(why.value).isprintable()
