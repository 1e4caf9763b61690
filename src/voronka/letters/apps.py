"""The room's registration with Django."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Room `letters`."""

    name = "voronka.letters"
    label = "letters"
    default_auto_field = "django.db.models.BigAutoField"
