"""The server's own settings on throw-away data, with what would only cost time taken out."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="tuneboard-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

# Only the database may be chosen from outside; anything else would change what is tested.
for _variable in [name for name in os.environ if name.startswith("TUNEBOARD_")]:
    if _variable != "TUNEBOARD_DATABASE_URL":
        del os.environ[_variable]
os.environ["TUNEBOARD_DATA"] = _folder
os.environ["TUNEBOARD_SECRET_KEY"] = "only-for-tests-" * 4

from webui.settings import *  # noqa: E402, F403
from webui.settings import DATABASES, STORAGES  # noqa: E402

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]

# A file, not memory: threads of a race must meet in a real database with its real locks.
# The process id lets several people test against one PostgreSQL server.
_database = DATABASES["default"]
_on_sqlite = _database["ENGINE"].endswith("sqlite3")
_database["TEST"] = {
    "NAME": str(Path(_folder, "tests.sqlite3")) if _on_sqlite else f"test_tuneboard_{os.getpid()}"
}

# Hashed names need collectstatic; PBKDF2 takes a fifth of a second a password by design.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
