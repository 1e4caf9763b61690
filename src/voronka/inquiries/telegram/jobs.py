"""What goes to Telegram and what is fetched from there, after the commit."""

from datetime import UTC, datetime

from django_tasks import task

from voronka.inquiries.telegram import fetching, sending


@task(priority=10)
def deliver(chat_pk: int) -> None:
    """Send what waits for one chat."""
    sending.send_chat(chat_pk, now=datetime.now(UTC))


@task()
def deliver_all() -> None:
    """Send what waits for any chat: put off, or left by a worker that died."""
    sending.send_waiting(now=datetime.now(UTC))


@task()
def fetch_file(file_id: int, bot_pk: int, telegram_id: str) -> None:
    """Download a file that came in a chat."""
    fetching.fetch(file_id=file_id, bot_pk=bot_pk, telegram_id=telegram_id)
