"""One path of the compatible interface: whom it serves and how it answers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from maskline.api.operation import Operation
from maskline.api.result import JSON, Answer, Result, Results
from maskline.domain.application import Application, Mode
from maskline.domain.error import MasklineError

Handler = Callable[[Application, bytes, bytes], Awaitable[Answer]]
"""Takes the application, the raw query string and the body."""

BindHandler = Callable[[Application, bytes, bytes, str | None], Awaitable[Answer]]
"""As Handler, and takes the id that the binding is to have, None for any.

With an id that a binding of the application has already, it answers as for that one.
"""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path of one mode, or of every mode (None), and what each method does there.

    `binds` are the methods that bind: they take `Idempotency-Key` (`maskline.api.idempotency`).
    `wire_names` are its parameters by our names, `results` the codes of errors that stand for
    others here (`maskline.api.result.answer_of`). `content_type` is told for all that it answers;
    `own_answers` stand here in place of those that every other path gives. `described` is what the
    OpenAPI document tells of each method.
    """

    mode: Mode | None
    methods: Mapping[str, Handler]
    wire_names: dict[str, str] = field(default_factory=dict[str, str])
    results: Results = field(default_factory=dict[type[MasklineError], Result])
    content_type: bytes = JSON
    own_answers: Mapping[Answer, Answer] = field(default_factory=dict[Answer, Answer])
    binds: Mapping[str, BindHandler] = field(default_factory=dict[str, BindHandler])
    described: Mapping[str, Operation] = field(default_factory=dict[str, Operation])

    def worded(self, answer: Answer) -> Answer:
        """An answer as this path gives it."""
        answer = self.own_answers.get(answer, answer)
        if answer.content_type == self.content_type:
            return answer
        return Answer(answer.status, answer.body, self.content_type, answer.headers)
