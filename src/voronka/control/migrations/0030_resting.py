from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('control', '0020_raised'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='slip',
            index=models.Index(fields=['how', 'check_on'], name='slip_resting'),
        ),
    ]
