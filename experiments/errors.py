"""Every error the domain can raise, with the protocol's numbers for it.

Rules, queries and operations raise these; `experiments.sdk.dispatch` turns them into an
envelope and `webui.middleware` into a page or fragment. Nobody else catches them.
"""

from __future__ import annotations


class ExperimentError(Exception):
    """Base of all: `code` is the HTTP status, `subcode` the protocol's finer number.

    `detail` says what exactly was wrong; `field` names the input at fault.
    """

    code = 400
    subcode = 0
    message = "The request cannot be carried out"

    def __init__(self, detail: str = "", *, field: str | None = None) -> None:
        self.detail = detail
        self.field = field
        super().__init__(str(self))

    def __str__(self) -> str:
        return f"{self.message}: {self.detail}" if self.detail else self.message


class InvalidId(ExperimentError):
    subcode = 10
    message = "Not a valid id"


class MissingField(ExperimentError):
    subcode = 11
    message = "A required field is missing"


class InvalidField(ExperimentError):
    subcode = 12
    message = "A field has an invalid value"


class ConflictingFields(ExperimentError):
    subcode = 15
    message = "Fields of the request contradict each other"


class InvalidBody(ExperimentError):
    subcode = 16
    message = "The request body cannot be read"


class InvalidFilter(ExperimentError):
    """A filter text that cannot be understood; `position` counts characters from 0."""

    subcode = 17
    message = "The filter cannot be understood"

    def __init__(self, detail: str, *, position: int, expected: str = "") -> None:
        self.position = position
        self.expected = expected
        super().__init__(detail, field="filter")


class TaskNotFound(ExperimentError):
    subcode = 101
    message = "No such experiment"


class InvalidTaskStatus(ExperimentError):
    subcode = 110
    message = "The experiment's status does not allow this"


class TaskNotEditable(InvalidTaskStatus):
    message = "The experiment cannot be edited in its status"


class StatusChangedMeanwhile(InvalidTaskStatus):
    message = "The experiment's status changed meanwhile"


class ValueChangedMeanwhile(ExperimentError):
    """Somebody changed the same value since it was read; carries the value found."""

    code = 409
    subcode = 111
    message = "The value was changed meanwhile"

    def __init__(self, detail: str, *, field: str, current: str | None) -> None:
        self.current = current
        super().__init__(detail, field=field)


class EventsNotAdded(ExperimentError):
    subcode = 131
    message = "No event was added"


class ProjectNotFound(ExperimentError):
    subcode = 401
    message = "No such project"


class QueueNotFound(ExperimentError):
    subcode = 701
    message = "No such queue"


class QueueNotEmpty(ExperimentError):
    subcode = 702
    message = "The queue is not empty"


class TaskNotInQueue(ExperimentError):
    subcode = 703
    message = "The experiment does not wait in this queue"


class TaskAlreadyQueued(ExperimentError):
    subcode = 706
    message = "The experiment waits in a queue already"


class NoDefaultQueue(ExperimentError):
    subcode = 707
    message = "There is no default queue"


class NotUnique(ExperimentError):
    subcode = 801
    message = "A value that must be unique exists already"


class UserNotFound(ExperimentError):
    subcode = 1001
    message = "No such user"


class NoCredentials(ExperimentError):
    code = 401
    subcode = 20
    message = "Credentials are needed"


class InvalidCredentials(ExperimentError):
    code = 401
    subcode = 22
    message = "The credentials are not valid"


class InvalidToken(ExperimentError):
    code = 401
    subcode = 30
    message = "The token is not valid"


class LinkNotUsable(ExperimentError):
    code = 410
    subcode = 31
    message = "This link cannot be used"


class NotAllowed(ExperimentError):
    code = 403
    subcode = 21
    message = "Your role does not allow this"


class TooManyAttempts(ExperimentError):
    code = 429
    subcode = 1
    message = "Too many attempts, try again later"


class EndpointNotFound(ExperimentError):
    code = 404
    subcode = 0
    message = "Unable to find endpoint"


class PageNotFound(ExperimentError):
    code = 404
    subcode = 1
    message = "There is no such page"


class CredentialNotFound(ExperimentError):
    code = 404
    subcode = 2
    message = "You have no such credentials"


class FileNotFound(ExperimentError):
    code = 404
    subcode = 3
    message = "There is no such file"


class BodyTooLarge(ExperimentError):
    code = 413
    subcode = 18
    message = "The request is larger than the server accepts"


class StorageFull(ExperimentError):
    code = 507
    subcode = 0
    message = "There is no room left for this file"


class InternalError(ExperimentError):
    code = 500
    subcode = 0
    message = "Internal error"
