"""The addresses of uploaded files. The SDK uploads to the first, without a slash at its end."""

from __future__ import annotations

from django.urls import path

from experiments.files.views import file

urlpatterns = [
    path("files", file, name="file-upload"),
    path("files/", file, name="file-upload-slash"),
    path("files/<path:path>", file, name="file"),
]
