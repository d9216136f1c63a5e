"""Every scenario, in the order it runs, numbered as in docs/performance.md."""

from collections.abc import Mapping

from bench.scenario import Scenario
from bench.scenarios import (
    append,
    closed_loop,
    deadlines,
    hot_conversation,
    idle_sockets,
    many_conversations,
    open_loop,
    ping_pong,
    read_handoff,
    reconnect_storm,
)

MODULES = (
    ping_pong,
    closed_loop,
    many_conversations,
    open_loop,
    append,
    hot_conversation,
    idle_sockets,
    reconnect_storm,
    deadlines,
    read_handoff,
)
SCENARIOS: Mapping[str, Scenario] = {module.SCENARIO.name: module.SCENARIO for module in MODULES}
