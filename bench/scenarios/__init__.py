"""Every scenario, in the order it runs. The numbers are those of docs/performance.md; 6, 12, 13 and 14 are none here."""

from collections.abc import Mapping

from bench.scenario import Scenario
from bench.scenarios import closed_loop, many_conversations, open_loop, ping_pong

MODULES = (ping_pong, closed_loop, many_conversations, open_loop)
SCENARIOS: Mapping[str, Scenario] = {module.SCENARIO.name: module.SCENARIO for module in MODULES}
