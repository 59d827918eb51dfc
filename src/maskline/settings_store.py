"""Where data is kept."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

PositiveCount = Annotated[int, Meta(ge=1)]
PositiveSeconds = Annotated[float, Meta(gt=0)]


class StoreSection(Struct, frozen=True, kw_only=True):
    """Where data is kept.

    data: directory of everything written; made with mode 0700.
    file: the SQLite database in it, when `url` is empty.
    url: `postgresql://USER:PASSWORD@HOST/DATABASE` keeps the data there instead, for several
        processes and machines. Empty: in the file. Better given by environment.
    pool_min: connections to PostgreSQL that are kept open.
    pool_max: connections to PostgreSQL at most, of one process.
    max_waiting: units of work waiting for a connection to PostgreSQL; beyond it the answer is
        "busy".
    wait_s: how long each waits; after it the answer is "busy".
    statement_timeout_s: how long PostgreSQL may take for one statement.
    master_key_file: key that seals numbers and secrets; made at the first start, mode 0600.
        Back it up apart from the database: without it the data cannot be read. All processes on
        one database need the same.
    master_key: the key itself, instead of the file. Better given by environment.
    max_queue: units of work waiting to be written; beyond it the answer is "busy".
    sweep_interval_s: how often expired bindings are removed. They stop routing by themselves.
    """

    data: str = "var"
    file: str = "maskline.db"
    url: Annotated[str, Meta(pattern=r"^(postgres(ql)?://\S+)?$")] = ""
    pool_min: PositiveCount = 2
    pool_max: PositiveCount = 10
    max_waiting: PositiveCount = 1_000
    wait_s: PositiveSeconds = 5.0
    statement_timeout_s: PositiveSeconds = 5.0
    master_key_file: str = "master.key"
    master_key: str = ""
    max_queue: PositiveCount = 10_000
    sweep_interval_s: PositiveSeconds = 30.0

    @property
    def data_path(self) -> Path:
        """The data directory."""
        return Path(self.data)

    @property
    def database_path(self) -> Path:
        """The database file."""
        return self.data_path / self.file

    @property
    def master_key_path(self) -> Path:
        """The key file."""
        return self.data_path / self.master_key_file

    @property
    def admin_token_path(self) -> Path:
        """The file that keeps a generated management token."""
        return self.data_path / "admin.token"

    @property
    def demo_path(self) -> Path:
        """The file in which the demo says how to reach it."""
        return self.data_path / "demo.json"
