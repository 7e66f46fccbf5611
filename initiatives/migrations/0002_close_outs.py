import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0001_initiatives_and_history'),
        ('meetings', '0002_versions_are_not_skipped'),
        ('reference', '0003_versions_are_not_skipped'),
    ]

    operations = [
        migrations.CreateModel(
            name='CloseOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('done_at', models.DateTimeField(blank=True, editable=False, help_text='When the last line was decided.', null=True, verbose_name='closed out')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
            ],
            options={
                'verbose_name': 'close-out of a meeting',
                'verbose_name_plural': 'close-outs of meetings',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='CloseOutLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(blank=True, max_length=20, verbose_name='what the meeting did')),
                ('summary', models.CharField(blank=True, help_text='One sentence of your own; never copied from the page.', max_length=400, verbose_name='summary')),
                ('locator', models.CharField(blank=True, help_text='Paragraph, page or heading.', max_length=100, verbose_name='where in it')),
            ],
            options={
                'verbose_name': 'line of a close-out',
                'verbose_name_plural': 'lines of close-outs',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='closeout',
            name='meeting',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='close_out', to='meetings.meeting', verbose_name='meeting'),
        ),
        migrations.AddField(
            model_name='closeout',
            name='source',
            field=models.ForeignKey(blank=True, help_text='Usually the communiqué: the proof of every line that names no other.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.source', verbose_name='source'),
        ),
        migrations.AddField(
            model_name='closeoutline',
            name='close_out',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='initiatives.closeout', verbose_name='close-out of a meeting'),
        ),
        migrations.AddField(
            model_name='closeoutline',
            name='initiative',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='close_out_lines', to='initiatives.initiative', verbose_name='initiative'),
        ),
        migrations.AddField(
            model_name='closeoutline',
            name='source',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reference.source', verbose_name='source'),
        ),
        migrations.AddField(
            model_name='closeoutline',
            name='update',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='close_out_line', to='initiatives.statusupdate'),
        ),
        migrations.AddConstraint(
            model_name='closeoutline',
            constraint=models.UniqueConstraint(fields=('close_out', 'initiative'), name='close_out_line_once'),
        ),
        migrations.AddConstraint(
            model_name='closeoutline',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['', 'no_change', 'not_mentioned', 'proposed', 'under_discussion', 'agreed', 'signed', 'ratifying', 'in_force', 'established', 'operating', 'completed', 'suspended', 'withdrawn', 'superseded'])), name='close_out_line_outcome_known'),
        ),
    ]
