"""The sentence for each refusal: what happened, and what to do next."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from voronka.foundation.errors import RefusalError
from voronka.web import words
from voronka.web.demand_words import listed
from voronka.web.exchange_words import line_words
from voronka.web.refusals_of_files import SENTENCES as FILES
from voronka.web.refusals_of_letters import SENTENCES as LETTERS

_TAX_NAMES = {
    "inn": lazy("ИНН"),
    "kpp": lazy("КПП"),
    "ogrn": lazy("ОГРН"),
    "bik": lazy("БИК"),
    "account": lazy("р/с"),
}


def sentence(error: RefusalError) -> str:
    """Give the sentence in the reader's language; an unknown code still says something."""
    made = SENTENCES.get(error.code)
    return made(error.details) if made else _("Не получилось: %(code)s.") % {"code": error.code}


def _tax(details: dict[str, Any]) -> str:
    name = _TAX_NAMES.get(details["what"], details["what"])
    if details["problem"] == "length":
        return _("%(name)s «%(text)s»: не то число знаков. Сверьте с документом.") % {
            "name": name, "text": details["text"],
        }  # fmt: skip
    return _("%(name)s «%(text)s»: не сходится контрольная цифра. Сверьте с документом.") % {
        "name": name, "text": details["text"],
    }  # fmt: skip


def _missing(details: dict[str, Any]) -> str:
    what = {"contact": _("Напишите имя или номер."), "note": _("Заметка пуста.")}
    return what.get(str(details.get("field")), _("Напишите название."))


def _person(details: dict[str, Any]) -> str:
    if details.get("taken"):
        return _("Почта «%(email)s» уже у кого-то есть.") % details
    return _("Нужны имя, почта и роль.")


def _bot(details: dict[str, Any]) -> str:
    why = words.BOT_PROBLEMS.get(str(details["why"]), words.BOT_PROBLEMS["refused"])
    return _("Бот не подключён: %(why)s.") % {"why": why}


def _meanwhile(_details: dict[str, Any]) -> str:
    return _(
        "Пока вы смотрели, это изменил кто-то другой. Ваше не записано: проверьте и повторите."
    )


def _forbidden(details: dict[str, Any]) -> str:
    if details["stage"]:
        said = _("По регламенту в «%(stage)s» вы сделку не переводите. Попросите руководителя.")
        return said % {"stage": details["stage"]}
    said = _("По регламенту вам этого нельзя: %(move)s. Попросите руководителя.")
    return said % {"move": words.MOVES[details["move"]]}


def _bad_demand(details: dict[str, Any]) -> str:
    if details.get("kind") == "indicator":
        return _("На этапе «%(what)s» показателя нет. Сначала задайте его.") % details
    return _("Такого требования нет. Выберите из списка.")


def _in_work(details: dict[str, Any]) -> str:
    said = _(
        "Сначала закончите работу: открытых сделок %(deals)s, шагов %(steps)s, "
        "обращений без ответа %(inquiries)s."
    )
    return said % {name: details[name] for name in ("deals", "steps", "inquiries")}


def _bad_rule(details: dict[str, Any]) -> str:
    said = {
        "name": _("Назовите правило."),
        "cap": _("Предел правила: целое число от 1."),
        "sum": _("Сумма «от» должна быть меньше суммы «до»."),
        "hours": _("Часы «с» и «до» совпадают. Оставьте пустыми, если час не важен."),
        "person": _("Таких людей, команды или уровня нет. Выберите из списка."),
    }
    return said.get(str(details["why"]), _("Такого правила нет. Выберите из списка."))


def _bad_mailbox(details: dict[str, Any]) -> str:
    what = {
        "server": _("Напишите имя сервера IMAP, например imap.yandex.ru."),
        "port": _("Порт: число до 65535, обычно 993."),
        "login": _("Логин без пробелов."),
        "password": _("Введите пароль."),
    }
    return what.get(str(details["field"]), _("Так ящик не подключить: проверьте поля."))


def _bad_exchange(details: dict[str, Any]) -> str:
    what = {
        "kind": _("Выберите, какая это АТС."),
        "name": _("Назовите АТС, чтобы узнавать её в списке."),
        "zone": _("Такого часового пояса нет. Пример: Europe/Moscow."),
        "port": _("Порт: число от 1 до 65535. У AMI обычно 5038."),
        "record_password": _("Адрес журнала изменён: впишите его целиком, с паролем."),
        "secret_again": _(
            "Сервер изменён: введите пароль ещё раз, на новый адрес старый не уйдёт."
        ),
        "endpoints": _("Выберите для каждой линии, что это."),
        "table": _("Пишите по одному в строке: слева их, знак «=», справа добавочный."),
    }
    return what.get(str(details["field"]), _("Так АТС не подключить: проверьте поля."))


def _dial_failed(details: dict[str, Any]) -> str:
    why = {
        "bad_login": _("АТС не приняла пароль. Скажите администратору."),
        "lost_key": _("Пароль АТС нужно ввести заново. Скажите администратору."),
        "refused": _("АТС не стала звонить на этот номер. Проверьте его."),
    }
    return why.get(str(details["why"]), _("АТС не отвечает. Наберите с телефона."))


def _history_problem(details: dict[str, Any]) -> str:
    return _("Сверить не вышло. %(why)s") % {"why": line_words(str(details["why"]))}


SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = (
    {
        "bad_bot_token": lambda d: _(
            "Это не токен бота: он вида 123456:AA…, его даёт @BotFather."
        ),
        "bot_refused": _bot,
        "bot_off": lambda d: (
            _("Бот @%(name)s выключен или убран. Ответьте другим каналом.") % d
        ),
        "bad_reply": lambda d: _("Напишите ответ, не длиннее %(most)s знаков.") % d,
        "outside_closed": lambda d: _(
            "Пробный режим или демонстрация: наружу ничего не уходит."
        ),
        "bad_call_note": lambda d: (
            _("Пометка пуста.") if d["field"] == "text" else _("В записи нет такого места.")
        ),
        "bad_listening": lambda _d: _("Нет такой роли или такого доступа к записям."),
        "bad_form": lambda d: _("Форма пришла неполной. Обновите страницу и повторите."),
        "refused": lambda d: _("Не получилось."),
        "not_yours": lambda d: _("Это ведёт другой менеджер. Попросите руководителя."),
        "not_yours_to_accept": lambda d: _("Обращение уже у другого."),
        "bad_money": lambda d: _("«%(text)s» не читается как сумма.") % d,
        "bad_amount": lambda d: _("Такой суммы не бывает. Проверьте цифры."),
        "bad_phone": lambda d: _("«%(text)s»: цифр %(digits)s, нужно 10.") % d,
        "junk_phone": lambda d: _("«%(text)s» не похоже на настоящий номер.") % d,
        "bad_mail": lambda d: _("«%(text)s» не похоже на адрес почты.") % d,
        "bad_tax_number": _tax,
        "name_missing": _missing,
        "title_missing": lambda d: _("Напишите, о чём сделка."),
        "changed_meanwhile": _meanwhile,
        "bad_field": lambda d: (
            _("Поле «%(name)s» не завести: имя занято или вид неизвестен.") % d
        ),
        "bad_field_value": lambda d: _("Поле «%(field)s»: «%(text)s» не подходит.") % d,
        "same_client": lambda d: _("Это одна и та же карточка."),
        "undo_too_late": lambda d: _(
            "Отменить уже нельзя: прошло 30 дней или карточку слили дальше."
        ),
        "deal_is_closed": lambda d: _("Сделка закрыта. Сначала откройте её снова."),
        "wrong_funnel": lambda d: _("Этот этап из другой воронки."),
        "reason_missing": lambda d: _("Сначала выберите причину отказа, до второго уровня."),
        "amount_missing": lambda d: _("Сначала запишите сумму: без неё сделку не выиграть."),
        "no_funnel": lambda d: _("Нет воронки с этапами. Заведите её в настройках."),
        "unknown_setting": lambda d: _("Такой настройки нет."),
        "too_many_rows": lambda d: (
            _("Строк %(rows)s, в файл войдёт не больше %(most)s. Возьмите период короче.") % d
        ),
        "bad_hours": lambda d: _("Рабочий день с %(opens)s до %(closes)s не получится.") % d,
        "bad_setup": lambda d: _("Название пусто или уже занято, либо число не читается."),
        "stage_in_use": lambda d: (
            _("На этапе открытых сделок: %(n)s. Сначала перенесите их.") % d
        ),
        "bad_person": _person,
        "weak_password": lambda d: str(d["why"]),
        "bad_token": lambda d: _("Ссылка уже сработала или устарела. Попросите новую."),
        "last_administrator": lambda d: _(
            "Это последний администратор. Сначала назначьте другого."
        ),
        "bad_inquiry": lambda d: _("Напишите хоть что-то: имя, номер, почту или вопрос."),
        "bad_key": lambda d: _("Напишите, кому ключ, и отметьте, что ему можно."),
        "too_many": lambda d: _("Слишком много за минуту. Повторите позже."),
        "bad_rule": _bad_rule,
        "last_rule": lambda d: _(
            "Последнее правило берёт всё остальное: оно стоит в конце всегда."
        ),
        "bad_duty": lambda d: _(
            "Так не получится: часы по возрастанию, хотя бы один рабочий день, вес от 1 до 300,"
            " навык от 1 до 3."
        ),
        "bad_absence": lambda d: (
            _("Отсутствие с %(first_on)s по %(last_on)s не записать: проверьте дни и замену.")
            % d
        ),
        "state_reason_missing": lambda d: _("Сначала напишите, почему."),
        "not_customer_reason": lambda d: _("Выберите, почему это не клиент."),
        "nothing_said": lambda d: _("Выберите итог или шаг, или напишите резюме."),
        "no_talk": lambda d: _("Разговора не было, записать итог не о чем."),
        "unknown_outcome": lambda d: _("Такого итога в списке нет. Выберите другой."),
        "bad_step": lambda d: _("Выберите, что сделать, и срок."),
        "step_in_past": lambda d: _("Срок уже прошёл. Выберите будущий."),
        "bad_bulk_edit": lambda d: (
            _("Отметьте сделки: от одной до %(most)s за раз.") % {"most": d.get("most", 500)}
        ),
        "too_late_to_undo": lambda d: _("Отменить уже нельзя: прошло 30 дней."),
        "no_stage_accepted": lambda d: _("Отметьте хотя бы один этап."),
        "bad_demand": _bad_demand,
        "demand_unmet": lambda d: (
            _("Не выполнено: %(what)s. Без этого дальше нельзя.")
            % {"what": listed(d["demands"])}
        ),
        "reason_wanted": lambda d: (
            _("Не выполнено: %(what)s. Можно пройти, если назвать причину.")
            % {"what": listed(d["demands"])}
        ),
        "move_forbidden": _forbidden,
        "bad_move_rule": lambda d: _("Такого правила нет. Выберите из списка."),
        "map_missing": lambda d: (
            _("Этап «%(stage)s» уходит: скажите, куда перейдут его сделки.") % d
        ),
        "nothing_to_publish": lambda d: _("Черновик не отличается от действующего регламента."),
        "bad_indicator": lambda d: (
            _("Показатель «%(name)s»: выберите вид, для списка назовите хотя бы два значения.")
            % d
        ),
        "no_indicator": lambda d: _("На этапе «%(stage)s» показателя нет.") % d,
        "consent_missing": lambda d: _("Отметьте согласие: без него обращение не принять."),
        "bad_consent": lambda d: _(
            "Выберите, на что согласие, как получено, и прошедший день."
        ),
        "erase_not_confirmed": lambda d: _("Наберите «%(name)s» точно, как написано.") % d,
        "erase_reason_missing": lambda d: _("Сначала напишите, почему стираем."),
        "erase_in_work": _in_work,
        "erase_while_loading": lambda d: _(
            "Сейчас загружается файл. Дождитесь конца и повторите."
        ),
        "bad_view": lambda d: _("Назовите представление. Хранить можно до тридцати."),
        "bad_mailbox": _bad_mailbox,
        "bad_exchange": _bad_exchange,
        "no_history": lambda d: _("Эта АТС списка звонков не отдаёт: сверять не с чем."),
        "history_problem": _history_problem,
        "bad_period": lambda d: _("Выберите прошедшие дни, не больше 92 подряд."),
        "demo_closed": lambda d: _("В демонстрации к АТС не подключаемся."),
        "unsafe_mailbox": lambda d: _("Без шифрования пароль увидит вся сеть. Выберите TLS."),
        "mailbox_taken": lambda d: _("Ящик «%(address)s» уже подключён.") % d,
        "no_extension": lambda d: _(
            "У вас не указан внутренний номер. Его ставит администратор в «Доступ и люди»."
        ),
        "no_exchange": lambda d: _(
            "АТС не подключена. Её подключают в «Настройки», «Телефония»."
        ),
        "dial_failed": _dial_failed,
        "accept_reason_missing": lambda d: _(
            "Выберите причину, напишите, что известно, и день."
        ),
    }
    | FILES
    | LETTERS
)
