"""Every command teaches: what it does, what it takes, what to try."""

import pytest

from earnest import __version__
from tests.cli.calling import Terminal

COMMANDS = {
    "serve": ("--demo", "--data", "--port", "--processes", "--log", "Ctrl-C"),
    "demo": ("--token", "--advance-hours", "earnest demo --token auditor"),
    "replay": ("--speed", "--scale", "--until", "earnest replay su7"),
    "order list": ("--stage", "--queue", "--limit", "--quiet"),
    "order show": ("--language", "zh-Hans"),
    "order pack": ("--output", "--language", "*.pdf"),
    "audit": ("--json", "--without-provider", "exit code 1"),
    "terms render": ("--language", "zh-Hans", "Exit code 1"),
    "terms diff": ("--json", "who is better off", "Exit code 1"),
    "terms lint": ("--json", "--sarif", "--strict", "--fix", "Exit code 1"),
    "terms schema": ("JSON Schema", "--markdown"),
    "terms publish": ("--as", "--data", "Exit code 1"),
    "terms show": ("--language", "--markdown", "--source"),
    "doctor": ("--data", "Exit code 1"),
    "migrate": ("EARNEST_DATABASE_URL", "Safe to repeat"),
    "worker": ("EARNEST_DATABASE_URL", "--log"),
    "token": ("sales, planning, delivery, finance, terms_editor, auditor or admin", "--hours"),
    "sandbox": ("--durable", "--webhook-url", "never moves real money"),
    "diagram": ("Markdown",),
    "law": ("Markdown", "--folder"),
    "case run": ("--json", "Exit code 1", "examples/cases/haikou.yaml"),
    "case schema": ("JSON Schema",),
    "campaign lint": ("--strict", "locking early", "Exit code 1"),
    "campaign publish": ("--as", "--yes", "never be unpublished", "Exit code 1"),
    "campaign show": ("--language", "zh-Hans"),
    "campaign schema": ("JSON Schema",),
    "campaign codes issue": ("--key", "--buyer", "--valid-until", "never a better rank"),
    "campaign codes show": ("which order uses it",),
    "campaign report": ("by channel and friend",),
    "launch show": ("what comes next", "Exit code 1"),
    "launch commit-seed": ("--yes", "opens the waiting room", "never changes again"),
    "launch close-entries": ("--yes", "nobody can be added", "it is refused"),
    "launch reveal": ("--yes", "--public-value", "nobody may try values"),
    "launch verify-draw": ("--commitment", "--entries-digest", "http(s)", "Exit code 1"),
    "capacity import": ("--as", "--yes", "Every fault is named at once", "Exit code 1"),
    "capacity export": ("--version", "CSV", "Exit code 1"),
    "capacity example": ("from the next Monday on", "earnest plan run"),
    "capacity show": ("--weeks", "--version", "Exit code 1"),
    "capacity history": ("--data", "newest first"),
    "plan run": ("--as", "--yes", "--fresh", "--json", "Nothing is half applied"),
    "plan what-if": ("--capacity", "--fresh", "--json", "Nothing is saved", "north=50"),
    "plan show": ("--order", "--version", "--weeks", "--json", "Exit code 1"),
    "plan check": ("--version", "--json", "exit code 1 if anything is wrong"),
}


def words(text: str) -> str:
    """The text without its frames and line breaks."""
    return " ".join(text.replace("│", " ").split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches(terminal: Terminal, command: str) -> None:
    ran = terminal.run(*command.split(), "--help")

    assert ran.code == 0
    assert ran.err == ""
    assert ran.out.startswith(f"Usage: earnest {command}")
    assert max(len(line) for line in ran.out.splitlines()) <= 80
    for taught in COMMANDS[command]:
        assert taught in words(ran.out), taught


def test_the_list_names_every_command_and_where_to_start(terminal: Terminal) -> None:
    ran = terminal.run("--help")

    assert ran.code == 0
    assert "Start with earnest serve --demo" in ran.out
    for command in COMMANDS:
        assert f"│ {command.split()[0]} " in ran.out


def test_no_command_at_all_is_answered_with_the_list(terminal: Terminal) -> None:
    ran = terminal.run()

    assert ran.code == 0
    assert "Start with earnest serve --demo" in ran.out


def test_the_version(terminal: Terminal) -> None:
    assert terminal.run("--version").out == f"{__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serv"], 'Unknown command "serv". Did you mean "serve"?'),
        (["serve", "--prot", "1"], "Unknown option: --prot. Did you mean --port?"),
        (["serve", "--port", "http"], 'Invalid value for --port: unable to convert "http"'),
        (["serve", "--port", "65535"], "Must be < 65535"),
        (["serve", "--port", "0"], "Must be > 0"),
        (["sandbox", "--port", "65536"], "Must be <= 65535"),
        (["token", "li", "sales", "--hours", "0"], "Must be > 0"),
        (["order", "list", "--stage", "sold"], 'Invalid value "sold" for --stage. Choose from:'),
        (["order", "list", "--limit", "0"], "Must be > 0"),
        (["demo", "--advance-hours", "-1"], "Must be > 0"),
        (["order", "show"], "requires an argument"),
    ],
)
def test_a_slip_is_answered_with_what_there_is(
    terminal: Terminal, arguments: list[str], said: str
) -> None:
    ran = terminal.run(*arguments)

    assert ran.code == 2
    assert said in words(ran.out + ran.err)
    assert "Traceback" not in ran.err
