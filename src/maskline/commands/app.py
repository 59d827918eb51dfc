"""`maskline app ...`: applications with their key, secret, receivers and switches."""

import click

from maskline.commands.assignment import read_assignments
from maskline.commands.base import (
    Decorated,
    Group,
    examples,
    limit_option,
    pass_invocation,
    set_option,
)
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.domain.application import Mode
from maskline.domain.notice import Purpose
from maskline.services.administration_request import ApplicationChange, NewApplication

GRACES = {"0": 0, "1h": 3_600, "24h": 86_400, "7d": 604_800}
STEP_COLUMNS = ("name", "outcome", "code", "took_ms", "text")
SECRET_COLUMNS = ("secret_id", "is_current", "created_at", "valid_until", "used_at", "used_from")
COLUMNS = ("app_key", "name", "mode", "state", "tenant_id", "may_record", "created_at")


def receiver_options(command: Decorated) -> Decorated:
    """Where pushes of an application go."""
    for option in reversed(
        (
            click.option("--status-url", metavar="URL", help="Receives call events."),
            click.option("--cdr-url", metavar="URL", help="Receives call records."),
            click.option("--sms-url", metavar="URL", help="Receives message events."),
            click.option(
                "--sms-control-url", metavar="URL", help="Is asked what to do with a message."
            ),
        )
    ):
        command = option(command)
    return command


@click.group(
    cls=Group,
    epilog=examples(
        "maskline app create --mode axb --name shop --status-url https://shop.example/status",
        "maskline app create --mode axb --name shop --record --set pairs_per_number=100",
        "maskline app set APP_KEY allowed_addresses=192.0.2.0/24 request_limit_per_s=50",
    ),
)
def app() -> None:
    """Applications: a key, a secret and one mode each."""


@app.command(
    epilog=examples(
        "maskline app create --mode axb --name shop --cdr-url https://shop.example/cdr --record",
        "maskline app create --mode axb --name shop --set request_limit_per_s=100 --json",
    )
)
@click.option(
    "--mode",
    required=True,
    type=click.Choice([mode.value for mode in Mode]),
    help="How its numbers serve.",
)
@click.option("--name", required=True, help="What people call it.")
@click.option("--tenant", "tenant_id", metavar="ID", help="Its customer; else the default one.")
@receiver_options
@click.option("--record", "may_record", is_flag=True, help="Calls may be recorded.")
@click.option("--sms", "may_message", is_flag=True, help="Messages may be sent.")
@set_option
@pass_invocation
def create(invocation: Invocation, assignments: tuple[str, ...], **given: object) -> None:
    """Add an application. Its secret is printed now, and never again."""
    form = {
        name: value for name, value in given.items() if value is not None and value is not False
    }
    form |= read_assignments(assignments, NewApplication)
    made = invocation.client().post("/applications", form)
    invocation.show(made, lambda: card(made))
    invocation.note(
        "\nKeep the secret now: it is not shown again.\n"
        f"Next, give it a number: maskline number add +86170... --app {made['app_key']} --city 0755"
    )


@app.command("list")
@click.option("--tenant", "tenant_id", metavar="ID", help="Of this customer only.")
@limit_option
@pass_invocation
def list_(invocation: Invocation, tenant_id: str | None, limit: int) -> None:
    """Applications by creation time."""
    entries, has_more = invocation.client().list("/applications", limit, tenant_id=tenant_id)
    invocation.show(
        entries,
        lambda: table(
            entries, COLUMNS, "There are no applications yet: maskline app create --help"
        ),
    )
    invocation.note(cut_note(len(entries), has_more=has_more))


@app.command()
@click.argument("app_key")
@pass_invocation
def show(invocation: Invocation, app_key: str) -> None:
    """One application, without its secret."""
    found = invocation.client().get(f"/applications/{segment(app_key)}")
    invocation.show(found, lambda: card(found))


@app.command(
    "set",
    epilog=examples(
        "maskline app set APP_KEY --status-url https://shop.example/status --record",
        "maskline app set APP_KEY cdr_url=none state=suspended pairs_per_number=100",
        "maskline app set APP_KEY prompts.no_binding=default-no-binding-zh.wav",
        "maskline app set APP_KEY number_choice.repeat=sticky number_choice.cool_off_h=24",
        "maskline app set APP_KEY --sms messages.shows_text=yes messages.per_sender_min=10",
    ),
)
@click.argument("app_key")
@click.argument("fields", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--name", help="What people call it.")
@receiver_options
@click.option("--record/--no-record", "may_record", default=None, help="Calls may be recorded.")
@click.option("--sms/--no-sms", "may_message", default=None, help="Messages may be sent.")
@set_option
@pass_invocation
def set_(
    invocation: Invocation,
    app_key: str,
    fields: tuple[str, ...],
    assignments: tuple[str, ...],
    **given: object,
) -> None:
    """Change fields of an application; "none" removes a URL. Its mode never changes.

    Fields: allowed_addresses, binds_per_day (of one number, 0: no limit), description,
    has_voice_check (the quality of recordings is checked), intercepts_unregistered
    (end calls of A numbers that are not registered with 8058: maskline registrant --help),
    is_sandbox (developers may bind), limits.destinations (prefixes that may be called and written
    to), limits.spend_per_day (what a day may cost, in the minor unit of the currency), may_call,
    may_message, may_record, number_state_url, pairs_per_number, prompts.no_binding,
    prompts.no_permission, prompts.random_check, prompts.service_abnormal, prompts.waiting_tone
    (names of approved prompts: maskline prompt --help), pushes_number_state, request_limit_per_s
    (0: no limit), state (normal, suspended), and those with an option. Messages
    (docs/messages.md): messages.shows_text, messages.required_words, messages.forbidden_words,
    messages.opt_out_words, messages.per_sender_min, messages.per_number_min, messages.per_s,
    messages.parts_per_day (0: no limit). Choice of numbers (docs/extensions.md):
    number_choice.home_city_first,
    number_choice.fallback_area_codes (020,0769), number_choice.pool (a tag of numbers),
    number_choice.repeat (any, sticky, avoid), number_choice.cool_off_h. AX: messages.reply_tags,
    may_show_caller, remembers_callers. AXE: callback_number, extension_repeats,
    prompts.enter_extension, prompts.wrong_extension, prompts.wrong_extension_end,
    prompts.no_extension_end, prompts.no_callback.
    """
    options = [f"{name}={value}" for name, value in given.items() if value is not None]
    change = read_assignments([*options, *fields, *assignments], ApplicationChange)
    if not change:
        raise click.UsageError("name what to change: an option, or KEY=VALUE")
    changed = invocation.client().patch(f"/applications/{segment(app_key)}", change)
    invocation.show(changed, lambda: card(changed))


@app.command(
    epilog=examples(
        "maskline app label APP_KEY team=rides city=深圳",
        "maskline app label APP_KEY --remove team",
    )
)
@click.argument("app_key")
@click.argument("labels", nargs=-1, metavar="[KEY=VALUE]...")
@click.option("--remove", "removed", multiple=True, metavar="KEY", help="Take a label away.")
@pass_invocation
def label(
    invocation: Invocation, app_key: str, labels: tuple[str, ...], removed: tuple[str, ...]
) -> None:
    """Set labels of an application, up to ten; those that are not named stay.

    Keys and values are Chinese characters, letters, digits and _ . : / = + - @.
    """
    changes: dict[str, str | None] = dict.fromkeys(removed)
    for pair in labels:
        key, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"{pair}: write KEY=VALUE, or --remove {pair}")
        changes[key] = value
    if not changes:
        raise click.UsageError("name what to change: KEY=VALUE, or --remove KEY")
    path = f"/applications/{segment(app_key)}"
    changed = invocation.client().patch(path, {"labels": changes})
    invocation.show(changed["labels"], lambda: card(changed["labels"]))


@app.group(
    cls=Group,
    epilog=examples(
        "maskline app secret list APP_KEY                # which work, and their last use",
        "maskline app secret renew APP_KEY --grace 24h   # the present one works for a day more",
        "maskline app secret end APP_KEY SECRET_ID       # the clients have the new one",
    ),
)
def secret() -> None:
    """Secrets: renewed without a moment in which clients are shut out."""


@secret.command("list")
@click.argument("app_key")
@pass_invocation
def list_secrets(invocation: Invocation, app_key: str) -> None:
    """Those that work, and when and from where each was last used."""
    found = invocation.client().get(f"/applications/{segment(app_key)}/secrets")["items"]
    invocation.show(found, lambda: table(found, SECRET_COLUMNS, "There are none."))


@secret.command(epilog=examples("maskline app secret renew APP_KEY --grace 7d"))
@click.argument("app_key")
@click.option(
    "--grace",
    type=click.Choice(list(GRACES)),
    default="24h",
    show_default=True,
    help="How long the present secret works beside the new one.",
)
@pass_invocation
def renew(invocation: Invocation, app_key: str, grace: str) -> None:
    """Make a new secret, which is printed now and never again. Pushes are signed with it at once.

    With --grace 0 no earlier secret works any more.
    """
    path = f"/applications/{segment(app_key)}/secrets"
    made = invocation.client().post(path, {"grace_s": GRACES[grace]})
    invocation.show(made, lambda: card(made))


@secret.command()
@click.argument("app_key")
@click.argument("secret_id")
@pass_invocation
def end(invocation: Invocation, app_key: str, secret_id: str) -> None:
    """Let an earlier secret work no more."""
    path = f"/applications/{segment(app_key)}/secrets/{segment(secret_id)}"
    invocation.client().delete(path)
    invocation.show({"secret_id": secret_id}, lambda: f"{secret_id} works no more")


@app.command(
    epilog=examples(
        "maskline app test APP_KEY status",
        "maskline app test APP_KEY record --callback-url https://shop.example/cdr --wrong-digest",
    )
)
@click.argument("app_key")
@click.argument("purpose", type=click.Choice([purpose.value for purpose in Purpose]))
@click.option("--callback-url", metavar="URL", help="Test this address in place of the saved one.")
@click.option("--wrong-digest", is_flag=True, help="Once more with a digest that is wrong.")
@pass_invocation
def test(
    invocation: Invocation,
    app_key: str,
    purpose: str,
    callback_url: str | None,
    wrong_digest: bool,  # noqa: FBT001 - a flag
) -> None:
    """Push a test event to a receiver and tell each step: address, connection, TLS, answer."""
    form = {"purpose": purpose, "url": callback_url, "with_wrong_digest": wrong_digest}
    report = invocation.client().post(f"/applications/{segment(app_key)}/callback-tests", form)
    invocation.show(report, lambda: table(report["steps"], STEP_COLUMNS, "Nothing was done."))
    if not report["passed"]:
        click.get_current_context().exit(1)


@app.command("renew-secret")
@click.argument("app_key")
@pass_invocation
def renew_secret(invocation: Invocation, app_key: str) -> None:
    """Give an application a new secret; the old one stops working at once."""
    renewed = invocation.client().post(f"/applications/{segment(app_key)}/secret")
    invocation.show(renewed, lambda: card(renewed))


@app.command(
    "webhook-secret",
    epilog=examples(
        "maskline app webhook-secret APP_KEY",
        "maskline app webhook-secret APP_KEY --renew       # the old one goes on signing",
        "maskline app webhook-secret APP_KEY --forget-old  # once the receiver has the new one",
    ),
)
@click.argument("app_key")
@click.option("--renew", is_flag=True, help="Sign with a new secret as well.")
@click.option("--forget-old", is_flag=True, help="Sign with the newest secret only.")
@pass_invocation
def webhook_secret(
    invocation: Invocation,
    app_key: str,
    renew: bool,  # noqa: FBT001 - a flag
    forget_old: bool,  # noqa: FBT001 - a flag
) -> None:
    """Show the secret a receiver verifies `webhook-signature` with (Standard Webhooks)."""
    if renew and forget_old:
        raise click.UsageError("--renew and --forget-old are two steps")
    client, path = invocation.client(), f"/applications/{segment(app_key)}/webhook-secret"
    if forget_old:
        client.delete(path)
    shown = client.post(path) if renew else client.get(path)
    invocation.show(shown, lambda: card(shown))
