"""What the visitors of the site agreed to, and the marks that they came with."""

from datetime import datetime, timedelta
from random import Random

from voronka.agenda.models import Step
from voronka.clients.models import Client
from voronka.config.seeding.catalogue import PRODUCTS
from voronka.config.seeding.world import World
from voronka.deals.models import Deal
from voronka.inquiries.models import Consent, ConsentText, Inquiry
from voronka.journal.actions import About
from voronka.journal.kinds import ConsentGiven, ConsentTextSet
from voronka.people.models import Person
from voronka.people.viewers import viewer_of
from voronka.privacy.withdrawing import NewWithdrawal, withdraw

TEXTS = (
    ("answer", 1, 0.0, "Разрешаю «Север-Климату» хранить мои имя, телефон и почту для ответа."),
    (
        "answer", 2, 0.5,
        "Разрешаю ООО «Север-Климат» хранить и использовать моё имя, телефон, почту и текст "
        "обращения, чтобы ответить мне и подготовить предложение. Могу отозвать в любой день.",
    ),
    ("letters", 1, 0.5, "Согласен получать письма о скидках и новых моделях."),
)  # fmt: skip
CAMPAIGNS = ("Кондиционеры лето", "Вентиляция под ключ", "Бренд", "Ретаргетинг")
PAGES = ("/kontakty", "/ventilyatsiya", "/konditsionery", "/tseny", "/")
ADS = ("Форма на сайте", "Звонок по рекламе")
PRODUCT_SHARE = 0.45
"""Of the forms, those sent from the page of a product."""


def marks_of(source: str, channel: str, number: int) -> dict[str, str]:
    """Give the marks of an inquiry: adverts for half of the site's, a referrer or a product
    for some.
    """
    rng = Random(number)
    if source not in ADS:
        return {}
    marks = {"page": rng.choice(PAGES)} if channel == "form" else {}
    roll = rng.random()
    if roll < 0.55:
        campaign = rng.choices(CAMPAIGNS, (5, 3, 2, 1))[0]
        marks |= {"utm_source": "yandex", "utm_medium": "cpc", "utm_campaign": campaign}
        if channel == "form":
            marks["yclid"] = str(rng.randrange(10**15, 10**16))
    elif roll < 0.8 and channel == "form":
        marks["referrer"] = rng.choice(("https://ya.ru/", "https://2gis.ru/"))
    if channel == "form" and rng.random() < PRODUCT_SHARE:
        marks["product"] = rng.choice(PRODUCTS)[0]
    return marks


def write_consents(world: World) -> None:
    """Put down the texts, and the consent that came with each form."""
    texts = _texts(world)
    forms = Inquiry.objects.filter(batch_id=world.batch_id, channel="form")
    rows = []
    for one in forms.exclude(state="spam").order_by("number"):
        if one.number % 10 == 0:
            continue
        text = texts[1] if one.arrived_at >= texts[1].made_at else texts[0]
        rows.append(_consent(world, one, text))
        if one.number % 4 == 0 and one.arrived_at >= texts[2].made_at:
            rows.append(_consent(world, one, texts[2]))
    Consent.objects.bulk_create(rows, batch_size=500)


def _texts(world: World) -> list[ConsentText]:
    author = Person.objects.filter(batch_id=world.batch_id, role="administrator").first()
    made = []
    for purpose, version, share, text in TEXTS:
        place = world.began + round((world.axis.now - world.began) * share)
        pk = world.ids.next(ConsentText)
        row = ConsentText(
            pk=pk, purpose=purpose, version=version, text=text, by=author,
            made_at=world.axis.moment(place), batch_id=world.batch_id,
        )  # fmt: skip
        made.append(row)
        body = ConsentTextSet(purpose=purpose, version=version)
        about = About(case=f"consent:{pk}")
        world.ledger.add(world.axis.epoch(place), body, about, author.pk if author else None)
    ConsentText.objects.bulk_create(made)
    return made


def _consent(world: World, one: Inquiry, text: ConsentText) -> Consent:
    pk = world.ids.next(Consent)
    body = ConsentGiven(consent_id=pk, purpose=text.purpose, version=text.version, how="form")
    about = About(case=one.case, client_id=one.client_id, owner_id=one.manager_id)
    world.ledger.add(int(one.arrived_at.timestamp()), body, about, None)
    return Consent(
        pk=pk, client_id=one.client_id, inquiry=one, purpose=text.purpose, text=text,
        at=one.arrived_at, how="form", number=one.phone or one.mail, batch_id=world.batch_id,
    )  # fmt: skip


def one_takes_it_back(world: World, *, now: datetime) -> None:
    """Let a client whose deals have all ended take the consent back, twelve days ago."""
    open_ones = Deal.objects.filter(outcome="").values("client_id")
    agreed = Consent.objects.filter(batch_id=world.batch_id, purpose="letters")
    clients = Client.objects.filter(pk__in=agreed.values("client_id"), manager__is_active=True)
    client = clients.exclude(pk__in=open_ones).order_by("-pk").first()
    if client is None or client.manager is None:
        return
    at = now - timedelta(days=12)
    made = withdraw(
        NewWithdrawal(
            client_id=client.pk, purposes=["answer", "letters"], how="voice", on=at.date(),
            task="Стереть персональные данные",
        ),
        by=viewer_of(client.manager),
        at=at,
    )  # fmt: skip
    Step.objects.filter(pk=made.step_id or 0).update(batch_id=world.batch_id)
