"""The room's registration with Django."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    """Room `clients`."""

    name = "voronka.clients"
    label = "clients"
    default_auto_field = "django.db.models.BigAutoField"
