"""Bots of the firm: connected by their token, switched off and on, taken away."""

from datetime import datetime

from django.db import transaction

from voronka.foundation.errors import RefusalError
from voronka.foundation.sealing import seal, unseal
from voronka.inquiries.telegram import api
from voronka.inquiries.telegram.tables import Bot
from voronka.journal import actions as journal
from voronka.journal.kinds import SettingChanged
from voronka.journal.viewer import Viewer
from voronka.people.outside import OutsideClosedError, outside_is_closed


class BadBotTokenError(RefusalError):
    """What was pasted is no token of a bot."""

    code = "bad_bot_token"


class BotRefusedError(RefusalError):
    """Telegram was asked and does not know the bot, or cannot be reached; `why`: its code."""

    code = "bot_refused"


def connect_bot(*, token: str, by: Viewer, at: datetime) -> Bot:
    """Ask Telegram whose token it is and write the bot down; a known bot gets the new token.

    Raises: PermissionError, BadBotTokenError, OutsideClosedError, BotRefusedError; nothing was
    changed then. Records: SettingChanged.
    """
    _demand_right(by)
    token = token.strip()
    if not api.TOKEN.fullmatch(token):
        raise BadBotTokenError
    named = _asked(token)
    with transaction.atomic():
        bot, _ = Bot.objects.update_or_create(
            bot_id=named.id,
            defaults={
                "name": named.name, "token": seal(token), "is_on": True, "problem": "",
                "seen_at": at, "retry_at": None,
            },
        )  # fmt: skip
        _record(bot, "", "on", by, at)
    return bot


def check_bot(*, bot_pk: int, by: Viewer, at: datetime) -> Bot:
    """Ask Telegram whether it still knows the bot.

    Raises: PermissionError, Bot.DoesNotExist, OutsideClosedError, BotRefusedError.
    """
    _demand_right(by)
    bot = Bot.objects.exclude(token="").get(pk=bot_pk)
    named = _asked(unseal(bot.token))
    Bot.objects.filter(pk=bot.pk).update(name=named.name, seen_at=at, problem="")
    return bot


@transaction.atomic
def switch_bot(*, bot_pk: int, is_on: bool, by: Viewer, at: datetime) -> None:
    """Let a bot take messages, or not; what is written meanwhile waits at Telegram for a day.

    Raises: PermissionError, Bot.DoesNotExist. Records: SettingChanged.
    """
    _demand_right(by)
    bot = Bot.objects.exclude(token="").select_for_update().get(pk=bot_pk)
    if bot.is_on != is_on:
        Bot.objects.filter(pk=bot.pk).update(is_on=is_on, problem="")
        _record(bot, "off" if is_on else "on", "on" if is_on else "off", by, at)


@transaction.atomic
def remove_bot(*, bot_pk: int, by: Viewer, at: datetime) -> None:
    """Forget a bot's token; its chats stay where they are.

    Raises: PermissionError, Bot.DoesNotExist. Records: SettingChanged.
    """
    _demand_right(by)
    bot = Bot.objects.exclude(token="").select_for_update().get(pk=bot_pk)
    Bot.objects.filter(pk=bot.pk).update(is_on=False, token="", problem="")
    _record(bot, "on" if bot.is_on else "off", "", by, at)


def _asked(token: str) -> api.BotName:
    if outside_is_closed():
        raise OutsideClosedError
    try:
        return api.get_me(token)
    except api.TelegramError as error:
        raise BotRefusedError(why=error.code) from None


def _demand_right(by: Viewer) -> None:
    if not by.may("settings", "change"):
        raise PermissionError("settings")


def _record(bot: Bot, before: str, after: str, by: Viewer, at: datetime) -> None:
    body = SettingChanged(name=f"telegram @{bot.name}", before=before, after=after)
    journal.record(body, about=journal.About(case=f"bot:{bot.pk}"), by_id=by.by_id, at=at)
