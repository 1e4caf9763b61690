"""A letter or a message of a chat is numbered once it is known to be an inquiry of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inquiries", "0070_telegram"),
    ]

    operations = [
        migrations.AlterField(
            model_name="received",
            name="number",
            field=models.IntegerField(null=True, unique=True),
        ),
    ]
