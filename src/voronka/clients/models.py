"""Companies and private people we sell to, and how to reach them."""

from typing import Any

from django.db import models
from django.db.models import Q

from voronka.journal.viewer import Viewer
from voronka.people.models import Person


class Source(models.Model):
    """Where clients come from: an advert, a fair, a recommendation."""

    name = models.CharField(max_length=120, unique=True)
    batch_id = models.BigIntegerField(null=True)


class ClientQuerySet(models.QuerySet["Client"]):
    """Cards that stand in the base, narrowed by who asks."""

    def live(self) -> "ClientQuerySet":
        """Leave out merged and removed cards."""
        return self.filter(removed_at__isnull=True, merged_into__isnull=True)

    def visible_to(self, viewer: Viewer) -> "ClientQuerySet":
        """Keep the live cards that the viewer may read."""
        reach = viewer.reach("client", "read")
        return self.live() if reach is None else self.live().filter(manager_id__in=reach)

    def changeable_by(self, viewer: Viewer) -> "ClientQuerySet":
        """Keep the live cards that the viewer may change."""
        reach = viewer.reach("client", "change")
        return self.live() if reach is None else self.live().filter(manager_id__in=reach)


class Client(models.Model):
    """One card. `search` is what fragments are looked up in: folded names, digits, mails.

    `erased_at`: what was known of the client was erased; the row stays for what counts it.
    """

    kind = models.CharField(max_length=10, default="company")
    name = models.CharField(max_length=300)
    legal_name = models.CharField(max_length=300, default="", blank=True)
    inn = models.CharField(max_length=12, default="", blank=True, db_index=True)
    kpp = models.CharField(max_length=9, default="", blank=True)
    ogrn = models.CharField(max_length=15, default="", blank=True)
    city = models.CharField(max_length=120, default="", blank=True)
    address = models.CharField(max_length=300, default="", blank=True)
    website = models.CharField(max_length=200, default="", blank=True)
    industry = models.CharField(max_length=120, default="", blank=True)
    note = models.TextField(default="", blank=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True)
    manager = models.ForeignKey(Person, models.PROTECT, null=True, related_name="clients")
    external_id = models.CharField(max_length=120, default="", blank=True, db_index=True)
    custom: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    completeness = models.SmallIntegerField(default=0)
    name_key = models.CharField(max_length=300, default="", db_index=True)
    search = models.TextField(default="")
    version = models.IntegerField(default=1)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    removed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["name", "id"],
                name="client_live_name",
                condition=Q(removed_at__isnull=True, merged_into__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="client_kind_is_known", condition=Q(kind__in=["company", "person"])
            ),
            models.CheckConstraint(name="client_has_a_name", condition=~Q(name="")),
        ]

    @property
    def case(self) -> str:
        """The card's name in the journal."""
        return f"client:{self.pk}"


class Contact(models.Model):
    """A person at a client. `decides`: yes, with_others, no or unknown ("")."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    post = models.CharField(max_length=200, default="", blank=True)
    decides = models.CharField(max_length=12, default="", blank=True)
    batch_id = models.BigIntegerField(null=True)


class Phone(models.Model):
    """A number of a client or of one contact, in E.164, with an extension."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="phones")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="phones")
    e164 = models.CharField(max_length=16, db_index=True)
    extension = models.CharField(max_length=10, default="", blank=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "e164", "extension"], name="phone_once_per_client"
            )
        ]


class Mail(models.Model):
    """A mail address of a client or of one contact, in lower case."""

    client = models.ForeignKey(Client, models.CASCADE, related_name="mails")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="mails")
    address = models.CharField(max_length=200, db_index=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "address"], name="mail_once_per_client")
        ]


class CustomField(models.Model):
    """A field that the firm added itself; values stand in `custom` under "f<id>"."""

    scope = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, default="text")
    options: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    is_filter = models.BooleanField(default=False)
    place = models.IntegerField(default=0)
    retired_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "name"],
                condition=Q(retired_at__isnull=True),
                name="custom_field_name_once",
            ),
            models.CheckConstraint(
                name="custom_field_kind_is_known",
                condition=Q(kind__in=["text", "number", "money", "date", "flag", "choice"]),
            ),
        ]

    @property
    def key(self) -> str:
        """Under which name a card's `custom` holds the value."""
        return f"f{self.pk}"


class Merge(models.Model):
    """One card merged into another, with all that is needed to take it back."""

    kept = models.ForeignKey(Client, models.PROTECT, related_name="merges")
    other = models.ForeignKey(Client, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, null=True)
    at = models.DateTimeField()
    before: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    after: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    moved: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    undone_at = models.DateTimeField(null=True)


class NotTwins(models.Model):
    """Two cards that a person said are different companies."""

    first = models.ForeignKey(Client, models.CASCADE, related_name="+")
    second = models.ForeignKey(Client, models.CASCADE, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_twins_once")
        ]
