"""Addresses of queues."""

from __future__ import annotations

from django.urls import path

from webui.pages import queue, queues

urlpatterns = [
    path("", queues.queue_list, name="queue-list"),
    path("<str:queue>/", queue.queue, name="queue"),
    path("<str:queue>/order/", queue.order, name="queue-order"),
    path("<str:queue>/charts/", queue.charts, name="queue-charts"),
    path("<str:queue>/rename/", queues.rename, name="queue-rename"),
    path("<str:queue>/delete/", queues.delete, name="queue-delete"),
]
