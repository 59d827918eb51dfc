"""What is made at the very first start, and only then."""

from maskline.bootstrap.store import build_keys
from maskline.manage.token import load_admin_token
from maskline.services.ids import SystemIds
from maskline.settings import Settings
from maskline.stores.keys import Keys


def prepare_secrets(settings: Settings) -> tuple[str, Keys]:
    """The operator's token and the keys of the data; makes the data directory too.

    Raises PlatformError for a directory or a file that cannot be used.
    """
    settings.store.data_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    token = settings.manage.admin_token or load_admin_token(
        settings.store.admin_token_path, SystemIds()
    )
    return token, build_keys(settings)
