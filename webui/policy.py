"""Who may open which address: the one table. What is not in it, nobody may.

Being let in here is only the first half: pages fetch what they show through
`experiments.queries.access`, which decides about the single project or experiment.
"""

from __future__ import annotations

from enum import Enum


class Access(Enum):
    ANYONE = "everybody, signed in or not"
    SIGNED_IN = "everybody signed in"
    ADMIN = "site admins"
    TOKEN = "scripts; the protocol checks their token itself and ignores sessions"
    FILES = "scripts by their token, which is checked there; people signed in may read"


ANYONE, SIGNED_IN, ADMIN, TOKEN, FILES = Access

POLICY: dict[str, Access] = {
    "healthz": ANYONE,
    "theme": ANYONE,
    "login": ANYONE,
    "logout": SIGNED_IN,
    "sign-in-link": ANYONE,
    "setup": ANYONE,
    "settings": SIGNED_IN,
    "settings-credentials": SIGNED_IN,
    "settings-revoke-credentials": SIGNED_IN,
    "sdk": TOKEN,
    "file": FILES,
    "file-upload": FILES,
    "file-upload-slash": FILES,
    "search": SIGNED_IN,
    "project-list": SIGNED_IN,
    "project": SIGNED_IN,
    "project-experiments": SIGNED_IN,
    "experiment-list": SIGNED_IN,
    "experiment": SIGNED_IN,
    "experiment-configuration": SIGNED_IN,
    "experiment-changes": SIGNED_IN,
    "experiment-facts": SIGNED_IN,
    "experiment-execution": SIGNED_IN,
    "experiment-edit-execution": SIGNED_IN,
    "experiment-reveal-execution": SIGNED_IN,
    "experiment-execution-changes": SIGNED_IN,
    "experiment-execution-download": SIGNED_IN,
    "experiment-info": SIGNED_IN,
    "experiment-history": SIGNED_IN,
    "experiment-revert": SIGNED_IN,
    "experiment-revert-to": SIGNED_IN,
    "experiment-console": SIGNED_IN,
    "experiment-console-tail": SIGNED_IN,
    "experiment-console-download": SIGNED_IN,
    "experiment-scalars": SIGNED_IN,
    "experiment-action": SIGNED_IN,
    "experiment-artifacts": SIGNED_IN,
    "connect": SIGNED_IN,
    "first-experiment": SIGNED_IN,
    "experiment-columns": SIGNED_IN,
    "project-experiment-columns": SIGNED_IN,
    "experiment-edit-parameter": SIGNED_IN,
    "experiment-parameter": SIGNED_IN,
    "experiment-reveal-parameter": SIGNED_IN,
    "experiment-section-rows": SIGNED_IN,
    "experiment-copy": SIGNED_IN,
    "experiment-describe-section": SIGNED_IN,
    "experiment-section-form": SIGNED_IN,
    "experiment-remove-section": SIGNED_IN,
    "experiment-paste": SIGNED_IN,
    "experiment-unlock-properties": SIGNED_IN,
    "experiment-configuration-object": SIGNED_IN,
    "experiment-configuration-download": SIGNED_IN,
    "experiment-object-lines": SIGNED_IN,
    "experiment-object-tree": SIGNED_IN,
    "experiment-object-reveal": SIGNED_IN,
    "experiment-object-form": SIGNED_IN,
    "experiment-object-diff": SIGNED_IN,
    "queue-list": SIGNED_IN,
    "queue": SIGNED_IN,
    "queue-order": SIGNED_IN,
    "queue-charts": SIGNED_IN,
    "queue-rename": SIGNED_IN,
    "queue-delete": SIGNED_IN,
    "worker-list": SIGNED_IN,
    "worker-charts": SIGNED_IN,
    "sdk-project": SIGNED_IN,
    "sdk-experiment": SIGNED_IN,
    "sdk-experiment-short": SIGNED_IN,
    "sdk-task": SIGNED_IN,
    "sdk-task-short": SIGNED_IN,
}
