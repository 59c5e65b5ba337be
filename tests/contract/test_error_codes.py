"""The protocol's numbers of every error: listed here, and none of them twice."""

from __future__ import annotations

from collections.abc import Iterator

from experiments import errors

EXPECTED = {
    "ExperimentError": (400, 0),
    "InvalidId": (400, 10),
    "MissingField": (400, 11),
    "InvalidField": (400, 12),
    "ConflictingFields": (400, 15),
    "InvalidBody": (400, 16),
    "InvalidFilter": (400, 17),
    "TaskNotFound": (400, 101),
    "InvalidTaskStatus": (400, 110),
    "TaskNotEditable": (400, 110),
    "StatusChangedMeanwhile": (400, 110),
    "EventsNotAdded": (400, 131),
    "ProjectNotFound": (400, 401),
    "QueueNotFound": (400, 701),
    "QueueNotEmpty": (400, 702),
    "TaskNotInQueue": (400, 703),
    "TaskAlreadyQueued": (400, 706),
    "NoDefaultQueue": (400, 707),
    "NotUnique": (400, 801),
    "UserNotFound": (400, 1001),
    "NoCredentials": (401, 20),
    "InvalidCredentials": (401, 22),
    "InvalidToken": (401, 30),
    "NotAllowed": (403, 21),
    "EndpointNotFound": (404, 0),
    "PageNotFound": (404, 1),
    "CredentialNotFound": (404, 2),
    "FileNotFound": (404, 3),
    "ValueChangedMeanwhile": (409, 111),
    "LinkNotUsable": (410, 31),
    "BodyTooLarge": (413, 18),
    "TooManyAttempts": (429, 1),
    "InternalError": (500, 0),
    "StorageFull": (507, 0),
}


def every_error(base: type = errors.ExperimentError) -> Iterator[type[errors.ExperimentError]]:
    yield base
    for kind in base.__subclasses__():
        if kind.__module__ == errors.__name__:
            yield from every_error(kind)


def test_the_numbers_are_these() -> None:
    assert {kind.__name__: (kind.code, kind.subcode) for kind in every_error()} == EXPECTED


def test_no_number_stands_for_two_things() -> None:
    seen: dict[tuple[int, int], type] = {}
    for kind in every_error():
        number = (kind.code, kind.subcode)
        assert issubclass(kind, seen.setdefault(number, kind)), number


def test_every_error_has_a_sentence_of_its_own() -> None:
    messages = [kind.message for kind in every_error()]
    assert len(set(messages)) == len(messages)
    assert all(message[0].isupper() and not message.endswith(".") for message in messages)
