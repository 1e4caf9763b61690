"""Templates to begin with, in the language of whoever takes them."""

from django.utils.translation import gettext as _

from voronka.letters.templates import NewTemplate


def starters() -> list[NewTemplate]:
    """Give four letters and two messages that most sales departments write."""
    mail, message = "mail", "message"
    return [
        NewTemplate(
            channel=mail,
            name=_("После разговора"),
            subject=_("По итогам разговора: {сделка}"),
            text=_(
                "Здравствуйте, {имя}!\n\nСпасибо за разговор. Коротко, о чём договорились:\n\n"
                "— \n\nЕсли здесь что-то не так, ответьте на это письмо.\n\n"
                "{менеджер}\n{фирма}"
            ),
        ),
        NewTemplate(
            channel=mail,
            name=_("Отправляем расчёт"),
            subject=_("Расчёт: {сделка}, {сумма}"),
            text=_(
                "Здравствуйте, {имя}!\n\nРасчёт по «{сделка}»: {сумма}. Цена держится пять "
                "рабочих дней.\n\nЧто войдёт в заказ:\n\n— \n\n"
                "Отвечу на вопросы сегодня до конца дня.\n\n{менеджер}\n{фирма}"
            ),
        ),
        NewTemplate(
            channel=mail,
            name=_("Не дозвонились"),
            subject=_("Не получилось дозвониться"),
            text=_(
                "Здравствуйте, {имя}!\n\nСегодня не получилось до вас дозвониться по "
                "«{сделка}». Когда удобно поговорить? Назовите время, и я перезвоню.\n\n"
                "{менеджер}\n{фирма}"
            ),
        ),
        NewTemplate(
            channel=mail,
            name=_("Напоминаем о решении"),
            subject=_("Что решили по «{сделка}»?"),
            text=_(
                "Здравствуйте, {имя}!\n\nУ вас наш расчёт по «{сделка}». Подскажите, что "
                "решили? Если что-то мешает, напишите: цену, срок и состав можно обсудить.\n\n"
                "{менеджер}\n{фирма}"
            ),
        ),
        NewTemplate(
            channel=message,
            name=_("Не дозвонились, коротко"),
            subject="",
            text=_(
                "Здравствуйте! Не получилось до вас дозвониться. Когда удобно поговорить? "
                "{менеджер}"
            ),
        ),
        NewTemplate(
            channel=message,
            name=_("Расчёт на почте"),
            subject="",
            text=_("Здравствуйте! Расчёт у вас на почте. Вопросы можно сюда. {менеджер}"),
        ),
    ]
