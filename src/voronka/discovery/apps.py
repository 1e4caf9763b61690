"""The room's registration with Django."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """Room `discovery`."""

    name = "voronka.discovery"
    label = "discovery"
    default_auto_field = "django.db.models.BigAutoField"
