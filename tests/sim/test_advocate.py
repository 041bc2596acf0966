"""The advocate: what it finds, what it quotes, and how it answers."""

import re

import pytest

ALL = "advocate?skill=1"


def argument(text):
    return re.search(r"<argument>\n(.*)\n</argument>", text, re.DOTALL)[1]


def quotes(text):
    return re.findall(r"<quote>(.*?)</quote>", text)


@pytest.fixture(name="opening")
def _opening(bits):
    """The first request of a debater, for a side."""

    def opening(side=bits.ivory, against=bits.holm, **more):
        return "\n\n".join([bits.question, bits.handed(), bits.argue(side, against, **more)])

    return opening


def test_it_quotes_the_most_reliable_exhibit_for_its_side(say, bits, opening):
    assert quotes(say(ALL, opening(bits.holm, bits.ivory))) == [bits.lines[3]]


def test_a_denial_of_the_other_answer_counts_for_its_side(say, bits, opening):
    assert "must be ruled out" in quotes(say(ALL, opening(bits.holm, bits.ivory)))[0]


def test_it_never_leans_on_what_it_knows_to_be_withdrawn(say, bits, opening):
    assert bits.lines[1] not in quotes(say(ALL, opening()))


def test_it_brings_a_corrected_exhibit_with_its_correction(say, bits, opening):
    assert quotes(say(ALL, opening())) == [bits.lines[5], bits.lines[6]]


def test_one_that_has_not_found_the_retraction_leans_on_the_exhibit(say, bits, opening):
    without = bits.passage.replace(bits.lines[4], "")
    assert quotes(say(ALL, opening().replace(bits.passage, without))) == [bits.lines[1]]


def test_its_side_is_the_one_that_the_cue_names_and_not_its_place_or_name(say, bits, opening):
    said = say(ALL, opening(bits.holm, bits.ivory), system="You are Alice, one of two debaters.")
    assert bits.holm in argument(said).splitlines()[-1]


def test_without_a_side_in_the_cue_it_goes_by_its_name(say, bits):
    text = f"{bits.question}\n\n{bits.handed()}\n\nSpeak inside <argument></argument> tags."
    assert quotes(say(ALL, text, system="You are Bob, a debater.")) == [bits.lines[3]]


def test_in_the_next_round_it_brings_the_next_exhibit(say, bits, opening):
    first = argument(say(ALL, opening(bits.holm, bits.ivory)))
    assert quotes(say(ALL, opening(bits.holm, bits.ivory), first, bits.argue(bits.holm))) == [bits.lines[2]]


def test_it_brings_as_many_exhibits_as_it_is_set_to(say, bits, opening):
    assert quotes(say(f"{ALL}&quotes=2", opening(bits.holm, bits.ivory))) == [bits.lines[3], bits.lines[2]]


def test_it_undoes_what_the_other_side_leans_on(say, bits, opening):
    heard = bits.speech("Alice", f"I say so: {bits.quote(bits.lines[1])}")
    said = say(ALL, opening(bits.holm, bits.ivory), "My first speech.", f"{heard}\n\n{bits.argue(bits.holm)}")
    assert bits.lines[4] in quotes(said)


def test_it_answers_the_judge_about_an_exhibit(say, bits, opening):
    heard = bits.speech("Judge", "Is Exhibit 1 withdrawn or corrected anywhere in the file?")
    said = say(ALL, opening(bits.holm, bits.ivory), "My first speech.", f"{heard}\n\n{bits.argue(bits.holm)}")
    assert bits.lines[4] in quotes(said)


def test_it_says_so_where_the_other_side_quotes_what_is_not_there(say, bits, opening):
    heard = bits.speech("Alice", bits.quote("Exhibit 44, print-out: the Ivory pump failed.", "absent"))
    said = say(ALL, opening(bits.holm, bits.ivory), "My first speech.", f"{heard}\n\n{bits.argue(bits.holm)}")
    assert "does not stand in the file" in said


def test_it_calls_a_weak_source_weak(say, bits, opening):
    heard = bits.speech("Bob", bits.quote(bits.lines[2]))
    assert "repeating a rumour from the market" in say(ALL, opening(), "First.", f"{heard}\n\n{bits.argue()}")


def test_without_skill_it_finds_nothing(say, opening):
    assert quotes(say("advocate?skill=0", opening())) == []


def test_with_more_skill_it_finds_all_that_it_found_with_less(say, opening, bits):
    plain = "\n".join(bits.lines[n] for n in (1, 2, 3))
    request = opening(bits.holm, bits.ivory).replace(bits.passage, plain)

    def found(skill):
        thought = re.search(r"Exhibits ([\d, ]+)", say(f"advocate?skill={skill}", request))
        return set(thought[1].split(", ")) - {""} if thought else set()

    assert found(0.2) <= found(0.5) <= found(0.8) <= found(1) == {"2", "3"}


def test_another_sample_is_another_reading(say, opening):
    said = {re.search(r"<thinking>.*?</thinking>", say("advocate?skill=.5", opening(), sample=n))[0] for n in range(20)}
    assert len(said) > 1


def test_a_dishonest_one_bends_or_invents(say, bits, opening):
    said = quotes(say("advocate?skill=1&honesty=0", opening()))
    assert said
    assert not [quoted for quoted in said if quoted in bits.passage]


def test_it_reads_a_passage_in_the_preface_like_one_in_a_message(say, bits):
    cue = f"{bits.question}\n\n{bits.argue(bits.holm, bits.ivory)}"
    assert quotes(say(ALL, cue, preface=bits.handed())) == [bits.lines[3]]


def test_without_a_passage_it_has_nothing_to_quote(say, bits):
    said = say(ALL, f"{bits.question}\n\n{bits.argue()}")
    assert quotes(said) == []
    assert bits.ivory in argument(said)


def test_from_any_other_passage_it_quotes_what_shares_words_with_its_side(say, bits):
    story = "The day had been long and dull for everybody. An ivory comb lay beside the pump in the yard. Rain fell."
    said = say(ALL, f"{bits.question}\n\n{bits.handed(story)}\n\n{bits.argue()}")
    assert quotes(said) == ["An ivory comb lay beside the pump in the yard."]


@pytest.mark.parametrize("words", [1, 10, 25, 60, 150])
def test_it_keeps_to_the_words_that_the_cue_allows(say, opening, words):
    assert len(argument(say(f"{ALL}&quotes=5", opening(words=words))).split()) <= words


def test_with_few_words_it_still_quotes_the_claim_and_the_reliability(say, bits, opening):
    (said,) = quotes(say(ALL, opening(bits.holm, bits.ivory, words=24)))
    assert said in bits.lines[3]
    assert said.startswith("a few steps away with a clear view")
