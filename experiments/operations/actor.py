"""Who acts, and by what means; every operation takes one as `by=`."""

from __future__ import annotations

from dataclasses import dataclass

from experiments.models import User, Via


@dataclass(frozen=True, slots=True)
class Actor:
    """`client` is the protocol session ("" in a browser), `host` the machine it names."""

    user: User
    via: str = Via.BROWSER
    client: str = ""
    host: str = ""
