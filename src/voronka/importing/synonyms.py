"""Headers as amoCRM, Bitrix24, 1C, telephony and spreadsheets write them, by field.

Compared after `guessing.plain_header`: small letters, ё as е, blanks for signs.
"""

from collections.abc import Mapping


def _words(lines: str) -> dict[str, tuple[str, ...]]:
    """Read lines "field: one | two | three"; a line that begins with a blank goes on."""
    table = {}
    for line in lines.strip().replace("\n  ", " ").splitlines():
        name, _, words = line.partition(":")
        table[name.strip()] = tuple(word.strip() for word in words.split("|"))
    return table


_CREATED = """дата создания | создан | создана | created at | created | date created |
  create date | created time | дата добавления | дата заведения | когда создан |
  дата регистрации"""
_OWNER = """ответственный | менеджер | владелец | ответственный менеджер | основной менеджер |
  owner | manager | assigned to | responsible | ответственный сотрудник | продавец |
  lead owner | deal owner | sr id"""
_NOTE = """примечание | примечания | комментарий | комментарии | заметка | заметки | note |
  notes | comment | comments | описание | примечание 1 | дополнительная информация |
  description"""
_PHONE = """телефон | телефоны | рабочий телефон | телефон рабочий | мобильный телефон |
  мобильный | телефон мобильный | сотовый | сотовый телефон | домашний телефон |
  другой телефон | контактный телефон | номер телефона | телефон компании | телефон контакта |
  рабочий прямой телефон | тел | phone | phone number | mobile | mobile phone | work phone |
  home phone | tel | телефон 1 | телефон 2 | телефон 3 | рабочий телефон контакт |
  мобильный телефон контакт | номер для связи | раб тел | моб тел | дом тел | раб телефон |
  моб телефон | тел раб | тел моб"""
_MAIL = """email | e mail | почта | эл почта | электронная почта | рабочий email |
  рабочий e mail | личный email | частный e mail | другой email | другой e mail |
  адрес электронной почты | электронный адрес | email рабочий | e mail рабочий | mail |
  work email | email address | рабочий email контакт | e mail контакта | имейл"""
_SOURCE = """источник | источник сделки | источник лида | источник клиента | откуда узнал |
  откуда узнали | источник обращения | рекламный источник | source | lead source | origin |
  traffic source | тип источника | канал привлечения"""
_AMOUNT = """бюджет | сумма | сумма сделки | стоимость | бюджет сделки | сумма документа |
  выручка | amount | budget | price | deal value | deal amount | value | sale | sum |
  сумма с ндс | цена | бюджет руб | сумма руб | opportunity"""
_REASON = """причина отказа | причина провала | причина проигрыша | lost reason | loss reason |
  причина закрытия | reason lost | refusal reason | причина нереализации"""
_OUTCOME = """результат | исход | итог | outcome | result | статус закрытия | won | is won |
  status | converted | результат сделки"""
_PRODUCT = """товар | товары | продукт | услуга | услуги | номенклатура | product | products |
  что покупает | интерес"""
_ID = """id | идентификатор | внешний код | внешний id | external id | код | guid | uuid |
  xml id | ref | ссылка"""

SYNONYMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "clients": _words(f"""
external_id: {_ID} | id компании | id контакта | id клиента | код клиента | код контрагента |
  client id | customer id | company id | contact id | prospect id | seller id
kind: тип | тип компании | тип контакта | вид | тип клиента | вид контрагента | юр физ лицо |
  юр физ | type | client type | тип контрагента | business type
name: название | наименование | название компании | имя | клиент | компания | контрагент |
  фио | полное имя контакта | полное имя | организация | name | company | company name |
  client | customer | full name | фирма | наименование контрагента | рабочее наименование |
  имя клиента | название клиента | заказчик | покупатель | account name
legal_name: полное наименование | полное название компании | юридическое название |
  юридическое наименование | legal name | полное название | юр название | юрлицо |
  официальное название
phone: {_PHONE}
email: {_MAIL} | корпоративная почта
inn: инн | inn | инн компании | инн кпп | tax id | инн контрагента | vat | реквизит инн |
  реквизиты инн
kpp: кпп | kpp | кпп компании | реквизит кпп
ogrn: огрн | огрнип | ogrn | огрн огрнип | реквизит огрн
address: адрес | юридический адрес | фактический адрес | адрес доставки | address |
  street address | почтовый адрес | адрес компании | улица дом корпус строение
city: город | населенный пункт | city | город компании | town
website: сайт | web | веб сайт | корпоративный сайт | website | site | url | www | адрес сайта
industry: отрасль | сфера деятельности | сегмент | вид деятельности | industry | segment |
  business segment | направление деятельности | оквэд | категория клиента
source: {_SOURCE}
owner: {_OWNER} | ответственный за контакт | ответственный за компанию
contact_name: контакт | контактное лицо | основной контакт | контактное лицо фио |
  фио контакта | имя контакта | contact | contact name | contact person | лпр | директор |
  руководитель
contact_post: должность | должность контакта | position | post | job title | роль
created_at: {_CREATED} | дата создания контакта | дата создания компании
note: {_NOTE}
"""),
    "deals": _words(f"""
external_id: {_ID} | id сделки | deal id | код сделки | lead id | mql id | opportunity id |
  id лида | guid сделки
number: номер | номер сделки | номер заказа | номер документа | number | deal number |
  order number | no | lead number
title: название | название сделки | наименование сделки | сделка | тема | title | deal name |
  deal | deal title | opportunity name | название лида | предмет
client_name: компания | клиент | контрагент | название компании | компания контакта | company |
  client | customer | client name | company name | account name | покупатель | заказчик |
  основной контакт | контакт | полное имя контакта | организация | полное название компании
client_inn: инн | инн клиента | инн компании | inn | client inn | инн контрагента
client_phone: {_PHONE} | телефон клиента | client phone
client_email: {_MAIL} | почта клиента | email клиента | client email
client_external_id: id клиента | id компании | id контакта | код клиента | код контрагента |
  client id | company id | customer id | contact id | client external id | seller id
amount: {_AMOUNT} | declared monthly revenue
owner: {_OWNER} | ответственный за сделку
funnel: воронка | воронка продаж | направление | направление сделки | pipeline | funnel
stage: этап | этап сделки | стадия | стадия сделки | статус | статус сделки | stage |
  deal stage | шаг воронки | текущий этап
created_at: {_CREATED} | дата создания сделки | дата начала | дата | date | start date |
  дата заказа
closed_at: дата закрытия | дата завершения | закрыта | closed at | close date | closed |
  date closed | won date | won at | дата закрытия сделки | фактическая дата закрытия |
  дата продажи | end date
outcome: {_OUTCOME} | сделка закрыта | состояние
refusal_reason: {_REASON}
refusal_detail: комментарий к отказу | пояснение отказа | подробности отказа | refusal detail |
  lost comment | причина отказа комментарий
source: {_SOURCE}
product: {_PRODUCT}
expected_close_on: предполагаемая дата закрытия | ожидаемая дата закрытия |
  плановая дата закрытия | плановая дата | expected close date | expected close |
  expected close on | прогноз закрытия | дата планируемого закрытия
note: {_NOTE} | теги
"""),
    "inquiries": _words(f"""
external_id: {_ID} | id обращения | id лида | id заявки | номер заявки | номер обращения |
  номер лида | lead id | mql id | prospect id | request id | inquiry id | lead number |
  код заявки
arrived_at: {_CREATED} | дата | дата обращения | дата заявки | дата поступления |
  время обращения | дата и время | arrived at | date | datetime | first contact date |
  request date | timestamp | поступило | дата лида | время заявки | submitted at | lead created
channel: канал | канал обращения | способ обращения | channel | lead origin | тип обращения |
  тип заявки
source: {_SOURCE}
campaign: кампания | рекламная кампания | utm campaign | campaign | название кампании |
  landing page id
utm_source: utm source | utm источник
utm_medium: utm medium | utm канал | medium
name: имя | фио | клиент | имя клиента | контакт | название лида | name | full name |
  client name | контактное лицо | компания | название компании | полное имя | заявитель |
  как к вам обращаться
phone: {_PHONE}
email: {_MAIL}
text: текст | сообщение | текст обращения | текст заявки | вопрос | message | text | inquiry |
  суть обращения | request | {_NOTE}
owner: {_OWNER} | кто обработал | sdr id | оператор
state: статус | состояние | квалификация | целевой | целевое | целевой нецелевой | state |
  lead status | статус лида | стадия лида | lead quality | качество
state_reason: причина | причина нецелевого | причина нецелевого обращения | почему нецелевой |
  причина брака | state reason | tags | теги | disqualification reason
answered_at: дата ответа | время ответа | первый ответ | дата первого ответа | дата обработки |
  answered at | first reply | first response | first response time | отвечено
outcome: {_OUTCOME}
won_at: дата продажи | дата выигрыша | дата сделки | дата оплаты | won at | won date |
  дата закрытия | closed at | conversion date
amount: {_AMOUNT}
refusal_reason: {_REASON}
product: {_PRODUCT} | specialization
"""),
    "calls": _words("""
external_id: id | id звонка | call id | uuid | guid | идентификатор | id вызова | external id |
  номер записи | call session id
started_at: дата | дата звонка | дата и время | время звонка | начало | начало звонка |
  дата и время звонка | время начала | started at | start time | start | call date | date |
  datetime | timestamp | когда | дата вызова
started_clock: время начала звонка | часы начала | time of day | clock | vru entry
direction: направление | тип | тип звонка | тип вызова | вид звонка | направление звонка |
  direction | call type | type
client_phone: номер | телефон | номер клиента | номер абонента | телефон клиента |
  номер звонящего | кто звонил | откуда | phone | phone number | client phone | caller |
  caller id | number | from | внешний номер | абонент
owner: менеджер | сотрудник | ответственный | оператор | кто ответил | кто принял |
  внутренний номер | manager | agent | owner | operator | employee | user | server
wait_seconds: ожидание | время ожидания | время дозвона | длительность ожидания |
  wait seconds | wait | wait time | ring time | ожидание ответа | q time
talk_seconds: длительность | длительность разговора | время разговора | разговор |
  продолжительность | длительность звонка | talk seconds | talk time | duration | billsec |
  call duration | ser time | продолжительность разговора
answered: отвечен | отвечено | принят | ответ | есть ответ | answered | is answered | дозвон |
  разговор состоялся
line: линия | наша линия | наш номер | куда звонили | did | line | our number | vru line
menu_seconds: меню | голосовое меню | время в меню | ivr | ivr time | menu | vru time
outcome: итог | результат | результат звонка | итог звонка | статус | статус звонка |
  outcome | call outcome | result | status | disposition
"""),
    "history": _words("""
case: кейс | сделка | id сделки | номер сделки | id | case | case id | caseid |
  case concept name | номер | заявка | экземпляр | id лида | deal id | lead id
activity: действие | событие | этап | этап сделки | стадия | операция | activity | event |
  stage | concept name | статус | activity name | шаг | action
at: время | дата | дата и время | момент | timestamp | time | time timestamp | at | date |
  datetime | дата события | complete timestamp | дата перехода | время события | start date
person: сотрудник | исполнитель | менеджер | ответственный | resource | org resource | person |
  user | owner | кто | пользователь | автор
lifecycle: жизненный цикл | фаза | lifecycle | lifecycle transition | transition | состояние
amount: сумма | бюджет | amount | amount req | case amount req | сумма сделки | value |
  стоимость
outcome: исход | результат | итог | outcome | result | status
"""),
}
"""Words by what the file is loaded as, then by field; the first are the likeliest."""
