"""What is being said, before it is said: a page with the words so far."""

from hypothesis import given
from hypothesis import strategies as st

from arena.events import Called, Ended, Opened, Said, Shown
from arena.live import Arriving
from arena.outline import page
from arena.unsaid import hearing, so_far

OF = {"episode": "e"}
SIDES = {"$sides": {"alice": "yes", "bob": "no"}}
TOLD = [
    Opened(**OF, arm="debate", question="q"),
    Shown(**OF, at="1", cue="question", fields={"question": "Is it?", "sides": SIDES}, to=("alice", "bob")),
]
FIRST = Said(**OF, at="2:0", seat="alice", cue="argue", text="It is.")


def heard(**texts):
    """What was heard at places such as `at_3_1`, of alice and bob in turn."""
    seats = ("alice", "bob")
    return {
        at.removeprefix("at_").replace("_", ":"): Arriving(seats[n % 2], 0, text)
        for n, (at, text) in enumerate(texts.items())
    }


class TestAnUnfinishedReply:
    def test_is_heard_without_its_thinking(self):
        assert so_far("<thinking>I am wrong</thinking>It is so") == "It is so"
        assert so_far("<thinking>I am wr") == ""
        assert so_far("It is.<think>or not") == "It is."

    def test_is_heard_without_the_frame_around_it(self):
        assert so_far("<argument>It is so</argument>") == "It is so"
        assert so_far("I weigh it.\n<belief>\nA: 7") == "I weigh it."

    def test_is_heard_up_to_a_tag_that_has_just_begun(self):
        assert so_far("It is so</argum") == "It is so"
        assert so_far("<") == ""
        assert so_far("as x < y and") == "as x < y and"

    @given(st.text(alphabet="<>/thinkargume xy\n", max_size=60))
    def test_of_any_form_is_heard_without_an_error(self, text):
        assert "<thinking>" not in so_far(text).lower()


class TestAPage:
    def test_has_the_words_where_they_will_be_said(self):
        made = hearing(page([*TOLD, FIRST]), heard(at_3_0="later", at_2_1="Bob next"))
        assert [said.text for said in made.steps] == ["It is.", "Bob next", "later"]
        assert made.unsaid == {"2:1", "3:0"}

    def test_prefers_the_log_to_what_was_heard(self):
        made = hearing(page([*TOLD, FIRST]), heard(at_2_0="It i"))
        assert [said.text for said in made.steps] == ["It is."]
        assert not made.unsaid

    def test_that_is_over_hears_nothing_more(self):
        over = page([*TOLD, FIRST, Ended(**OF, belief=(1.0, 0.0), choice=0, verdicts=())])
        assert hearing(over, heard(at_3_0="more")) is over

    def test_shows_a_speech_that_waits_for_the_other_one(self):
        call = Called(**OF, at="2:0", seat="alice", model="m", key="k" * 32, text="<argument>It is.</argument>")
        made = hearing(page([*TOLD, call]), {})
        assert [said.text for said in made.steps] == ["It is."]

    def test_shows_nothing_of_who_is_asked_aside(self):
        assert not hearing(page(TOLD), {"2~0": Arriving("judge", 0, "so far A")}).steps

    def test_has_an_advocate_in_the_talk_and_anybody_else_among_the_verdicts(self):
        made = hearing(page(TOLD), {"2": Arriving("alice", 0, "a"), "3": Arriving("judge", 0, "b")})
        assert [said.seat for said in made.turns] == ["alice"]
        assert [said.seat for said in made.verdicts] == ["judge"]

    def test_without_words_is_the_page_itself(self):
        logged = page([*TOLD, FIRST])
        assert hearing(logged, {}) is logged
