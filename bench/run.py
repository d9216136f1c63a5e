"""One run from beginning to end: what it ran on, every scenario, the summary. Its output is Markdown."""

import asyncio
import os
from collections.abc import Sequence

import redis
import uvloop

from bench import coverage, quiet
from bench.database import server_settings
from bench.machine import describe
from bench.report import scenario_text, summary
from bench.runner import Result, run_scenario
from bench.scenario import Scale
from bench.scenarios import COVERAGE, scenarios
from bench.servers import LOG, Unusable


def run(names: Sequence[str], scale: Scale) -> int:
    """Run what is named; 1 when a ratio is in the band `fail`, a delivery of ours went wrong, or something could not be
    measured, else 0."""
    LOG.unlink(missing_ok=True)
    print("# Benchmark\n", *describe(server_settings(), redis_version()), sep="\n", flush=True)
    print(f"\n{scale.repetitions} interleaved repetitions: least / **median** / most; ratios of paired repetitions.")
    print("Processor time is that of the server under test with its threads, without PostgreSQL, Redis and client.\n")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        results = runner.run(run_scenarios(names, scale))
    if COVERAGE in names:
        coverage.main()
    measured = len(results) == len(scenarios(names))
    return int(not measured or any(result.has_failed for result in results))


async def run_scenarios(names: Sequence[str], scale: Scale) -> list[Result]:
    results = []
    before = await quiet.look()
    for scenario in scenarios(names):
        try:
            results.append(await run_scenario(scenario, scale))
        except Unusable as error:
            print(f"## {scenario.number}. {scenario.name}\n\nNot measured: {error}", end="\n\n", flush=True)
        else:
            print(scenario_text(results[-1]), end="\n\n", flush=True)
    print(summary(results), quiet.compared(before, await quiet.look()), sep="\n\n")
    return results


def redis_version() -> str:
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        return client.info("server")["redis_version"]
