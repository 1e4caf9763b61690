"""All addresses of the product."""

from django.urls import URLPattern, URLResolver, path

from voronka.api import inquiries as api_inquiries
from voronka.api import route as api_route
from voronka.web.board import views as board
from voronka.web.call import sound as call_sound
from voronka.web.call import views as call
from voronka.web.calls import listening as call_listening
from voronka.web.calls import outcome as call_outcome
from voronka.web.calls import report as call_report
from voronka.web.clients import acts as client_acts
from voronka.web.clients import erasure, origins, personal
from voronka.web.clients import views as clients
from voronka.web.deal import indicators as deal_indicators
from voronka.web.deal import steps as deal_steps
from voronka.web.deal import views as deal
from voronka.web.deals import bulk
from voronka.web.deals import views as deals
from voronka.web.discovery import views as found
from voronka.web.figures import sources
from voronka.web.figures import views as figures
from voronka.web.indicators import views as indicators
from voronka.web.inquiries import (
    from_site,
    mailboxes,
    rehearsing,
    rules,
    shifts,
    unread,
    unregistered,
)
from voronka.web.inquiries import telegram as inquiry_telegram
from voronka.web.inquiries import views as inquiries
from voronka.web.jobs import views as jobs
from voronka.web.letters import setup as letters_setup
from voronka.web.letters import writing as letters
from voronka.web.live import views as live
from voronka.web.loads import views as loads
from voronka.web.people import views as people
from voronka.web.regulation import editing as regulation_editing
from voronka.web.regulation import publishing
from voronka.web.regulation import views as regulation
from voronka.web.search import views as search
from voronka.web.setup import consents, programs, recordings
from voronka.web.setup import telegram as setup_telegram
from voronka.web.setup import views as setup
from voronka.web.signin import views as signin
from voronka.web.slips import views as slips
from voronka.web.telephony import dialling as telephony
from voronka.web.telephony import exchanges
from voronka.web.today import views as today

SIGNING_IN: list[URLPattern | URLResolver] = [
    path("signin/", signin.signin, name="account_login"),
    path("signin/code/", signin.second_factor, name="mfa_authenticate"),
    path("signin/demo/<int:person_id>/", signin.demo_signin, name="demo-signin"),
    path("signout/", signin.signout, name="signout"),
    path("start/<str:token>/", signin.first_run, name="first-run"),
    path("invitation/<str:token>/", signin.invitation, name="invitation"),
    path("account/", signin.account, name="account"),
    path("account/second-factor/", signin.activate, name="mfa_activate_totp"),
    path("account/codes/", signin.recovery, name="mfa_view_recovery_codes"),
    path("account/codes/new/", signin.new_recovery, name="mfa_generate_recovery_codes"),
    path("account/again/", signin.again, name="account_reauthenticate"),
    path("account/again/code/", signin.again_by_code, name="mfa_reauthenticate"),
]
DEALS: list[URLPattern | URLResolver] = [
    path("board/", board.board, name="board"),
    path("board/<int:stage_id>/", board.column_page, name="board-column"),
    path("deals/", deals.deals, name="deals"),
    path("deals/views/", deals.keep, name="deals-keep"),
    path("deals/bulk/", bulk.bulk_edit, name="deals-bulk"),
    path("deals/bulk/write/", bulk.bulk_write, name="deals-bulk-write"),
    path("deals/bulk/<int:edit_id>/undo/", bulk.bulk_take_back, name="deals-bulk-undo"),
    path("deals/<int:deal_id>/", deal.deal, name="deal"),
    path("deals/<int:deal_id>/edit/", deal.edit, name="deal-edit"),
    path("deals/<int:deal_id>/move/", board.move, name="deal-move"),
    path(
        "deals/<int:deal_id>/move/back/<int:stage_id>/<int:version>/",
        board.move_undo,
        name="deal-move-undo",
    ),
    path("deals/<int:deal_id>/move/reason/", board.move_reason, name="deal-move-reason"),
    path("deals/<int:deal_id>/indicator/", deal_indicators.record, name="deal-indicator"),
    path("deals/<int:deal_id>/demands/", regulation.deal_demands, name="deal-demands"),
    path("deals/<int:deal_id>/closure/", deal.closure, name="deal-closure"),
    path("deals/<int:deal_id>/refusal/", deal.refusal, name="deal-refusal"),
    path("deals/<int:deal_id>/reopening/", deal.reopening, name="deal-reopening"),
    path("deals/<int:deal_id>/handover/", deal.handover, name="deal-handover"),
    path("deals/<int:deal_id>/steps/", deal_steps.new, name="deal-step"),
    path("steps/<int:step_id>/finish/", deal_steps.finish, name="step-finish"),
    path("steps/<int:step_id>/move/", deal_steps.move, name="step-move"),
    path("steps/<int:step_id>/cancel/", deal_steps.cancel, name="step-cancel"),
]
CLIENTS: list[URLPattern | URLResolver] = [
    path("clients/", clients.clients, name="clients"),
    path("clients/new/", clients.new, name="client-new"),
    path("clients/twins/", clients.twins_while_typing, name="client-twins"),
    path("clients/<int:client_id>/", clients.client, name="client"),
    path("clients/<int:client_id>/twins/", clients.likely_twins, name="client-likely-twins"),
    path("clients/<int:client_id>/edit/", clients.edit, name="client-edit"),
    path("clients/<int:client_id>/contact/", client_acts.contact, name="client-contact"),
    path("clients/<int:client_id>/drop/", client_acts.drop, name="client-drop"),
    path("clients/<int:client_id>/note/", client_acts.note, name="client-note"),
    path("clients/<int:client_id>/steps/", client_acts.step, name="client-step"),
    path("clients/<int:client_id>/handover/", client_acts.handover, name="client-handover"),
    path("clients/<int:client_id>/consents/", personal.consents, name="client-consents"),
    path("clients/<int:client_id>/touches/", origins.of_client, name="client-touches"),
    path("deals/<int:deal_id>/touches/", origins.of_deal, name="deal-touches"),
    path("clients/<int:client_id>/personal/", personal.personal, name="client-personal"),
    path("clients/<int:client_id>/consent/", personal.consent_add, name="client-consent"),
    path("clients/<int:client_id>/withdrawal/", personal.withdrawal, name="client-withdrawal"),
    path("clients/<int:client_id>/held/", erasure.held_page, name="client-held"),
    path("clients/<int:client_id>/erasure/", erasure.erasure, name="client-erasure"),
    path("clients/<int:client_id>/deal/", deal.new, name="deal-new"),
    path(
        "clients/<int:client_id>/merge/<int:other_id>/", client_acts.merge, name="client-merge"
    ),
    path("merges/<int:merge_id>/undo/", client_acts.merge_undo, name="merge-undo"),
    path(
        "clients/<int:client_id>/different/<int:other_id>/",
        client_acts.not_twins,
        name="not-twins",
    ),
]
INQUIRIES: list[URLPattern | URLResolver] = [
    path("inquiries/", inquiries.inquiries, name="inquiries"),
    path("inquiries/new/", inquiries.new, name="inquiry-new"),
    path("inquiries/rules/", rules.rules, name="routing-rules"),
    path("inquiries/rules/put/", rules.rule_put, name="routing-rule-put"),
    path("inquiries/rules/rehearsal/", rehearsing.rehearsal, name="routing-rehearsal"),
    path("inquiries/shifts/", shifts.shift_page, name="shifts"),
    path("inquiries/shifts/<int:person_id>/", shifts.duty_put, name="duty-put"),
    path("inquiries/shifts/<int:person_id>/pause/", shifts.pause, name="pause"),
    path("inquiries/unregistered/", unregistered.unregistered, name="unregistered"),
    path("inquiries/unregistered/register/", unregistered.register, name="stranger-register"),
    path("inquiries/unregistered/dismiss/", unregistered.dismiss, name="stranger-dismiss"),
    path(
        "inquiries/unregistered/<int:mark_id>/return/",
        unregistered.bring_back,
        name="stranger-return",
    ),
    path("inquiries/<int:inquiry_id>/", inquiries.inquiry, name="inquiry"),
    path("inquiries/<int:inquiry_id>/act/", inquiries.act, name="inquiry-act"),
    path(
        "inquiries/<int:inquiry_id>/telegram/", inquiry_telegram.reply, name="inquiry-telegram"
    ),
    path("inquiries/unread/", unread.unread, name="unread"),
    path("inquiries/unread/<int:received_id>/", unread.settle, name="unread-settle"),
    path("inquiries/files/<int:file_id>/", unread.file, name="inquiry-file"),
    path("mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/<int:mailbox_id>/", mailboxes.mailbox, name="mailbox"),
    path("form/<str:key>/", from_site.from_site, name="from-site"),
    path("form/<str:key>/embed.js", from_site.embed, name="from-site-embed"),
]
CALLS: list[URLPattern | URLResolver] = [
    path("calls/", call_report.calls, name="calls"),
    path("calls/export/", call_report.export, name="calls-export"),
    path("calls/listen/", call_listening.to_hear, name="calls-to-hear"),
    path("calls/after/", call_outcome.after_talks, name="after-talks"),
    path("calls/dial/", telephony.call_by_click, name="dial"),
    path("calls/<int:call_id>/", call.call, name="call"),
    path("calls/<int:call_id>/sound/", call_sound.sound, name="call-sound"),
    path("calls/<int:call_id>/outcome/", call_outcome.outcome, name="call-outcome"),
    path("calls/<int:call_id>/notes/", call.note, name="call-note"),
    path("calls/notes/<int:note_id>/drop/", call.note_drop, name="call-note-drop"),
]
CONTROL: list[URLPattern | URLResolver] = [
    path("slips/", slips.slips, name="slips"),
    path("slips/<int:slip_id>/", slips.slip, name="slip"),
    path("slips/<int:slip_id>/accept/", slips.accept, name="slip-accept"),
    path("figures/", figures.figures, name="figures"),
    path("figures/sources/", sources.sources, name="sources"),
    path("figures/sources/rows/", sources.source_rows, name="source-rows"),
    path("figures/<str:code>/", figures.figure, name="figure"),
]
LETTERS: list[URLPattern | URLResolver] = [
    path("clients/<int:client_id>/letters/new/", letters.letter_new, name="letter-new"),
    path("letters/<int:letter_id>/", letters.letter, name="letter"),
    path("letters/files/<int:attached_id>/", letters.letter_file, name="letter-file"),
    path("letters/<int:letter_id>/again/", letters.letter_again, name="letter-again"),
    path("settings/letters/", letters_setup.letters_setup, name="letters-setup"),
    path("settings/letters/<str:channel>/", letters_setup.letter_way, name="letter-way"),
    path(
        "settings/letters/templates/starters/",
        letters_setup.letter_starters,
        name="letter-starters",
    ),
    path(
        "settings/letters/templates/<int:template_id>/",
        letters_setup.letter_template,
        name="letter-template",
    ),
]
LIVE: list[URLPattern | URLResolver] = [
    path("live/ticket/", live.live_ticket, name="live-ticket"),
    path("notices/", live.several, name="notices"),
    path("notices/seen/", live.seen, name="notices-seen"),
    path("notices/<int:notice_id>/", live.one, name="notice"),
]
API: list[URLPattern | URLResolver] = [
    path("api/inquiries", api_inquiries.inquiries, name="api-inquiries"),
    path("api/route", api_route.route, name="api-route"),
]
SETUP: list[URLPattern | URLResolver] = [
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/team/", people.team, name="team"),
    path("people/<int:person_id>/", people.change, name="person"),
    path("settings/", setup.settings, name="settings"),
    path("settings/programs/", programs.programs, name="programs"),
    path("settings/programs/<int:key_id>/revoke/", programs.revoke, name="program-revoke"),
    path("settings/consents/", consents.consent_texts, name="consent-texts"),
    path("settings/telephony/", exchanges.exchange_list, name="exchanges"),
    path("settings/telephony/watch/", exchanges.watch_put, name="exchange-watch"),
    path("settings/telephony/<int:exchange_id>/", exchanges.exchange, name="exchange"),
    path("settings/telegram/<str:what>/", setup_telegram.telegram_put, name="telegram-put"),
    path("settings/recordings/", recordings.recordings, name="recordings"),
    path("settings/<str:what>/", setup.put, name="settings-put"),
    path("setup/", setup.setup, name="setup"),
    path("regulation/", regulation.regulation_page, name="regulation"),
    path("regulation/put/", regulation_editing.regulation_put, name="regulation-put"),
    path("regulation/draft/", regulation_editing.regulation_draft, name="regulation-draft"),
    path("regulation/plan/", publishing.regulation_plan, name="regulation-plan"),
    path("regulation/publish/", publishing.regulation_publish, name="regulation-publish"),
    path(
        "regulation/versions/<int:version_id>/",
        publishing.regulation_version,
        name="regulation-version",
    ),
    path(
        "regulation/<int:demand_id>/what-if/",
        regulation.regulation_what_if,
        name="regulation-what-if",
    ),
    path("regulation/<int:stage_id>/indicator/", indicators.indicator, name="indicator"),
    path("found/", found.discovery, name="discovery"),
    path("found/look/", found.discovery_ask, name="discovery-ask"),
    path("found/publish/", found.discovery_publish, name="discovery-publish"),
]
LOADS: list[URLPattern | URLResolver] = [
    path("import/", loads.start, name="import"),
    path("import/<int:load_id>/", loads.load, name="load"),
    path("import/<int:load_id>/preview/", loads.preview, name="load-preview"),
    path("import/<int:load_id>/write/", loads.write, name="load-write"),
    path("import/<int:load_id>/undo/", loads.undo, name="load-undo"),
    path("import/<int:load_id>/progress/", loads.progress, name="load-progress"),
    path("import/<int:load_id>/rows.csv", loads.bad_rows, name="load-rows"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:job_id>/again/", jobs.retry, name="job-retry"),
]
handler400, handler403 = "voronka.web.errors.bad", "voronka.web.errors.forbidden"
handler404, handler500 = "voronka.web.errors.missing", "voronka.web.errors.broken"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    *SIGNING_IN,
    *DEALS,
    *LETTERS,
    *CLIENTS,
    *INQUIRIES,
    *CALLS,
    *CONTROL,
    *LIVE,
    *API,
    *SETUP,
    *LOADS,
]
