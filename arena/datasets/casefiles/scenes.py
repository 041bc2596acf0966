"""What files are about: matters, things, people and places, all invented.

A scene says what happened, what kind of thing or person is asked for, and which instruments and papers there may be.
The two answers of a question are two names of one form, drawn alike, so that neither looks more likely.
"""

from __future__ import annotations

from typing import NamedTuple


class Scene(NamedTuple):
    """One kind of matter. `noun` is `None` where the answers are people."""

    noun: str | None
    did: str
    setting: str
    devices: tuple[str, ...]
    papers: tuple[str, ...]

    @property
    def who(self) -> str:
        """The relative pronoun that fits the answers."""
        return "who" if self.noun is None else "that"

    @property
    def asks(self) -> str:
        """The question word that fits the answers, with the noun where there is one."""
        return "Who" if self.noun is None else f"Which {self.noun}"

    @property
    def whichever(self) -> str:
        """How a claim speaks of the unknown answer."""
        return "whoever" if self.noun is None else f"whichever {self.noun}"


SCENES = (
    Scene("pump", "failed first", "the flooding of the lower galleries at {place}",
          ("pressure recorder", "flow meter", "vibration gauge"), ("shift book", "repair slip", "fuel ledger")),
    Scene("barge", "struck the lock gate", "the damage to the lock at {place}",
          ("tide gauge", "lock camera", "wheelhouse recorder"), ("toll ledger", "mooring slip", "pilot's book")),
    Scene("kiln", "overheated", "the fire in the works at {place}",
          ("stack thermometer", "draught recorder", "smoke sensor"), ("firing book", "fuel docket", "repair slip")),
    Scene("relay", "tripped first", "the loss of power at {place}",
          ("line monitor", "frequency recorder", "master clock"), ("fault book", "switching sheet", "shift book")),
    Scene("greenhouse", "was left open", "the loss of seedlings at {place}",
          ("frost alarm", "humidity recorder", "door counter"), ("planting book", "watering sheet", "key register")),
    Scene("crew", "moved the boundary stone", "the quarrel over a field at {place}",
          ("survey camera", "fence sensor", "satellite tracker"), ("survey sheet", "hire docket", "day book")),
    Scene("boat", "cut the nets", "the loss of a season's catch at {place}",
          ("harbour radar", "quay camera", "buoy counter"), ("harbour book", "fuel docket", "catch sheet")),
    Scene("vault", "was entered that night", "the missing ledgers at {place}",
          ("door counter", "corridor camera", "motion sensor"), ("key register", "guard's book", "visitor sheet")),
    Scene("beehive", "carried the mites in", "the sickness among the hives at {place}",
          ("hive scale", "entrance counter", "heat sensor"), ("hive book", "sale docket", "inspection sheet")),
    Scene("train", "passed the signal", "the near miss on the line at {place}",
          ("axle counter", "signal recorder", "platform camera"), ("train register", "guard's book", "token sheet")),
    Scene(None, "opened the sluice", "the drowned meadow at {place}",
          ("weir camera", "gate counter", "level recorder"), ("key register", "duty sheet", "day book")),
    Scene(None, "signed out the sample", "the missing sample at {place}",
          ("door counter", "freezer recorder", "badge reader"), ("sign-out sheet", "visitor book", "freezer book")),
    Scene(None, "rang the alarm", "the false alarm at {place}",
          ("corridor camera", "line monitor", "badge reader"), ("porter's book", "duty sheet", "visitor book")),
    Scene(None, "sent the second parcel", "the mix-up in the post room at {place}",
          ("franking machine", "counter camera", "parcel scale"), ("post book", "stamp ledger", "receipt roll")),
    Scene(None, "altered the score", "the disputed game at {place}",
          ("hall camera", "scoreboard recorder", "stage clock"), ("score sheet", "umpire's book", "entry list")),
    Scene(None, "left the gate unlatched", "the straying of the herd at {place}",
          ("gate counter", "yard camera", "collar tracker"), ("stock book", "duty sheet", "feed ledger")),
)  # fmt: skip

NAMES = (
    "Abbel", "Aldane", "Ambry", "Arlow", "Balder", "Benwick", "Birle", "Brannock", "Cadmore", "Calder", "Carrow",
    "Corvane", "Dalby", "Darrow", "Denby", "Dunmere", "Eddow", "Elkin", "Ember", "Fallow", "Farrant", "Fenner",
    "Galloway", "Garrick", "Gorse", "Hadley", "Harlow", "Hespin", "Holm", "Ilben", "Ivory", "Jarrow", "Jessop",
    "Keld", "Kestrel", "Kirrin", "Lambert", "Larch", "Lindow", "Loxley", "Marden", "Marlow", "Merrow", "Millard",
    "Nabbert", "Nether", "Norrick", "Oakes", "Orrin", "Osmer", "Pallant", "Perrin", "Plover", "Quayle", "Quill",
    "Radley", "Ravel", "Rudge", "Sable", "Selwick", "Sorrel", "Tallis", "Tarrant", "Thorne", "Udall", "Usher",
    "Vance", "Verrin", "Wadlow", "Welby", "Wharram", "Yarrow", "Yelland", "Zeal",
)  # fmt: skip

SURNAMES = (
    "Alcott", "Applin", "Barrow", "Bexley", "Bracken", "Cobb", "Copeland", "Crane", "Dray", "Duffield", "Eastley",
    "Finch", "Forde", "Gantry", "Grange", "Hobbs", "Hurst", "Inskip", "Jolly", "Kemble", "Kettle", "Lamb", "Lister",
    "Mallory", "Mercer", "Nunn", "Oakley", "Paddock", "Pike", "Ransome", "Rook", "Sheldon", "Spindle", "Tapper",
    "Tilling", "Underhill", "Vesper", "Wain", "Whistler", "Yale",
)  # fmt: skip
"""The surnames of people who give evidence; no answer bears one."""

FIRST = (
    "Ada", "Agnes", "Amos", "Bela", "Bruno", "Cora", "Cyril", "Dora", "Edgar", "Elsa", "Emil", "Faye", "Felix", "Greta",
    "Hanna", "Hugo", "Ida", "Ivo", "Jonas", "Judith", "Kaspar", "Lena", "Leo", "Mara", "Milo", "Nora", "Otto", "Petra",
    "Quentin", "Rosa", "Ruben", "Sasha", "Simon", "Thea", "Tobias", "Una", "Viktor", "Wanda", "Xenia", "Yannis", "Zora",
)  # fmt: skip

TRADES = (
    "the ferry hand", "the night porter", "the stores clerk", "the baker", "the apprentice", "the surveyor", "the cook",
    "the gardener", "the carter", "the schoolteacher", "the mechanic", "the post rider", "the tailor", "the beekeeper",
    "the inspector", "the lamplighter", "the cleaner", "the foreman", "the vet", "the bookbinder",
)  # fmt: skip

PLACES = (
    "Upper Tarn", "Mill End", "Stone Ferry", "Long Acre", "Saltmarsh Halt", "Crooked Weir", "Three Gates",
    "Birch Cross", "Low Quarry", "Old Harbour", "Sheep Wash", "Ash Common", "Windy Nook", "Dry Bridge", "Copper Row",
    "East Fold",
)  # fmt: skip

CHATTER = (
    "The file was opened on a wet day and has passed through several hands.",
    "Tea was served while the statements were taken.",
    "The road to {place} was closed for most of that week.",
    "{person} drew a plan of the site, which hangs in the hall.",
    "Two chairs had to be brought in from the next room.",
    "The weather that month was much as it always is.",
    "{person} asked for the cost of a new pair of boots, which was refused.",
    "A dog barked through much of the hearing and was led out by {person}.",
    "The office closed early on account of the fair.",
    "Photographs of {one} and of {other} are kept in the grey folder.",
    "Some in the village had wagered on {one} and some on {other}.",
    "Both {one} and {other} have been named in earlier matters, without result.",
    "{person} had nothing to say about either {one} or {other}.",
    "The insurers have asked for an early answer and have been told to wait.",
    "The clerk notes that the ink had to be thinned.",
    "A second hearing was planned for the spring and was never held.",
    "{person} came by train and left before the end.",
    "The hall at {place} was lent for the purpose without charge.",
    "No prize has been set for finding the answer.",
    "Page numbers were added later in pencil.",
)  # fmt: skip
"""Sentences that are evidence of nothing. Where an answer is named, so is the other, in an order drawn apart."""
