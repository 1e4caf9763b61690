"""The room's registration with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Room `web`: pages, no tables."""

    name = "voronka.web"
    label = "web"
