"""Secrets are masked, the vocabulary of machine learning is not."""

from __future__ import annotations

import time

import pytest

from experiments.rules.redaction import is_secret

SECRET_NAMES = """
password Password PASSWORD passwd db_password dbPassword userpassword password1 password_2
DB_PASSWORD mysql_pass smtp_pass root_pass my_pass db_pwd pwd passphrase ssh_passphrase passcode
secret secrets client_secret clientSecret aws_secret_access_key AWS_SECRET_ACCESS_KEY secret_key
SECRET_KEY app_secret secretKey jwt_secret webhook_secret session_secret secret_token
token api_token apiToken API_TOKEN access_token accessToken auth_token authtoken bearer_token
refresh_token hf_token HF_TOKEN HUGGING_FACE_HUB_TOKEN github_token GH_TOKEN GITLAB_TOKEN
slack_token bot_token wandb_token session_token AWS_SESSION_TOKEN csrf_token security_token
api_tokens access_tokens oauth_token OAuthToken npm_token vault_token
api_key apikey apiKey APIKey API_KEY api_keys OPENAI_API_KEY openai_key WANDB_API_KEY x-api-key
private_key privateKey PRIVATE_KEY ssh_key encryption_key signing_key hmac_key auth_key
access_key aws_access_key_id account_key license_key master_key service_key
credentials credential db_credentials dsn SENTRY_DSN db_dsn
session session_id sessionid session_key cookie cookies auth_cookie session_cookie jwt jwt_token
authorization Authorization basic_auth_password otp totp_secret
Args/password Args/db.password General/model/api_key Environment/AWS_SECRET_ACCESS_KEY
train.logger.api_key --api-key connection.dsn
""".split()  # noqa: SIM905 - one word to a line would hide the list

BENIGN_NAMES = """
tokenizer tokenizer_name tokenizer_path tokenizer_max_length max_tokens max_new_tokens min_tokens
num_tokens n_tokens total_tokens tokens_per_second tokens_per_batch token_count token_limit
token_dim token_embedding token_type token_ids tokenization pad_token eos_token bos_token
unk_token mask_token cls_token sep_token special_tokens additional_special_tokens image_token
start_token end_token stop_tokens ignore_token pad_token_id eos_token_id vocab_tokens
token_dropout token_mixing
author authors author_email authority secretary secretariat
key keys key_dim key_size keypoint keypoints num_keypoints key_padding_mask num_key_value_heads
key_value_heads primary_key sort_key partition_key foreign_key group_key hotkey keyword keywords
key_metric monkey keyboard public_key random_key prng_key rng_key query_key_value lookup_key
pass passes num_passes forward_pass backward_pass single_pass pass_through bypass passenger
compass bandpass lowpass high_pass_filter
session_name session_count num_sessions session_length session_dir XDG_SESSION_TYPE
DESKTOP_SESSION obsession PWD OLDPWD
password_length password_file password_policy api_key_file credentials_path credentials_file
secret_name cookie_domain cookie_path
learning_rate lr batch_size epochs optimizer momentum weight_decay dropout seed hidden_size
num_layers activation scheduler warmup_steps dataset dataset_path model model_name checkpoint
output_dir log_level device num_workers precision gradient_clip patience metric loss
identity id user username email name description description_length comment label class
accuracy precision_recall sensitivity specificity signal design assignment certificate_count
authentic oauthlib_version tokyo stoken_ring credit credibility private privacy_budget access
accessory public encrypted signing signature_length license
""".split()  # noqa: SIM905 - one word to a line would hide the list

BENIGN_VALUES = {
    "PWD": "/home/amy/project",
    "pad_token": "<pad>",
    "mask_token": "[MASK]",
    "eos_token": "</s>",
    "image_token": "<image_placeholder_0001>",
    "cls_token": "True",
    "token_ids": "[1, 2, 3]",
    "password": "",
    "api_key": "None",
    "token": "null",
    "session": "12",
    "session_id": "3",
    "XDG_SESSION_ID": "c2",
    "GOOGLE_APPLICATION_CREDENTIALS": "/home/amy/key.json",
    "ssh_key": "~/.ssh/id_ed25519",
    "url": "https://example.org/data?x=1",
    "endpoint": "http://user@example.org:8080/a",
    "model": "sk-learn",
    "note": "ask-about-the-eyJ-prefix",
    "notes": "bearer of bad news",
}

A = "a1B2c3D4e5F6g7H8i9J0"
# Put together here, so that no scanner of repositories takes them for real ones.
SECRET_VALUES = [
    "AK" + "IAIOSFODNN7EXAMPLE",
    "AS" + "IAIOSFODNN7EXAMPLE",
    "gh" + "p_" + A * 2,
    "gh" + "s_" + A * 2,
    "github" + "_pat_" + A * 3,
    "gl" + "pat-" + A,
    "hf" + "_" + A + A,
    "sk" + "-" + A + A,
    "sk" + "-proj-" + A + A,
    "sk" + "-ant-api03-" + A + A,
    "sk" + "_live_" + A,
    "xox" + "b-1234567890-" + A,
    "AI" + "za" + A + "k1L2m3N4o5P6q7R",
    "ya" + "29." + A,
    "SG" + "." + A + "." + A,
    "ey" + "JhbGciOiJIUzI1NiJ9.ey" + "JzdWIiOiIxMjM0In0." + A,
    "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN " + "PRIVATE KEY-----",
    "-----BEGIN " + "OPENSSH PRIVATE KEY-----",
    "postgres://amy:hunter2@db.example.org/x",
    "redis://:hunter2@cache:6379/0",
    "https://amy:hunter2@example.org/repository.git",
    "https://hooks.slack" + ".com/services/T000/B000/" + A,
    "DefaultEndpointsProtocol=https;AccountKey=" + A + "==",
    "Authorization: Bearer " + A,
]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_it_masks_by_name(name: str) -> None:
    assert is_secret(name, "hunter2-and-more")


@pytest.mark.parametrize("value", SECRET_VALUES)
def test_it_masks_by_value_wherever_it_stands(value: str) -> None:
    assert is_secret("note", value)
    assert is_secret("note", f"see {value} there")


@pytest.mark.parametrize("name", BENIGN_NAMES)
def test_it_shows_ordinary_names(name: str) -> None:
    value = "/home/amy" if name in {"PWD", "OLDPWD"} else "some value"
    assert not is_secret(name, value)
    assert not is_secret(f"Args/{name}", "32")


def test_the_lists_are_long_enough_to_mean_something() -> None:
    assert len(set(BENIGN_NAMES)) >= 100
    assert len(set(SECRET_NAMES)) >= 90


@pytest.mark.parametrize(("name", "value"), BENIGN_VALUES.items())
def test_it_shows_values_that_only_resemble_secrets(name: str, value: str) -> None:
    assert not is_secret(name, value)


@pytest.mark.parametrize("name", ["password", "db_password", "pin_password"])
def test_a_password_of_digits_is_still_a_password(name: str) -> None:
    assert is_secret(name, "12345678")


def test_an_unknown_kind_of_token_is_masked_when_it_looks_random() -> None:
    assert is_secret("partner_token", A)
    assert not is_secret("partner_token", "hello")


@pytest.mark.parametrize("piece", ["eyJ", "sk-", "AKIA", "://a:", "x://", "-----BEGIN ", "bearer "])
def test_a_hostile_value_does_not_take_long(piece: str) -> None:
    value = piece * (1_000_000 // len(piece))
    started = time.process_time()
    is_secret("note", value)
    assert time.process_time() - started < 3
