"""Configuration objects: dictionaries as HOCON, files and texts byte for byte."""

from __future__ import annotations

import pytest

from tests.sdk.runs import SCRIPTS, Run, Script

FILES = SCRIPTS / "configuration_files"

CONNECTED = Script("connect_configuration.py")
UNNAMED_FILE = Script("connect_configuration_file.py")
AUTOMATION = Script("configuration_objects.py")

DICTIONARY = """\
k {
  n = 1
  "x.y" = "1.50"
}
list = [1, 2]
none = null
on = true
text = "a b\""""
YAML = """\
# kept: comments, order,  double  spaces
model:
    name: "resnet"   # quoted
    layers: [ 64,32 ]
empty:
when: 2026-01-02


"""
JSON = '{"b": 1,  "a": [1, 2.50, null],\n\t"text": "\\u00fc ü"}'
# The SDK opens files as text, so that the file's one "\r\n" arrives as "\n".
NOTES = (
    "plain text, no format\nwindows line\n\ttab\n  trailing spaces  \n"
    "ünï😀 <script>alert(1)</script>\nlast line without end"
)
OBJECTS = {
    "General": DICTIONARY,
    "named dictionary": "lr = 0.2",
    "yaml file": YAML,
    "json/file": JSON,
    "notes.txt <b>": NOTES,
}


def visible(objects: dict[str, str]) -> dict[str, str]:
    """What can be seen of texts: the CR of a CR LF shows nothing, nor does the last line end."""
    return {name: text.replace("\r\n", "\n").removesuffix("\n") for name, text in objects.items()}


def test_the_expected_texts_are_those_of_the_files() -> None:
    assert (FILES / "model.yaml").read_bytes() == YAML.encode()
    assert (FILES / "model.json").read_bytes() == JSON.encode()
    assert (FILES / "notes.txt").read_bytes().replace(b"\r\n", b"\n") == NOTES.encode()


@pytest.mark.script(CONNECTED)
def test_dictionaries_and_files_arrive_byte_for_byte(run: Run) -> None:
    assert run.read("get_configuration_objects") == OBJECTS
    assert run.page.objects == visible(OBJECTS)
    assert {name: run.download(name) for name in OBJECTS} == OBJECTS


@pytest.mark.script(CONNECTED)
def test_a_dictionary_is_read_back_as_one(run: Run) -> None:
    assert run.read("get_configuration_object_as_dict", "General") == {
        "k": {"n": 1, "x.y": "1.50"},
        "list": [1, 2],
        "none": None,
        "on": True,
        "text": "a b",
    }
    assert run.read("get_configuration_object_as_dict", "json/file")["a"] == [1, 2.5, None]


@pytest.mark.script(CONNECTED)
def test_types_and_descriptions(run: Run) -> None:
    stored = run.server.data_of("tasks.get_by_id", {"task": run.task})["task"]["configuration"]
    told = {name: (item["type"], item.get("description")) for name, item in stored.items()}
    assert told == {
        "General": ("dictionary", None),
        "named dictionary": ("dictionary", "from a test"),
        "yaml file": ("yaml", "of the model"),
        "json/file": ("json", None),
        "notes.txt <b>": ("txt", None),
    }
    assert run.page.object_descriptions == {
        "General": "",
        "named dictionary": "from a test",
        "yaml file": "of the model",
        "json/file": "",
        "notes.txt <b>": "",
    }


@pytest.mark.script(UNNAMED_FILE)
def test_a_file_without_a_name(run: Run) -> None:
    assert run.read("get_configuration_object", "General") == YAML
    assert run.page.objects == visible({"General": YAML})
    assert run.download("General") == YAML


@pytest.mark.script(AUTOMATION)
def test_texts_set_by_automation(run: Run) -> None:
    objects = {
        "text": " \r\n\n  two\rlines \n\n",
        "typed": "[a]\nb = 2\n",
        "dictionary": 'a {\n  b = [1, "x"]\n}',
        "empty": "",
    }
    assert run.answers["text"] == objects["text"]
    assert run.answers["dictionary"] == {"a": {"b": [1, "x"]}}
    assert run.answers["missing"] is None
    assert run.read("get_configuration_objects") == objects
    assert run.page.objects == visible(objects)
    assert {name: run.download(name) for name in objects} == objects
