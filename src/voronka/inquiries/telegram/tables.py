"""Telegram's tables: bots, their chats, which inquiry a chat is about, what goes back."""

from django.db import models
from django.db.models import Q

from voronka.people.models import Person

REPLY_KINDS = ("answer", "auto", "ask_phone")
REPLY_STATES = ("waiting", "sent", "failed")


class Bot(models.Model):
    """A bot of the firm. `token` is sealed, "" once the bot was taken away.

    `problem`: why it gets nothing now; `seen_at`: when Telegram last answered; `retry_at`:
    Telegram asked to leave it alone until then. Whoever holds the lease asks for updates.
    """

    bot_id = models.BigIntegerField(unique=True)
    name = models.CharField(max_length=64)
    token = models.TextField(default="", blank=True)
    is_on = models.BooleanField(default=True)
    last_update_id = models.BigIntegerField(default=0)
    last_update_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=20, default="", blank=True)
    retry_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    holder = models.CharField(max_length=120, default="", blank=True)
    batch_id = models.BigIntegerField(null=True)


class Chat(models.Model):
    """One person's private chat with a bot. `phone`: shared by that person, E.164."""

    bot = models.ForeignKey(Bot, models.CASCADE, related_name="chats")
    chat_id = models.BigIntegerField()
    name = models.CharField(max_length=200, default="", blank=True)
    username = models.CharField(max_length=64, default="", blank=True)
    language = models.CharField(max_length=12, default="", blank=True)
    phone = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bot", "chat_id"], name="chat_once_per_bot"),
        ]


class Thread(models.Model):
    """What a chat wrote about one inquiry; the newest thread of a chat is the current one."""

    chat = models.ForeignKey(Chat, models.CASCADE, related_name="threads")
    inquiry = models.OneToOneField("Inquiry", models.CASCADE, related_name="thread")
    last_at = models.DateTimeField()


class Reply(models.Model):
    """What is to be sent into a chat, at least once. `button`: sends the client's number.

    `problem` of a failed one: blocked, refused, unauthorized, unreachable, gone. `next_at`:
    not before. A lease is held while it is being sent.
    """

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="replies")
    kind = models.CharField(max_length=10)
    text = models.TextField()
    button = models.CharField(max_length=100, default="", blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    problem = models.CharField(max_length=20, default="", blank=True)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    message_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at", "id"], name="reply_waiting", condition=Q(state="waiting")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["thread"], condition=Q(kind="auto"), name="reply_auto_once"
            ),
            models.CheckConstraint(
                name="reply_state_is_known", condition=Q(state__in=REPLY_STATES)
            ),
            models.CheckConstraint(
                name="reply_kind_is_known", condition=Q(kind__in=REPLY_KINDS)
            ),
        ]
