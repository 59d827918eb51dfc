"""The command line: a client of the management API, and the way to run the platform."""

import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from maskline.commands.api_token import token
from maskline.commands.app import app
from maskline.commands.audit import audit
from maskline.commands.base import Group, examples
from maskline.commands.call_rule import call_block, frequency_rule
from maskline.commands.complaint import complaint, violation
from maskline.commands.config import config
from maskline.commands.enterprise import activation, enterprise
from maskline.commands.insight import overview, problem, push, statistics
from maskline.commands.invocation import Invocation, fail_as_json
from maskline.commands.job import export, job
from maskline.commands.lab import lab
from maskline.commands.lockout import lockout
from maskline.commands.message import message
from maskline.commands.money import money
from maskline.commands.notice import notice
from maskline.commands.number import number
from maskline.commands.order import order
from maskline.commands.person import person
from maskline.commands.prompt import prompt
from maskline.commands.recording import recording
from maskline.commands.registrant import registrant
from maskline.commands.report import report
from maskline.commands.reveal import look_up, reveal
from maskline.commands.route import route
from maskline.commands.serve import demo, serve
from maskline.commands.sms_link import sms_link
from maskline.commands.stock import stock
from maskline.commands.store import store
from maskline.commands.tariff import package, tariff
from maskline.commands.tenant import tenant
from maskline.commands.traffic import binding, call, record, status
from maskline.commands.trunk import trunk
from maskline.commands.user import user

EXIT_INTERRUPTED = 130


class RootGroup(Group):
    """Turns failures into exit codes, and with `--json` into a JSON value."""

    def main(  # pyright: ignore[reportIncompatibleMethodOverride] - its other options are passed by name
        self,
        args: Sequence[str] | None = None,
        **options: Any,  # noqa: ANN401 - click's own
    ) -> NoReturn:
        """Run one command line and exit the process."""
        arguments = list(sys.argv[1:] if args is None else args)
        invocation: Invocation = options.pop("obj", None) or Invocation()
        options["standalone_mode"] = False
        try:
            code = super().main(arguments, obj=invocation, **options)
        except click.ClickException as failure:
            if invocation.wants_json or "--json" in arguments:
                fail_as_json(failure)
            else:
                failure.show()
            sys.exit(failure.exit_code)
        except (click.Abort, KeyboardInterrupt):
            sys.exit(EXIT_INTERRUPTED)
        sys.exit(code if isinstance(code, int) else 0)


@click.group(
    cls=RootGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "maskline demo call                       # a first masked call, while `make run` runs",
        "maskline app create --mode axb --name shop",
        "maskline number add +8617010000001 --app APP_KEY --city 0755",
        "maskline trunk add carrier --host 192.0.2.10 --inbound-from 192.0.2.0/24",
        "maskline record list --json",
    )
    + "\n\nExit codes: 0 done, 1 refused, 2 wrong usage, 3 no platform reached.",
)
@click.version_option(package_name="maskline")
def main() -> None:
    """Number masking: two people talk through a virtual number.

    Most commands talk to a running platform: the demo of `make run`, or the one named by --url
    and --token (MASKLINE_URL, MASKLINE_TOKEN).
    """


for command in (
    serve,
    demo,
    status,
    tenant,
    app,
    number,
    stock,
    trunk,
    route,
    binding,
    call,
    record,
    prompt,
    recording,
    registrant,
    notice,
    overview,
    problem,
    push,
    statistics,
    message,
    sms_link,
    activation,
    enterprise,
    order,
    call_block,
    frequency_rule,
    complaint,
    violation,
    report,
    money,
    tariff,
    package,
    lockout,
    job,
    export,
    user,
    token,
    audit,
    person,
    reveal,
    look_up,
    store,
    config,
    lab,
):
    main.add_command(command)
