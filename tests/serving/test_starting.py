"""The steps of a start, one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder

from experiments.models import Task, User
from experiments.queries.accounts import anybody_registered
from webui import starting
from webui.serving import CannotServe, host_in_address
from webui.version import newest_version


def test_tables_that_are_up_to_date_are_left_alone(db: None) -> None:
    assert starting.prepare_database() is False


def test_tables_of_a_newer_version_are_refused(db: None) -> None:
    MigrationRecorder.Migration.objects.create(app="experiments", name="9999_from_the_future")
    with pytest.raises(CannotServe, match=r"newer Tuneboard .*9999_from_the_future"):
        starting.prepare_database()


def test_an_app_that_is_gone_does_not_stop_the_start(db: None) -> None:
    MigrationRecorder.Migration.objects.create(app="removed", name="0001_initial")
    assert starting.prepare_database() is False


def test_an_old_sqlite_is_named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "OLDEST_SQLITE", (99, 0))
    with pytest.raises(CannotServe, match=r"99\.0 or newer is needed"):
        starting.prepare_database()


class TestStaticFiles:
    @pytest.fixture(autouse=True)
    def folders(self, tmp_path: Path, settings: Any) -> None:
        source = tmp_path / "source"
        source.mkdir()
        (source / "look.css").write_text("body { color: black }")
        settings.STATICFILES_DIRS = [source]
        settings.STATIC_ROOT = tmp_path / "static"
        storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
        settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": storage}}
        self.source, self.collected = source, tmp_path / "static"

    def test_they_are_collected_once(self) -> None:
        assert starting.prepare_static_files() is True
        assert starting.prepare_static_files() is False
        assert list(self.collected.glob("look.*.css"))

    def test_they_are_collected_again_when_one_changed(self) -> None:
        starting.prepare_static_files()
        (self.source / "look.css").write_text("body { color: white; }")
        assert starting.prepare_static_files() is True
        assert len(list(self.collected.glob("look.*.css"))) == 2

    def test_they_are_collected_again_when_they_were_removed(self) -> None:
        starting.prepare_static_files()
        (self.collected / "staticfiles.json").unlink()
        assert starting.prepare_static_files() is True


class TestExamples:
    def test_they_are_loaded_once(self, transactional_db: None) -> None:
        starting.load_examples()
        starting.load_examples()
        assert Task.objects.count() == starting.EXAMPLES

    def test_their_author_cannot_sign_in(self, transactional_db: None) -> None:
        starting.load_examples()
        assert User.objects.get().is_active is False
        assert not anybody_registered()


@pytest.mark.parametrize(
    ("host", "written"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("box", "box")]
)
def test_a_host_is_written_as_in_an_address(host: str, written: str) -> None:
    assert host_in_address(host) == written


class TestVersion:
    def test_it_is_the_newest_heading(self) -> None:
        assert newest_version("# Changelog\n\n## 1.10.0 (soon)\n\n## 1.9.0 (old)\n") == "1.10.0"

    def test_a_changelog_without_one_is_refused(self) -> None:
        with pytest.raises(ValueError, match=r"no heading"):
            newest_version("# Changelog\n")
