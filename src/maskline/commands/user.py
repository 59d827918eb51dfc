"""`maskline user ...`: people who sign in to the console."""

import click

from maskline.commands.base import Group, examples, limit_option, pass_invocation
from maskline.commands.client import segment
from maskline.commands.invocation import Invocation
from maskline.commands.table import card, cut_note, table
from maskline.domain.access import Role

COLUMNS = ("user_id", "tenant_id", "login", "name", "role", "state", "last_seen_at")
LINK_COLUMNS = ("invitation_id", "purpose", "tenant_id", "login", "role", "made_by", "expires_at")
SESSION_COLUMNS = ("session_id", "address", "user_agent", "used_at", "expires_at")
_ROLES = click.Choice([role.value for role in Role])


@click.group(
    cls=Group,
    epilog=examples(
        "maskline user setup-link",
        'maskline user invite li@shop.example --name "Li Lei" --role owner --tenant shop',
        "maskline user list --tenant shop",
        "maskline user set USER_ID --role support",
        "maskline user disable USER_ID",
    ),
)
def user() -> None:
    """People who sign in to the console. The roles of a tenant and of the platform: docs/rights.md.

    An invitation is a link that is good once; give it to whom it is for. Owners and administrators
    invite from the console as well.
    """


@user.command("list")
@click.option("--tenant", "tenant_id", help="Of one customer only.")
@click.option("--staff", is_flag=True, help="The platform's own people only.")
@limit_option
@pass_invocation
def list_(invocation: Invocation, *, tenant_id: str | None, staff: bool, limit: int) -> None:
    """Accounts, oldest first."""
    wanted = "" if staff else tenant_id
    entries, has_more = invocation.client().list("/users", limit, tenant_id=wanted)
    nothing = "Nobody: maskline user invite LOGIN --name NAME --role ROLE"
    invocation.show(entries, lambda: table(entries, COLUMNS, nothing))
    invocation.note(cut_note(len(entries), has_more=has_more))


@user.command()
@click.argument("user_id")
@pass_invocation
def show(invocation: Invocation, user_id: str) -> None:
    """One account."""
    shown = invocation.client().get(_path(user_id))
    invocation.show(shown, lambda: card(shown))


@user.command("setup-link")
@pass_invocation
def setup_link(invocation: Invocation) -> None:
    """Make a link for the first operator. Refused once there is one, who can invite others."""
    made = invocation.client().post("/setup-links")
    invocation.show(made, lambda: str(made["link"]))
    invocation.note(f"\nOpen it once, before {made['expires_at']}.")


@user.command()
@click.argument("login")
@click.option("--name", required=True, help="How the person is called.")
@click.option("--role", type=_ROLES, required=True, help="What the person may do.")
@click.option("--tenant", "tenant_id", help="Whose; without it the platform's own.")
@pass_invocation
def invite(
    invocation: Invocation, login: str, *, name: str, role: str, tenant_id: str | None
) -> None:
    """Make a link with which somebody chooses a password. It is printed now, and never again."""
    body = {"login": login, "name": name, "role": role, "tenant_id": tenant_id}
    made = invocation.client().post("/invitations", body)
    invocation.show(made, lambda: str(made["link"]))
    invocation.note(f"\nGood once, before {made['expires_at']}.")


@user.command()
@pass_invocation
def invitations(invocation: Invocation) -> None:
    """Invitations, and links for new passwords, that are good now."""
    entries = invocation.client().get("/invitations")["items"]
    invocation.show(entries, lambda: table(entries, LINK_COLUMNS, "There are none."))


@user.command("take-back")
@click.argument("invitation_id")
@pass_invocation
def take_back(invocation: Invocation, invitation_id: str) -> None:
    """Let a link be good no more."""
    invocation.client().delete(f"/invitations/{segment(invitation_id)}")
    invocation.show({"invitation_id": invitation_id, "removed": True}, lambda: "It is gone.")


@user.command("set")
@click.argument("user_id")
@click.option("--name", help="Another name.")
@click.option("--role", type=_ROLES, help="Another role; signs the person out.")
@pass_invocation
def set_(invocation: Invocation, user_id: str, *, name: str | None, role: str | None) -> None:
    """Rename somebody, or give another role."""
    given = {"name": name, "role": role}
    body = {field: value for field, value in given.items() if value is not None}
    changed = invocation.client().patch(_path(user_id), body)
    invocation.show(changed, lambda: card(changed))


@user.command()
@click.argument("user_id")
@pass_invocation
def disable(invocation: Invocation, user_id: str) -> None:
    """Let somebody in no more; sessions and tokens end at once."""
    changed = invocation.client().patch(_path(user_id), {"state": "disabled"})
    invocation.show(changed, lambda: f"{changed['login']} is disabled.")


@user.command()
@click.argument("user_id")
@pass_invocation
def enable(invocation: Invocation, user_id: str) -> None:
    """Let somebody in again who was disabled."""
    changed = invocation.client().patch(_path(user_id), {"state": "active"})
    invocation.show(changed, lambda: f"{changed['login']} may sign in.")


@user.command()
@click.argument("user_id")
@click.option("--remove-totp", is_flag=True, help="The authenticator app is lost as well.")
@pass_invocation
def reset(invocation: Invocation, user_id: str, *, remove_totp: bool) -> None:
    """Make a link with which somebody chooses a new password."""
    made = invocation.client().post(f"{_path(user_id)}/reset", {"removes_totp": remove_totp})
    invocation.show(made, lambda: str(made["link"]))
    invocation.note(f"\nGood once, before {made['expires_at']}.")


@user.command()
@click.argument("user_id")
@pass_invocation
def unlock(invocation: Invocation, user_id: str) -> None:
    """Let somebody try again whose sign-ins failed too often."""
    invocation.client().post(f"{_path(user_id)}/unlock")
    invocation.show({"user_id": user_id, "locked": False}, lambda: "The next try counts anew.")


@user.command()
@click.argument("user_id")
@pass_invocation
def sessions(invocation: Invocation, user_id: str) -> None:
    """Where somebody is signed in, the last used first."""
    entries = invocation.client().get(f"{_path(user_id)}/sessions")["items"]
    invocation.show(entries, lambda: table(entries, SESSION_COLUMNS, "Nowhere."))


@user.command("sign-out")
@click.argument("user_id")
@pass_invocation
def sign_out(invocation: Invocation, user_id: str) -> None:
    """End all sessions of somebody."""
    invocation.client().delete(f"{_path(user_id)}/sessions")
    invocation.show({"user_id": user_id, "signed_out": True}, lambda: "Signed out everywhere.")


def _path(user_id: str) -> str:
    return f"/users/{segment(user_id)}"
