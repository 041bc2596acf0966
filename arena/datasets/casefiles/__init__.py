"""Casefiles: generated inquiry files whose exact posterior is known.

A file is a passage of exhibits (instrument logs, statements, papers, hearsay, retractions, corrections), a question and
two plausible answers. It is drawn from a stated probability model, so that what a perfect reader of the passage would
believe can be computed, and with it the ceiling of every protocol.

One matter (`hops=1`), with answers 0 and 1:

    T ~ uniform{0, 1}                                       the truth
    r_i ~ uniform(band), i = 1..exhibits                    reliability; the band is set by `difficulty`
    f_i = kept, withdrawn, exchanged                        with chance 1 - a, a/2, a/2, where a = `amended`
    d_i = T with chance r_i, else 1 - T                     what exhibit i speaks for; a fair coin if withdrawn
    printed as d_i, or, where exchanged, as 1 - d_i         and a later notice says so

    log P(T=0 | file)/P(T=1 | file) = sum over i not withdrawn of s_i log(r_i / (1 - r_i))
                                                            where s_i = +1 if d_i = 0, else -1

A chain (`hops=n` > 1), with two entities at each of n + 1 levels:

    c_l ~ uniform{straight, crossed}, l = 1..n              how level l - 1 is joined to level l, one to one
    for each lower entity of each link one exhibit          of reliability r ~ uniform(`links` band), as above
    p_l = P(straight | its two exhibits)                    by the same sum

    P(an even number of links is crossed | file) = (1 + prod over l of (2 p_l - 1)) / 2

The words show everything that is needed: which answer an exhibit names and whether it denies it, its reliability (each
phrase of `words.PHRASES` belongs to one level), and its fate. Names, order, wording and chatter are drawn without
regard to the truth, from a stream of chance of their own.

The modules: `words` is the vocabulary, `claims` the wording, `scenes` what files are about, `single` and `chain` the
two models, `posterior` the formulas, `grammar` the questions of chains, `dataset` the settings. `docs/casefiles.md` has
the vocabulary as a table and says what the simulated models do with it.
"""

from arena.datasets.casefiles.dataset import Casefiles

__all__ = ["Casefiles"]
