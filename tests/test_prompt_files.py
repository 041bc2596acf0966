"""Prompts as files: found beside a protocol, and replaced by a user's own."""

from pathlib import Path

import pytest

from arena.errors import UsageError
from arena.prompts import RETRY, Prompts, find, replaced


class Somebodys:
    """A protocol; its prompts would lie beside this file."""


def written(folder, name, **templates):
    (folder / name).mkdir(parents=True)
    for stem, text in templates.items():
        (folder / name / f"{stem}.md").write_text(text, encoding="utf-8")
    return folder


def test_a_protocol_without_prompts_is_refused_with_the_place_where_they_are_expected():
    with pytest.raises(UsageError, match=r"prompts/nowhere/judge\.md"):
        find(Somebodys, "nowhere")


def own(**templates):
    return Prompts(
        {"judge": "You judge.", "argue": "Argue for $side, in $words words.", **templates}, {"words": 9}, "debate"
    )


def test_a_users_file_of_the_same_name_replaces_the_protocols_own(tmp_path):
    made = replaced(own(), written(tmp_path, "debate", argue="Shout for $side!"))
    assert made.fill("argue", {"side": "yes"}, "alice") == "Shout for yes!"
    assert made.system("judge", "judge") == "You judge."


def test_a_users_file_changes_the_hash_of_what_it_replaces_and_no_other(tmp_path):
    before, after = own().hashes, replaced(own(), written(tmp_path, "debate", argue="Shout for $side!")).hashes
    assert [cue for cue in before if before[cue] != after[cue]] == ["argue"]


def test_the_protocols_own_prompts_are_not_changed_by_a_users(tmp_path):
    first = own()
    replaced(first, written(tmp_path, "debate", argue="Shout for $side!"))
    assert first.hashes == own().hashes


def test_a_users_file_that_replaces_nothing_is_refused_with_those_that_could(tmp_path):
    with pytest.raises(UsageError, match=r"argu\.md.*argue"):
        replaced(own(), written(tmp_path, "debate", argu="Shout."))


@pytest.mark.parametrize("text", ["Shout!", "Shout for $side and $against!", "Shout for $sides!"])
def test_a_users_file_with_other_slots_is_refused_with_those_that_it_must_have(tmp_path, text):
    """Before a call is paid for, and not when the first debater speaks."""
    with pytest.raises(UsageError, match=r"argue\.md.*\$side"):
        replaced(own(), written(tmp_path, "debate", argue=text))


def test_a_users_file_need_not_use_what_every_prompt_may_use(tmp_path):
    made = replaced(own(), written(tmp_path, "debate", judge="You, $name, judge by this rule: $quote_rule ($words)"))
    assert made.system("judge", "judge").startswith("You, Judge, judge by")


def test_a_folder_for_another_protocol_replaces_nothing(tmp_path):
    assert replaced(own(), written(tmp_path, "naive", decide="Guess.")).hashes == own().hashes


def test_a_users_file_that_is_no_utf8_is_refused_by_its_name(tmp_path):
    (written(tmp_path, "debate") / "debate" / "argue.md").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"argue\.md"):
        replaced(own(), tmp_path)


def test_every_first_party_template_can_be_compiled():
    root = Path(find.__code__.co_filename).parent.parent / "protocols" / "prompts"
    files = sorted(root.glob("*/*.md"))
    assert files
    for path in files:
        made = Prompts({path.stem: path.read_text(encoding="utf-8")}, {}, path.parent.name)
        slots = dict.fromkeys(made.slots(path.stem) - {"name", "quote_rule", "quote_marks"}, "x")
        assert "$" not in made.fill(path.stem, slots, "judge").replace("$5", "")


def test_a_retry_gives_its_reason():
    assert RETRY.count("$reason") == 1
