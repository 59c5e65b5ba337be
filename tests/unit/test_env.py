"""A setting that is wrong or unknown stops the start, with a sentence a person can act on."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from webui.env import SETTINGS, host_of, kept_secret_key, make_folder, read_settings

MALFORMED = {
    "TUNEBOARD_DATA": ["", "~no-such-user-here/data"],
    "TUNEBOARD_DATABASE_URL": [
        "mysql://u:p@h/d",
        "postgres://u:p@h",
        "postgres://u:p@h:port/d",
        "postgres://[h/d",
        "tuneboard",
    ],
    "TUNEBOARD_ALLOWED_HOSTS": ["*", "a.example.org,*", "*.example.org", "https://a.example.org",
                                "a.example.org:8008", "a b", ".example.org"],
    "TUNEBOARD_PUBLIC_URL": ["tuneboard.example.org", "ftp://a.example.org", "https://",
                             "https://a.example.org/path", "https://u:p@a.example.org",
                             "javascript:alert(1)", "https://[::1"],
    "TUNEBOARD_SECRET_KEY": ["short", "x" * 31],
    "TUNEBOARD_MAX_BODY_MB": ["", "0", "-1", "1.5", "16MB", "100000", "١٦"],
    "TUNEBOARD_MAX_UPLOAD_MB": ["", "0", "-1", "1.5", "16MB", "100000", "١٦"],
    "TUNEBOARD_WORKERS": ["", "0", "-2", "two", "100", "1e1"],
    "TUNEBOARD_DEBUG": ["", "True", "yes", "2"],
}  # fmt: skip


def test_every_setting_has_malformed_values_here() -> None:
    assert set(MALFORMED) == {setting.variable for setting in SETTINGS}


@pytest.mark.parametrize(
    ("variable", "text"), [(name, text) for name, texts in MALFORMED.items() for text in texts]
)
def test_a_malformed_value_is_named(variable: str, text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=rf"^{variable}\b.* is not valid: .+\.$"):
        read_settings({variable: text})


def test_an_unknown_setting_is_named_with_those_there_are() -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_settings({"TUNEBOARD_ALLOWED_HOST": "a.example.org"})
    assert "TUNEBOARD_ALLOWED_HOST is not a setting" in str(caught.value)
    assert all(setting.variable in str(caught.value) for setting in SETTINGS)


def test_variables_of_others_do_not_matter() -> None:
    read_settings({"CLEARML_API_HOST": "x", "PATH": "/bin", "TUNEBOARDING": "yes"})


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("TUNEBOARD_SECRET_KEY", "too-short-canary"),
        ("TUNEBOARD_DATABASE_URL", "postgres://u:canary/x@h:5432/d"),
        ("TUNEBOARD_DATABASE_URL", "postgres://u:canary@h"),
    ],
)
def test_the_sentence_does_not_repeat_a_secret(variable: str, text: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_settings({variable: text})
    assert "canary" not in str(caught.value)


def test_nothing_set_is_fine() -> None:
    values = read_settings({})
    assert values["DATABASE_URL"] is None
    assert values["ALLOWED_HOSTS"] == []
    assert values["MAX_BODY_MB"] == 16 * 1024 * 1024
    assert values["DEBUG"] is False


def test_a_database_address_is_taken_apart() -> None:
    url = "postgres://tune:p%40ss%2Fword@db.example.org:6543/board?sslmode=require"
    assert read_settings({"TUNEBOARD_DATABASE_URL": url})["DATABASE_URL"] == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "board",
        "USER": "tune",
        "PASSWORD": "p@ss/word",
        "HOST": "db.example.org",
        "PORT": "6543",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize(
    ("address", "host"),
    [("https://A.example.org", "a.example.org"), ("http://[::1]:8008/", "[::1]"),
     ("http://10.0.0.5:8008", "10.0.0.5")],
)  # fmt: skip
def test_the_host_of_the_public_address(address: str, host: str) -> None:
    assert host_of(read_settings({"TUNEBOARD_PUBLIC_URL": address})["PUBLIC_URL"]) == host


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    key = kept_secret_key(tmp_path)
    assert len(key) >= 50
    assert kept_secret_key(tmp_path) == key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_keys_differ_between_folders(tmp_path: Path) -> None:
    assert kept_secret_key(make_folder(tmp_path / "a")) != kept_secret_key(
        make_folder(tmp_path / "b")
    )


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 60])
def test_a_damaged_secret_key_stops_the_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(content)
    with pytest.raises(ImproperlyConfigured, match="secret_key"):
        kept_secret_key(tmp_path)
    assert (tmp_path / "secret_key").read_bytes() == content


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(ImproperlyConfigured, match=r"The data folder .*data cannot be made"):
        make_folder(tmp_path / "data")


def test_a_new_folder_is_its_owners_alone(tmp_path: Path) -> None:
    assert stat.S_IMODE(make_folder(tmp_path / "new").stat().st_mode) == 0o700


def test_starts_at_the_same_moment_agree_on_one_key(tmp_path: Path) -> None:
    keys: list[str] = []
    barrier = threading.Barrier(8)

    def start(number: int) -> None:
        barrier.wait()
        keys.append(kept_secret_key(tmp_path))

    threads = [threading.Thread(target=start, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
