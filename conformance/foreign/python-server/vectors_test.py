"""Runs the golden vectors through the server's own code.

    python3 vectors_test.py FOLDER      the one that has data/ and schema/

It prints a line for every kind, and exits with 1 if a vector failed or none ran.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from vector_checks import (
    NotForServer,
    Vector,
    check_cbc,
    check_cksum,
    check_conversation,
    check_message,
    check_negative,
    check_public_key,
    check_state,
    check_unwrap,
)

EDITION = "2024a"
OTHERS = "other editions"


def check_other_edition(_: Vector) -> None:
    """The server knows the numbers of its own edition only."""
    raise NotForServer(f"the server speaks {EDITION}")


CHECKS: dict[str, Callable[[Vector], None]] = {
    "messages": check_message,
    "negative": check_negative,
    "conversations": check_conversation,
    "seal-public-key": check_public_key,
    "seal-unwrap": check_unwrap,
    "seal-cbc": check_cbc,
    "cksum": check_cksum,
    "state": check_state,
    OTHERS: check_other_edition,
}


def kind_of(file: Path) -> str:
    """Returns what kind of vectors are in a file."""
    name, _, edition = file.stem.rpartition("-")
    if name not in CHECKS:
        return file.stem
    return name if edition == EDITION else OTHERS


class Tally:
    """Counts how the vectors of a kind came out."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed = 0
        self.not_for_server: Counter[str] = Counter()  # by reason

    def run(self, kind: str, vector: Vector) -> None:
        """Checks a vector, and prints why if it fails."""
        try:
            CHECKS[kind](vector)
        except NotForServer as reason:
            self.not_for_server[str(reason)] += 1
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.failed += 1
            print(f"failed {vector['id']} ({vector['comment']}): {error!r}")
        else:
            self.passed += 1

    def __str__(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.not_for_server.total()} not for a server"

    def __iadd__(self, other: "Tally") -> "Tally":
        self.passed += other.passed
        self.failed += other.failed
        self.not_for_server += other.not_for_server
        return self


def main() -> int:
    """Runs all vectors of a folder and returns the exit status."""
    if len(sys.argv) != 2:
        print("usage: vectors_test.py FOLDER", file=sys.stderr)
        return 2
    tallies: dict[str, Tally] = {}
    for file in sorted(Path(sys.argv[1], "data").glob("*.json")):
        kind = kind_of(file)
        for vector in json.loads(file.read_text("utf-8"))["vectors"]:
            tallies.setdefault(kind, Tally()).run(kind, vector)
    total = Tally()
    for kind, tally in sorted(tallies.items()):
        reasons = f" ({', '.join(tally.not_for_server)})" if tally.not_for_server else ""
        print(f"{kind:<17}{tally}{reasons}")
        total += tally
    print(total)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
