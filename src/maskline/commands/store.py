"""`maskline store ...`: the database itself."""

import asyncio

import click

from maskline.commands.base import Group, examples, pass_invocation
from maskline.commands.failure import CommandFailed
from maskline.commands.invocation import Invocation
from maskline.domain.error import StoreFailed


@click.group(
    cls=Group,
    epilog=examples("maskline store migrate", "maskline store migrate --post"),
)
def store() -> None:
    """The PostgreSQL database of `[store] url`. These commands need no running platform."""


@store.command()
@click.option(
    "--post",
    "with_post",
    is_flag=True,
    help="Drop what the release before still needed, too. Only when none of it runs any more.",
)
@pass_invocation
def migrate(invocation: Invocation, *, with_post: bool) -> None:
    """Bring the schema up to date. Every start does so, too, but for --post.

    An upgrade without a pause: run this with the new release, replace one process after another,
    and run it with --post once the last process of the old release is gone.
    """
    # As with `serve`: a client command does without the store.
    from maskline.bootstrap.store import migrate_store  # noqa: PLC0415 - see above

    settings = invocation.settings()
    try:
        done = asyncio.run(migrate_store(settings, with_post=with_post))
    except StoreFailed as error:
        raise CommandFailed(
            str(error), hint='see "PostgreSQL" in docs/operations.md', code="store_failed"
        ) from error
    text = "\n".join(done) or "The schema is up to date."
    invocation.show({"applied": list(done)}, lambda: text)
