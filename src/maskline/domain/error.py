"""The tree of errors: whose fault it was, and what each boundary needs to answer.

A boundary (REST, SIP, management) translates a class once; nobody reads messages.
"""

from collections.abc import Mapping
from datetime import datetime


class MasklineError(Exception):
    """Root of everything maskline raises on purpose. Anything else that escapes is a bug."""


class CustomerError(MasklineError):
    """The customer's request cannot be carried out as it stands; repeating it will not help."""


class BusyError(MasklineError):
    """A named bound is reached (queue, rate, table); the same request may succeed later."""


class FarEndError(MasklineError):
    """A peer outside our control (carrier, receiver, phone) misbehaved or did not answer."""


class PlatformError(MasklineError):
    """Our own fault or that of something we run on (disk, database, media process)."""


class InvalidParameter(CustomerError):
    """A value has the wrong form. `parameter` is the name the customer knows it by."""

    def __init__(self, parameter: str, detail: str = "") -> None:
        super().__init__(f"{parameter}: {detail}" if detail else parameter)
        self.parameter = parameter
        self.detail = detail


class UnknownRecord(CustomerError):
    """Nothing is stored under the key that was given, or it belongs to somebody else."""


class UnknownNumber(CustomerError):
    """No virtual number of the customer's is this one: it exists nowhere, or elsewhere."""


class NumberNotOwned(CustomerError):
    """The virtual number exists but belongs to another application."""


class NumberUnavailable(CustomerError):
    """The virtual number is in a state that forbids the operation (paused, frozen, blacklisted)."""


class NumberPoolExhausted(CustomerError):
    """No virtual number of the application satisfies the request."""


class NumberFull(CustomerError):
    """The virtual number that was asked for holds its maximum of bindings."""


class AlreadyBound(CustomerError):
    """A party is bound on this virtual number already. `number` is that party's real number."""

    def __init__(self, number: str) -> None:
        super().__init__("a party is bound on this virtual number already")
        self.number = number


class TooManyNumbers(CustomerError):
    """The party that would be A holds as many virtual numbers as one may."""


class DailyLimitReached(CustomerError):
    """The virtual number was given as many bindings today as one may."""


class ExtensionTaken(CustomerError):
    """The extension that was asked for is taken, or none is free on this virtual number."""


class RecordingNotEnabled(CustomerError):
    """The application asks for recording without having it."""


class MessagingNotEnabled(CustomerError):
    """The application sends message parameters without having short messages."""


class RealCallerNotAllowed(CustomerError):
    """The application asks that its A's see real callers without having that."""


class DuplicateRecord(CustomerError):
    """Something with the same key exists. `key` says which."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} exists already")
        self.key = key


class StoreBusy(BusyError):
    """The store's write queue is full."""


class TooManyKeys(BusyError):
    """An application has as many keys of binds in use as one may, or a caller of changes."""


class QuotaMoved(BusyError):
    """A package has not what was to be taken out of it: another took it meanwhile."""


class RunTaken(BusyError):
    """A run that charges is over, or somebody else goes on with it."""


class RunNotFree(CustomerError):
    """A run that charges is done, or somebody else works on it."""


class ChargingOff(CustomerError):
    """Nothing is charged on this platform."""


class StoreFailed(PlatformError):
    """The store could not carry out a unit of work; nothing of it was kept."""


class RegistrationRefused(CustomerError):
    """A number may not be registered as it was asked for; the text says why, without the number."""


class VerificationRunning(RegistrationRefused):
    """The number waits for its verification."""

    def __init__(self) -> None:
        super().__init__("the number is being verified")


class AlreadyRegistered(RegistrationRefused):
    """The number is registered; it has to be deleted before it can belong to somebody else."""

    def __init__(self) -> None:
        super().__init__("the number is registered with other data; delete it first")


class RegistrationLocked(RegistrationRefused):
    """The verification failed less than a day ago. `until` is when the lock ends."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"the verification failed; locked until {until:%Y-%m-%d %H:%M:%S} UTC")
        self.until = until


class RegistrationBanned(RegistrationRefused):
    """The verification failed twice in a row: only the operator can register the number."""

    def __init__(self) -> None:
        super().__init__("the verification failed twice in a row; the number is banned")


class PhotoMissing(RegistrationRefused):
    """The photo that a report names was not uploaded."""

    def __init__(self) -> None:
        super().__init__("the photo was not uploaded")


class ReportsRefused(CustomerError):
    """Reports that were sent together, of which none is kept.

    `refusals` are those at fault: the place of each among all, from 0, and why.
    """

    def __init__(self, refusals: Mapping[int, CustomerError]) -> None:
        super().__init__(f"{len(refusals)} reports are refused")
        self.refusals = dict(refusals)


class NothingToReview(CustomerError):
    """The decision that is asked for was made already."""


class PhotoInUse(CustomerError):
    """A number is registered with the photo."""


class TenantFull(CustomerError):
    """The tenant has as many of these as it may have."""


class LastOfItsKind(CustomerError):
    """The change would leave a tenant without an owner, or the platform without an operator."""


class NotForThisRole(CustomerError):
    """Who asks may not do this to an account of that role."""


class SignInRefused(CustomerError):
    """Somebody could not be signed in, or did not show again who they are."""


class WrongCredentials(SignInRefused):
    """Login, password or code are wrong; it is not said which."""

    def __init__(self) -> None:
        super().__init__("login, password or code are wrong")


class CodeNeeded(SignInRefused):
    """The password is right, and the code of the authenticator app is wanted too."""

    def __init__(self) -> None:
        super().__init__("the code of the authenticator app is needed")


class SignInLocked(SignInRefused):
    """Too many failures for this login or from this address. `until` is when the lock ends."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many failed sign-ins")
        self.until = until


class LinkNotGood(CustomerError):
    """A link that was used, has expired, or never was."""

    def __init__(self) -> None:
        super().__init__("this link was used already, has expired, or was taken back")


class SandboxRefused(CustomerError):
    """The sandbox cannot do what is asked for. `code` is for programs, `hint` says what to do."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


class StepUpNeeded(CustomerError):
    """Who asks has to show first, once more, who it is."""
