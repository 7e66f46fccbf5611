import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0002_close_outs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.CharField(max_length=40, verbose_name='kind of records')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('content', models.BinaryField()),
                ('stage', models.CharField(choices=[('planned', 'waits for confirmation'), ('refused', 'has mistakes'), ('applied', 'imported')], default='planned', editable=False, max_length=10, verbose_name='state')),
                ('summary', models.JSONField(default=dict, editable=False, verbose_name='summary')),
                ('plan', models.JSONField(default=list, editable=False, verbose_name='plan')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='uploaded')),
                ('applied_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='imported')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='upload',
            name='uploaded_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by'),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['planned', 'refused', 'applied'])), name='upload_stage_known'),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(('stage', 'applied'), ('applied_at__isnull', True), _connector='XOR'), name='upload_applied_has_a_time'),
        ),
    ]
