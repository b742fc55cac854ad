"""`earnest sandbox`: the payment provider of demos and tests, as a process of its own.

Not here: the provider (`gateways/payments/sandbox_server`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from earnest.cli.migrate import DataOption
from earnest.cli.printing import say
from earnest.cli.stopping import stopped_is_done
from earnest.gateways.payments.sandbox_server.run import run_sandbox
from earnest.main import MERCHANT
from earnest.settings import read_settings


def sandbox(
    *,
    data: DataOption = Path(".earnest"),
    host: Annotated[str, Parameter(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, Parameter(help="Port of the sandbox itself.", validator=Number(gt=0, lte=65535))
    ] = 8081,
    webhook_url: Annotated[
        str, Parameter(help="Where Earnest takes the provider's messages.")
    ] = "http://127.0.0.1:8080/api/v1/webhooks/sandbox",
    durable: Annotated[
        bool,
        Parameter(
            help="Answer only what is on disk, so that a power cut loses no payment.", negative=""
        ),
    ] = False,
) -> None:
    """Run the sandbox payment provider: a hosted payment page, refunds, payouts, webhooks.

    It has switches for everything a provider can surprise with (declines, lost answers,
    duplicates, late payments, chargebacks) and never moves real money. `earnest serve --demo`
    starts one by itself.
    """
    settings = read_settings(os.environ, data=data)
    with stopped_is_done():
        run_sandbox(
            host=host,
            port=port,
            journal=data / "sandbox.jsonl",
            merchant_key=settings.keys.merchant_key,
            webhook_secret=settings.keys.provider_webhook_secret,
            webhook_url=webhook_url,
            merchant=MERCHANT,
            durable=durable,
            ready=lambda address: say(f"The sandbox payment provider is at {address}"),
        )
