"""Words for exchanges: their kinds, how far a kind is tried, why an event is not read."""

from django.utils.translation import gettext as _

from voronka.calls.providers import DOCUMENTED, KINDS, READY


def kind_name(kind: str) -> str:
    """Name a kind of exchange."""
    own = {
        "generic": _("Любая АТС: свой протокол"),
        "external_call": _("АТС, которая умеет Битрикс24"),
        "telphin": _("Телфин"),
        "mts": _("МТС Автосекретарь"),
        "beeline": _("Облачная АТС Билайн"),
    }
    names = {one.kind: one.name for one in KINDS}
    return own.get(kind) or names.get(kind, kind)


def status_words(status: str) -> str:
    """Say how far a kind is tried."""
    said = {
        READY: _("Проверено на настоящей АТС."),
        DOCUMENTED: _("Сделано по документации, на живом аккаунте ещё не проверено."),
    }
    return said[status]


def problem_words(problem: str) -> str:
    """Say to the administrator why an event waits for a person, and what to do."""
    said = {
        "torn": _("Не читается: это не форма и не JSON. Покажите его поставщику АТС."),
        "no_call": _("Не сказано, о каком звонке речь. Проверьте, что АТС передаёт callid."),
        "unknown_call": _("АТС завершила звонок, о котором не сообщала."),
        "unknown_event": _("Событие неизвестного вида. На звонки не влияет."),
        "unknown_status": _("Итог звонка неизвестен. Звонок учтён, разговор без итога."),
        "long_number": _("В номере больше 15 цифр. Звонок учтён, номер обрезан."),
        "subscription_over": _("Подписка на звонки сотрудника закончилась. Продлите её в АТС."),
        "failed": _("Сообщение прочитано, но звонок из него не сложился."),
    }
    return said.get(problem, _("Сообщение АТС не разобрано."))
