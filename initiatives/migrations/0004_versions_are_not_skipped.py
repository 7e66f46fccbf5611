import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('initiatives', '0003_uploads'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='conflict',
            trigger=pgtrigger.compiler.Trigger(name='no_write_skips_the_version', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NEW.version <> OLD.version + 1\n               AND to_jsonb(NEW) - 'serial' - 'created_by_id' IS DISTINCT FROM to_jsonb(OLD) - 'serial' - 'created_by_id' THEN\n                RAISE EXCEPTION 'a write to % % skips its version: somebody may have changed it meanwhile', TG_TABLE_NAME, OLD.id\n                USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='5f210ec25a0cdc0b94993aa9a399738914a4b846', operation='UPDATE', pgid='pgtrigger_no_write_skips_the_version_162a8', table='initiatives_conflict', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='initiative',
            trigger=pgtrigger.compiler.Trigger(name='no_write_skips_the_version', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NEW.version <> OLD.version + 1\n               AND to_jsonb(NEW) - 'serial' - 'created_by_id' IS DISTINCT FROM to_jsonb(OLD) - 'serial' - 'created_by_id' THEN\n                RAISE EXCEPTION 'a write to % % skips its version: somebody may have changed it meanwhile', TG_TABLE_NAME, OLD.id\n                USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='54dbd3d5bfdf327af7d30d052878fcb8be2b6145', operation='UPDATE', pgid='pgtrigger_no_write_skips_the_version_b8c85', table='initiatives_initiative', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='statusupdate',
            trigger=pgtrigger.compiler.Trigger(name='no_write_skips_the_version', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF NEW.version <> OLD.version + 1\n               AND to_jsonb(NEW) - 'serial' - 'created_by_id' IS DISTINCT FROM to_jsonb(OLD) - 'serial' - 'created_by_id' THEN\n                RAISE EXCEPTION 'a write to % % skips its version: somebody may have changed it meanwhile', TG_TABLE_NAME, OLD.id\n                USING ERRCODE = 'integrity_constraint_violation';\n            END IF;\n            RETURN NEW;\n        ", hash='d7d8497c0cc882fa40ba6b32b2399f37d7f6be4a', operation='UPDATE', pgid='pgtrigger_no_write_skips_the_version_76f86', table='initiatives_statusupdate', when='BEFORE')),
        ),
    ]
