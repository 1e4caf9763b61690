"""A local Telegram, and a bot of ours connected to it."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from conftest import MONDAY
from tests.telegram.fake import TOKEN, FakeTelegram
from voronka.inquiries.models import Bot
from voronka.inquiries.telegram.bots import connect_bot


@pytest.fixture
def telegram(settings: Any) -> Iterator[FakeTelegram]:
    fake = FakeTelegram()
    settings.TELEGRAM_URL = fake.address
    yield fake
    fake.close()


@pytest.fixture
def bot(cast: SimpleNamespace, telegram: FakeTelegram) -> Bot:
    return connect_bot(token=TOKEN, by=cast.see("anna"), at=MONDAY)
