"""Write the playthrough of every protocol that ships with the arena, and remove those of others."""

from tests.playthroughs.render import FOLDER, path, playthrough, registered


def main() -> None:
    """Write them all."""
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for name in registered():
        path(name).write_text(playthrough(name), encoding="utf-8")


main()
