"""Endpoints for developers who write code: operations of a mode, and programs that use them."""

from typing import Any

import msgspec
from msgspec import Struct

from maskline.domain.access import Right
from maskline.domain.error import InvalidParameter
from maskline.manage.endpoint import Asked, Endpoint
from maskline.manage.sandbox import developer_of
from maskline.sandbox.operation import OPERATIONS, operation_of
from maskline.sandbox.snippet import LANGUAGES, SECRET_WORD, write_snippet
from maskline.sandbox.snippet_desk import SnippetDesk


class OperationQuery(Struct, frozen=True, kw_only=True):
    """Whose operations."""

    app_key: str


class SnippetQuery(Struct, frozen=True, kw_only=True):
    """Code for an operation, in one language or all.

    `params` is a JSON object with the parameters as they stand on the wire; without it they are
    those of the example.
    """

    app_key: str
    operation: str
    language: str | None = None
    params: str | None = None


class OperationView(Struct, frozen=True, kw_only=True):
    """What may be asked of the compatible interface; `params` are an example that works."""

    operation: str
    method: str
    path: str
    has_body: bool
    params: dict[str, Any]


class OperationsView(Struct, frozen=True, kw_only=True):
    """The operations of an application's mode."""

    items: tuple[OperationView, ...]


class SnippetView(Struct, frozen=True, kw_only=True):
    """A program: the file it goes into, and the command that runs it there."""

    language: str
    file_name: str
    run: str
    code: str


class SnippetsView(Struct, frozen=True, kw_only=True):
    """Programs; `secret_word` stands in them for the application's secret."""

    items: tuple[SnippetView, ...]
    secret_word: str


class SnippetEndpoints:
    """What developers copy."""

    def __init__(self, desk: SnippetDesk) -> None:
        self._desk = desk

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All of them."""
        return (
            Endpoint(
                method="GET",
                path="/sandbox/operations",
                summary="What an application may ask of the compatible interface",
                run=self.list_operations,
                query=OperationQuery,
                answer=OperationsView,
                right=Right.SANDBOX_USE,
                refusals=(404,),
            ),
            Endpoint(
                method="GET",
                path="/snippets",
                summary="Programs that send a request of an application, in seven languages",
                run=self.list_snippets,
                query=SnippetQuery,
                answer=SnippetsView,
                right=Right.SANDBOX_USE,
                refusals=(404,),
            ),
        )

    async def list_operations(self, asked: Asked) -> OperationsView:
        """The operations, with examples of this application's numbers."""
        developer = developer_of(asked)
        application = await self._desk.application(asked.query.app_key, developer)
        words = await self._desk.words(application, developer)
        return OperationsView(
            items=tuple(
                OperationView(
                    operation=one.name,
                    method=one.method,
                    path=one.path,
                    has_body=one.has_body,
                    params=one.filled(words),
                )
                for one in OPERATIONS[application.mode]
            )
        )

    async def list_snippets(self, asked: Asked) -> SnippetsView:
        """Code for one operation."""
        query: SnippetQuery = asked.query
        developer = developer_of(asked)
        application = await self._desk.application(query.app_key, developer)
        operation = operation_of(application, query.operation)
        params = _read_params(query.params)
        if params is None:
            params = operation.filled(await self._desk.words(application, developer))
        wanted = LANGUAGES if query.language is None else (query.language,)
        unknown = set(wanted) - set(LANGUAGES)
        if unknown:
            raise InvalidParameter("language", f"is one of {', '.join(LANGUAGES)}")
        written = (
            write_snippet(
                LANGUAGES[name],
                operation,
                params,
                base_url=self._desk.base_url,
                app_key=application.app_key,
            )
            for name in wanted
        )
        return SnippetsView(
            items=tuple(
                SnippetView(
                    language=one.language, file_name=one.file_name, run=one.run, code=one.code
                )
                for one in written
            ),
            secret_word=SECRET_WORD,
        )


def _read_params(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise InvalidParameter("params", f"is no JSON object: {error}") from error
