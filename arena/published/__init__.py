"""Published debates as ordinary runs: read from their authors' formats, so that they replay, report and rejudge.

michael2023, khan   the formats           tokens   a tokenised story as text
rooms               what all of them hold: who said what at which moment, and what the judge believed
record              rooms → a run folder
reproduce           a paper's own figures beside those of this arena
"""
