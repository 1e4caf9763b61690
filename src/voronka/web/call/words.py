"""Words for one call: how it ended, what each telephone did, why a recording is not there."""

from django.utils.translation import gettext_lazy as lazy

from voronka.web.words import Text

DIRECTIONS: dict[str, Text] = {"in": lazy("Входящий"), "out": lazy("Исходящий")}
OUTCOMES: dict[str, Text] = {
    "answered": lazy("разговор"),
    "missed": lazy("пропущен"),
    "busy": lazy("занято"),
    "no_answer": lazy("не ответили"),
    "failed": lazy("не соединилось"),
    "lost": lazy("оборвался: АТС отключилась"),
}
LEGS: dict[str, Text] = {
    "talked": lazy("разговор"),
    "made": lazy("набор номера"),
    "not_first": lazy("ответил другой"),
    "missed": lazy("без ответа"),
    "rejected": lazy("отклонён"),
    "unreachable": lazy("не в сети"),
}
PROBLEMS: dict[str, Text] = {
    "no_file": lazy("АТС её не отдала"),
    "empty": lazy("файл на АТС пуст"),
    "still_written": lazy("АТС её ещё дописывает"),
    "torn": lazy("файл оборван"),
    "not_audio": lazy("файл на АТС не звук"),
    "too_long": lazy("длиннее двух часов"),
    "too_large": lazy("файл слишком велик"),
    "outside": lazy("путь ведёт за папку записей"),
    "bad_place": lazy("АТС назвала негодный путь"),
    "bad_link": lazy("АТС дала негодную ссылку"),
    "private_address": lazy("ссылка ведёт во внутреннюю сеть"),
    "no_answer": lazy("сервер записей не отвечает"),
    "busy": lazy("сервер записей занят"),
    "refused": lazy("сервер записей отказал"),
    "no_folder": lazy("папка записей недоступна"),
    "store_away": lazy("наше хранилище записей недоступно"),
}
EVENT_STATES: dict[str, Text] = {
    "waiting": lazy("ждёт"),
    "done": lazy("разобрано"),
    "unread": lazy("не понято"),
}
LISTENING: dict[str, Text] = {
    "nothing": lazy("никакие"),
    "own": lazy("свои"),
    "team": lazy("своей группы"),
    "all": lazy("все"),
}
