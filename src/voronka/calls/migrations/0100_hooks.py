
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0040_recordings'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='callevent',
            name='call_event_unfinished',
        ),
        migrations.AddField(
            model_name='exchange',
            name='refused',
            field=models.IntegerField(default=0),
        ),
        migrations.AddField(
            model_name='exchange',
            name='refused_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='callevent',
            index=models.Index(fields=['state', 'id'], name='call_event_by_state'),
        ),
    ]
