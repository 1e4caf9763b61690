"""Every kind of fact the product records: the shared vocabulary of all rooms.

A kind is a frozen dataclass; its fields are what the fact says. Times in seconds, money in
kopecks. `measure` names the field that is also stored as the fact's number, so that figures
are sums of ready integers. A lower room may read the facts of a higher one by kind.
`personal` names the fields that may hold what is known of a client: erasing blanks these.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class FactBody:
    """What one fact says, apart from when, who and about which case."""

    kind: ClassVar[str]
    measure: ClassVar[str | None] = None
    personal: ClassVar[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAdded(FactBody):
    """A client's card came into the base."""

    kind: ClassVar[str] = "client.added"
    personal: ClassVar[tuple[str, ...]] = ("name",)
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientChanged(FactBody):
    """Fields of a card were changed: {field: [before, after]}."""

    kind: ClassVar[str] = "client.changed"
    personal: ClassVar[tuple[str, ...]] = ("changes",)
    changes: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHandedOver(FactBody):
    """The card went to another manager."""

    kind: ClassVar[str] = "client.handed_over"
    from_id: int | None
    to_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientsMerged(FactBody):
    """Another card was merged into this one."""

    kind: ClassVar[str] = "client.merged"
    personal: ClassVar[tuple[str, ...]] = ("other_name",)
    merge_id: int
    other_id: int
    other_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeUndone(FactBody):
    """A merge was taken back; both cards stand as before."""

    kind: ClassVar[str] = "client.merge_undone"
    merge_id: int
    other_id: int
    kept_fields: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOpened(FactBody):
    """Somebody read the card."""

    kind: ClassVar[str] = "client.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten(FactBody):
    """A note by hand."""

    kind: ClassVar[str] = "note.written"
    personal: ClassVar[tuple[str, ...]] = ("text",)
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealOpened(FactBody):
    """A deal, or a new attempt at it, began."""

    kind: ClassVar[str] = "deal.opened"
    measure: ClassVar[str | None] = "amount_kopecks"
    personal: ClassVar[tuple[str, ...]] = ("title",)
    attempt: int
    amount_kopecks: int | None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageEntered(FactBody):
    """A deal came to a stage. `seconds_in_previous` is calendar time, 0 for the first."""

    kind: ClassVar[str] = "deal.stage_entered"
    measure: ClassVar[str | None] = "seconds_in_previous"
    attempt: int
    from_stage_id: int | None
    to_stage_id: int
    stage_name: str
    seconds_in_previous: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandPassed(FactBody):
    """A deal left a stage though something soft was not met: what, and the reason given."""

    kind: ClassVar[str] = "deal.demand_passed"
    measure: ClassVar[str | None] = None
    personal: ClassVar[tuple[str, ...]] = ("reason",)
    attempt: int
    stage_id: int
    stage: str
    demand_id: int
    demand_kind: str
    what: str
    least: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulationPublished(FactBody):
    """A new version of a regulation came into force; `moved`: deals that went along."""

    kind: ClassVar[str] = "regulation.published"
    measure: ClassVar[str | None] = None
    version_id: int
    number: int
    changes: int
    moved: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRecorded(FactBody):
    """A stage's figure was recorded; None takes it back. `is_late`: the stage was left before.

    `value`: kopecks for money, an ISO day for a date.
    """

    kind: ClassVar[str] = "deal.indicator_recorded"
    attempt: int
    stage_id: int
    stage: str
    name: str
    value_kind: str
    unit: str
    value: float | int | str | bool | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DealChanged(FactBody):
    """Fields of a deal were changed: {field: [before, after]}."""

    kind: ClassVar[str] = "deal.changed"
    personal: ClassVar[tuple[str, ...]] = ("changes",)
    changes: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DealHandedOver(FactBody):
    """The deal went to another manager."""

    kind: ClassVar[str] = "deal.handed_over"
    from_id: int | None
    to_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DealWon(FactBody):
    """The client bought. `seconds_open` counts from the start of the attempt."""

    kind: ClassVar[str] = "deal.won"
    measure: ClassVar[str | None] = "amount_kopecks"
    attempt: int
    amount_kopecks: int
    seconds_open: int
    working_seconds_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLost(FactBody):
    """The client refused, and why, in two levels. `is_other`: the reason says nothing."""

    kind: ClassVar[str] = "deal.lost"
    measure: ClassVar[str | None] = "amount_kopecks"
    personal: ClassVar[tuple[str, ...]] = ("detail",)
    attempt: int
    amount_kopecks: int | None
    reason_id: int
    reason: str
    reason_group: str
    is_other: bool
    detail: str
    seconds_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalClarified(FactBody):
    """The reason of a refusal was named better than at the closing of attempt `attempt`."""

    kind: ClassVar[str] = "deal.refusal_clarified"
    personal: ClassVar[tuple[str, ...]] = ("detail",)
    attempt: int
    reason_id: int
    reason: str
    reason_group: str
    is_other: bool
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealReopened(FactBody):
    """A closed deal is open again, as attempt `attempt`; a win is taken back."""

    kind: ClassVar[str] = "deal.reopened"
    measure: ClassVar[str | None] = "amount_kopecks"
    attempt: int
    was: str
    amount_kopecks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity(FactBody):
    """A work event from an imported log that is no change of stage."""

    kind: ClassVar[str] = "deal.activity"
    name: str
    lifecycle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSet(FactBody):
    """A next step was planned."""

    kind: ClassVar[str] = "step.set"
    personal: ClassVar[tuple[str, ...]] = ("title",)
    step_id: int
    step_kind: str
    title: str
    due_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMoved(FactBody):
    """A step got another deadline; the first one stays known."""

    kind: ClassVar[str] = "step.moved"
    personal: ClassVar[tuple[str, ...]] = ("title",)
    step_id: int
    step_kind: str
    title: str
    due_at: str
    moved_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDone(FactBody):
    """A step was done. `late_seconds` counts from its first deadline, 0 when in time."""

    kind: ClassVar[str] = "step.done"
    measure: ClassVar[str | None] = "late_seconds"
    personal: ClassVar[tuple[str, ...]] = ("title", "outcome")
    step_id: int
    step_kind: str
    title: str
    outcome: str
    late_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCancelled(FactBody):
    """A step was dropped, and why."""

    kind: ClassVar[str] = "step.cancelled"
    personal: ClassVar[tuple[str, ...]] = ("title", "reason")
    step_id: int
    step_kind: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryRegistered(FactBody):
    """Somebody turned to us. `is_reply_known` is False for a past loaded without replies."""

    kind: ClassVar[str] = "inquiry.registered"
    personal: ClassVar[tuple[str, ...]] = ("text",)
    number: int
    channel: str
    source: str
    text: str
    is_reply_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryAssigned(FactBody):
    """An inquiry was given to a manager."""

    kind: ClassVar[str] = "inquiry.assigned"
    number: int
    to_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InquirySeen(FactBody):
    """Its manager opened an inquiry; working seconds since it was given to them."""

    kind: ClassVar[str] = "inquiry.seen"
    measure: ClassVar[str | None] = "notify_seconds"
    number: int
    notify_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryAccepted(FactBody):
    """Its manager accepted an inquiry; working seconds since it was given to them."""

    kind: ClassVar[str] = "inquiry.accepted"
    measure: ClassVar[str | None] = "notify_seconds"
    number: int
    notify_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryPassedOn(FactBody):
    """Not accepted in time, an inquiry went on to the next, as move `hop` of its chain.

    It belongs to who let it pass. `how`: next, competence, rule, lead or head;
    `held_seconds`: the working time it lay there, from assignment.
    """

    kind: ClassVar[str] = "inquiry.passed_on"
    measure: ClassVar[str | None] = "held_seconds"
    number: int
    hop: int
    from_id: int
    to_id: int
    how: str
    held_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryAnswered(FactBody):
    """A person of ours replied for the first time; robots do not count.

    Both clocks in working seconds: the company's from arrival, the person's from assignment.
    The company's is parted into assign, notify and react; None: not known of the past.
    """

    kind: ClassVar[str] = "inquiry.answered"
    measure: ClassVar[str | None] = "working_seconds"
    number: int
    channel: str
    working_seconds: int
    person_seconds: int
    calendar_seconds: int
    assign_seconds: int | None = None
    notify_seconds: int | None = None
    react_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryClassified(FactBody):
    """An inquiry was found targeted, not targeted, spam or a duplicate."""

    kind: ClassVar[str] = "inquiry.classified"
    personal: ClassVar[tuple[str, ...]] = ("reason",)
    number: int
    state: str
    was: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryMessage(FactBody):
    """A message in an inquiry's chat. `how`: from the client (message, edit), or written to
    the client (answer, auto, ask_phone; again: what had failed); whether that was delivered,
    its row says.
    """

    kind: ClassVar[str] = "inquiry.message"
    personal: ClassVar[tuple[str, ...]] = ("text", "phone")
    number: int
    how: str
    text: str
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryMessageFailed(FactBody):
    """What was written to a client could not be delivered, and why."""

    kind: ClassVar[str] = "inquiry.message_failed"
    number: int
    how: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDropped(FactBody):
    """A person looked at what no machine could read: it is no inquiry."""

    kind: ClassVar[str] = "delivery.dropped"
    number: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryOverridden(FactBody):
    """Somebody gave an inquiry to another one than the rule had chosen.

    `rule_id` is 0 for the list's last rule and for own clients; `chosen_id`: by the rule.
    """

    kind: ClassVar[str] = "inquiry.overridden"
    personal: ClassVar[tuple[str, ...]] = ("reason",)
    number: int
    rule_id: int
    rule: str
    chosen_id: int
    from_id: int | None
    to_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingRuleChanged(FactBody):
    """The list of routing rules has a new version. `act`: added, changed, moved, on, off."""

    kind: ClassVar[str] = "routing.rule_changed"
    version: int
    rule_id: int
    name: str
    act: str
    before: dict[str, object]
    after: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyChanged(FactBody):
    """A person's hours, caps or weight for inquiries were changed."""

    kind: ClassVar[str] = "person.duty_changed"
    name: str
    before: dict[str, object]
    after: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseSet(FactBody):
    """A person takes no new inquiries from now on, or takes them again."""

    kind: ClassVar[str] = "person.pause_set"
    name: str
    is_paused: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencePut(FactBody):
    """An absence was written down, or taken back; days are ISO, both included."""

    kind: ClassVar[str] = "person.absence_put"
    name: str
    absence: str
    first_on: str
    last_on: str
    stands_in_id: int | None
    is_cancelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillSet(FactBody):
    """A person's level of a skill was set; 0: none."""

    kind: ClassVar[str] = "person.skill_set"
    name: str
    skill: str
    level: int
    was: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerDismissed(FactBody):
    """A number or address that stands nowhere in the base was said to be no customer's."""

    kind: ClassVar[str] = "stranger.dismissed"
    personal: ClassVar[tuple[str, ...]] = ("address",)
    channel: str
    address: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangerReturned(FactBody):
    """That was taken back: the number or address is asked about again."""

    kind: ClassVar[str] = "stranger.returned"
    personal: ClassVar[tuple[str, ...]] = ("address",)
    channel: str
    address: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryLetter(FactBody):
    """A further letter of an inquiry. `direction`: in (from the client) or out (from us).

    `machine`: how it gives away that no human wrote it; "" when one did.
    """

    kind: ClassVar[str] = "inquiry.letter"
    personal: ClassVar[tuple[str, ...]] = ("mail", "subject", "text")
    number: int
    direction: str
    mail: str
    subject: str
    text: str
    machine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWritten(FactBody):
    """A letter or a short message to a client was written; whether it went, its row says."""

    kind: ClassVar[str] = "letter.written"
    personal: ClassVar[tuple[str, ...]] = ("to", "subject", "text")
    letter_id: int
    channel: str
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSent(FactBody):
    """A letter or a message was taken by the server that brings it."""

    kind: ClassVar[str] = "letter.sent"
    personal: ClassVar[tuple[str, ...]] = ("subject",)
    letter_id: int
    channel: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFailed(FactBody):
    """A letter or a message could not be sent, and why."""

    kind: ClassVar[str] = "letter.failed"
    personal: ClassVar[tuple[str, ...]] = ("subject",)
    letter_id: int
    channel: str
    subject: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterTemplateChanged(FactBody):
    """A template of letters was added, changed or retired."""

    kind: ClassVar[str] = "letter_template.changed"
    template_id: int
    name: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSenderChanged(FactBody):
    """What letters or messages go out through was set, switched or removed; never a secret."""

    kind: ClassVar[str] = "letter_sender.changed"
    channel: str
    address: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxChanged(FactBody):
    """A mailbox was added, changed, switched on or off, or removed; never its password."""

    kind: ClassVar[str] = "mailbox.changed"
    address: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeChanged(FactBody):
    """A telephone exchange was added, changed, switched, or removed; never its password."""

    kind: ClassVar[str] = "exchange.changed"
    exchange_id: int
    name: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAsked(FactBody):
    """Somebody told the exchange to call a number from their telephone."""

    kind: ClassVar[str] = "call.asked"
    personal: ClassVar[tuple[str, ...]] = ("phone",)
    phone: str
    extension: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(FactBody):
    """One physical call. Seconds; `talk_seconds` from the answer to the end."""

    kind: ClassVar[str] = "call.ended"
    measure: ClassVar[str | None] = "talk_seconds"
    personal: ClassVar[tuple[str, ...]] = ("phone",)
    call_id: int
    direction: str
    is_answered: bool
    wait_seconds: int
    talk_seconds: int
    phone: str
    in_hours: bool
    outcome: str = ""
    is_menu_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTalked(FactBody):
    """One person's part of a call: a transferred one has several. Seconds; hold left out."""

    kind: ClassVar[str] = "call.talked"
    measure: ClassVar[str | None] = "talk_seconds"
    call_id: int
    direction: str
    place: int
    talk_seconds: int
    hold_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCorrected(FactBody):
    """The exchange told more of a call that was written down already: {column: [was, is]}."""

    kind: ClassVar[str] = "call.corrected"
    measure: ClassVar[str | None] = "more_talk_seconds"
    call_id: int
    more_talk_seconds: int
    changes: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallListened(FactBody):
    """Somebody began to hear a call's recording, from this second on."""

    kind: ClassVar[str] = "call.listened"
    call_id: int
    from_second: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNoted(FactBody):
    """A note was put at a second of a call's recording."""

    kind: ClassVar[str] = "call.noted"
    personal: ClassVar[tuple[str, ...]] = ("text",)
    call_id: int
    note_id: int
    second: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNoteDropped(FactBody):
    """A note in a recording was taken away by who had put it."""

    kind: ClassVar[str] = "call.note_dropped"
    personal: ClassVar[tuple[str, ...]] = ("text",)
    call_id: int
    note_id: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingsPurged(FactBody):
    """Recordings past their days were dropped. `size`: bytes; `days`: what the setting said."""

    kind: ClassVar[str] = "recordings.purged"
    measure: ClassVar[str | None] = "recordings"
    recordings: int
    size: int
    seconds: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackDue(FactBody):
    """A missed call is to be called back. The case is that call; the owner is to ring."""

    kind: ClassVar[str] = "call_back.due"
    personal: ClassVar[tuple[str, ...]] = ("phone",)
    call_id: int
    phone: str
    due_at: str
    in_hours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackClosed(FactBody):
    """We talked with who was to be called back: `call_id` is the first missed call.

    `how`: we, they (the client rang again), other (another one of ours), withdrawn (there was
    nothing to call back). `wait_seconds`: working time from the hang-up to the talk.
    """

    kind: ClassVar[str] = "call_back.closed"
    measure: ClassVar[str | None] = "wait_seconds"
    call_id: int
    talk_call_id: int | None
    how: str
    wait_seconds: int
    times: int
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackReopened(FactBody):
    """The talk that had closed a call-back was taken back: it is due as before."""

    kind: ClassVar[str] = "call_back.reopened"
    call_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSummedUp(FactBody):
    """What came of a talk, in a person's words; `step_kind` "" when none was set."""

    kind: ClassVar[str] = "call.summed_up"
    personal: ClassVar[tuple[str, ...]] = ("summary",)
    call_id: int
    outcome: str
    summary: str
    step_kind: str
    step_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipOpened(FactBody):
    """Something that should have happened did not."""

    kind: ClassVar[str] = "slip.opened"
    measure: ClassVar[str | None] = "money_kopecks"
    slip_id: int
    rule: str
    version: int
    money_kopecks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipClosed(FactBody):
    """A slip ended: by evidence (the fact that closed it), or accepted with a reason."""

    kind: ClassVar[str] = "slip.closed"
    measure: ClassVar[str | None] = "money_kopecks"
    personal: ClassVar[tuple[str, ...]] = ("reason",)
    slip_id: int
    rule: str
    version: int
    money_kopecks: int
    how: str
    evidence_id: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipEscalated(FactBody):
    """A slip stood open too long and was passed up. `stood_seconds`: working time.

    `step` 2: it went on to the head, because the lead did not mend it.
    """

    kind: ClassVar[str] = "slip.escalated"
    measure: ClassVar[str | None] = "money_kopecks"
    slip_id: int
    rule: str
    version: int
    money_kopecks: int
    to_id: int
    stood_seconds: int
    step: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(FactBody):
    """An account was made, changed, dismissed or brought back."""

    kind: ClassVar[str] = "person.changed"
    name: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyChanged(FactBody):
    """A program's key was made or taken back; never the key itself."""

    kind: ClassVar[str] = "api_key.changed"
    key_id: int
    name: str
    what: str
    scopes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChanged(FactBody):
    """A setting of the installation was changed."""

    kind: ClassVar[str] = "setting.changed"
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFinished(FactBody):
    """A file was loaded."""

    kind: ClassVar[str] = "import.finished"
    personal: ClassVar[tuple[str, ...]] = ("file_name",)
    import_id: int
    file_name: str
    created: int
    updated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndone(FactBody):
    """A load was taken back; `conflicts` rows were changed since and stay."""

    kind: ClassVar[str] = "import.undone"
    personal: ClassVar[tuple[str, ...]] = ("file_name",)
    import_id: int
    file_name: str
    removed: int
    restored: int
    conflicts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListExported(FactBody):
    """A list left the product as a file."""

    kind: ClassVar[str] = "list.exported"
    measure: ClassVar[str | None] = "rows"
    what: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTextSet(FactBody):
    """The text that people agree to for a purpose was written; "" ends asking for it."""

    kind: ClassVar[str] = "consent.text_set"
    purpose: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(FactBody):
    """Somebody agreed to a use of their data. `version` 0: to words that are not kept here."""

    kind: ClassVar[str] = "consent.given"
    consent_id: int
    purpose: str
    version: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(FactBody):
    """Somebody took the consent back. `erase_by`: an ISO day, "" where nothing is to go."""

    kind: ClassVar[str] = "consent.withdrawn"
    measure: ClassVar[str | None] = "consents"
    withdrawal_id: int
    purposes: list[str]
    how: str
    on: str
    erase_by: str
    consents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalErased(FactBody):
    """What was known of a client, or of one person there, was erased for good.

    Ids alone say whose. `rows`: erased rows by table; `journal`: facts that were blanked.
    """

    kind: ClassVar[str] = "personal.erased"
    measure: ClassVar[str | None] = "journal"
    personal: ClassVar[tuple[str, ...]] = ("reason",)
    client_ids: list[int]
    contact_id: int | None
    reason: str
    rows: dict[str, int]
    files: int
    journal: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalRead(FactBody):
    """All that is kept of a client was drawn up for who asked. `form`: page or file."""

    kind: ClassVar[str] = "personal.read"
    measure: ClassVar[str | None] = "rows"
    form: str
    rows: int
