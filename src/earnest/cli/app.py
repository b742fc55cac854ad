"""The list of commands, and errors that say what to do instead of a stack trace.

Not here: the commands themselves; each stands in a module of its name.
"""

from __future__ import annotations

import sys

from cyclopts import App, CycloptsError

from earnest import __version__
from earnest.cli.audit import ProviderSilent, audit
from earnest.cli.campaign import campaign
from earnest.cli.campaign_codes import codes
from earnest.cli.capacity import capacity
from earnest.cli.case import case
from earnest.cli.demo import demo
from earnest.cli.diagram import diagram
from earnest.cli.doctor import doctor
from earnest.cli.launch import launch
from earnest.cli.law import law
from earnest.cli.migrate import migrate
from earnest.cli.money import money
from earnest.cli.order import order
from earnest.cli.plan import plan
from earnest.cli.plan_looking import check, show
from earnest.cli.plan_supposing import what_if
from earnest.cli.printing import errors, say
from earnest.cli.queue import queue
from earnest.cli.replay import replay
from earnest.cli.sandbox import sandbox
from earnest.cli.serve import serve, serve_beside
from earnest.cli.simulate import simulate
from earnest.cli.terms import TermsUnreadable, terms
from earnest.cli.terms_diff import diff
from earnest.cli.terms_lint import lint
from earnest.cli.token import token
from earnest.cli.worker import worker
from earnest.demo.advance import ClockRefused
from earnest.demo.provider import SandboxFailed
from earnest.demo.stage import DemoNotRunning, PersonUnknown
from earnest.gateways.crew import ProcessFailed
from earnest.gateways.listening import AddressTaken
from earnest.gateways.payments.contract import ProviderUnreachable
from earnest.gateways.payments.sandbox_server.run import SandboxCannotStart
from earnest.settings import SettingsError
from earnest.simulator.access import AccessError
from earnest.simulator.client import Unanswered
from earnest.simulator.crowd import CrowdIncomplete, ShareError
from earnest.simulator.curve import CurveError
from earnest.simulator.door import Refusal, UnreadableAnswer
from earnest.simulator.options import OptionsError
from earnest.simulator.processes import ShardLost
from earnest.simulator.shop import NothingOnSale
from earnest.simulator.twin.scenario import ScenarioError
from earnest.store.errors import StoreError

app = App(
    name="earnest",
    version=__version__,
    help="""The open system for selling made-to-order vehicles, from the first deposit to the
    handover.

    Start with `earnest serve --demo`: it needs nothing but this program, brings its own
    database and a demo maker, and prints where to look.""",
)
app.command(serve)
app.command(serve_beside, show=False)
app.command(demo)
app.command(replay)
app.command(order)
app.command(queue)
app.command(audit)
app.command(terms)
terms.command(lint)
terms.command(diff)
app.command(doctor)
app.command(migrate)
app.command(worker)
app.command(token)
app.command(sandbox)
app.command(diagram)
app.command(law)
app.command(case)
app.command(campaign)
app.command(capacity)
app.command(plan)
plan.command(what_if)
plan.command(show)
plan.command(check)
campaign.command(codes)
app.command(simulate)
app.command(launch)
app.command(money)

REFUSALS = (
    StoreError,
    SettingsError,
    AddressTaken,
    ProcessFailed,
    SandboxCannotStart,
    SandboxFailed,
    ProviderSilent,
    TermsUnreadable,
    DemoNotRunning,
    PersonUnknown,
    ProviderUnreachable,
    ClockRefused,
    AccessError,
    OptionsError,
    CurveError,
    ScenarioError,
    ShareError,
    NothingOnSale,
    Refusal,
    Unanswered,
    UnreadableAnswer,
    CrowdIncomplete,
    ShardLost,
)
"""What stops a command for a reason that its message explains."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code: 0 done, 1 faults found, 2 cannot be done."""
    try:
        outcome = app(arguments, result_action="return_value", exit_on_error=False)
    except CycloptsError:
        # What was wrong with the arguments has been printed already.
        sys.exit(2)
    except REFUSALS as error:
        say(f"earnest cannot go on: {error}", to=errors)
        sys.exit(2)
    except KeyboardInterrupt:
        say("Stopped.", to=errors)
        sys.exit(130)
    sys.exit(outcome if isinstance(outcome, int) else 0)
