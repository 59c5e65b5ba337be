"""Secrets inside texts: found in every format, nothing ordinary masked, never slow."""

from __future__ import annotations

import json
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.rules.redaction import MASK
from experiments.rules.secret_text import has_secrets, masked, masked_tree, secret_spans
from tests.unit.rules.test_redaction import BENIGN_NAMES, SECRET_NAMES, SECRET_VALUES

CANARY = "canary7f3aX"
ORDINARY = [name for name in BENIGN_NAMES if name not in {"PWD", "OLDPWD"}]  # they name a folder
KEYS = [name.rpartition("/")[2].lstrip("-") for name in SECRET_NAMES]
FORMS = {
    "yaml": "a: 1\n{name}: {value}\nb: 2\n",
    "yaml quoted": "a: 1\nx:\n  {name}: '{value}'  # note\n",
    "yaml list": "x:\n  - {name}: {value}\n",
    "yaml flow": "x: {{a: 1, {name}: {value}, b: 2}}\n",
    "yaml block": "{name}: |\n  {value}\n  {value}\nb: 2\n",
    "yaml below": "{name}:\n  first: {value}\n  second:\n    - {value}\nb: 2\n",
    "json": '{{\n  "a": 1,\n  "{name}": "{value}",\n  "b": 2\n}}\n',
    "json in one line": '{{"a": [1, 2], "{name}": "{value}", "b": {{"c": 2}}}}',
    "json below": '{{"{name}": {{"a": "{value}", "b": ["{value}"]}}, "c": 1}}',
    "hocon": 'x {{\n  {name} = "{value}"\n  y = 1\n}}\n',
    "hocon unquoted": "x {{ {name} = {value}, y = 1 }}\n",
    "toml": '[x]\n{name} = "{value}"\ny = 1\n',
    "ini": "[x]\n{name}={value}\ny=1\n",
    ".env": "A=1\nexport {name}={value}\nB=2\n",
    "python": "config = dict({name}='{value}', lr=0.1)\n",
    "xml": "<x><{name}>{value}</{name}><y>1</y></x>",
    "xml attribute": '<x {name}="{value}" y="1"/>',
    "command line": "train.py --{name} {value} --lr 0.1",
    "command line with =": "train.py --{name}={value} --lr 0.1",
    "windows lines": "a: 1\r\n{name}: {value}\r\nb: 2\r\n",
    "kubernetes": "env:\n  - name: {name}\n    value: {value}\n  - name: LR\n    value: 0.1\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_it_finds_nearly_every_secret_name_in_every_format(form: str) -> None:
    texts = [FORMS[form].format(name=name, value=CANARY) for name in KEYS]
    leaked = [text for text in texts if CANARY in masked(text)]
    assert len(leaked) <= len(texts) / 100, leaked


@pytest.mark.parametrize("form", FORMS)
def test_it_masks_no_ordinary_name_in_any_format(form: str) -> None:
    texts = [FORMS[form].format(name=name, value="ordinary") for name in ORDINARY]
    assert [text for text in texts if MASK in masked(text)] == []


@pytest.mark.parametrize("value", SECRET_VALUES)
def test_it_finds_values_that_look_secret_wherever_they_stand(value: str) -> None:
    for text in (value, f"note: see {value} there\nb: 1", json.dumps({"note": value})):
        assert value[12:] not in masked(text)
        assert has_secrets(text)


def test_what_is_beside_a_secret_stays() -> None:
    text = "db:\n  host: example.org  # the host\n  password: hunter2\n  port: 5432\n"
    assert masked(text) == text.replace("hunter2", MASK)


def test_masked_json_can_still_be_read() -> None:
    text = json.dumps({"password": 'hun"ter2', "lr": 0.1, "credentials": {"user": "amy"}})
    assert json.loads(masked(text)) == {
        "password": MASK, "lr": 0.1, "credentials": {"user": MASK},
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["password:", "password: ", "password: null", 'password: ""', '{"password": null}',
     "session: 12", "credentials: /home/amy/key.json", "pad_token: <pad>", "max_tokens: 12"],
)  # fmt: skip
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert masked(text) == text


def test_a_key_of_many_lines_is_masked_whole() -> None:
    key = (
        "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIEabcdefghijklmnop\n-----END RSA PRIVATE KEY-----"
    )
    assert "MIIE" not in masked(f"a: 1\n{key}\nb: 2\n")
    assert "MIIE" not in masked(key.rpartition("\n")[0])  # also where its end is missing


def test_a_tree_is_masked_by_its_names() -> None:
    tree = yaml.safe_load(
        "db: {password: 123, host: a}\ncredentials: {user: amy, ages: [x]}\n"
        "env:\n- {name: DB_PASSWORD, value: hunter2}\n- {name: LR, value: '0.1'}\n"
        "note: see postgres://amy:hunter2@db\nlr: 0.1\n"
    )
    assert masked_tree(tree) == {
        "db": {"password": MASK, "host": "a"},
        "credentials": {"user": MASK, "ages": [MASK]},
        "env": [{"name": "DB_PASSWORD", "value": MASK}, {"name": "LR", "value": "0.1"}],
        "note": f"see postgres{MASK}",
        "lr": 0.1,
    }


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="pasword: \n\"'={}[]|>-#,\\\r\tké", max_size=200))
def test_lines_stay_lines_whatever_stands_in_them(noise: str) -> None:
    text = f"{noise}\npassword: {noise}\n{noise}"
    assert masked(text).count("\n") == text.count("\n")
    spans = secret_spans(text)
    assert all(start < end for start, end in spans)
    assert list(spans) == sorted(spans)


PIECES = ["password:", "x_token: ", "password: {", 'password: "', "password: '", 'token="\\',
          'password="""', "-----BEGIN PRIVATE KEY-----", "://a:", "eyJ", "sk-", "name: key_token ",
          "<password ", "password:\n", " password:\n  ", "password: |\n", "a ", "--token ",
          "password: #"]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_texts_do_not_take_long(piece: str) -> None:
    """Four times the text takes about four times as long, not sixteen times."""
    took = []
    for size in (100_000, 400_000):
        text = piece * (size // len(piece))
        started = time.process_time()
        secret_spans(text)
        took.append(time.process_time() - started)
    assert took[1] < 0.3 or took[1] < 10 * took[0], took
