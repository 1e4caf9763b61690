"""Accounts and teams."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from voronka.people.rights import Role


class Team(models.Model):
    """A node in the tree of teams. `path` is "/1/4/": the ids from the root to itself."""

    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=200, db_index=True)
    batch_id = models.BigIntegerField(null=True)


class PersonManager(BaseUserManager["Person"]):
    """Finds people by the address they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Give the person with this mail address, whatever its case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Anybody with an account. A dismissed person keeps the row and cannot sign in."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, default=Role.MANAGER)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="people")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=5, default="ru")
    extension = models.CharField(max_length=12, default="", blank=True)
    external_name = models.CharField(max_length=200, default="", db_index=True)
    hired_on = models.DateField(null=True)
    dismissed_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_role_is_known",
                condition=models.Q(role__in=[role.value for role in Role]),
            )
        ]

    def __str__(self) -> str:
        return self.name

    # Django and allauth ask for these; rights live in people.rights, nowhere else.
    is_staff = is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Refuse: permissions of the framework are not used."""
        return False

    def has_module_perms(self, label: str) -> bool:
        """Refuse: the framework's admin site is not used."""
        return False


class Invitation(models.Model):
    """A single-use link by which a person sets the first, or a new, password."""

    person = models.ForeignKey(Person, models.CASCADE)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Setting(models.Model):
    """One named setting of the installation; `foundation` knows no tables, so it lives here."""

    name = models.CharField(max_length=60, primary_key=True)
    value: "models.JSONField[Any, Any]" = models.JSONField()


class ApiKey(models.Model):
    """By what a program is known. Only a hash of its secret is kept; `scopes`: what it may."""

    name = models.CharField(max_length=120)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="api_keys")
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Notice(models.Model):
    """Something a person is told at once, on every open page: an inquiry came, a call rings.

    `about` names it by ids; the words are the page's.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20)
    about: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "-id"],
                name="notice_unseen",
                condition=models.Q(seen_at__isnull=True),
            )
        ]


class Duty(models.Model):
    """How a person takes inquiries. `week`: [opens, closes) in minutes of each day, Monday
    first, None for a day off; empty: the firm's hours. None: no limit. One row a person; who
    has none works the firm's hours without limits.
    """

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True)
    week: "models.JSONField[list[Any], list[Any]]" = models.JSONField(default=list, blank=True)
    cap = models.IntegerField(null=True)
    weight_percent = models.IntegerField(default=100)
    most_open = models.IntegerField(null=True)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="duty_weight_is_positive", condition=models.Q(weight_percent__gt=0)
            )
        ]


class Absence(models.Model):
    """Days a person is away, both ends included, and who takes their clients meanwhile."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="absences")
    kind = models.CharField(max_length=12)
    first_on = models.DateField()
    last_on = models.DateField()
    stands_in = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="absence_ends_after_it_begins",
                condition=models.Q(last_on__gte=models.F("first_on")),
            )
        ]


class Skill(models.Model):
    """What a person knows: a product, a language; level 1 to 3."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="skills")
    name = models.CharField(max_length=120)
    level = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="skill_once_a_person"),
            models.CheckConstraint(
                name="skill_level_is_one_to_three",
                condition=models.Q(level__gte=1, level__lte=3),
            ),
        ]
