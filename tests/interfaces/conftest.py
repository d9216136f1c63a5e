from tests.interfaces.figures import FIGURES, add_up
from tests.servers import server, session_server, worker

__all__ = ["server", "session_server", "worker"]


def pytest_terminal_summary(terminalreporter) -> None:
    reports = [report for found in terminalreporter.stats.values() for report in found]
    called = [report for report in reports if getattr(report, "when", "") == "call"]
    lines = add_up(value for report in called for name, value in report.user_properties if name == FIGURES)
    if lines:
        terminalreporter.section("calls of the interfaces")
        terminalreporter.write_line("\n".join(lines))
