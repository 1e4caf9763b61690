from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('deals', '0006_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='stage',
            name='indicator_name',
            field=models.CharField(blank=True, default='', max_length=120),
        ),
        migrations.AddField(
            model_name='stage',
            name='indicator_kind',
            field=models.CharField(blank=True, default='', max_length=8),
        ),
        migrations.AddField(
            model_name='stage',
            name='indicator_unit',
            field=models.CharField(blank=True, default='', max_length=20),
        ),
        migrations.AddField(
            model_name='stage',
            name='indicator_choices',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.CheckConstraint(
                condition=Q(indicator_name='', indicator_kind='')
                | ~Q(indicator_name='') & ~Q(indicator_kind=''),
                name='stage_indicator_has_a_kind',
            ),
        ),
        migrations.AddField(
            model_name='deal',
            name='indicators',
            field=models.JSONField(null=True),
        ),
        migrations.RemoveConstraint(model_name='demand', name='demand_kind_is_known'),
        migrations.AddConstraint(
            model_name='demand',
            constraint=models.CheckConstraint(
                condition=Q(kind__in=['field', 'talk', 'done', 'next_step', 'indicator']),
                name='demand_kind_is_known',
            ),
        ),
    ]
