"""Which values of a configuration are secrets, by their name or by what they look like.

Masked are passwords, tokens and keys that scripts log by accident; not the words of machine
learning that merely look like them (`max_tokens`, `pad_token`, `num_key_value_heads`). Names
are judged word by word, so that `secretary` and `tokenizer` are not even considered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

MASK = "••••••••"

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PLAIN = frozenset({"", "none", "null", "true", "false", "yes", "no", "[]", "{}"})
_NUMBER = re.compile(r"[-+]?\d[\d_]*(\.\d*)?(e[-+]?\d+)?", re.IGNORECASE)
_FILE = re.compile(r"(~|\.{1,2})?(/[\w.+-]+)+(\.\w+)?|[\w.+-]+\.(json|ya?ml|toml|txt|pem|env)")

# A word that says "secret" wherever it stands, also glued to others ("dbpassword").
_GLUED = re.compile(
    r"password|passwd|passphrase|passcode|apikey|secretkey|privatekey|accesskey|authkey"
    r"|authtoken|accesstoken|bearertoken|credential"
)
_ALONE = frozenset({"secret", "secrets", "dsn", "jwt", "authorization", "otp", "totp"})
# After these words the rest is about the secret, not the secret itself.
_ABOUT = frozenset(
    {"file", "path", "dir", "name", "env", "var", "length", "len", "size", "count", "type",
     "format", "field", "column", "prompt", "policy", "required", "enabled", "provider", "ttl",
     "expiry", "timeout", "domain", "samesite", "secure", "httponly", "algorithm"}
)  # fmt: skip
# Whose keys are secrets: `api_key`, `aws_access_key`.
KEY_OWNERS = frozenset(
    {"api", "private", "secret", "access", "encryption", "decryption", "signing", "signature",
     "hmac", "auth", "ssh", "gpg", "pgp", "rsa", "master", "account", "license", "licence",
     "client", "consumer", "service", "shared", "subscription", "openai", "anthropic", "azure",
     "aws", "gcp", "google", "huggingface", "hf", "wandb", "comet", "neptune", "clearml",
     "cohere", "mistral", "stripe", "sendgrid", "twilio", "datadog", "github", "gitlab"}
)  # fmt: skip
_OF_TOKEN = frozenset(
    {"api", "access", "auth", "oauth", "bearer", "refresh", "secret", "security", "session",
     "csrf", "xsrf", "personal", "service", "deploy", "bot", "jwt", "sas", "push", "login",
     "hf", "huggingface", "hub", "hugging", "github", "gh", "gitlab", "slack", "telegram",
     "discord", "wandb", "comet", "neptune", "clearml", "openai", "npm", "pypi", "vault", "ci",
     "aws", "azure", "gcp", "google", "registry", "docker", "kaggle", "databricks", "mlflow"}
)  # fmt: skip
_OF_PASS = frozenset(
    {"db", "database", "smtp", "mail", "email", "imap", "user", "root", "admin", "login",
     "mysql", "postgres", "pg", "redis", "mongo", "ftp", "sftp", "http", "proxy", "ssh", "ldap",
     "rabbitmq", "amqp", "basic", "my"}
)  # fmt: skip
_OF_DESKTOP = frozenset({"desktop", "gdm", "xdg", "dbus"})

# Quantifiers are bounded: a value may be a megabyte written to be slow.
_LOOKS_SECRET = re.compile(
    r"""(?<![A-Za-z0-9_-])(?:
        A[KS]IA[0-9A-Z]{16}
      | gh[pousr]_[A-Za-z0-9]{20,255} | github_pat_\w{20,255} | glpat-[\w-]{20,64}
      | hf_[A-Za-z0-9]{20,64} | npm_[A-Za-z0-9]{30,64} | pypi-AgE[\w-]{20,255}
      | sk-(?=[A-Za-z_-]{0,64}\d)[\w-]{20,255} | [rs]k_(?:live|test)_[A-Za-z0-9]{16,255}
      | xox[abeoprs]-[A-Za-z0-9-]{10,255} | AIza[\w-]{35} | ya29\.[\w-]{20,255}
      | SG\.[\w-]{16,64}\.[\w-]{16,64} | dop_v1_[0-9a-f]{32,64}
      | eyJ[\w-]{8,2048}\.eyJ[\w-]{8,4096}\.[\w-]{8,2048}
    )
    | -----BEGIN\ [A-Z\ ]{0,40}PRIVATE\ KEY-----
    | ://[^/\s:@]{0,256}:[^/\s@]{1,1024}@
    | hooks\.slack\.com/services/\w
    | \b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=
    | \b[Bb]earer\ [\w.~+/-]{16,2048}
    """,
    re.VERBOSE,
)


def is_secret(name: str, value: str) -> bool:
    """Whether `value`, stored under `name` (`Args/db.password`), is to be masked."""
    if value.strip().lower() in _PLAIN:
        return False
    return _named_secret(name, value) or _LOOKS_SECRET.search(value) is not None


def names_secret(name: str) -> bool:
    """Whether what is stored under `name` may be a secret; the value decides."""
    return _kind(name) != ""


def _named_secret(name: str, value: str) -> bool:
    kind = _kind(name)
    if kind == "password":
        return True
    if kind == "key":
        return not (_NUMBER.fullmatch(value) or _FILE.fullmatch(value))
    if kind == "perhaps":
        return _looks_random(value)
    return False


@lru_cache(maxsize=20_000)
def _kind(name: str) -> str:
    """`password`: any value; `key`: but numbers and files; `perhaps`: if it looks random; or ""."""
    words = [word.lower() for word in _WORD.findall(name.rpartition("/")[2])]
    while words and words[-1].isdigit():
        words.pop()
    if not words or words[-1] in _ABOUT:
        return ""
    *before, last = words
    previous = before[-1] if before else ""
    if any(_GLUED.search(word) for word in words):
        return "key" if "credential" in "".join(words) else "password"
    if _ALONE.intersection(words) or (last == "pass" and previous in _OF_PASS):
        return "password"
    if _contains_pair(words, "key", KEY_OWNERS) or last in {"cookie", "cookies", "bearer"}:
        return "key"
    return _kind_of_last(last, previous, words)


def _kind_of_last(last: str, previous: str, words: list[str]) -> str:
    match last:
        case "pwd":  # PWD alone is a shell's working directory, which reads as a file
            return "key" if previous != "old" else ""
        case "token" | "tokens":
            known = previous in _OF_TOKEN or words == ["token"]
            return "key" if known else "perhaps"
        case "session":
            return "" if _OF_DESKTOP.intersection(words) else "key"
        case "id" | "sessionid" | "key":
            about_session = previous == "session" or last == "sessionid"
            return "key" if about_session and not _OF_DESKTOP.intersection(words) else ""
    return ""


def _contains_pair(words: list[str], noun: str, qualifiers: frozenset[str]) -> bool:
    """Whether `noun` (or its plural) stands right after one of the qualifiers."""
    return any(
        second in {noun, noun + "s"} and first in qualifiers for first, second in pairwise(words)
    )


def _looks_random(value: str) -> bool:
    """Long, without blanks, digits among letters: not `<pad>` and not `[MASK]`."""
    return (
        len(value) >= 16
        and value.isascii()
        and not re.search(r"[\s<>\[\]{}|]", value)
        and re.search(r"\d", value) is not None
        and re.search(r"[A-Za-z]", value) is not None
    )
