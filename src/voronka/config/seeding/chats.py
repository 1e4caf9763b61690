"""The demonstration's bot and the chats of its newest inquiries by messenger."""

from datetime import timedelta

from django.conf import settings

from voronka.config.seeding.world import World
from voronka.foundation.sealing import seal
from voronka.inquiries.models import Bot, Chat, Inquiry, Reply, Thread

SHOWN = 12
ANSWERS = (
    "Добрый день. Посчитаем сегодня до 17:00 и пришлём сюда.",
    "Замер в четверг, в 10:00?",
)


def write_chats(world: World) -> None:
    """Give the newest inquiries by messenger a chat; the bot's token opens nothing."""
    rows = Inquiry.objects.filter(batch_id=world.batch_id, channel="messenger")
    newest = list(rows.order_by("-arrived_at", "-pk")[:SHOWN])
    if not newest:
        return
    bot = Bot.objects.create(
        # No bot of Telegram has such an id.
        bot_id=-world.batch_id,
        name="sever_klimat_bot",
        token=seal("0:demonstration"),
        # Among examples in a real installation nobody is to be asked.
        is_on=bool(settings.IS_DEMO),
        seen_at=newest[0].arrived_at,
        last_update_at=newest[0].arrived_at,
        batch_id=world.batch_id,
    )
    for n, one in enumerate(newest):
        chat = Chat.objects.create(bot=bot, chat_id=n + 1, name=one.name, language="ru")
        thread = Thread.objects.create(chat=chat, inquiry=one, last_at=one.arrived_at)
        if one.answered_at:
            _answer(thread, one, n)


def _answer(thread: Thread, one: Inquiry, n: int) -> None:
    at = one.answered_at or one.arrived_at
    Reply.objects.create(
        thread=thread, kind="answer", text=ANSWERS[0], by_id=one.manager_id,
        at=at - timedelta(seconds=2), next_at=at, state="sent", sent_at=at,
    )  # fmt: skip
    if n % 4 == 3:
        later = at + timedelta(minutes=40)
        Reply.objects.create(
            thread=thread, kind="answer", text=ANSWERS[1], by_id=one.manager_id,
            at=later, next_at=later, state="failed", problem="blocked",
        )  # fmt: skip
