from pathlib import Path

from studio.processes import BASE_DIR, QUEUES, application_processes


def test_the_process_table_names_each_process_once():
    table = application_processes(host="127.0.0.1", port=8000, var=Path("/nowhere"))
    assert [process.name for process in table] == ["web", *QUEUES, "beat"]
    assert {process.rank for process in table} == {0}


def test_the_documentation_lists_the_very_commands_of_the_table():
    lines = (BASE_DIR / "docs" / "operations.md").read_text().splitlines()
    table = application_processes(host="0.0.0.0", port=8000, var=Path("var"))
    commands = [" ".join(("python", *process.argv[1:])) for process in table]
    assert [line for line in lines if line.startswith("python -m ")] == commands
