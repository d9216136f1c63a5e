"""`python -m bench [scenario …]`: everything, or what is named. `make bench` brings the servers it needs.

Scenarios: ping-pong, closed-loop, many-conversations, open-loop, append, hot-conversation, idle-sockets,
reconnect-storm, deadlines, read-handoff; and coverage.
"""

import argparse
import os
import secrets
import sys

from bench.database import own_database
from bench.scenario import Scale

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
    missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    if missing:
        parser.error(f"{' and '.join(missing)} must be set: `make bench` starts servers of its own and sets both")
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))  # the server under test reads the client's token
    with own_database():
        # Django is set up by this import, with the database that now exists.
        from bench.run import COVERAGE, run
        from bench.scenarios import SCENARIOS

        known = {**{str(scenario.number): name for name, scenario in SCENARIOS.items()}, COVERAGE: COVERAGE}
        known |= {name: name for name in SCENARIOS}
        if unknown := [name for name in given.scenarios if name not in known]:
            parser.error(f"no scenario {', '.join(unknown)}: there are {', '.join([*SCENARIOS, COVERAGE])}")
        names = [known[name] for name in given.scenarios] or [*SCENARIOS, COVERAGE]
        return run(names, SCALES[given.scale])


if __name__ == "__main__":
    sys.exit(main())
