from __future__ import annotations

import re

import pytest
from django.test import Client

from experiments.models import Project, Task
from experiments.rules.series import SINGLE_VALUE
from tests.factories import make_task
from tests.reporting import report, scalar


@pytest.fixture
def task(project: Project) -> Task:
    return make_task(project)


def page(client: Client, task: Task, query: str = "") -> str:
    response = client.get(f"/experiments/{task.uid}/scalars/{query}")
    assert response.status_code == 200
    return response.content.decode()


def titles(html: str) -> list[str]:
    return re.findall(r"<figcaption><h2><bdi>(.*?)</bdi>", html)


def row(html: str, name: str) -> list[str]:
    found = re.search(rf'<tr data-metric="{name}">(.*?)</tr>', html, re.DOTALL)
    assert found
    cells = re.findall(r"<td[^>]*>(.*?)</td>", found[1])
    return [re.sub(r"<[^>]*>", "", cell) for cell in cells]


def test_a_chart_a_metric_with_a_line_a_variant(alice_client: Client, task: Task) -> None:
    report(
        *[scalar(task, n, 1 / (n + 1), "loss/train") for n in range(9)],
        *[scalar(task, n, 2 / (n + 1), "loss/validation") for n in range(9)],
        *[scalar(task, n, n, "accuracy/total") for n in range(9)],
        tasks=[task],
    )
    html = page(alice_client, task)
    assert titles(html) == ["accuracy", "loss"]
    assert html.split("<figure")[1].count("<path d=") == 1
    assert html.split("<figure")[2].count("<path d=") == 2
    assert "<bdi>train</bdi>" in html
    assert "style=" not in html


def test_the_table_says_where_the_extremes_were(alice_client: Client, task: Task) -> None:
    report(*[scalar(task, n, v) for n, v in ((0, 4.5), (1, 2), (2, 9), (3, 5))], tasks=[task])
    assert row(page(alice_client, task), "loss/train") == [
        "loss", "train", "5 @ 3", "2 @ 1", "9 @ 2", "4.5 @ 0", "5.125", "4",
    ]  # fmt: skip


def test_values_that_are_no_numbers(alice_client: Client, task: Task) -> None:
    values = [1.0, float("nan"), float("inf"), 3.0]
    report(*[scalar(task, n, v) for n, v in enumerate(values)], tasks=[task])
    html = page(alice_client, task)
    assert "2 values are NaN or infinite" in html
    assert row(html, "loss/train")[4] == "inf @ 2"


def test_single_values_are_cards(alice_client: Client, task: Task) -> None:
    report(
        scalar(task, SINGLE_VALUE, 25_557_032, "Summary/parameters"),
        scalar(task, SINGLE_VALUE, 0.2231, "Summary/final loss"),
        tasks=[task],
    )
    html = page(alice_client, task)
    assert re.findall(r"<dd title=[^>]*>(.*?)</dd>", html) == ["0.2231", "25,557,032"]
    assert "<svg viewBox" not in html.split('id="scalars"')[1]


def test_two_hundred_metrics_are_shown_in_portions(
    alice_client: Client, task: Task, django_assert_max_num_queries: object
) -> None:
    report(
        *[scalar(task, n, n, f"metric {m:03}/a") for m in range(200) for n in range(3)],
        tasks=[task],
    )
    with django_assert_max_num_queries(25):
        html = page(alice_client, task)
    assert len(titles(html)) == 24
    assert html.count("<tr data-metric") == 200
    assert "Metrics 1 to 24 of 200" in html
    html = page(alice_client, task, "?start=192")
    assert titles(html)[0] == "metric 192"
    assert "More →" not in html
    assert titles(page(alice_client, task, "?q=metric+19")) == [
        f"metric {n}" for n in range(190, 200)
    ]


def test_the_machine_comes_last(alice_client: Client, task: Task) -> None:
    report(scalar(task, 1, 1, ":monitor:gpu/load"), scalar(task, 1, 1, "loss/a"), tasks=[task])
    assert titles(page(alice_client, task)) == ["loss", ":monitor:gpu"]


def test_the_view_stands_in_the_address(alice_client: Client, task: Task) -> None:
    report(*[scalar(task, n, n) for n in range(5)], tasks=[task])
    html = page(alice_client, task, "?scale=log&smooth=0.9&q=LOSS")
    assert 'class="raw"' in html
    assert "1 not above zero" in html
    assert re.search(r'href="\?q=LOSS&amp;smooth=0.9"[^>]*>Linear<', html)


@pytest.mark.parametrize(
    "query", ["?start=-1", "?start=999999999999", "?smooth=9&scale=x", "?q=zzz"]
)
def test_odd_addresses_are_fine(alice_client: Client, task: Task, query: str) -> None:
    report(scalar(task, 1, 1), tasks=[task])
    page(alice_client, task, query)


def test_names_are_escaped(alice_client: Client, task: Task) -> None:
    report(scalar(task, 1, 1, "<b>x/\"'><i>"), tasks=[task])
    html = page(alice_client, task)
    assert titles(html) == ["&lt;b&gt;x"]
    assert "<i>" not in html


def test_what_to_call_when_there_is_nothing(alice_client: Client, task: Task) -> None:
    assert "report_scalar" in page(alice_client, task)


def test_strangers_find_no_scalars(charlie_client: Client, task: Task) -> None:
    assert charlie_client.get(f"/experiments/{task.uid}/scalars/").status_code == 404
