"""Calls of before take the source of their deal, else of their client."""

from django.db import migrations

FILL = """
UPDATE calls_call SET source_id = COALESCE(
    (SELECT d.source_id FROM deals_deal d WHERE d.id = calls_call.deal_id),
    (SELECT c.source_id FROM clients_client c WHERE c.id = calls_call.client_id)
) WHERE client_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0060_call_days"), ("deals", "0009_indicator")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
