"""`earnest replay`: a real launch, driven through the real API from outside the server.

Not here: the replay itself (`earnest/simulator`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import uvloop
from cyclopts import Parameter
from rich.console import Console

from earnest.cli.migrate import DataOption
from earnest.simulator.access import Access, access_of_demo, tokens_from
from earnest.simulator.crowd import Shares
from earnest.simulator.options import AS_FAST_AS_POSSIBLE, OptionsError, ReplayOptions
from earnest.simulator.replay import run_replay


def replay(  # noqa: PLR0913 - each is a choice of the person at the terminal
    file: Annotated[
        str, Parameter(help="A launch curve as CSV (elapsed_s,deposits), or su7, or yu7.")
    ],
    *,
    speed: Annotated[str, Parameter(help="Times real time, or max.")] = AS_FAST_AS_POSSIBLE,
    scale: Annotated[float, Parameter(help="Share of the launch's orders.")] = 1.0,
    until: Annotated[
        float | None, Parameter(help="Stop after this many of the launch's own seconds.")
    ] = None,
    connections: Annotated[int, Parameter(help="Connections kept open at once.")] = 64,
    processes: Annotated[int, Parameter(help="Processes that send.")] = 1,
    share_withdraw: Annotated[float, Parameter(help="Share that withdraws.")] = 0.05,
    share_early_lock: Annotated[float, Parameter(help="Share that locks early.")] = 0.05,
    share_never_pay: Annotated[float, Parameter(help="Share that never pays.")] = 0.03,
    share_twice: Annotated[float, Parameter(help="Share that sends everything twice.")] = 0.05,
    sample: Annotated[int, Parameter(help="Orders led on to a handover or an exit.")] = 40,
    seed: Annotated[int, Parameter(help="The same seed draws the same crowd.")] = 1,
    queue: Annotated[str | None, Parameter(help="Queue to reserve in.")] = None,
    run: Annotated[
        str | None, Parameter(help="Name of the crowd; repeat it to continue a broken replay.")
    ] = None,
    json: Annotated[Path | None, Parameter(help="Write the report for machines here.")] = None,
    data: DataOption = Path(".earnest"),
    url: Annotated[
        str | None, Parameter(help="Another Earnest; tokens then come from the environment.")
    ] = None,
    sandbox_url: Annotated[str | None, Parameter(help="Its payment provider.")] = None,
) -> int:
    """Replay a real launch against a running demo and check what came of it.

    Every reservation, payment and webhook goes over HTTP. Afterwards the demo's time moves on, the
    cooling-off ends for everybody, and a sample of orders lives on to a handover or an exit. The
    few published points of the curve are real; between them it is interpolated, and the output
    says so. Exit code 1 if a check fails.

    Try `earnest replay su7 --until 600 --scale 0.02 --speed 60`.
    """
    options = ReplayOptions(
        file=file,
        speed=_speed(speed),
        access=_access(data, url, sandbox_url),
        scale=scale,
        until_s=until,
        connections=connections,
        processes=processes,
        shares=Shares(
            withdraw=share_withdraw,
            early_lock=share_early_lock,
            never_pay=share_never_pay,
            twice=share_twice,
        ),
        sample=sample,
        seed=seed,
        queue_id=queue,
        run=run,
        json_path=json,
    )
    report = uvloop.run(run_replay(options, Console()))
    return 0 if report.passed else 1


def _access(data: Path, url: str | None, sandbox_url: str | None) -> Access:
    if url is None:
        return access_of_demo(data)
    if sandbox_url is None:
        raise OptionsError("--url needs --sandbox-url: the launch also pays")
    return Access(url=url, sandbox_url=sandbox_url, tokens=tokens_from(os.environ))


def _speed(text: str) -> float | None:
    if text == AS_FAST_AS_POSSIBLE:
        return None
    try:
        return float(text)
    except ValueError as error:
        raise OptionsError(
            f"--speed is a factor such as 60, or {AS_FAST_AS_POSSIBLE}, not {text}"
        ) from error
