"""`python -m bench [scenario …]`: everything, or what is named. `make bench` brings the servers it needs."""

import argparse
import os
import secrets
import sys

from bench.database import own_database
from bench.scenario import Scale
from bench.scenarios import UnknownScenario, named

SCALES = {
    "full": Scale(),
    "quick": Scale(repetitions=1),
    "tiny": Scale(repetitions=1, seconds=0.2, warm_seconds=0.1, share=0.01),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="scenario", help="by name or number; all when none is given")
    parser.add_argument("--quick", dest="scale", action="store_const", const="quick", help="one repetition")
    parser.add_argument("--tiny", dest="scale", action="store_const", const="tiny", help="a hundredth: does it run?")
    parser.set_defaults(scale="full")
    given = parser.parse_args()
    try:
        names = named(given.scenarios)
    except UnknownScenario as error:
        parser.error(str(error))
    if missing := [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]:
        parser.error(f"{' and '.join(missing)} must be set: `make bench` starts servers of its own and sets both")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))  # the server under test reads the client's token
    with own_database():
        from bench.run import run  # sets Django up, with the database that now exists

        return run(names, SCALES[given.scale])


if __name__ == "__main__":
    sys.exit(main())
